// Brokers that DNS service records name: a network of the test's own, with a name server in it that
// answers as each test wants.
#include <csignal>
#include <memory>
#include <optional>

#include "support/catch.hpp"
#include "support/certs.hpp"
#include "support/dns_message.hpp"
#include "support/dns_server.hpp"
#include "support/mosquitto.hpp"
#include "support/own_network.hpp"
#include "support/ports.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/skipped.hpp"
#include "support/temp_dir.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

using Words = std::vector<std::string>;
using Manner = DnsAnswer::Manner;

const std::string kPlain = "_mqtt._tcp.plant.test";
// A program under sanitizers on a machine that is busy; how long nothing ever takes otherwise.
constexpr Duration kLong = 60s;

/// Nullptr, with the reason said, where there is no broker or no network of one's own.
std::unique_ptr<DnsServer> name_server() {
  static const TempDir folder;
  static std::string why;
  static const bool entered = enter_own_network(folder.file("resolv.conf"), why);
  if (!entered) say_skipped(why);
  if (!Mosquitto::available()) say_skipped("mosquitto is not installed");
  return entered && Mosquitto::available() ? std::make_unique<DnsServer>() : nullptr;
}

ProcessOptions program(const std::string& name, Words words) {
  ProcessOptions options;
  const bool own = name.starts_with("mqtt-");
  options.program = built_program(own ? name : name == "mosquitto_sub" ? "mqtt-sub" : "mqtt-pub");
  words.insert(words.begin(), own ? options.program : name);
  options.argv = std::move(words);
  options.deadline = kLong;
  return options;
}

/// A retained message to `retained` over whatever the records say.
ProcessResult publish(const std::string& name, Words more) {
  Words words = {"-q", "1", "-r", "-t", "retained", "-m", "over " + name};
  words.insert(words.end(), more.begin(), more.end());
  return run(program(name, words));
}

/// What stands there at the broker of that port.
std::string retained_at(std::uint16_t port) {
  return run(program("mqtt-sub", {"-h", "127.0.0.1", "-p", std::to_string(port), "-t", "retained",
                                  "-C", "1", "-W", "30"}))
      .out;
}

DnsAnswer targets(std::vector<std::string> data) {
  return {.data = std::move(data)};
}

std::string cause_of(Words more) {
  Words words = {"connect", "--json"};
  words.insert(words.end(), more.begin(), more.end());
  const std::string out = run(program("mqtt-inspect", words)).out;
  const std::string key = "\"cause\":\"";
  const auto begin = out.find(key);
  if (begin == std::string::npos) return "no cause: " + out;
  return out.substr(begin + key.size(), out.find('"', begin + key.size()) - begin - key.size());
}

}  // namespace

TEST_CASE("the first target refuses, the one of the next priority gets the message") {
  const auto dns = name_server();
  if (!dns) return;
  const Mosquitto broker;
  dns->set(kPlain, kTypeSrv,
           targets({srv_data(20, 0, broker.port(), "b.plant.test"),
                    srv_data(10, 0, free_port(), "a.plant.test")}));
  for (const std::string name : {"mqtt-pub", "mosquitto_pub"}) {
    const ProcessResult sent =
        publish(name, name == "mqtt-pub" ? Words{"--srv", "-h", "plant.test", "-d"}
                                         : Words{"-S", "-h", "plant.test"});
    INFO(sent.text());
    CHECK(sent.ok());
    CHECK(retained_at(broker.port()) == "over " + name + "\n");
  }
  // Each program asked for the name of both targets, in the order of their priorities.
  CHECK(dns->asked(kPlain, kTypeSrv) == 2);
  CHECK(dns->asked("a.plant.test", kTypeA) == 2);
  CHECK(dns->asked("b.plant.test", kTypeA) == 2);
  const ProcessResult got =
      run(program("mosquitto_sub", {"-S", "-h", "plant.test", "-t", "retained", "-C", "1"}));
  INFO(got.text());
  CHECK(got.ok());
  CHECK(got.out == "over mosquitto_pub\n");
  const ProcessResult answered =
      run(program("mosquitto_rr", {"-S", "-L", "mqtt://plant.test/question", "-e", "question", "-m",
                                   "echo", "-W", "30"}));
  INFO(answered.text());
  CHECK(answered.out == "echo\n");

  // The load tester has no first and second: it shares its clients among all targets.
  dns->set(kPlain, kTypeSrv, targets({srv_data(10, 0, broker.port(), "b.plant.test")}));
  const ProcessResult load = run(program(
      "mqtt-bench", {"publish", "--srv", "-h", "plant.test", "-c", "2", "-n", "20", "-q", "1"}));
  INFO(load.text());
  CHECK(load.out.find("2 of 2 opened") != std::string::npos);
}

