#include "session/persistence.hpp"

#include "support/catch.hpp"

using namespace mqtk;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr TimePoint kStart{Duration(1h)};

ReconnectPolicy persistent() {
  ReconnectPolicy policy;
  policy.enabled = true;
  policy.retry_first = true;
  policy.minimum = 8s;
  policy.maximum = 64s;
  return policy;
}

Error refused_by_system() {
  return {ErrorKind::Unreachable, Cause::TcpRefused, "connection refused", {}};
}
Error closed() {
  return {ErrorKind::Unreachable, Cause::MqttLost, "the connection was lost", {}};
}
Error closed_for_retain() {
  return {ErrorKind::ProtocolViolation, Cause::PubClosedRetain, "in reply to a message", {}};
}
Error bad_password() {
  return {ErrorKind::Permission, Cause::MqttCredentials, "bad user name or password", {}};
}

LostConnection of(Duration lasted, bool progress = false) {
  LostConnection life;
  life.lasted = lasted;
  life.progress = progress;
  life.given_id = "meter-1";
  return life;
}

/// A client on whose one broker the first connection is accepted.
struct Connected : Persistence {
  explicit Connected(ReconnectPolicy&& policy) = delete;
  explicit Connected(const ReconnectPolicy& policy) : Persistence(policy, 1, 7) {
    started(kStart);
    accepted();
  }
  /// The connection is lost, and another one accepted where it is worth a try.
  NextTry lose(const Error& why, const LostConnection& life) {
    NextTry next = lost(why, life);
    if (next.after) accepted();
    return next;
  }
};

/// What the backoff gives for a step: three quarters of it to all.
bool in_step(const NextTry& next, Duration step) {
  return next.after && *next.after > step - step / 4 && *next.after <= step;
}

}  // namespace

TEST_CASE("what may pass by itself is worth another try, what somebody has to change is not") {
  for (const ErrorKind kind :
       {ErrorKind::HostNotFound, ErrorKind::Unreachable, ErrorKind::TryAgain, ErrorKind::Timeout}) {
    CHECK(retryable({kind, Cause::None, "", {}}));
  }
  for (const ErrorKind kind :
       {ErrorKind::Failed, ErrorKind::Usage, ErrorKind::BadInput, ErrorKind::NoInput,
        ErrorKind::OutputFailed, ErrorKind::ProtocolViolation, ErrorKind::Permission,
        ErrorKind::Configuration, ErrorKind::Tls}) {
    CHECK_FALSE(retryable({kind, Cause::None, "", {}}));
  }
}

TEST_CASE("the other brokers are tried at once, all of them again after a wait that doubles") {
  const ReconnectPolicy policy = persistent();
  Persistence persistence(policy, 3, 7);
  persistence.started(kStart);
  CHECK(persistence.endpoint() == 0);
  CHECK(persistence.round_begins());
  for (const Duration step : {8s, 16s, 32s, 64s, 64s}) {
    for (const std::size_t next : {1U, 2U}) {
      CHECK(persistence.attempt_failed(refused_by_system(), kStart).after == Duration(0ns));
      CHECK(persistence.endpoint() == next);
      CHECK_FALSE(persistence.round_begins());
    }
    CHECK(in_step(persistence.attempt_failed(refused_by_system(), kStart), step));
    CHECK(persistence.endpoint() == 0);
    CHECK(persistence.round_begins());
  }
}

TEST_CASE("a refusal sends to the next broker too; the word of the last one decides") {
  const ReconnectPolicy policy = persistent();
  Persistence persistence(policy, 2, 7);
  persistence.started(kStart);
  CHECK(persistence.attempt_failed(bad_password(), kStart).after == Duration(0ns));
  CHECK(persistence.attempt_failed(refused_by_system(), kStart).after);
  CHECK(persistence.attempt_failed(refused_by_system(), kStart).after == Duration(0ns));
  const NextTry last = persistence.attempt_failed(bad_password(), kStart);
  CHECK_FALSE(last.after);
  CHECK(last.why.message == bad_password().message);
}

TEST_CASE("a connection that stood begins a new round with the broker that it was made to") {
  const ReconnectPolicy policy = persistent();
  Persistence persistence(policy, 3, 7);
  persistence.started(kStart);
  persistence.attempt_failed(refused_by_system(), kStart);
  CHECK_FALSE(persistence.ever_accepted());
  persistence.accepted();
  CHECK(persistence.ever_accepted());
  CHECK(persistence.round_begins());
  CHECK(persistence.lost(closed(), of(1h)).after);
  CHECK(persistence.endpoint() == 1);
  CHECK(persistence.attempt_failed(refused_by_system(), kStart).after == Duration(0ns));
  CHECK(persistence.attempt_failed(refused_by_system(), kStart).after == Duration(0ns));
  CHECK(persistence.attempt_failed(refused_by_system(), kStart).after > Duration(0ns));
}

