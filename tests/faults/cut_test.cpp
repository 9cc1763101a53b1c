// Streams of lines through connections that a relay cuts again and again, at every kind of place in
// the exchange; at QoS 1 nothing may be missing, at QoS 2 nothing may be doubled besides.
#include "faults/deliveries.hpp"
#include "faults/stream.hpp"
#include "faults/tap.hpp"
#include "support/catch.hpp"
#include "support/scripted_broker.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;
using wire::PacketType;

namespace {

constexpr std::size_t kCuts = 20;
constexpr std::size_t kUsualLines = 10'000;
/// So that connections end before any new message has come over them.
constexpr std::size_t kFewLines = 1'000;
/// Of a PUBLISH with QoS 1 or 2: header, topic, identifier, payload without newline; and of PUBREL.
constexpr std::size_t kPublishOctets = 2 + 2 + 5 + 2 + 31;
constexpr std::size_t kPubrelOctets = 4;

RelayDirection opposite(RelayDirection direction) {
  return direction == RelayDirection::ToTarget ? RelayDirection::ToClient
                                               : RelayDirection::ToTarget;
}

/// The places in an exchange whose PUBLISH goes `forth`: before or behind each of its packets, and
/// inside a PUBLISH.
std::vector<RelayCut> places(int qos, RelayDirection forth) {
  const RelayDirection back = opposite(forth);
  std::vector<std::pair<RelayDirection, PacketType>> packets = {{forth, PacketType::Publish}};
  if (qos == 1) packets.push_back({back, PacketType::Puback});
  if (qos == 2) {
    packets.insert(
        packets.end(),
        {{back, PacketType::Pubrec}, {forth, PacketType::Pubrel}, {back, PacketType::Pubcomp}});
  }
  std::vector<RelayCut> all;
  for (const auto& [direction, type] : packets) {
    for (const bool forward : {false, true}) {
      all.push_back(RelayCut{.direction = direction, .type = type, .forward = forward});
    }
  }
  all.push_back(RelayCut{.direction = forth});
  return all;
}

/// kCuts cuts at all these places in turn, evenly over the messages, every other one with a reset.
std::vector<RelayCut> cuts(int qos, RelayDirection forth, std::size_t lines) {
  const std::vector<RelayCut> kinds = places(qos, forth);
  const std::size_t octets = kPublishOctets + (qos == 2 ? kPubrelOctets : 0);
  std::vector<RelayCut> result;
  for (std::size_t i = 0; i < kCuts; ++i) {
    RelayCut cut = kinds[i % kinds.size()];
    cut.at = (i + 1) * lines / (kCuts + 1);
    if (!cut.type) cut.at = cut.at * octets + kPublishOctets / 2;
    cut.ending = i % 2 == 0 ? RelayEnding::Fin : RelayEnding::Reset;
    result.push_back(cut);
  }
  return result;
}

Mosquitto make_broker() {
  MosquittoConfig config;
  config.extra = {"max_queued_messages 0"};
  return Mosquitto(config);
}

/// Where octets are counted, what is sent again after each cut counts too, so that such a cut may
/// fall on the end of a connection that another one has just cut.
std::size_t may_coincide(int qos) {
  return kCuts / places(qos, RelayDirection::ToTarget).size();
}

enum class Before : std::uint8_t { Publisher, Subscriber };

struct Case {
  int qos = 1;
  std::string version{};
  Before before = Before::Publisher;  ///< where the relay is that cuts
  std::size_t more_connections = 0;
  std::size_t lines = stream_size(kUsualLines);
};

void check_stream(const Case& c) {
  const std::size_t lines = c.lines;
  const bool publishing = c.before == Before::Publisher;
  const Mosquitto broker = make_broker();
  REQUIRE(Keeper::make_session(broker));
  Tap tap(broker.port());
  Keeper keeper(publishing ? broker.port() : tap.port());
  tap.add(cuts(c.qos, publishing ? RelayDirection::ToTarget : RelayDirection::ToClient, lines));
  const TempDir folder;
  ProcessOptions options = publisher_options(publishing ? tap.port() : broker.port(),
                                             {"-q", std::to_string(c.qos), "-V", c.version});
  options.stdin_file = folder.write("lines", numbered_lines(lines));
  const ProcessResult sent = run(options);
  INFO("QoS " << c.qos << ", MQTT " << c.version << ": " << sent.text());
  CHECK(sent.ok());
  // Behind a cut, the broker sends again what was acknowledged: the last cuts may be far behind.
  const std::size_t most = 1 + kCuts + c.more_connections;
  const std::size_t least = most - may_coincide(c.qos);
  CHECK(wait_until(
      [&] { return tap.count(RelayDirection::ToClient, PacketType::Connack) >= least; }, 120s));
  const Shown shown = keeper.finish(broker, lines);
  const std::string& err = publishing ? sent.err : keeper.result().err;
  INFO(err);
  REQUIRE_FALSE(shown.times.empty());
  const std::size_t connections = tap.count(RelayDirection::ToTarget, PacketType::Connect);
  const std::size_t losses = count_text(err, "connection lost (");
  const std::size_t returns = count_text(err, " again after ");
  CHECK(losses >= least - 1 - c.more_connections);
  CHECK(losses <= kCuts);
  // Only a loss at the very end may have no return, or one that has just begun.
  CHECK(returns <= losses);
  CHECK(returns + 1 >= losses);
  CHECK(connections >= 1 + c.more_connections + returns);
  CHECK(connections <= 1 + c.more_connections + losses);
  CHECK(shown.missing == 0);
  CHECK(shown.times[0] == 0);
  if (publishing) CHECK(shown.in_order);
  if (publishing) {
    if (c.qos == 2) CHECK(shown.doubled == 0);
    return;
  }
  // A connection that ends while mosquitto 2.0 is at sending again what the one before left behind
  // makes it send PUBLISH where it had got to PUBREL: for every receiver a new message.
  const Deliveries delivered = read_deliveries(tap.seen(), lines);
  CHECK(delivered.contradicted_by(shown) == 0);
  if (c.qos == 2) CHECK(shown.doubled <= delivered.begun_again());
}

/// The number before " of N lines".
std::size_t lines_said_lost(const std::string& err, std::size_t lines) {
  const std::size_t end = err.find(" of " + std::to_string(lines) + " lines");
  if (end == std::string::npos) return 0;
  const std::size_t begin = err.rfind(' ', end - 1) + 1;
  return std::stoul(err.substr(begin, end - begin));
}

}  // namespace