TEST_CASE("with TLS the other service is asked for, and the certificate must name the domain") {
  const auto dns = name_server();
  if (!dns) return;
  const Certs& certs = test_certs();
  MosquittoListener listener;
  listener.cert_file = certs.wrong_name.certificate;  // other.example
  listener.key_file = certs.wrong_name.key;
  MosquittoConfig config;
  config.listeners = {listener};
  const Mosquitto broker(config);
  const auto here = targets({srv_data(0, 0, broker.port(), "hosting.test")});
  dns->set("_secure-mqtt._tcp.other.example", kTypeSrv, here);
  const ProcessResult sent =
      publish("mqtt-pub", {"--srv", "-h", "other.example", "--cafile", certs.ca});
  INFO(sent.text());
  CHECK(sent.ok());
  CHECK(dns->asked("_mqtt._tcp.other.example", kTypeSrv) == 0);
  const ProcessResult dropped_in =
      publish("mosquitto_pub", {"-S", "-h", "other.example", "-p", "8883", "--cafile", certs.ca});
  INFO(dropped_in.text());
  CHECK(dropped_in.ok());
  CHECK(dns->asked("_secure-mqtt._tcp.other.example", kTypeSrv) == 2);

  // Somebody answers for another domain, with a host of his own whose certificate is genuine.
  dns->set("_secure-mqtt._tcp.plant.test", kTypeSrv,
           targets({srv_data(0, 0, broker.port(), "other.example")}));
  dns->set("other.example", kTypeA, targets({std::string("\x7F\0\0\1", 4)}));
  const Words plant = {"--srv", "-L", "mqtts://plant.test", "--cafile", certs.ca};
  CHECK(publish("mqtt-pub", plant).exit_code == 79);
  CHECK(cause_of(plant) == "tls.name_mismatch");
  const ProcessResult viewed =
      run(program("mqtt-inspect", {"tls", "--srv", "-h", "other.example", "--cafile", certs.ca}));
  INFO(viewed.text());
  CHECK(viewed.ok());
  CHECK(viewed.out.find("CN=other.example") != std::string::npos);
  Words trusting = plant;
  trusting.insert(trusting.end(), {"--server-name", "other.example"});
  CHECK(publish("mqtt-pub", trusting).ok());
}

TEST_CASE("a service that is not there, or is not known") {
  const auto dns = name_server();
  if (!dns) return;
  struct Row {
    DnsAnswer answer;
    std::string said;
    std::string cause;
  };
  const std::string useless = srv_data(0, 0, 1883, "not a host");
  const std::vector<Row> rows = {
      {targets({srv_data(0, 0, 0, "")}), "the domain says that it does not offer it",
       "dns.not_found"},
      {targets({}), "no such records", "dns.not_found"},
      {targets({useless}), "is malformed", "dns.failed"},
      {targets({std::string(6, '\0') + "\xC0\x0C" + "x"}), "is malformed", "dns.failed"},
      {{.data = {srv_data(0, 0, 1883, "a.test")}, .manner = Manner::Broken}, "", "dns.failed"},
      {{.data = {}, .manner = Manner::ServerFailure}, "the name server", "dns.failed"}};
  const Words where = {"--srv", "-h", "plant.test"};
  for (const Row& row : rows) {
    dns->set(kPlain, kTypeSrv, row.answer);
    const ProcessResult sent = publish("mqtt-pub", where);
    INFO(row.said << ": " << sent.text());
    CHECK(sent.exit_code == 68);
    CHECK(sent.err.find(row.said) != std::string::npos);
    CHECK(sent.err.find("'" + kPlain + "'") != std::string::npos);
    CHECK(sent.err.find("mqtt-pub: hint: ") != std::string::npos);
    CHECK(cause_of(where) == row.cause);
  }
  const ProcessResult unknown = publish("mqtt-pub", {"--srv", "-h", "no-such.test"});
  INFO(unknown.text());
  CHECK(unknown.exit_code == 68);
  CHECK(unknown.err.find("no such name") != std::string::npos);
  CHECK(publish("mosquitto_pub", {"-S", "-h", "no-such.test"}).exit_code != 0);
}

