// mqtt-inspect ping, sys, tls, session, acl and watch against real brokers.
#include <map>
#include <sstream>

#include "broker/inspect_run.hpp"
#include "server/loop_thread.hpp"
#include "support/catch.hpp"
#include "support/nats.hpp"
#include "support/raw_client.hpp"
#include "support/relay.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

/// What the broker itself says in CONNACK, without any program of ours.
bool has_session(const Mosquitto& broker, const std::string& id) {
  RawClient client(broker.port());
  wire::Connect hello = plain_connect(id);
  hello.clean_start = false;
  client.send(hello);
  const std::string connack = client.receive();
  client.send(wire::Disconnect{});
  return connack.size() >= 4 && connack[2] == 1;
}

}  // namespace

TEST_CASE("ping measures both kinds of round trip, at each QoS") {
  if (!have_broker()) return;
  const Mosquitto broker;
  for (const char* qos : {"0", "1", "2"}) {
    ProcessResult result;
    const Json report = inspect_json(
        Words{"ping", "--count", "4", "--interval", "10ms", "-q", qos} + at(broker), result);
    INFO(result.text());
    REQUIRE(report.is_object());
    CHECK(result.exit_code == 0);
    CHECK(report["schema"] == "mqtt-inspect.ping/1");
    for (const char* kind : {"pingreq", "loopback"}) {
      const Json& one = report[kind];
      CHECK(one["sent"] == 4);
      CHECK(one["received"] == 4);
      CHECK(one["us"]["min"].get<double>() > 0);
      CHECK(one["us"]["min"].get<double>() <= one["us"]["p50"].get<double>());
      CHECK(one["us"]["p50"].get<double>() <= one["us"]["max"].get<double>());
    }
  }
  const ProcessResult text =
      inspect(Words{"ping", "--count", "2", "--interval", "10ms"} + at(broker));
  CHECK(text.out.find("loopback 2: ") != std::string::npos);
  CHECK(text.out.find("pingreq: 2 sent, 2 answered, 0% lost") != std::string::npos);
}

TEST_CASE("an answer that does not come is a loss, and the exit status says so") {
  if (!have_broker()) return;
  const Mosquitto broker;
  RelayOptions options;
  options.target_port = broker.port();
  Hosted<Relay> relay([&options](EventLoop& loop) {
    auto started = Relay::start(loop, options);
    return started ? std::move(*started) : nullptr;
  });
  relay.call([](Relay& each) {
    each.add(RelaySwallow{.type = wire::PacketType::Pingresp, .after = 1, .count = 1});
  });
  const auto port = relay.call([](Relay& each) { return each.port(); });
  ProcessResult result;
  const Json report = inspect_json({"ping", "--count", "3", "--interval", "10ms", "--patience",
                                    "700ms", "--safe", "-p", std::to_string(port)},
                                   result);
  INFO(result.text());
  REQUIRE(report.is_object());
  CHECK(result.exit_code == 1);
  CHECK(report["pingreq"]["sent"] == 3);
  CHECK(report["pingreq"]["lost"] == 1);
  CHECK_FALSE(report.contains("loopback"));
}

TEST_CASE("sys shows the tree under fixed names, and says where there is none") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.extra = {"sys_interval 1"};
  const Mosquitto broker(config);
  const Subscriber other(at(broker) + Words{"-t", "x"});
  REQUIRE(other.ready());
  ProcessResult result;
  const Json report = inspect_json(Words{"sys", "--for", "6s"} + at(broker), result);
  INFO(result.text());
  REQUIRE(report.is_object());
  CHECK(result.exit_code == 0);
  CHECK(report["product"] == "mosquitto");
  std::map<std::string, Json> values;
  for (const Json& value : report["values"]) values[value["name"].get<std::string>()] = value;
  CHECK(values.at("version")["value"].get<std::string>().starts_with("mosquitto version 2."));
  CHECK(values.at("clients_connected")["value"].get<double>() >= 2);
  CHECK(values.at("bytes_sent")["unit"] == "bytes");
  CHECK(values.at("bytes_sent")["rate_per_s"].get<double>() > 0);
  CHECK(values.at("uptime")["unit"] == "seconds");
  if (!Nats::available()) return;
  const Nats nats;
  const ProcessResult none = inspect({"sys", "--for", "1s", "-p", std::to_string(nats.port())});
  INFO(none.text());
  CHECK(none.exit_code == 1);
  CHECK(none.out.find("publishes nothing under $SYS") != std::string::npos);
}

TEST_CASE("tls shows the chain, also when it is refused, and judges how long it is valid") {
  if (!have_broker()) return;
  const World world;
  const Words ca = {"--cafile", world.certs.ca};
  ProcessResult result;
  Json report = inspect_json(Words{"tls"} + at(world.broker, "tls") + ca, result);
  INFO(result.text());
  REQUIRE(report.is_object());
  CHECK(result.exit_code == 0);
  CHECK(report["verdict"] == "ok");
  CHECK(report["verified"] == true);
  CHECK(report["chain"][0]["san"].dump().find("DNS:localhost") != std::string::npos);
  const int days = report["days_left"].get<int>();
  const auto judged = [&](int warn, int crit) {
    return inspect_json(
        Words{"tls", "--warn", std::to_string(warn) + "d", "--crit", std::to_string(crit) + "d"} +
            at(world.broker, "tls") + ca,
        result)["verdict"];
  };
  CHECK(judged(days + 10, 1) == "warning");
  CHECK(result.exit_code == 0);
  CHECK(judged(days + 20, days + 10) == "critical");
  CHECK(result.exit_code == 1);

  report = inspect_json(Words{"tls"} + at(world.broker, "expired") + ca, result);
  CHECK(result.exit_code == 79);
  CHECK(report["cause"] == "tls.expired");
  CHECK(report["chain"][0]["days_left"].get<int>() < 0);
  report = inspect_json(Words{"tls"} + at(world.broker, "wss") + ca + Words{"--ws"}, result);
  CHECK(result.exit_code == 0);
  report = inspect_json(Words{"tls"} + at(world.broker, "mtls") + ca, result);
  CHECK(report["client_certificate_requested"] == true);
  CHECK(result.exit_code == 79);
  CHECK(inspect(Words{"tls"} + at(world.broker)).exit_code == 64);
}

