// The same load over every way to a broker, and with every version of the protocol.
#include <fstream>

#include "bench/bench.hpp"
#include "support/catch.hpp"
#include "support/certs.hpp"
#include "support/mosquitto.hpp"
#include "support/programs.hpp"
#include "support/skipped.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

TEST_CASE("pairs deliver over TCP, TLS with certificates of both, WebSocket and a Unix socket") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  const Certs& certs = test_certs();
  MosquittoListener tls;
  tls.name = "tls";
  tls.cert_file = certs.server.certificate;
  tls.key_file = certs.server.key;
  tls.ca_file = certs.ca;
  tls.require_certificate = true;
  MosquittoListener ws;
  ws.name = "ws";
  ws.websocket = true;
  MosquittoListener unix_socket;
  unix_socket.name = "unix";
  unix_socket.unix_socket = true;
  const Mosquitto broker({.listeners = {MosquittoListener{}, tls, ws, unix_socket}});
  const std::vector<std::string> load = {"-c", "8", "-q", "1", "-n", "400", "--drain", "20s"};
  const auto through = [&load](std::uint16_t port, std::vector<std::string> options) {
    options.insert(options.end(), load.begin(), load.end());
    return bench("pubsub", port, options);
  };
  std::vector<BenchRun> runs;
  for (const char* version : {"3.1", "3.1.1", "5"}) {
    runs.push_back(through(broker.port(), {"-V", version}));
  }
  runs.push_back(
      through(broker.port("tls"), {"--cafile", certs.ca, "--cert", certs.client.certificate,
                                   "--key", certs.client.key, "--threads", "2"}));
  CHECK(runs.back().latency_us("tls", "count") == 16);
  runs.push_back(through(broker.port("ws"), {"--ws"}));
  ProcessOptions over_unix;
  over_unix.argv = {built_program("mqtt-bench"), "pubsub", "--unix",
                    broker.unix_path("unix"),    "--json", "-"};
  over_unix.argv.insert(over_unix.argv.end(), load.begin(), load.end());
  runs.push_back(bench_run(run(over_unix)));
  for (const BenchRun& each : runs) {
    INFO(each.process.text());
    REQUIRE(each.complete());
    CHECK(each.at("/connections/opened") == 16);
    CHECK(each.count("acked") == 400);
    CHECK(each.count("received") == 400);
    CHECK(each.count("lost") == 0);
  }
}

TEST_CASE("a certificate that nobody vouches for ends the run with its own code") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  const Certs& certs = test_certs();
  MosquittoListener tls;
  tls.cert_file = certs.self_signed.certificate;
  tls.key_file = certs.self_signed.key;
  const Mosquitto broker({.listeners = {tls}});
  const BenchRun run = bench("connect", broker.port(), {"-c", "5", "--cafile", certs.ca});
  INFO(run.process.text());
  CHECK(run.process.exit_code == 79);
}

TEST_CASE("publishers lose their broker and come back when they are told to") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  Mosquitto broker;
  Process process(
      bench_command("publish", broker.port(),
                    {"-c", "5", "-q", "1", "--rate", "500/s", "--duration", "4s", "--reconnect",
                     "--reconnect-interval", "200ms", "--drain", "20s"}));
  for (const char* number : {"p0 (", "p1 (", "p2 (", "p3 (", "p4 ("}) {
    REQUIRE(broker.wait_log_contains(number, 20s));
  }
  broker.kill();
  broker.start();
  const BenchRun run = bench_run(process.wait());
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.at("/connections/opened") == 5);
  CHECK(run.at("/connections/lost") == 5);
  CHECK(run.at("/connections/reconnected") == 5);
  CHECK(run.count("scheduled") == 2000);
  CHECK(run.count("sent") == run.count("acked") + run.count("failed") + run.count("in_flight"));
}

TEST_CASE("clients wait for room in the queue of a Unix socket, until their time is over") {
  if (!Mosquitto::available()) return say_skipped("no mosquitto");
  MosquittoListener unix_socket;
  unix_socket.name = "unix";
  unix_socket.unix_socket = true;
  Mosquitto broker({.listeners = {MosquittoListener{}, unix_socket}});
  const std::string path = broker.unix_path("unix");
  const auto connect = [&path](std::vector<std::string> options) {
    ProcessOptions out;
    out.argv = {built_program("mqtt-bench"), "connect", "--unix", path, "--json", "-", "-c", "300",
                "--connect-window",          "300"};
    out.argv.insert(out.argv.end(), options.begin(), options.end());
    out.deadline = 60s;
    return out;
  };
  const auto in_queue = [&path] {
    std::ifstream sockets("/proc/net/unix");
    std::size_t count = 0;
    for (std::string line; std::getline(sockets, line);) count += line.ends_with(path) ? 1U : 0U;
    return count;
  };
  if (in_queue() == 0) return say_skipped("no /proc/net/unix");
  // Mosquitto's queue has room for 11 (and the listener is a line), and while it stands still for
  // no more.
  broker.pause();
  Process waiting(connect({}));
  REQUIRE(wait_until([&] { return in_queue() > 11; }, 30s));
  broker.resume();
  const BenchRun run = bench_run(waiting.wait());
  INFO(run.process.text());
  REQUIRE(run.complete());
  CHECK(run.at("/connections/opened") == 300);
  CHECK(run.at("/connections/failed") == 0);

  broker.pause();
  const BenchRun late =
      bench_run(mqtk::test::run(connect({"--tcp-timeout", "300ms", "--mqtt-timeout", "300ms"})));
  broker.resume();
  INFO(late.process.text());
  CHECK(late.process.exit_code == 69);
}