TEST_CASE("mqtt-pub -l: twenty cuts lose and double nothing") {
  if (!have_mosquitto()) return;
  // The session of QoS 2 is deleted by one more connection, before MQTT 5.
  check_stream({.qos = 1, .version = "3.1.1", .before = Before::Publisher});
  check_stream({.qos = 2, .version = "3.1.1", .before = Before::Publisher, .more_connections = 1});
  check_stream({.qos = 2, .version = "5", .before = Before::Publisher});
  check_stream({.qos = 2, .version = "5", .before = Before::Publisher, .lines = kFewLines});
}

TEST_CASE("mqtt-pub -l: what cuts lose at QoS 0 is counted and said") {
  if (!have_mosquitto()) return;
  const std::size_t lines = stream_size(kUsualLines);
  const Mosquitto broker = make_broker();
  REQUIRE(Keeper::make_session(broker));
  Keeper keeper(broker.port());
  Tap tap(broker.port());
  ProcessOptions options = publisher_options(tap.port(), {"-q", "0"});
  options.stdin_pipe = true;
  Process publisher(options);
  // Each cut is in the middle of a piece, and the next piece comes when the connection stands
  // again.
  const std::string text = numbered_lines(lines);
  const std::size_t piece = lines / (kCuts + 1);
  const std::vector<RelayCut> all = cuts(0, RelayDirection::ToTarget, piece);
  for (std::size_t i = 0; i < kCuts; ++i) {
    RelayCut cut = all[i];
    cut.at = cut.type ? piece / 2 : piece / 2 * kPublishOctets;
    tap.add({cut});
    REQUIRE(publisher.write_stdin(std::string_view(text).substr(i * piece * 32, piece * 32)));
    REQUIRE(wait_until(
        [&tap, i] { return tap.count(RelayDirection::ToClient, PacketType::Connack) == i + 2; }));
  }
  REQUIRE(publisher.write_stdin(std::string_view(text).substr(kCuts * piece * 32)));
  publisher.close_stdin();
  const ProcessResult sent = publisher.wait();
  INFO(sent.text());
  const Shown shown = keeper.finish(broker, lines);
  REQUIRE_FALSE(shown.times.empty());
  const std::size_t said = lines_said_lost(sent.err, lines);
  INFO("missing: " << shown.missing << ", said: " << said);
  CHECK(sent.exit_code == 1);
  CHECK(count_text(sent.err, " again after ") == kCuts);
  CHECK(shown.missing > 0);
  CHECK(shown.missing <= said);
  CHECK(said <= lines);
  CHECK(shown.doubled == 0);
}

TEST_CASE("mqtt-sub: twenty cuts lose and double nothing") {
  if (!have_mosquitto()) return;
  check_stream({.qos = 1, .version = "3.1.1", .before = Before::Subscriber});
  check_stream({.qos = 2, .version = "3.1.1", .before = Before::Subscriber});
  check_stream({.qos = 2, .version = "3.1.1", .before = Before::Subscriber, .lines = kFewLines});
}

TEST_CASE("mqtt-sub: short connections that bring messages are no reason to give up") {
  ScriptedBroker broker;
  broker.further_connections()
      .expect(PacketType::Connect)
      .reply(wire::Connack{})
      .expect(PacketType::Subscribe)
      .reply(wire::Suback{0, Bytes("\0", 1), {}})
      .send_raw("\x30\x08" + std::string("\0\x05", 2) + "linesx")
      .close();
  broker.start();
  const ProcessResult got = run(subscriber_options(broker.port(), {"-i", "twin", "-C", "20"}));
  INFO(got.text());
  CHECK(got.ok());
  CHECK(count_text(got.out, "x\n") == 20);
  CHECK(got.err.find("another client may be using the client id 'twin'") != std::string::npos);
}