TEST_CASE("session finds a stored session, leaves what waits in it, and deletes it") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const Words there = at(broker);
  ProcessResult result;
  Json report = inspect_json(Words{"session", "-i", "device"} + there, result);
  INFO(result.text());
  CHECK(result.exit_code == 1);
  CHECK(report["present"] == false);
  CHECK_FALSE(has_session(broker, "device"));

  REQUIRE(subscribe(there + Words{"-i", "device", "-c", "-q", "1", "-t", "d/#", "-E"}).ok());
  for (const char* payload : {"one", "two", "three"}) {
    REQUIRE(publish(there + Words{"-t", "d/x", "-q", "1", "-m", payload}).ok());
  }
  for (int i = 0; i < 2; ++i) {
    report = inspect_json(Words{"session", "-i", "device"} + there, result);
    INFO(result.text());
    CHECK(result.exit_code == 0);
    CHECK(report["present"] == true);
    CHECK(report["waiting"]["at_least"] == 3);
    CHECK(report["waiting"]["topics"] == Json({"d/x"}));
  }
  const ProcessResult received =
      subscribe(there + Words{"-i", "device", "-c", "-q", "1", "-t", "d/#", "-C", "3", "-W", "30"});
  CHECK(received.out == "one\ntwo\nthree\n");
  report = inspect_json(Words{"session", "-i", "device", "--delete"} + there, result);
  CHECK(result.exit_code == 0);
  CHECK(report["deleted"] == true);
  CHECK_FALSE(has_session(broker, "device"));
  CHECK(inspect(Words{"session"} + there).exit_code == 64);
}

TEST_CASE("acl tells what may be subscribed, published and received") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.listeners[0].acl = "topic read ro/#\ntopic write wo/#\ntopic readwrite rw/#\n";
  const Mosquitto broker(config);
  ProcessResult result;
  const Json report =
      inspect_json(Words{"acl", "ro/#", "wo/x", "rw/+", "rw/one", "none/a"} + at(broker), result);
  INFO(result.text());
  REQUIRE(report.is_object());
  CHECK(result.exit_code == 77);
  const auto findings = [&report](std::size_t i) {
    const Json& row = report["filters"][i];
    return row["subscribe"]["finding"].get<std::string>() + " " +
           row["publish"]["finding"].get<std::string>() + " " +
           row["receive"]["finding"].get<std::string>();
  };
  // mosquitto with an acl_file grants every subscription and drops in silence.
  CHECK(findings(0) == "yes no not_tested");
  CHECK(findings(1) == "yes yes no");
  CHECK(findings(2) == "yes yes yes");
  CHECK(findings(3) == "yes yes yes");
  CHECK(findings(4) == "yes no not_tested");
  CHECK(report["filters"][3]["topic"] == "rw/one");
  const ProcessResult good = inspect(Words{"acl", "rw/#"} + at(broker));
  CHECK(good.exit_code == 0);
  const Json safe = inspect_json(Words{"acl", "ro/#", "--safe"} + at(broker), result);
  CHECK(safe["filters"][0]["publish"]["finding"] == "not_tested");
  CHECK(inspect(Words{"acl"} + at(broker)).exit_code == 64);
  CHECK(inspect(Words{"acl", "a#"} + at(broker)).exit_code == 64);
}

TEST_CASE("watch shows what changed, field by field") {
  if (!have_broker()) return;
  const Mosquitto broker;
  REQUIRE(publish(at(broker) + Words{"-t", "s/k", "-r", "-m", R"({"t":21.50,"on":true})"}).ok());
  Process watch(
      inspect_options(Words{"watch", "s/#", "--path", ".t", "-C", "4", "--json"} + at(broker)));
  REQUIRE(watch.wait_stdout_line(0, 30s));
  for (const char* payload :
       {R"({"t":22,"on":true})", R"({"t":22,"on":true})", R"({"t":23,"x":[1]})"}) {
    REQUIRE(publish(at(broker) + Words{"-t", "s/k", "-m", payload}).ok());
  }
  const ProcessResult result = watch.wait();
  INFO(result.text());
  CHECK(result.exit_code == 0);
  std::vector<Json> lines;
  std::istringstream in(result.out);
  for (std::string line; std::getline(in, line);) lines.push_back(Json::parse(line));
  REQUIRE(lines.size() == 4);
  CHECK(lines[0]["retain"] == true);
  CHECK(lines[0]["first"] == true);
  CHECK(lines[0]["number"] == 21.5);
  CHECK(lines[1]["changes"] == Json::parse(R"([{"path":".t","before":"21.50","after":"22"}])"));
  CHECK(lines[2]["changes"].empty());
  CHECK(lines[3]["changes"] ==
        Json::parse(R"([{"path":".t","before":"22","after":"23"},{"path":".x[0]","after":"1"},)"
                    R"({"path":".on","before":"true"}])"));
}
