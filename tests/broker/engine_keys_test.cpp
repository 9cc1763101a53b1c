// A client certificate whose key is in an engine of OpenSSL, and a broker that asks for it: a token
// that the key never leaves (SoftHSM behind the engine pkcs11), and an engine of the tests' own.
#include <filesystem>

#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/certs.hpp"
#include "support/mosquitto.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/skipped.hpp"
#include "support/temp_dir.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

const std::string kPin = "1234";
const std::string kKey = "pkcs11:token=mqtk;object=client;type=private";
const std::string kKeyWithPin = kKey + "?pin-value=";

std::string first_file(const Words& candidates) {
  for (const std::string& candidate : candidates) {
    if (std::filesystem::exists(candidate)) return candidate;
  }
  return {};
}

/// In the folder that OpenSSL tells: ENGINESDIR: "/usr/lib/engines-3".
bool has_engine(const std::string& name) {
  const std::string openssl = find_program("openssl");
  if (openssl.empty()) return false;
  const std::string out = run({openssl, "version", "-e"}).out;
  const auto begin = out.find('"');
  const auto end = out.rfind('"');
  if (begin == std::string::npos || end <= begin) return false;
  const std::string folder = out.substr(begin + 1, end - begin - 1);
  return !first_file({folder + "/" + name + ".so", folder + "/" + name + ".dylib"}).empty();
}

/// A token in software that holds the key of test_certs().client.
class Token {
 public:
  static bool available() {
    return !find_program("softhsm2-util").empty() && !library().empty() && has_engine("pkcs11");
  }

  Token() {
    const std::string config = folder_.write(
        "conf", "directories.tokendir = " + folder_.path() + "\nobjectstore.backend = file\n");
    environment_ = {"SOFTHSM2_CONF=" + config, "PKCS11_MODULE_PATH=" + library()};
    util({"--init-token", "--free", "--label", "mqtk", "--pin", kPin, "--so-pin", "5678"});
    util({"--import", test_certs().client.key, "--token", "mqtk", "--label", "client", "--id", "01",
          "--pin", kPin});
  }

  const Words& environment() const { return environment_; }

 private:
  static std::string library() {
    return first_file({"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so",
                       "/usr/local/lib/softhsm/libsofthsm2.so",
                       "/opt/homebrew/lib/softhsm/libsofthsm2.so"});
  }
  void util(Words words) {
    words.insert(words.begin(), find_program("softhsm2-util"));
    ProcessOptions options;
    options.argv = std::move(words);
    options.env = environment_;
    const ProcessResult done = run(options);
    INFO(done.text());
    REQUIRE(done.ok());
  }

  TempDir folder_;
  Words environment_;
};

/// A broker that takes nobody without a certificate.
struct KeyedBroker {
  Mosquitto broker;
  Words environment;

  explicit KeyedBroker(Words others) : broker(config()), environment(std::move(others)) {}
  static MosquittoConfig config() {
    MosquittoListener listener;
    listener.cert_file = test_certs().server.certificate;
    listener.key_file = test_certs().server.key;
    listener.ca_file = test_certs().ca;
    listener.require_certificate = true;
    MosquittoConfig out;
    out.listeners = {listener};
    return out;
  }

  ProcessOptions publisher(const std::string& name, const Words& more) const {
    ProcessOptions options;
    options.program = built_program("mqtt-pub");
    options.argv = Words{name,
                         "-q",
                         "1",
                         "-t",
                         "a",
                         "-m",
                         "x",
                         "-h",
                         "localhost",
                         "-p",
                         std::to_string(broker.port()),
                         "--cafile",
                         test_certs().ca} +
                   more;
    options.env = environment;
    options.deadline = 60s;
    return options;
  }
  ProcessResult publish(const std::string& name, const Words& more) const {
    return run(publisher(name, more));
  }
};

bool available() {
  if (!Mosquitto::available()) say_skipped("mosquitto is not installed");
  if (!Token::available()) say_skipped("no SoftHSM, or OpenSSL has no engine pkcs11");
  return Mosquitto::available() && Token::available();
}

Words in_engine(const Words& more, const std::string& key = kKey,
                const std::string& engine = "pkcs11") {
  return Words{"--tls-engine", engine, "--keyform", "engine",
               "--key",        key,    "--cert",    test_certs().client.certificate} +
         more;
}

}  // namespace

TEST_CASE("a key in a token lets a client in") {
  if (!available()) return;
  const Token token;
  const KeyedBroker world(token.environment());
  CHECK(world.publish("mqtt-pub", {}).exit_code == 79);  // there must be a certificate
  const TempDir folder;
  const Words pin = {"--key-passphrase-file", folder.write("pin", kPin + "\n")};
  for (const Words& version : {Words{}, Words{"--tls-max-version", "tlsv1.2"}}) {
    const ProcessResult sent = world.publish("mqtt-pub", in_engine(pin + version));
    INFO(sent.text());
    CHECK(sent.ok());
    CHECK(sent.err.empty());
  }
  const ProcessResult sent = world.publish("mosquitto_pub", in_engine({}, kKeyWithPin + kPin));
  INFO(sent.text());
  CHECK(sent.ok());
  CHECK(sent.err.empty());
}

