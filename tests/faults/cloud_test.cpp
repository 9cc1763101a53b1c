// The commands that clouds ask for, against a stand-in: haproxy as an endpoint that insists on TLS,
// a server name (SNI), a client certificate and an application protocol (ALPN), before mosquitto.
#include <algorithm>

#include "broker/world.hpp"
#include "faults/tap.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"
#include "support/skipped.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

constexpr const char* kProtocol = "x-amzn-mqtt-ca";

MosquittoConfig with_lines(std::vector<std::string> lines) {
  MosquittoConfig config;
  config.listeners[0].extra = std::move(lines);
  return config;
}

class Cloud {
 public:
  /// `lines` limit what the broker behind it does.
  explicit Cloud(std::vector<std::string> lines = {})
      : certs_(test_certs()), broker_(with_lines(std::move(lines))) {
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
  std::uint16_t port() const { return haproxy_->port(); }

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

/// The profiles that are shipped, and what a user adds to one of them to make it his own: `mine`.
class Profiles {
 public:
  Profiles(const std::string& extended, const std::string& lines) {
    for (const auto& [name, file] : {std::pair{"ca.pem", test_certs().ca},
                                     {"aws-device.pem.crt", test_certs().client.certificate},
                                     {"aws-private.pem.key", test_certs().client.key}}) {
      folder_.write(name, read_file(file));
    }
    folder_.write("config.toml", read_file(MQTK_EXAMPLES "/config.toml") +
                                     "\n[mine]\nextends = \"" + extended + "\"\n" + lines);
  }
  /// A message that is kept, there and back; what went wrong, or "".
  std::string round_trip(const std::string& engine, const std::string& topic) const {
    const Words common = {"--config", folder_.file("config.toml"), "--engine", engine, "@mine",
                          "-t",       topic + "/" + engine,        "-q",       "1"};
    const ProcessResult sent = publish(common + Words{"-r", "-m", engine});
    if (!sent.ok()) return sent.text();
    const ProcessResult got = subscribe(common + Words{"-C", "1", "-W", "50"});
    return got.out == engine + "\n" ? "" : got.text();
  }

 private:
  TempDir folder_;
};

/// Makes a URL that is good for so many seconds, prints it, and adds it to the file "urls".
std::string sign_script(const TempDir& folder, const Nginx& nginx, int seconds) {
  return folder.write(
      "sign", "e=$(($(date +%s) + " + std::to_string(seconds) +
                  "))\n"
                  "m=$(printf '%s/signed/mqtt secret' $e | openssl md5 -binary | openssl "
                  "base64 | tr '+/' '-_' | tr -d =)\n"
                  "echo \"ws://127.0.0.1:" +
                  std::to_string(nginx.http_port()) + "/signed/mqtt?expires=$e&md5=$m\" | tee -a " +
                  folder.file("urls") + "\n");
}

/// Those of this build.
Words engines() {
  ProcessOptions ask = pub_options({"--engine", "paho", "-h", "127.0.0.1", "-p", "1", "-n"});
  ask.argv.insert(ask.argv.end(), {"-t", "x"});
  const bool paho = run(ask).err.find("no paho engine") == std::string::npos;
  return paho ? Words{"native", "paho"} : Words{"native"};
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

TEST_CASE("cloud endpoint: a message of QoS 2 ends the connection, and that is said") {
  if (!have_cloud()) return;
  const Cloud cloud({"max_qos 1"});
  const ProcessResult result = publish(cloud.at("localhost") + cloud.who() +
                                       Words{"--tls-alpn", kProtocol, "-q", "2", "-m", "x"});
  INFO(result.text());
  CHECK(result.exit_code == 76);
  CHECK(result.err.find("in reply to a message of QoS 2") != std::string::npos);
  CHECK(result.err.find("try -q 1") != std::string::npos);
  CHECK(result.err.find("cause: pub.closed_qos\n") != std::string::npos);
}

TEST_CASE("a token that is replaced is fetched anew at the next connection") {
  if (!have_broker()) return;
  const TempDir folder;
  const std::string token = folder.write("token", "first");
  MosquittoConfig config;
  config.listeners[0].anonymous = false;
  config.listeners[0].users = {{"device-1", "first"}};
  Mosquitto broker(config);
  Tap tap(broker.port());
  const Words words = {"-h", "127.0.0.1", "-p", std::to_string(tap.port()), "-u", "device-1"};
  const Words fetch = {"--password-command", "cat " + token};
  const Words message = {"-t", "a", "-m", "x", "-q", "1"};
  const Words elsewhere = {"-t", "b", "-m", "x", "-q", "1"};
  Subscriber subscriber(words + fetch + Words{"-t", "a", "-C", "1"});
  REQUIRE(subscriber.ready());

  write_file(token, "second");
  CHECK(run({find_program("mosquitto_passwd"), "-b", broker.folder().file("passwd0"), "device-1",
             "second"})
            .ok());
  broker.reload();
  // From now on the old one is refused.
  REQUIRE(wait_until(
      [&] {
        return publish(words + Words{"-P", "first"} + elsewhere).exit_code == 77;
      },
      30s));
  CHECK(subscriber.process().running());
  tap.relay().call([](Relay& relay) { relay.cut(); });
  REQUIRE(subscriber.process().wait_stderr_contains(" again after", 30s));
  const ProcessResult sent = publish(words + fetch + message);
  INFO(sent.text());
  CHECK(sent.ok());
  CHECK(subscriber.wait().out == "x\n");
}

TEST_CASE("a signed URL expires, and a new one is made at each connection") {
  if (!have_broker()) return;
  if (!Nginx::available()) return say_skipped("nginx is not installed");
  const Certs& certs = test_certs();
  Mosquitto broker(world_config(certs));
  const Nginx nginx(NginxConfig{broker.port("ws"), certs.server.certificate, certs.server.key});
  const TempDir folder;
  const std::string urls = folder.file("urls");
  const std::string sign = sign_script(folder, nginx, 2);
  const Words fetch = {"--url-command", "sh " + sign, "--reconnect-interval", "100ms"};
  const Words message = {"-t", "a", "-m", "x", "-q", "1"};
  const Words elsewhere = {"-t", "b", "-m", "x", "-q", "1"};
  Subscriber subscriber(fetch + Words{"-t", "a", "-C", "1"});
  INFO(subscriber.process().err_so_far());
  REQUIRE(subscriber.ready());
  const std::string made = read_file(urls);
  const std::string first = made.substr(0, made.find('\n'));
  ProcessResult old;
  REQUIRE(wait_until(
      [&] {
        old = publish(Words{"-L", first, "-d"} + elsewhere);
        return !old.ok();
      },
      30s));
  INFO(old.text());
  CHECK(old.err.find("410") != std::string::npos);
  CHECK(old.err.find("cause: ws.status\n") != std::string::npos);
  CHECK(old.err.find(first.substr(first.find("md5="))) == std::string::npos);
  const ProcessResult wrong = publish(Words{"-L", first + "x", "-d"} + elsewhere);
  CHECK(wrong.err.find("403") != std::string::npos);

  broker.restart();
  CHECK(wait_until(
      [&] { return occurrences(subscriber.process().err_so_far(), "received SUBACK") == 2; }, 30s));
  CHECK(count_lines(read_file(urls)) >= 2);
  const ProcessResult sent = publish(fetch + message);
  INFO(sent.text());
  CHECK(sent.ok());
  CHECK(subscriber.wait().out == "x\n");
}

TEST_CASE("the profile for AWS: certificate, server name, application protocol, both engines") {
  if (!have_cloud()) return;
  const Cloud cloud;
  const std::string lines = "host = \"localhost\"\nport = " + std::to_string(cloud.port()) +
                            "\ntls-use-os-certs = false\ncafile = \"ca.pem\"\n";
  for (const std::string& engine : engines()) {
    INFO(engine);
    CHECK(Profiles("aws", lines).round_trip(engine, "things/1") == "");
    const std::string other = lines + "tls-alpn = \"mqtt\"\n";
    CHECK(Profiles("aws", other).round_trip(engine, "things/1").find("error") != std::string::npos);
  }
}

TEST_CASE("the profile for Azure: a name of its form and a token from a command, both engines") {
  if (!have_broker()) return;
  const TempDir folder;
  const std::string token = folder.write("token", "SharedAccessSignature sr=hub&sig=k%2Bq%3D\n");
  MosquittoConfig config;
  config.listeners[0].anonymous = false;
  config.listeners[0].users = {{"hub-name.azure-devices.net/device-1/?api-version=2021-04-12",
                                "SharedAccessSignature sr=hub&sig=k%2Bq%3D"}};
  config.listeners[0].cert_file = test_certs().server.certificate;
  config.listeners[0].key_file = test_certs().server.key;
  const Mosquitto broker(config);
  const std::string lines = "url = \"mqtts://localhost:" + std::to_string(broker.port()) +
                            "\"\ncafile = \"ca.pem\"\npassword-command = ";
  for (const std::string& engine : engines()) {
    INFO(engine);
    CHECK(Profiles("azure", lines + "\"cat " + token + "\"\n").round_trip(engine, "a") == "");
    const std::string refused =
        Profiles("azure", lines + "\"echo expired\"\n").round_trip(engine, "a");
    CHECK(refused.find("error") != std::string::npos);
    CHECK(refused.find("SharedAccessSignature") == std::string::npos);
  }
}

TEST_CASE("the profile for signed URLs: a new one for every connection, both engines") {
  if (!have_broker()) return;
  if (!Nginx::available()) return say_skipped("nginx is not installed");
  const Certs& certs = test_certs();
  const Mosquitto broker(world_config(certs));
  const Nginx nginx(NginxConfig{broker.port("ws"), certs.server.certificate, certs.server.key});
  const TempDir folder;
  const std::string sign = sign_script(folder, nginx, 60);
  for (const std::string& engine : engines()) {
    INFO(engine);
    CHECK(Profiles("aws-signed", "url-command = \"sh " + sign + "\"\n").round_trip(engine, "a") ==
          "");
  }
  const std::string made = read_file(folder.file("urls"));
  // One each for the subscriber and the publisher.
  CHECK(static_cast<std::size_t>(std::count(made.begin(), made.end(), '\n')) ==
        2 * engines().size());
}
