// Time-outs measure silence, never progress.
#include "support/catch.hpp"
#include "unit/protocol/harness.hpp"

using namespace mqtk;
using namespace mqtk::test;
using wire::PacketType;
using wire::ProtocolVersion;
using wire::Qos;

namespace {

constexpr Duration kLimit = 4s;

SessionSettings timed() {
  SessionSettings settings = settings_for(ProtocolVersion::V311);
  settings.keep_alive_s = 0;
  settings.ping_timeout = kLimit;
  settings.publish_timeout = kLimit;
  settings.request_timeout = kLimit;
  settings.connack_timeout = kLimit;
  return settings;
}

/// Lets `octets` a second leave until all have, and ticks as often as it is asked to. False: given
/// up before the last has left.
bool leave_slowly(Harness& harness, std::uint64_t from, std::uint64_t octets) {
  const std::uint64_t end = harness.out.appended_total();
  const TimePoint start = harness.now;
  while (true) {
    harness.now = std::min(harness.state.next_tick(), harness.now + 1s);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(harness.now - start);
    const std::uint64_t left = from + octets * static_cast<std::uint64_t>(seconds.count());
    if (!harness.state.tick(harness.now, std::min(left, end))) return false;
    if (left >= end) return true;
  }
}

/// The time until it gives up, while `left` octets have left and no more do.
Duration until_given_up(Harness& harness, std::uint64_t left) {
  const TimePoint start = harness.now;
  for (int i = 0; i < 1000; ++i) {
    harness.now = harness.state.next_tick();
    if (harness.now == kNever) break;
    if (!harness.state.tick(harness.now, left)) return harness.now - start;
  }
  return 0ns;
}

}  // namespace

