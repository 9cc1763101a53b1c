// What mqtt-bench counts, against what a broker or a sink of ours saw.
#include <signal.h>

#include "bench/bench.hpp"
#include "server/loop_thread.hpp"
#include "server/sink.hpp"
#include "support/catch.hpp"
#include "support/mosquitto.hpp"
#include "support/ports.hpp"
#include "support/programs.hpp"
#include "support/scripted_broker.hpp"
#include "support/skipped.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

struct OwnSink {
  explicit OwnSink(SinkOptions options = {})
      : sink([&options](EventLoop& loop) {
          auto started = Sink::start(loop, options);
          if (!started) throw std::runtime_error(started.error().message);
          return std::move(*started);
        }),
        port(sink.call([](Sink& it) { return it.port(); })) {}
  SinkCounts counts() {
    return sink.call([](Sink& it) { return it.counts(); });
  }
  Hosted<Sink> sink;
  std::uint16_t port;
};

}  // namespace

TEST_CASE("connect opens what it was asked for and leaves in order") {
  OwnSink sink;
  const BenchRun run = bench("connect", sink.port, {"-c", "300"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.at("/connections/requested") == 300);
  CHECK(run.at("/connections/opened") == 300);
  CHECK(run.at("/connections/failed") == 0);
  CHECK(run.latency_us("connack", "count") == 300);
  CHECK(run.latency_us("connect", "count") == 300);
  CHECK(sink.counts().connects == 300);
  CHECK(sink.counts().disconnects == 300);
}

TEST_CASE("clients come back as those of the other programs do: later each time, or not at all") {
  const auto attempts = [](bool refused) {
    ScriptedBroker broker;
    Script& script = broker.further_connections().expect(wire::PacketType::Connect);
    if (refused) script.reply(wire::Connack{false, 4, {}});
    script.close();
    broker.start();
    const BenchRun run =
        bench("connect", broker.port(), {"-c", "1", "--retry=2s", "--reconnect-interval", "100ms"});
    UNSCOPED_INFO(run.process.text());
    CHECK(run.process.exit_code == (refused ? 77 : 69));
    return broker.connections();
  };
  const std::size_t closed = attempts(false);
  CHECK(closed >= 3);
  CHECK(closed <= 6);  // at 0, 0.1, 0.3, 0.7, 1.5 and 3.1 s, and up to a quarter earlier
  CHECK(attempts(true) == 1);
}

TEST_CASE("a storm cuts all connections and makes them again") {
  OwnSink sink;
  const BenchRun run =
      bench("connect", sink.port, {"-c", "50", "--duration", "1300ms", "--storm", "500ms"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.at("/connections/opened") == 50);
  CHECK(run.at("/connections/reconnected") == 100);
  CHECK(run.at("/connections/lost") == 0);
  CHECK(sink.counts().connects == 150);
}

TEST_CASE("pings are paced, answered and timed") {
  OwnSink sink;
  const BenchRun run =
      bench("connect", sink.port, {"-c", "20", "--duration", "1s", "--ping-interval", "100ms"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  const auto answered = static_cast<std::uint64_t>(run.latency_us("rtt", "count"));
  CHECK(answered > 0);
  CHECK(answered <= 200);
  CHECK(sink.counts().pings >= answered);
}

TEST_CASE("every message that counts as sent reached the other side, at each QoS") {
  const std::string qos = GENERATE("0", "1", "2");
  CAPTURE(qos);
  OwnSink sink;
  const BenchRun run = bench("publish", sink.port, {"-c", "7", "-q", qos, "-n", "20001"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.count("sent") == 20'001);
  CHECK(run.count("acked") == (qos == "0" ? 0 : 20'001));
  CHECK(run.count("in_flight") == 0);
  CHECK(run.count("failed") == 0);
  CHECK(sink.counts().all_publishes() == 20'001);
  CHECK(sink.counts().duplicates == 0);
}

TEST_CASE("several threads share the clients and the count") {
  OwnSink sink;
  const BenchRun run =
      bench("publish", sink.port, {"-c", "5", "-q", "1", "-n", "5003", "--threads", "3"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.at("/connections/opened") == 5);
  CHECK(run.count("acked") == 5003);
  CHECK(sink.counts().all_publishes() == 5003);
}

TEST_CASE("a rate sends exactly what it has to in its time, warm-up apart") {
  OwnSink sink;
  const BenchRun run =
      bench("publish", sink.port,
            {"-c", "3", "-q", "1", "--rate", "500/s", "--duration", "2s", "--warmup", "400ms"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.count("scheduled") == 1000);
  // On a machine that stood still at the very end a full window may have kept some back.
  const std::uint64_t sent = run.count("sent");
  CHECK(sent > 900);
  CHECK(sent <= 1000);
  CHECK(run.count("acked") == sent);
  CHECK(run.latency_us("puback", "count") == static_cast<double>(sent));
  CHECK(run.uncorrected_us("puback", "count") == static_cast<double>(sent));
  CHECK(sink.counts().all_publishes() > sent);
  CHECK(sink.counts().all_publishes() <= sent + 200);
}

TEST_CASE("what was written to a socket that nobody reads is not more than was written") {
  OwnSink sink({.stall = true});
  const BenchRun run =
      bench("publish", sink.port, {"-s", "10000", "--duration", "500ms", "--drain", "100ms"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  // A socket's buffers hold some megabytes; without an end to them this would be thousands.
  CHECK(run.count("sent") > 0);
  CHECK(run.count("sent") < 3000);
}

TEST_CASE("each topology delivers what it must") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  const Mosquitto broker;
  struct Row {
    const char* topology;
    const char* qos;
    const char* clients;
    std::uint64_t sent, received;
  };
  const Row row = GENERATE(Row{"pair", "1", "10", 600, 600}, Row{"pair", "2", "4", 600, 600},
                           Row{"fan-in", "1", "10", 600, 600}, Row{"fan-out", "1", "10", 600, 6000},
                           Row{"shared", "1", "3", 600, 600});
  CAPTURE(row.topology, row.qos);
  const BenchRun run = bench("pubsub", broker.port(),
                             {"--topology", row.topology, "-q", row.qos, "-c", row.clients, "-n",
                              "600", "--drain", "20s"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.count("sent") == row.sent);
  CHECK(run.count("acked") == row.sent);
  CHECK(run.count("expected") == row.received);
  CHECK(run.count("received") == row.received);
  CHECK(run.count("lost") == 0);
  CHECK(run.count("duplicated") == 0);
  CHECK(run.count("reordered") == 0);
  CHECK(run.latency_us("e2e", "count") == static_cast<double>(row.received));
}

TEST_CASE("a subscriber alone accounts for what another process publishes") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  const Mosquitto broker;
  Process listening(
      bench_command("subscribe", broker.port(), {"-q", "1", "-n", "2000", "--duration", "40s"}));
  REQUIRE(broker.wait_log_contains("mqttbench-", 20s));
  const BenchRun sending =
      bench("publish", broker.port(), {"-c", "4", "-q", "1", "--rate", "1000/s", "-n", "3000"});
  INFO(sending.process.text());
  const BenchRun run = bench_run(listening.wait());
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.count("received") >= 2000);
  CHECK(run.count("lost") == 0);
  CHECK(run.latency_us("e2e", "count") >= 2000);
}

TEST_CASE("payloads without room for a header measure acknowledgements only, and say so") {
  OwnSink sink;
  const BenchRun run = bench("publish", sink.port, {"-q", "1", "-n", "10", "-s", "27"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.count("acked") == 10);
  CHECK(run.process.out.find("28 octets") != std::string::npos);
}

TEST_CASE("each client is who the credentials file says") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  MosquittoListener listener;
  listener.users = {{"u0", "p0"}, {"u1", "p1"}};
  listener.anonymous = false;
  listener.acl = "pattern write data/%u/%c\n";
  const Mosquitto broker({.listeners = {listener}});
  const TempDir folder;
  const std::string file = folder.write(
      "clients.csv", "client_id,username,password\nfirst,u0,p0\n\"second\",u1,\"p1\"\n");
  const BenchRun run =
      bench("publish", broker.port(),
            {"-c", "2", "-q", "1", "-n", "8", "-t", "data/%u/%c", "--credentials", file});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.count("acked") == 8);
  const BenchRun wrong = bench("connect", broker.port(), {"-c", "2", "-u", "u%i", "-P", "p0"});
  INFO(wrong.process.text());
  CHECK(wrong.at("/connections/opened") == 1);
  CHECK(wrong.at("/connections/failed") == 1);
  CHECK(wrong.at("/errors/0/cause") == "mqtt.not_authorised");
  CHECK(wrong.process.exit_code != 0);
}

TEST_CASE("no broker at all is the error of the connection, not a result") {
  const BenchRun run = bench("publish", closed_port(), {"-c", "3", "-n", "10"});
  INFO(run.process.text());
  CHECK(run.process.exit_code == 69);
  CHECK(run.process.out.empty());
  CHECK(run.process.err.find("not one of 3 clients") != std::string::npos);
}

TEST_CASE("an interrupt gives the full report and the signal's end") {
  OwnSink sink;
  Process process(bench_command("publish", sink.port, {"-q", "1", "--duration", "50s"}));
  REQUIRE(wait_until([&sink] { return sink.counts().all_publishes() > 0; }, 30s));
  process.send_signal(SIGINT);
  const BenchRun run = bench_run(process.wait());
  INFO(run.process.text());
  CHECK(run.process.signal == SIGINT);
  CHECK(run.at("/interrupted") == true);
  CHECK(run.count("sent") > 0);
  CHECK(run.count("sent") == run.count("acked") + run.count("failed") + run.count("in_flight"));
}

TEST_CASE("many connections leave from several source addresses") {
  OwnSink sink;
  const BenchRun run =
      bench("connect", sink.port, {"-c", "100", "--source", "127.0.0.2-127.0.0.5"});
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.at("/connections/opened") == 100);
}

TEST_CASE("a plan connects nothing and says what the run would cause") {
  const BenchRun run = bench(
      "pubsub", closed_port(),
      {"--topology", "fan-out", "-c", "40", "--rate", "100/s", "--duration", "10s", "--plan"});
  INFO(run.process.text());
  CHECK(run.process.exit_code == 0);
  CHECK(run.process.out.find("deliveries a second     4000") != std::string::npos);
  CHECK(run.process.out.find("messages in all         1000\n") != std::string::npos);
  const BenchRun impossible = bench("connect", closed_port(), {"-c", "9000000", "--plan"});
  INFO(impossible.process.text());
  CHECK(impossible.process.exit_code == 78);
  CHECK(impossible.process.err.find("connections are possible") != std::string::npos);
}

TEST_CASE("shards together are the whole") {
  OwnSink sink;
  std::uint64_t acked = 0;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    const BenchRun run =
        bench("publish", sink.port, {"-c", "7", "-q", "1", "-n", "1000", "--shard", shard});
    INFO(run.process.text());
    REQUIRE(run.complete());
    acked += run.count("acked");
  }
  CHECK(acked == 1000);
  CHECK(sink.counts().all_publishes() == 1000);
  CHECK(sink.counts().connects == 7);
}

TEST_CASE("the sink says where it listens and what it counted; calibrate runs against its own") {
  ProcessOptions options;
  options.argv = {built_program("mqtt-bench"), "sink", "--feed", "50"};
  Process sink(options);
  const auto line = sink.wait_stdout_line(0, 30s);
  REQUIRE(line);
  const auto port = static_cast<std::uint16_t>(std::stoul(line->substr(line->rfind(':') + 1)));
  const BenchRun run = bench("subscribe", port, {"-c", "2", "-n", "100", "--duration", "30s"});
  INFO(run.process.text());
  CHECK(run.count("received") == 100);
  const ProcessResult end = sink.stop();
  INFO(end.text());
  CHECK(end.exit_code == 0);
  CHECK(end.out.find("\"fed\":100") != std::string::npos);

  ProcessOptions calibrate;
  calibrate.argv = {built_program("mqtt-bench"), "calibrate", "--duration", "100ms"};
  const ProcessResult figures = test::run(calibrate);
  INFO(figures.text());
  CHECK(figures.exit_code == 0);
  CHECK(figures.out.find("publish QoS 0, 1 client") != std::string::npos);
  std::size_t steady = 0;
  for (std::size_t at = 0; (at = figures.out.find("  at a steady rate ", at)) != std::string::npos;
       ++at) {
    ++steady;
  }
  CHECK(steady == 4);
  CHECK(figures.out.find("1000 connections") != std::string::npos);
}