TEST_CASE("brokers that replace others are tried from the first one on") {
  const ReconnectPolicy policy = persistent();
  Persistence persistence(policy, 2, 7);
  persistence.attempt_failed(refused_by_system(), kStart);
  persistence.replace_endpoints(3);
  CHECK(persistence.endpoint() == 0);
  CHECK(persistence.round_begins());
  CHECK(persistence.attempt_failed(refused_by_system(), kStart).after == Duration(0ns));
  CHECK(persistence.attempt_failed(refused_by_system(), kStart).after == Duration(0ns));
  CHECK(persistence.attempt_failed(refused_by_system(), kStart).after > Duration(0ns));
}

TEST_CASE("a configuration that cannot be used ends it, however many brokers are left") {
  const ReconnectPolicy policy = persistent();
  Persistence persistence(policy, 3, 7);
  const Error error{ErrorKind::Configuration, Cause::None, "cannot read ca.pem", {}};
  CHECK_FALSE(persistence.attempt_failed(error, kStart).after);
}

TEST_CASE("the first connection is tried for as long as was asked for") {
  ReconnectPolicy policy = persistent();
  policy.retry_first = false;
  CHECK_FALSE(Persistence(policy, 1, 7).attempt_failed(refused_by_system(), kStart).after);
  policy.retry_first = true;
  policy.enabled = false;  // which is about later ones
  Persistence endless(policy, 1, 7);
  endless.started(kStart);
  CHECK(endless.attempt_failed(refused_by_system(), kStart + 24h).after);
  policy.retry_first_for = 30s;
  Persistence limited(policy, 1, 7);
  limited.started(kStart);
  CHECK(limited.attempt_failed(refused_by_system(), kStart + 30s - 1ns).after);
  CHECK_FALSE(limited.attempt_failed(refused_by_system(), kStart + 30s).after);
}

TEST_CASE("after the first connection only reconnection counts") {
  ReconnectPolicy policy = persistent();
  policy.retry_first_for = 30s;
  Connected stubborn(policy);
  CHECK(stubborn.attempt_failed(refused_by_system(), kStart + 24h).after);
  policy.enabled = false;
  Connected once(policy);
  CHECK_FALSE(once.attempt_failed(refused_by_system(), kStart).after);
  CHECK_FALSE(once.lost(closed(), of(1h, true)).after);
}

TEST_CASE("the wait is short again after a connection that brought something, or lasted") {
  const ReconnectPolicy policy = persistent();
  for (const LostConnection& good : {of(1s, true), of(Persistence::kLongLife)}) {
    Connected persistence(policy);
    CHECK(in_step(persistence.lose(closed(), of(0s)), 8s));
    CHECK(in_step(persistence.lose(closed(), of(Persistence::kLongLife - 1ns)), 16s));
    CHECK(in_step(persistence.lose(closed(), good), 8s));
  }
}

TEST_CASE("what the broker says of the end is no reason to stay away, what we conclude is") {
  const ReconnectPolicy policy = persistent();
  LostConnection said = of(1s);
  said.explained = true;
  CHECK(Connected(policy).lost(bad_password(), said).after);
  CHECK_FALSE(Connected(policy).lost(bad_password(), of(1s)).after);
  const Error denied{ErrorKind::Failed, Cause::SubDenied, "no shared subscriptions", {}};
  CHECK_FALSE(Connected(policy).lost(denied, said).after);
  CHECK(Connected(policy).lost(denied, of(1s)).after);
}

TEST_CASE("another client that has taken over would be thrown out in turn") {
  const ReconnectPolicy policy = persistent();
  const Error taken_over{ErrorKind::TryAgain, Cause::MqttTakenOver, "session taken over", {}};
  LostConnection said = of(1h, true);
  said.explained = true;
  CHECK_FALSE(Connected(policy).lost(taken_over, said).after);
}

TEST_CASE("the third connection in a row that a message ends was refused that message") {
  const ReconnectPolicy policy = persistent();
  Connected persistence(policy);
  LostConnection life = of(100ms);
  life.unanswered = true;
  CHECK(persistence.lose(closed_for_retain(), life).after);
  CHECK(persistence.lose(closed_for_retain(), life).after);
  const NextTry third = persistence.lose(closed_for_retain(), life);
  CHECK_FALSE(third.after);
  CHECK(third.why.cause == Cause::PubClosedRetain);
}