TEST_CASE("silence: a message that takes long to leave is not overdue") {
  Harness harness(timed());
  REQUIRE(harness.connect());
  const std::uint64_t from = harness.out.consumed_total();
  harness.publish(Qos::AtLeastOnce, 1, std::string(100'000, 'x'));
  REQUIRE(leave_slowly(harness, from, 1000));  // 100 s, 25 times the limit
  // All of it has left: then the answer is due, in the time that 100 kB may still need.
  const Duration waited = until_given_up(harness, harness.out.appended_total());
  const Duration needed = 100'000 * Duration(1s) / std::int64_t(Silence::kSlowestLink);
  CHECK(waited >= kLimit + needed);
  CHECK(waited <= kLimit + needed + 1s);
  CHECK(harness.state.fault()->kind == ProtocolFault::Kind::NoAcknowledgement);
}

TEST_CASE("silence: where nothing leaves, the peer is given up in time") {
  Harness harness(timed());
  REQUIRE(harness.connect());
  const std::uint64_t from = harness.out.consumed_total();
  const std::string payload(100'000, 'x');
  SECTION("a message") {
    harness.publish(Qos::AtLeastOnce, 1, payload);
    CHECK(until_given_up(harness, from) == kLimit);
    CHECK(harness.state.fault()->kind == ProtocolFault::Kind::NoAcknowledgement);
  }
  SECTION("a message of which some has left") {
    harness.publish(Qos::AtLeastOnce, 1, payload);
    harness.now += 1s;
    REQUIRE(harness.state.tick(harness.now, from + 500));
    CHECK(until_given_up(harness, from + 500) <= kLimit + 100ms);
  }
  SECTION("a PINGREQ behind a message of QoS 0") {
    harness.publish(Qos::AtMostOnce, 1, payload);
    harness.state.ping(harness.now);
    CHECK(until_given_up(harness, from) == kLimit);
    CHECK(harness.state.fault()->kind == ProtocolFault::Kind::NoPingresp);
  }
}

TEST_CASE("silence: what left may be on its way for a bounded time") {
  Harness harness(timed());
  REQUIRE(harness.connect());
  harness.publish(Qos::AtLeastOnce, 1, std::string(10'000'000, 'x'));
  harness.take();
  CHECK(until_given_up(harness, harness.out.consumed_total()) <=
        (1 + Silence::kMostOnTheWay) * kLimit + 1s);
}

TEST_CASE("silence: the answer to a PINGREQ is waited for from when it left") {
  Harness harness(timed());
  REQUIRE(harness.connect());
  const std::uint64_t from = harness.out.consumed_total();
  harness.publish(Qos::AtMostOnce, 0, std::string(30'000, 'x'));
  harness.state.ping(harness.now);
  REQUIRE(leave_slowly(harness, from, 1000));
  harness.now += kLimit - 1s;
  REQUIRE(harness.state.tick(harness.now, harness.out.appended_total()));
  REQUIRE(harness.feed(wire::Pingresp{}));
  CHECK(harness.state.unconfirmed_qos0() == 0);
}

TEST_CASE("silence: octets that left after what is waited for are no progress of it") {
  Harness harness(timed());
  REQUIRE(harness.connect());
  harness.publish(Qos::AtLeastOnce, 1);
  const TimePoint sent = harness.now;
  bool fine = true;
  while (fine && harness.now < sent + 10 * kLimit) {
    harness.now += 500ms;
    harness.publish(Qos::AtMostOnce, 0);
    harness.take();
    fine = harness.tick();
    if (fine && harness.take_text() == "PINGREQ") REQUIRE(harness.feed(wire::Pingresp{}));
  }
  CHECK_FALSE(fine);
  CHECK(harness.now - sent <= kLimit + 1s);
  CHECK(harness.state.fault()->kind == ProtocolFault::Kind::NoAcknowledgement);
}

TEST_CASE("silence: whatever is acknowledged starts the wait of the others anew") {
  Harness harness(timed());
  REQUIRE(harness.connect());
  for (std::uint64_t i = 1; i <= 5; ++i) harness.publish(Qos::AtLeastOnce, i);
  harness.take();
  for (std::uint16_t id = 1; id <= 4; ++id) {
    harness.now += kLimit - 1s;
    REQUIRE(harness.tick());
    REQUIRE(harness.reply(PacketType::Puback, id));
  }
  harness.now += kLimit - 1s;
  CHECK(harness.tick());
  harness.now += 2s;
  CHECK_FALSE(harness.tick());
}

TEST_CASE("silence: a long CONNECT may take its time, a CONNACK may not") {
  SessionSettings settings = timed();
  settings.will = SessionSettings::Will{"w", std::string(50'000, 'x'), Qos::AtMostOnce, false, {}};
  Harness harness(settings);
  harness.state.connection_opened(harness.now);
  const std::uint64_t from = harness.out.consumed_total();
  SECTION("it leaves slowly") {
    REQUIRE(leave_slowly(harness, from, 1000));
    REQUIRE(harness.feed(wire::Connack{}));
    CHECK(harness.state.connected());
  }
  SECTION("it does not leave") {
    CHECK(until_given_up(harness, from) == kLimit);
    CHECK(harness.state.fault()->kind == ProtocolFault::Kind::NoConnack);
  }
}

TEST_CASE("silence: a SUBACK that does not come is told once, and still taken") {
  Harness harness(timed());
  REQUIRE(harness.connect());
  wire::SubscriptionRequest request;
  request.filter = "a";
  harness.state.subscribe({request}, 7, {}, harness.now);
  harness.state.unsubscribe({"b"}, 8, {}, harness.now);
  harness.take();
  harness.now = harness.state.next_tick();
  REQUIRE(harness.tick());  // they have left
  harness.now += kLimit - 1s;
  REQUIRE(harness.tick());
  CHECK(harness.overdue.empty());
  for (int i = 0; i < 3; ++i) {
    harness.now += 1s;
    REQUIRE(harness.tick());
  }
  CHECK(harness.overdue == std::vector<std::uint64_t>{7, 8});
  CHECK(harness.state.next_tick() == kNever);
  const std::string granted(1, '\0');
  CHECK(harness.feed(wire::Suback{1, granted, {}}));
  CHECK(harness.subacks.count(7) == 1);
}
