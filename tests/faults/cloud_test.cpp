// The commands that clouds ask for, against a stand-in: haproxy as an endpoint that insists on TLS,
// a server name (SNI), a client certificate and an application protocol (ALPN), before mosquitto.
#include "broker/world.hpp"
#include "faults/tap.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

constexpr const char* kProtocol = "x-amzn-mqtt-ca";

class Cloud {
 public:
  Cloud() : certs_(test_certs()) {
    HaproxyConfig config;
    config.target = broker_.port();
    config.bind = "ssl crt " +
                  folder_.write("server.pem", read_file(certs_.server.certificate) +
                                                  read_file(certs_.server.key)) +
                  " ca-file " + certs_.ca + " verify required strict-sni alpn " + kProtocol;
    config.lines = {"tcp-request inspect-delay 5s",
                    std::string("tcp-request content reject unless { ssl_fc_alpn ") + kProtocol +
                        " } { ssl_fc_sni localhost }"};
    haproxy_ = std::make_unique<Haproxy>(config);
  }

  Words at(const std::string& host) const {
    return {"-h",       host,      "-4", "-p", std::to_string(haproxy_->port()),
            "--cafile", certs_.ca, "-q", "1",  "-t",
            "things/1", "-d"};
  }
  Words who() const {
    return {"--cert", certs_.client.certificate, "--key", certs_.client.key, "-i", "thing-1"};
  }
  const Certs& certs() const { return certs_; }

 private:
  const Certs& certs_;
  TempDir folder_;
  Mosquitto broker_;
  std::unique_ptr<Haproxy> haproxy_;
};

bool have_cloud() {
  if (!have_broker()) return false;
  if (!Haproxy::available()) say_skipped("haproxy is not installed");
  return Haproxy::available();
}

}  // namespace

TEST_CASE("cloud endpoint: certificate, server name and application protocol") {
  if (!have_cloud()) return;
  const Cloud cloud;
  const Words alpn = {"--tls-alpn", kProtocol};
  const Words key = {"--cert", cloud.certs().client.certificate, "--key", cloud.certs().client.key};
  Subscriber subscriber(cloud.at("localhost") + key + alpn + Words{"-i", "reader", "-C", "2"});
  INFO(subscriber.process().err_so_far());
  REQUIRE(subscriber.ready());
  const Words by_name = cloud.at("localhost") + cloud.who() + alpn + Words{"-m", "by name"};
  const ProcessResult sent = publish(by_name);
  INFO(sent.text());
  CHECK(sent.ok());
  const ProcessResult by_address = publish(cloud.at("127.0.0.1") + cloud.who() + alpn +
                                           Words{"--server-name", "localhost", "-m", "by address"});
  INFO(by_address.text());
  CHECK(by_address.ok());
  CHECK(subscriber.wait().out == "by name\nby address\n");
}

TEST_CASE("cloud endpoint: each thing that is missing is said") {
  if (!have_cloud()) return;
  const Cloud cloud;
  const Words alpn = {"--tls-alpn", kProtocol};
  const Words stranger = {"--cert", cloud.certs().other_client.certificate, "--key",
                          cloud.certs().other_client.key};
  struct Case {
    const char* name;
    Words words;
    int exit_code;
    const char* sentence;
    const char* hint;
    const char* cause;
  };
  for (const Case& c : std::vector<Case>{
           {"no application protocol", cloud.at("localhost") + cloud.who(), 69,
            "closed the connection instead of answering CONNECT", "--tls-alpn",
            "mqtt.closed_after_connect"},
           {"another application protocol",
            cloud.at("localhost") + cloud.who() + Words{"--tls-alpn", "mqtt"}, 69,
            "closed the connection instead of answering CONNECT", "--tls-alpn",
            "mqtt.closed_after_connect"},
           {"no certificate", cloud.at("localhost") + alpn, 79,
            "requires a client certificate, and none was given", "--cert and --key",
            "tls.client_cert_required"},
           {"a certificate of another authority", cloud.at("localhost") + alpn + stranger, 79,
            "the server rejected our client certificate", "authority", "tls.client_cert_rejected"},
           {"no server name", cloud.at("127.0.0.1") + cloud.who() + alpn, 79,
            "the server does not know the name", "server name", "tls.handshake"},
       }) {
    const ProcessResult result = publish(c.words + Words{"-m", "x"});
    INFO(c.name << ": " << result.text());
    CHECK(result.exit_code == c.exit_code);
    CHECK(result.err.find(c.sentence) != std::string::npos);
    CHECK(result.err.find(c.hint, result.err.find("hint: ")) != std::string::npos);
    CHECK(result.err.find(std::string("cause: ") + c.cause + "\n") != std::string::npos);
  }
}

TEST_CASE("cloud user names and tokens, and requests of at most eight filters") {
  if (!have_broker()) return;
  const std::string user = "hub.example/device-1/?api-version=2021-04-12";
  const std::string token =
      "SharedAccessSignature sr=hub.example%2Fdevices%2Fdevice-1&sig=k%2Bq%3D&se=1795237000";
  MosquittoConfig config;
  config.listeners[0].users = {{user, token}};
  config.listeners[0].anonymous = false;
  const Mosquitto broker(config);
  Tap tap(broker.port());
  Words words = {"-h", "127.0.0.1", "-p", std::to_string(tap.port()), "-u", user, "-P", token};
  Words filters;
  for (int i = 0; i < 9; ++i) filters = filters + Words{"-t", "devices/" + std::to_string(i)};
  Subscriber subscriber(words + filters + Words{"-C", "1"});
  INFO(subscriber.process().err_so_far());
  REQUIRE(subscriber.ready());
  const ProcessResult sent = publish(words + Words{"-t", "devices/8", "-m", "x", "-q", "1", "-d"});
  INFO(sent.text());
  CHECK(sent.ok());
  const ProcessResult got = subscriber.wait();
  CHECK(got.out == "x\n");
  CHECK(tap.count(RelayDirection::ToTarget, wire::PacketType::Subscribe) == 2);
  for (const ProcessResult* result : {&sent, &got}) {
    CHECK(result->err.find("SharedAccessSignature") == std::string::npos);
  }
}