TEST_CASE("messages that end connections which bring others are chance") {
  const ReconnectPolicy policy = persistent();
  Connected persistence(policy);
  for (int i = 0; i < 20; ++i) CHECK(persistence.lose(closed_for_retain(), of(100ms, true)).after);
  // One that lasted breaks the row.
  Connected other(policy);
  for (int i = 0; i < 20; ++i) {
    CHECK(other.lose(closed_for_retain(), of(i % 3 == 2 ? 1h : 100ms)).after);
  }
}

TEST_CASE("five short connections in a row that bring nothing: another client has the id") {
  const ReconnectPolicy policy = persistent();
  Connected persistence(policy);
  for (int i = 0; i < 4; ++i) {
    const NextTry next = persistence.lose(closed(), of(100ms));
    CHECK(next.after);
    CHECK(next.why.message == closed().message);
  }
  const NextTry fifth = persistence.lose(closed(), of(100ms));
  CHECK_FALSE(fifth.after);
  CHECK(fifth.why.kind == ErrorKind::TryAgain);
  CHECK(fifth.why.cause == Cause::MqttTakenOver);
  CHECK_THAT(fifth.why.message, ContainsSubstring("5 times") && ContainsSubstring("'meter-1'"));
}

TEST_CASE(
    "nobody else has an id that was generated, nor is it blamed where there are other reasons") {
  const ReconnectPolicy policy = persistent();
  LostConnection generated = of(100ms);
  generated.given_id = {};
  LostConnection explained = of(100ms);
  explained.explained = true;
  LostConnection unanswered = of(100ms);
  unanswered.unanswered = true;
  for (const LostConnection& life : {generated, explained, unanswered}) {
    Connected persistence(policy);
    for (int i = 0; i < 100; ++i) {
      const NextTry next = persistence.lose(closed(), life);
      CHECK(next.after);
      CHECK(next.why.message == closed().message);
    }
  }
}

TEST_CASE("where messages flow it takes sixty, and is suspected before") {
  const ReconnectPolicy policy = persistent();
  Connected persistence(policy);
  for (int i = 1; i < 60; ++i) {
    const NextTry next = persistence.lose(closed(), of(900ms, true));
    CHECK(next.after);
    const bool suspected =
        next.why.message.find("may be using the client id 'meter-1'") != std::string::npos;
    CHECK(suspected == (i >= 5));
  }
  CHECK(persistence.lose(closed(), of(900ms, true)).why.cause == Cause::MqttTakenOver);
}

TEST_CASE(
    "a connection is short against the wait before it, and one with messages for two seconds") {
  ReconnectPolicy policy = persistent();
  policy.maximum = policy.minimum;
  // Half as long again as the wait, and a second.
  const auto longest_after = [](const NextTry& next) {
    return *next.after + *next.after / 2 + Duration(1s);
  };
  Connected idle(policy);
  Duration longest = 1s;
  for (int i = 0; i < 4; ++i) {
    const NextTry next = idle.lose(closed(), of(longest - 1ns));
    REQUIRE(next.after);
    longest = longest_after(next);
  }
  Connected broken = idle;
  CHECK_FALSE(idle.lose(closed(), of(longest - 1ns)).after);
  CHECK(broken.lose(closed(), of(longest)).why.message == closed().message);
  for (int i = 0; i < 4; ++i) CHECK(broken.lose(closed(), of(1s)).after);
  CHECK_FALSE(broken.lose(closed(), of(1s)).after);

  Connected busy(policy);
  for (int i = 0; i < 100; ++i) {
    CHECK(busy.lose(closed(), of(2s, true)).why.message == closed().message);
  }
}

TEST_CASE(
    "a broker that sends its clients away is not asked again, and of several the next one is") {
  const Error moved{ErrorKind::TryAgain, Cause::MqttUseAnother, "use another server", {}};
  const ReconnectPolicy policy = persistent();
  Connected one(policy);
  LostConnection told = of(1h, true);
  told.explained = true;
  CHECK_FALSE(one.lose(moved, told).after);
  Persistence never(policy, 1, 7);
  never.started(kStart);
  CHECK_FALSE(never.attempt_failed(moved, kStart).after);
  Persistence two(policy, 2, 7);
  two.started(kStart);
  two.accepted();
  CHECK(two.lost(moved, told).after);
  CHECK(two.endpoint() == 1);
}
