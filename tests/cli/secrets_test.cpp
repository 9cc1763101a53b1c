// Secrets: every way to give one, and that none of them stays in the list of processes or comes out
// in what is said.
#include <fstream>
#include <iterator>

#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

const std::string kSecret = "s3cr3t-word";

MosquittoConfig guarded() {
  MosquittoConfig config;
  config.listeners[0].anonymous = false;
  config.listeners[0].users = {{"me", kSecret}};
  return config;
}

MosquittoConfig mutual_tls(const Certs& certs) {
  MosquittoConfig config;
  config.listeners[0].cert_file = certs.server.certificate;
  config.listeners[0].key_file = certs.server.key;
  config.listeners[0].ca_file = certs.ca;
  config.listeners[0].require_certificate = true;
  return config;
}

std::string command_line_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string port_of(const Mosquitto& broker) {
  return std::to_string(broker.port());
}

}  // namespace

TEST_CASE("user and password from everywhere") {
  if (!have_broker()) return;
  const Mosquitto broker(guarded());
  const TempDir folder;
  const std::string secret_file = folder.write("password", kSecret + "\n");
  const std::string user_file = folder.write("user", "me\n");
  const std::string url = "mqtt://me:" + kSecret + "@127.0.0.1:" + port_of(broker);
  const std::string config = folder.write(
      "config.toml", "[p]\nurl='" + url + "'\n[q]\nhost='127.0.0.1'\nport=" + port_of(broker) +
                         "\nusername='me'\npassword-command='cat " + secret_file + "'\n");
  struct Way {
    Words words;
    std::vector<std::string> env{};
    bool broker = true;
  };
  const std::vector<Way> ways = {
      {{"-u", "me", "-P", kSecret}},
      {{"-u", "me", "--password-file", secret_file}},
      {{"--username-file", user_file, "--password-file", secret_file}},
      {{"-u", "me", "--password-command", "cat " + secret_file}},
      {{"--username-command", "echo me", "--password-command", "echo " + kSecret}},
      {{}, {"MQTT_TOOLKIT_USERNAME=me", "MQTT_TOOLKIT_PASSWORD=" + kSecret}},
      {{"-u", "me"}, {"MQTT_TOOLKIT_PASSWORD_FILE=" + secret_file}},
      {{}, {"MQTT_TOOLKIT_URL=" + url}, false},
      {{"-L", url}, {}, false},
      {{"--url-file", folder.write("url", "mqtt://127.0.0.1:" + port_of(broker) + "\n"), "-u", "me",
        "--password-file", secret_file},
       {},
       false},
      {{"--config", config, "@p"}, {}, false},
      {{"--config", config, "@q"}, {}, false},
      {{"@p"}, {"MQTT_TOOLKIT_CONFIG=" + config}, false},
      {{}, {"MQTT_TOOLKIT_CONFIG=" + config, "MQTT_TOOLKIT_PROFILE=q"}, false},
      {{"-o", folder.write("options", "-u me\n-P " + kSecret + "\n")}}};
  for (const Way& way : ways) {
    ProcessOptions options = pub_options((way.broker ? at(broker) : Words{}) + way.words +
                                         Words{"-t", "a", "-m", "x", "-d"});
    options.env = way.env;
    const ProcessResult result = run(options);
    std::string shown;
    for (const std::string& word : way.words) shown += " " + word;
    INFO(shown << "\n" << result.text());
    CHECK(result.ok());
    CHECK((result.out + result.err).find(kSecret) == std::string::npos);
  }
  const ProcessResult wrong =
      publish(at(broker) + Words{"-u", "me", "-P", kSecret + "x", "-t", "a", "-m", "x", "-d"});
  CHECK(wrong.exit_code == 77);
  CHECK((wrong.out + wrong.err).find(kSecret) == std::string::npos);
}

TEST_CASE("the prompt asks on the terminal, and shows nothing of the answer") {
  if (!have_broker()) return;
  const Mosquitto broker(guarded());
  ProcessOptions options =
      pub_options(at(broker) + Words{"-u", "me", "--prompt", "-t", "a", "-m", "x"});
  options.terminal = true;
  Process process(options);
  REQUIRE(process.wait_stdout_contains("Password for me at ", Duration(30s)));
  process.write_stdin(kSecret + "\n");
  const ProcessResult result = process.wait();
  INFO(result.text());
  CHECK(result.ok());
  CHECK(result.out.find(kSecret) == std::string::npos);
}