TEST_CASE("the PIN of a token is asked for on the terminal, when it is wanted") {
  if (!available()) return;
  const Token token;
  const KeyedBroker world(token.environment());
  const std::pair<std::string, Words> ways[] = {{"mqtt-pub", {"--key-passphrase-prompt"}},
                                                {"mosquitto_pub", {}}};
  for (const auto& [name, more] : ways) {
    INFO(name);
    ProcessOptions options = world.publisher(name, in_engine(more));
    options.terminal = true;
    Process process(options);
    REQUIRE(process.wait_stdout_contains("Password of the key: ", 60s));
    process.write_stdin(kPin + "\n");
    const ProcessResult sent = process.wait();
    INFO(sent.text());
    CHECK(sent.ok());
    CHECK(sent.out.find(kPin) == std::string::npos);
    options.argv = world.publisher(name, in_engine(more, kKeyWithPin + kPin)).argv;
    const ProcessResult unasked = run(options);
    CHECK(unasked.ok());
    CHECK(unasked.out.find("Password") == std::string::npos);
  }
}

TEST_CASE("an engine does not stand in the way of keys in files") {
  if (!available()) return;
  const Token token;
  const KeyedBroker world(token.environment());
  for (const std::string name : {"mqtt-pub", "mosquitto_pub"}) {
    const ProcessResult sent =
        world.publish(name, {"--tls-engine", "pkcs11", "--cert", test_certs().client.certificate,
                             "--key", test_certs().client.key, "--keyform", "pem"});
    INFO(sent.text());
    CHECK(sent.ok());
  }
}

TEST_CASE("what is wrong with an engine or its key is said") {
  if (!available()) return;
  const Token token;
  const KeyedBroker world(token.environment());
  struct Row {
    Words words;
    std::string said;
    std::string hint = {};
  };
  const std::string sha1(40, '0');
  const Row rows[] = {
      {in_engine({}), "asks for the password of the key '" + kKey + "': none is given",
       "--key-passphrase-file"},
      {in_engine({"--key-passphrase", "9999"}),
       "does not accept the password of the key '" + kKey + "': PIN incorrect"},
      {in_engine({"--key-passphrase", std::string(1000, '9')}),
       "asks for the password of the key '" + kKey + "': the one given has more than"},
      {in_engine({}, kKeyWithPin + "9999"), "does not accept the password of the key"},
      {in_engine({"--key-passphrase", kPin}, "pkcs11:token=mqtk;object=other"),
       "does not give the key 'pkcs11:token=mqtk;object=other': object not found"},
      {in_engine({"--tls-engine-kpass-sha1", sha1}), "does not take the SHA-1 of a password",
       "--key-passphrase-file"},
      {in_engine({}, kKey, "none-such"), "OpenSSL has no engine 'none-such'", "openssl version -e"},
      {{"--tls-engine", "none-such"}, "OpenSSL has no engine 'none-such'"}};
  for (const Row& row : rows) {
    const ProcessResult sent = world.publish("mqtt-pub", row.words);
    INFO(row.said << ": " << sent.text());
    CHECK(sent.exit_code == 78);
    CHECK(sent.err.starts_with("mqtt-pub: error: "));
    CHECK(sent.err.find(row.said) != std::string::npos);
    CHECK(sent.err.find(row.hint) != std::string::npos);
    CHECK(sent.err.find("9999") == std::string::npos);
  }
  const Identity& other = test_certs().other_client;
  const ProcessResult foreign =
      world.publish("mqtt-pub", {"--tls-engine", "pkcs11", "--keyform", "engine", "--key",
                                 kKeyWithPin + kPin, "--cert", other.certificate});
  CHECK(foreign.exit_code == 78);
  CHECK(foreign.err.find("the key in the engine 'pkcs11' does not belong to the certificate") !=
        std::string::npos);
  const ProcessResult unasked = world.publish("mosquitto_pub", in_engine({}));
  CHECK(unasked.exit_code == 1);
  CHECK(unasked.err.find("asks for the password") != std::string::npos);
}

TEST_CASE("an engine that wants the SHA-1 of a password gets it") {
  if (!Mosquitto::available()) return say_skipped("mosquitto is not installed");
  const KeyedBroker world({"OPENSSL_ENGINES=" MQTK_TEST_ENGINES});
  const std::string key = test_certs().client.key;
  const Words right = {"--tls-engine-kpass-sha1", "e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4"};
  const Words wrong = {"--tls-engine-kpass-sha1", "00e9fa1ba31ecd1ae84f75caaa474f3a663f05f4"};
  for (const std::string name : {"mqtt-pub", "mosquitto_pub"}) {
    const ProcessResult sent = world.publish(name, in_engine(right, key, "mqtk-sha1"));
    INFO(sent.text());
    CHECK(sent.ok());
    const ProcessResult refused = world.publish(name, in_engine(wrong, key, "mqtk-sha1"));
    CHECK(refused.exit_code == (name == "mqtt-pub" ? 78 : 1));
    CHECK(refused.err.find("does not give the key") != std::string::npos);
  }
}