TEST_CASE("an answer too long for a packet is asked for once more") {
  const auto dns = name_server();
  if (!dns) return;
  const Mosquitto broker;
  std::vector<std::string> data;
  for (std::uint16_t i = 0; i < 60; ++i) {
    data.push_back(srv_data(i + 1, 0, 1, "a-host-with-a-long-name-" + std::to_string(i) + ".test"));
  }
  data.push_back(srv_data(0, 0, broker.port(), "b.test"));
  dns->set(kPlain, kTypeSrv, {.data = data, .manner = Manner::OverTcpOnly});
  const ProcessResult sent = publish("mqtt-pub", {"--srv", "-h", "plant.test"});
  INFO(sent.text());
  CHECK(sent.ok());
  CHECK(dns->asked(kPlain, kTypeSrv) == 2);
  CHECK(retained_at(broker.port()) == "over mqtt-pub\n");
}

TEST_CASE("a name server that keeps silent costs no more than the time that was given") {
  const auto dns = name_server();
  if (!dns) return;
  dns->set(kPlain, kTypeSrv, {.data = {}, .manner = Manner::Silence});
  const Words where = {"--srv", "-h", "plant.test", "--connect-timeout", "300ms"};
  const ProcessResult sent = publish("mqtt-pub", where);
  INFO(sent.text());
  CHECK(sent.exit_code == 69);
  CHECK(sent.err.find("did not answer within") != std::string::npos);
  CHECK(cause_of(where) == "dns.timeout");

  // Nothing waits for the thread that asks: neither a deadline nor a signal.
  const ProcessResult deadline =
      run(program("mqtt-sub", {"--srv", "-h", "plant.test", "-t", "a", "-W", "300ms", "--retry"}));
  INFO(deadline.text());
  CHECK(deadline.exit_code == 124);
  dns->set("_mqtt._tcp.quiet.test", kTypeSrv, {.data = {}, .manner = Manner::Silence});
  Process waiting(program("mqtt-sub", {"--srv", "-h", "quiet.test", "-t", "a"}));
  REQUIRE(dns->wait_asked("_mqtt._tcp.quiet.test", kTypeSrv, kLong));
  waiting.send_signal(SIGTERM);
  CHECK(waiting.wait().signal == SIGTERM);
}

TEST_CASE("a lost connection is renewed with whatever broker the records name by then") {
  const auto dns = name_server();
  if (!dns) return;
  Mosquitto before;
  const Mosquitto after;
  REQUIRE(run(program("mqtt-pub", {"-h", "127.0.0.1", "-p", std::to_string(after.port()), "-r",
                                   "-q", "1", "-t", "retained", "-m", "from the new one"}))
              .ok());
  dns->set(kPlain, kTypeSrv, targets({srv_data(0, 0, before.port(), "a.test")}));
  ProcessOptions options = program("mqtt-sub", {"--srv", "-h", "plant.test", "-t", "retained", "-C",
                                                "1", "-d", "--reconnect-interval", "100ms"});
  Process subscriber(std::move(options));
  REQUIRE(subscriber.wait_stderr_contains("SUBACK", kLong));
  dns->set(kPlain, kTypeSrv, targets({srv_data(0, 0, after.port(), "a.test")}));
  before.stop();
  const ProcessResult got = subscriber.wait();
  INFO(got.text());
  CHECK(got.ok());
  CHECK(got.out == "from the new one\n");
}