TEST_CASE("no secret stays readable in the list of processes") {
  if (!have_broker()) return;
  const Mosquitto open;
  const std::string host = "127.0.0.1:" + port_of(open);
  const std::vector<Words> ways = {
      {"-h", "127.0.0.1", "-p", port_of(open), "-u", "me", "-P", kSecret},
      {"-h", "127.0.0.1", "-p", port_of(open), "-u", "me", "--password=" + kSecret},
      {"-h", "127.0.0.1", "-p", port_of(open), "-u", "me", "-P" + kSecret},
      {"-L", "mqtt://me:" + kSecret + "@" + host},
      {"-h", "127.0.0.1", "-p", port_of(open), "--ws-header", "Authorization: " + kSecret},
      {"-h", "127.0.0.1", "-p", port_of(open), "--ws-path", "/x?token=" + kSecret}};
  for (const std::string name : {"mqtt-sub", "mosquitto_sub"}) {
    for (const Words& way : ways) {
      const bool drop_in = name == "mosquitto_sub";
      if (drop_in && (way[0] == "-L" || way[4] != "-u" || way.size() < 8)) continue;
      ProcessOptions options{.argv = Words{name} + way + Words{"-t", "a", "-d"},
                             .program = built_program("mqtt-sub")};
      options.merge_stderr = true;
      Process process(options);
      INFO(name << " " << way[0] << " " << way.back().substr(0, 12));
      REQUIRE(process.wait_stdout_contains("received SUBACK", Duration(30s)));
      const std::string shown = command_line_of(process.pid());
      CHECK(shown.find(way[0]) != std::string::npos);
      CHECK(shown.find(kSecret) == std::string::npos);
      const ProcessResult result = process.stop();
      CHECK(result.out.find(kSecret) == std::string::npos);
    }
  }
}

TEST_CASE("the passphrase of a key from everywhere") {
  if (!have_broker()) return;
  const Certs& certs = test_certs();
  const Mosquitto broker(mutual_tls(certs));
  const TempDir folder;
  const std::string file = folder.write("passphrase", "secret\n");
  const Words base = Words{"-h",       "localhost",
                           "-p",       port_of(broker),
                           "--cafile", certs.ca,
                           "--cert",   certs.client_encrypted.certificate,
                           "--key",    certs.client_encrypted.key,
                           "-t",       "a",
                           "-m",       "x"};
  struct Way {
    Words words;
    std::vector<std::string> env{};
    int expected = 0;
  };
  for (const Way& way : std::vector<Way>{{{"--key-passphrase", "secret"}},
                                         {{"--key-passphrase-file", file}},
                                         {{"--key-passphrase-command", "echo secret"}},
                                         {{}, {"MQTT_TOOLKIT_KEY_PASSPHRASE=secret"}},
                                         {{"--key-passphrase", "wrong"}, {}, 78},
                                         {{"--key-passphrase-command", "exit 3"}, {}, 78}}) {
    ProcessOptions options = pub_options(base + way.words);
    options.env = way.env;
    const ProcessResult result = run(options);
    INFO((way.words.empty() ? "environment" : way.words[0]) << "\n" << result.text());
    CHECK(result.exit_code == way.expected);
  }
  ProcessOptions options = pub_options(base + Words{"--key-passphrase-prompt"});
  options.terminal = true;
  Process process(options);
  REQUIRE(process.wait_stdout_contains("Passphrase for the key: ", Duration(30s)));
  process.write_stdin("secret\n");
  CHECK(process.wait().ok());
}

TEST_CASE("certificates and keys as text, from a profile and from the environment") {
  if (!have_broker()) return;
  const Certs& certs = test_certs();
  const Mosquitto broker(mutual_tls(certs));
  const TempDir folder;
  const std::string profile = "[p]\nhost='localhost'\nport=" + port_of(broker) + "\ncafile='''" +
                              read_file(certs.ca) + "'''\ncert='''" +
                              read_file(certs.client.certificate) + "'''\nkey='''" +
                              read_file(certs.client.key) + "'''\n";
  const Words message{"-t", "a", "-m", "x"};
  const ProcessResult result =
      publish(Words{"--config", folder.write("config.toml", profile), "@p"} + message);
  INFO(result.text());
  CHECK(result.ok());
  ProcessOptions options = pub_options(Words{"-h", "localhost", "-p", port_of(broker)} + message);
  options.env = {"MQTT_TOOLKIT_CAFILE=" + read_file(certs.ca),
                 "MQTT_TOOLKIT_CERT=" + read_file(certs.client.certificate),
                 "MQTT_TOOLKIT_KEY=" + read_file(certs.client.key)};
  const ProcessResult other = run(options);
  INFO(other.text());
  CHECK(other.ok());
}
