#include "support/relay.hpp"

#include "server/loop_thread.hpp"
#include "server/sink.hpp"
#include "support/catch.hpp"
#include "support/mosquitto.hpp"
#include "support/ports.hpp"
#include "support/programs.hpp"
#include "support/raw_client.hpp"
#include "support/skipped.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;
using wire::PacketType;

namespace {

template <typename T>
std::unique_ptr<T> must(Result<std::unique_ptr<T>> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

/// A sink, and a relay before it.
struct Bench {
  explicit Bench(SinkOptions sink_options = {}, RelayOptions relay_options = {})
      : sink([&](EventLoop& loop) { return must(Sink::start(loop, sink_options)); }),
        relay([&](EventLoop& loop) {
          relay_options.target_port = sink.call([](Sink& object) { return object.port(); });
          return must(Relay::start(loop, relay_options));
        }),
        port(relay.call([](Relay& object) { return object.port(); })) {}

  template <typename Rule>
  void add(const Rule& rule) {
    relay.call([&rule](Relay& object) { object.add(rule); });
  }
  SinkCounts counts() {
    return sink.call([](Sink& object) { return object.counts(); });
  }
  std::vector<std::string> records() {
    return relay.call([](Relay& object) {
      std::vector<std::string> texts;
      for (const RelayRecord& record : object.records()) texts.push_back(to_text(record));
      return texts;
    });
  }

  Hosted<Sink> sink;
  Hosted<Relay> relay;
  std::uint16_t port;
};

wire::Publish publish(wire::Qos qos, std::uint16_t id, Bytes payload = "21.5") {
  wire::Publish packet;
  packet.topic = "a/b";
  packet.payload = payload;
  packet.qos = qos;
  packet.packet_id = id;
  return packet;
}

const wire::Publish kFirst = publish(wire::Qos::AtLeastOnce, 1);
const wire::Publish kSecond = publish(wire::Qos::AtLeastOnce, 2);

/// Connected, and the CONNACK read.
RawClient join(const Bench& bench) {
  RawClient client(bench.port);
  CHECK(client.send(plain_connect()));
  CHECK(client.receive_type() == "CONNACK");
  return client;
}

}  // namespace

TEST_CASE("relay: passes packets on and records them") {
  RelayOptions options;
  options.payload_octets = 3;
  Bench bench({}, options);
  RawClient client = join(bench);
  CHECK(client.send(kFirst));
  CHECK(client.receive_type() == "PUBACK");
  CHECK(client.send(wire::Disconnect{}));
  CHECK(client.wait_end() == RawClient::End::Fin);
  CHECK(bench.records() ==
        std::vector<std::string>{"#1 > CONNECT size=17", "#1 < CONNACK size=4",
                                 "#1 > PUBLISH id=1 qos=1 size=13 topic=a/b payload=21.",
                                 "#1 < PUBACK id=1 size=4", "#1 > DISCONNECT size=2"});
  const RelayCounts counts = bench.relay.call([](Relay& relay) { return relay.counts(); });
  CHECK(counts.accepted == 1);
  CHECK(counts.octets_to_target == 17 + 13 + 2);
  CHECK(counts.octets_to_client == 8);
}

TEST_CASE("relay: cuts before a packet, or after it") {
  Bench bench;
  bench.add(RelayCut{.type = PacketType::Publish, .at = 2});
  RawClient client = join(bench);
  CHECK(client.send(kFirst));
  CHECK(client.send(kSecond));
  CHECK(client.receive_type() == "PUBACK");
  CHECK(client.wait_end() == RawClient::End::Fin);
  CHECK(bench.counts().publishes[1] == 1);

  bench.add(RelayCut{.direction = RelayDirection::ToClient,
                     .type = PacketType::Puback,
                     .forward = true,
                     .ending = RelayEnding::Reset});
  RawClient other = join(bench);
  CHECK(other.send(kFirst));
  CHECK(other.receive_type() == "PUBACK");
  CHECK(other.wait_end() == RawClient::End::Reset);

  RawClient third = join(bench);  // rules are used up
  CHECK(third.send(kFirst));
  CHECK(third.receive_type() == "PUBACK");
}

TEST_CASE("relay: cuts after a number of octets") {
  Bench bench;
  bench.add(RelayCut{.direction = RelayDirection::ToClient, .at = 6});
  RawClient client = join(bench);
  CHECK(client.send(kFirst));
  CHECK(client.receive_octets(100).size() == 2);
  CHECK(client.wait_end() == RawClient::End::Fin);
  CHECK(bench.records().back() == "#1 > PUBLISH id=1 qos=1 size=13 topic=a/b");

  // At the end of a packet, that one still counts as passed.
  bench.add(RelayCut{.direction = RelayDirection::ToClient, .at = 4});
  RawClient other(bench.port);
  CHECK(other.send(plain_connect()));
  CHECK(other.receive_octets(100).size() == 4);
  CHECK(other.wait_end() == RawClient::End::Fin);
  CHECK(bench.records().back() == "#2 < CONNACK size=4");
}

TEST_CASE("relay: cuts now, and refuses for a while") {
  Bench bench;
  RawClient client = join(bench);
  bench.relay.call([](Relay& relay) {
    relay.refuse(true);
    relay.cut(RelayEnding::Reset);
  });
  CHECK(client.wait_end() == RawClient::End::Reset);
  CHECK_FALSE(can_connect(bench.port));
  bench.relay.call([](Relay& relay) { relay.refuse_for(50ms); });
  CHECK(wait_until([&bench] { return can_connect(bench.port); }));
  CHECK(bench.counts().connects == 1);
  join(bench);
}

TEST_CASE("relay: swallows packets of a type") {
  Bench bench;
  bench.add(RelaySwallow{.type = PacketType::Puback, .after = 1, .count = 1});
  RawClient client = join(bench);
  for (std::uint16_t id = 1; id <= 3; ++id) {
    CHECK(client.send(publish(wire::Qos::AtLeastOnce, id)));
  }
  const std::string first = client.receive();
  const std::string second = client.receive();
  REQUIRE(first.size() == 4);
  REQUIRE(second.size() == 4);
  CHECK(first[3] == 1);
  CHECK(second[3] == 3);
  CHECK_THAT(bench.records(),
             Catch::Matchers::VectorContains(std::string("#1 < PUBACK id=2 size=4 swallowed")));
}

TEST_CASE("relay: delays each direction") {
  Bench bench;
  RawClient client = join(bench);
  bench.relay.call([](Relay& relay) { relay.set_delay(RelayDirection::ToClient, 100ms); });
  const TimePoint begin = monotonic_now();
  CHECK(client.send(kFirst));
  CHECK(client.send(kSecond));
  CHECK(client.receive_type() == "PUBACK");
  CHECK(client.receive_type() == "PUBACK");
  CHECK(monotonic_now() - begin >= 100ms);
  bench.relay.call([](Relay& relay) { relay.set_delay(RelayDirection::ToClient, 0ns); });
  client.finish();
  CHECK(client.wait_end() == RawClient::End::Fin);
}

TEST_CASE("relay: ends one direction and keeps the other") {
  Bench bench;
  RawClient client = join(bench);
  bench.relay.call([](Relay& relay) { relay.half_close(RelayDirection::ToClient); });
  CHECK(client.wait_end() == RawClient::End::Fin);
  CHECK(client.send(kFirst));
  CHECK(wait_until([&bench] { return bench.counts().publishes[1] == 1; }));
}

TEST_CASE("relay: a black hole takes and gives nothing") {
  Bench bench;
  RawClient client = join(bench);
  bench.relay.call([](Relay& relay) { relay.black_hole(RelayDirection::ToTarget, true); });
  CHECK(client.send(kFirst));
  CHECK(wait_until([&bench] { return bench.records().size() == 3; }));
  bench.relay.call([](Relay& relay) { relay.black_hole(RelayDirection::ToTarget, false); });
  CHECK(client.send(kSecond));
  const std::string answer = client.receive();
  REQUIRE(answer.size() == 4);
  CHECK(answer[3] == 2);
}

TEST_CASE("relay: holds no more than its buffer when one side stands still") {
  RelayOptions options;
  options.buffer_limit = 16 * 1024;
  options.socket_buffer = 16 * 1024;
  SinkOptions feeding;
  feeding.feed = 100'000;
  feeding.feed_size = 1000;
  Bench bench(feeding, options);
  RawClient client = join(bench);
  wire::Subscribe subscribe;
  subscribe.packet_id = 1;
  subscribe.requests = {{.filter = "a"}};
  CHECK(client.send(subscribe));
  // The client reads nothing: what has passed must come to a rest far below the 100 MB.
  std::uint64_t before = 1;
  const auto passed = [&bench] {
    return bench.relay.call([](Relay& relay) { return relay.counts().octets_to_client; });
  };
  CHECK(wait_until([&before, &passed] {
    const std::uint64_t now = passed();
    return std::exchange(before, now) == now && now > 1000;
  }));
  CHECK(passed() < 20'000'000);
  CHECK(client.receive_octets(30'000'000, 30s).size() == 30'000'000);
}

TEST_CASE("relay: octets that are no MQTT pass as they are") {
  Bench bench;
  bench.add(RelaySwallow{.direction = RelayDirection::ToTarget, .type = PacketType::Puback});
  RawClient client(bench.port);
  CHECK(client.send_raw("GET / HTTP/1.1\r\nHost: " + std::string(70, 'x') + "\r\n\r\n"));
  CHECK(client.wait_end() != RawClient::End::None);  // the sink does not take it
  CHECK(bench.records().empty());
  CHECK(bench.counts().malformed == 1);
}

TEST_CASE("relay: ends with its target") {
  Hosted<Relay> relay([](EventLoop& loop) {
    RelayOptions options;
    options.target_port = closed_port();
    return must(Relay::start(loop, options));
  });
  RawClient client(relay.call([](Relay& object) { return object.port(); }));
  CHECK(client.wait_end() != RawClient::End::None);
}

TEST_CASE("relay: a message goes through it to mosquitto and back") {
  if (!Mosquitto::available() || find_program("mosquitto_pub").empty()) {
    say_skipped("mosquitto or its clients are not installed");
    return;
  }
  const Mosquitto broker;
  const TempDir folder;
  ProcessOptions options;
  options.argv = {built_program("mqtk_relay"), "--to", broker.address(), "--payload", "10", "--log",
                  folder.file("log")};
  options.stdin_pipe = true;
  Process relay(options);
  const auto port = relay.wait_stdout_line(0);
  REQUIRE(port);

  ProcessOptions subscribe;
  subscribe.argv = {"mosquitto_sub", "-p", *port, "-q", "2", "-t", "t/#", "-C", "1"};
  Process subscriber(subscribe);
  const auto wait_log = [&folder](const char* text) {
    return wait_until(
        [&] { return read_file(folder.file("log")).find(text) != std::string::npos; });
  };
  REQUIRE(wait_log("#1 < SUBACK"));
  CHECK(run({"mosquitto_pub", "-p", *port, "-V", "5", "-q", "2", "-t", "t/x", "-m", "hello"}).ok());
  CHECK(subscriber.wait().out.find("hello\n") != std::string::npos);
  CHECK(wait_log("#2 > DISCONNECT"));
  const std::string log = read_file(folder.file("log"));
  CHECK(log.find("#2 > PUBLISH id=1 qos=2 size=15 topic=t/x payload=hello\n") != std::string::npos);
  CHECK(log.find("#1 < PUBLISH id=1 qos=2 size=14 topic=t/x payload=hello\n") != std::string::npos);

  CHECK(relay.write_stdin("cut-at up PUBLISH 1 reset\nnonsense\ncounts\n"));
  CHECK(relay.wait_stdout_line(1) == "ok");
  CHECK(relay.wait_stdout_contains("error: not understood: nonsense\n{\"accepted\":2,"));
  CHECK_FALSE(run({"mosquitto_pub", "-p", *port, "-q", "1", "-t", "t/x", "-m", "lost"}).ok());
  CHECK(relay.write_stdin("stop\n"));
  CHECK(relay.wait().exit_code == 0);
}
