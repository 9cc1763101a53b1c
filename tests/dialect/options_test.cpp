// Every option of mosquitto_pub, mosquitto_sub and mosquitto_rr 2.1: it is there under their names
// and ours, takes its value, says what mosquitto says when that is missing, and the help of the
// drop-in names lists neither more nor less than this table.
#include <algorithm>
#include <set>
#include <sstream>

#include "net/tls/tls.hpp"
#include "options/documents/documents.hpp"
#include "pub/pub_flags.hpp"
#include "sub/sub_flags.hpp"
#include "support/arguments.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace mqtk;
using mqtk::test::Arguments;
using Words = std::vector<std::string>;

namespace {

struct Row {
  std::string_view letter, name, tools;  // tools of "PSR"
  Words value;                           // what follows it; empty: nothing
  std::string_view flag;  // ours that it is stored in; "": an answer, or looked at and done with
  std::string_view missing = {};
  bool drop_in_only = false;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"-h", "--host", "PSR", {"broker"}, "host", "-h argument given but no host specified."},
      {"-p", "--port", "PSR", {"1884"}, "port", "-p argument given but no port specified."},
      {"", "--unix", "PSR", {"/s"}, "unix", "--unix argument given but no socket path specified."},
      {"-L", "--url", "PSR", {"mqtt://h/t"}, "host", "-L argument given but no URL specified."},
      {"-u",
       "--username",
       "PSR",
       {"u"},
       "username",
       "-u argument given but no username specified."},
      {"-P", "--pw", "PSR", {"p"}, "password", "-P argument given but no password specified."},
      {"-A", "", "PSR", {"127.0.0.1"}, "bind", "-A argument given but no address specified."},
      {"", "--nodelay", "PSR", {}, "nodelay"},
      {"-S", "", "PSR", {}, "srv", {}, true},
      {"", "--ws", "PSR", {}, "ws"},
      {"",
       "--proxy",
       "PSR",
       {"socks5h://h"},
       "proxy",
       "--proxy argument given but no proxy url specified."},
      {"-k",
       "--keepalive",
       "PSR",
       {"30"},
       "keepalive",
       "-k argument given but no keepalive specified."},
      {"-i", "--id", "PSR", {"me"}, "id", "-i argument given but no id specified."},
      {"-I",
       "--id-prefix",
       "PSR",
       {"me"},
       "id-prefix",
       "-I argument given but no id prefix specified."},
      {"-c", "--disable-clean-session", "PSR", {}, "no-clean"},
      {"-x",
       "",
       "PSR",
       {"60"},
       "session-expiry",
       "-x argument given but no session expiry interval specified."},
      {"-V",
       "--protocol-version",
       "PSR",
       {"mqttv31"},
       "protocol-version",
       "--protocol-version argument given but no version specified."},
      {"-D",
       "--property",
       "PSR",
       {"connect", "user-property", "-k", "-v"},
       "property",
       "--property argument given but not enough arguments specified."},
      {"-M", "", "PSR", {"5"}, "max-inflight", "-M argument given but max_inflight not specified."},
      {"",
       "--will-topic",
       "PSR",
       {"w"},
       "will-topic",
       "--will-topic argument given but no will topic specified."},
      {"",
       "--will-payload",
       "PSR",
       {"w"},
       "will-payload",
       "--will-payload argument given but no will payload specified."},
      {"",
       "--will-qos",
       "PSR",
       {"1"},
       "will-qos",
       "--will-qos argument given but no will QoS specified."},
      {"", "--will-retain", "PSR", {}, "will-retain"},
      {"-o", "", "PSR", {"FILE"}, "", "-o argument given but no options file specified."},
      {"-d", "--debug", "PSR", {}, "debug"},
      {"", "--quiet", "PSR", {}, "quiet"},
      {"", "--help", "PSR", {}, ""},
      {"", "--version", "PSR", {}, ""},
      {"", "--cafile", "PSR", {"FILE"}, "cafile", "--cafile argument given but no file specified."},
      {"",
       "--capath",
       "PSR",
       {"/"},
       "capath",
       "--capath argument given but no directory specified."},
      {"", "--cert", "PSR", {"FILE"}, "cert", "--cert argument given but no file specified."},
      {"", "--key", "PSR", {"FILE"}, "key", "--key argument given but no file specified."},
      {"",
       "--keyform",
       "PSR",
       {"pem"},
       "keyform",
       "--keyform argument given but no keyform specified."},
      {"",
       "--ciphers",
       "PSR",
       {"HIGH"},
       "ciphers",
       "--ciphers argument given but no ciphers specified."},
      {"",
       "--tls-version",
       "PSR",
       {"tlsv1.3"},
       "tls-version",
       "--tls-version argument given but no version specified."},
      {"",
       "--tls-alpn",
       "PSR",
       {"mqtt"},
       "tls-alpn",
       "--tls-alpn argument given but no protocol specified."},
      {"",
       "--tls-engine",
       "PSR",
       {"dynamic"},
       "tls-engine",
       "--tls-engine argument given but no engine_id specified."},
      {"",
       "--tls-engine-kpass-sha1",
       "PSR",
       {"7110eda4d09e062aa5e4a390b0a572ac0d2c0220"},
       "tls-engine-kpass-sha1",
       "--tls-engine-kpass-sha1 argument given but no kpass sha1 specified."},
      {"", "--tls-use-os-certs", "PSR", {}, "tls-use-os-certs"},
      {"",
       "--tls-keylog",
       "PSR",
       {"k"},
       "tls-keylog",
       "--tls-keylog argument given but no file specified."},
      {"", "--no-tls", "PSR", {}, "no-tls"},
      {"", "--insecure", "PSR", {}, "insecure"},
      {"", "--psk", "PSR", {"00"}, "psk", "--psk argument given but no key specified."},
      {"",
       "--psk-identity",
       "PSR",
       {"i"},
       "psk-identity",
       "--psk-identity argument given but no identity specified."},
      {"-t", "--topic", "PSR", {"t"}, "topic", "-t argument given but no topic specified."},
      {"-q", "--qos", "PSR", {"1"}, "qos", "-q argument given but no QoS specified."},
      {"-m", "--message", "PR", {"-m"}, "message", "-m argument given but no message specified."},
      {"-f", "--file", "PR", {"FILE"}, "file", "-f argument given but no file specified."},
      {"-s", "--stdin-file", "PR", {}, "stdin-file"},
      {"-l", "--stdin-line", "P", {}, "stdin-line"},
      {"-n", "--null-message", "PR", {}, "null-message"},
      {"-r", "--retain", "P", {}, "retain"},
      {"", "--repeat", "P", {"3"}, "repeat", "--repeat argument given but no count specified."},
      {"",
       "--repeat-delay",
       "P",
       {"0.5"},
       "repeat-delay",
       "--repeat-delay argument given but no time specified."},
      {"-e",
       "",
       "R",
       {"answer"},
       "response-to",
       "-e argument given but no response topic specified."},
      {"", "--latency", "R", {}, "latency"},
      {"-C", "", "S", {"3"}, "count", "-C argument given but no count specified."},
      {"-W", "", "SR", {"3"}, "timeout", "-W argument given but no timeout specified."},
      {"-E", "", "S", {}, "exit-when-subscribed"},
      {"-U",
       "--unsubscribe",
       "S",
       {"u"},
       "unsubscribe",
       "-U argument given but no unsubscribe topic specified."},
      {"-T",
       "--filter-out",
       "S",
       {"u"},
       "filter-out",
       "-T argument given but no topic filter specified."},
      {"-R", "", "SR", {}, "no-retained"},
      {"", "--retained-only", "S", {}, "retained-only"},
      {"", "--remove-retained", "S", {}, "remove-retained"},
      {"", "--retain-as-published", "SR", {}, "retain-as-published"},
      {"",
       "--retain-handling",
       "SR",
       {"new"},
       "retain-handling",
       "--retain-handling argument given but no option specified."},
      {"",
       "--random-filter",
       "S",
       {"50"},
       "random-filter",
       "--random-filter argument given but no chance specified.",
       true},
      {"-v", "--verbose", "SR", {}, "verbose"},
      {"-F", "", "SR", {"%p"}, "format", "-F argument given but no format specified."},
      {"-N", "", "SR", {}, "no-newline"},
      {"", "--pretty", "SR", {}, "pretty"},
      {"-w", "--watch", "S", {}, "watch", {}, true},
      {"", "--message-rate", "S", {}, "message-rate", {}, true},
  };
  return kRows;
}

struct Tool {
  char letter;
  std::string name;
  bool available = true;
};

/// A drop-in program with its flags, fresh for every command line.
struct Called {
  pub::PubFlags pub;
  sub::SubFlags sub;
  FlagTable table;
  const Program* program;

  explicit Called(char tool) {
    table = tool == 'S' ? sub::sub_flag_table(sub) : pub::pub_flag_table(pub);
    program = tool == 'S' ? &sub::sub_program() : &pub::pub_program();
  }
  Result<CommandLine> read(const std::string& name, Words words) {
    Arguments arguments(name, std::move(words));
    return read_command_line(*program, table, arguments.count(), arguments.values(), Environment{});
  }
  bool has(std::string_view flag) const {
    return std::ranges::any_of(table, [flag](const Flag& each) { return each.name == flag; });
  }
};

/// What is missing in this build is in none of the checks below.
std::vector<Tool> tools() {
  std::vector<Tool> out{{'P', "mosquitto_pub"}, {'S', "mosquitto_sub"}};
  if (Called('R').has("request")) out.push_back({'R', "mosquitto_rr"});
  return out;
}

Words least(char tool) {
  if (tool == 'P') return {"-t", "t", "-m", "m"};
  if (tool == 'S') return {"-t", "t"};
  return {"-t", "t", "-m", "m", "-e", "r"};
}

/// What a row needs beside it.
Words beside(const Row& row, char tool) {
  Words words = least(tool);
  const bool payload = row.flag == "message" || row.flag == "file" || row.flag == "stdin-file" ||
                       row.flag == "stdin-line" || row.flag == "null-message";
  if (payload) words = tool == 'P' ? Words{"-t", "t"} : Words{"-t", "t", "-e", "r"};
  const auto add = [&words](std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
  };
  if (row.flag.starts_with("will-") && row.flag != "will-topic") add({"--will-topic", "w"});
  if (row.flag == "no-clean") add({"-i", "x"});
  if (row.flag == "password") add({"-u", "x"});
  if (row.flag == "psk") add({"--psk-identity", "x"});
  if (row.flag == "psk-identity") add({"--psk", "00"});
  if (row.flag == "retain-as-published" || row.flag == "retain-handling") add({"-V", "5"});
  const bool tls = row.flag == "ciphers" || row.flag.starts_with("tls-") || row.flag == "insecure";
  if (tls) add({"-p", "8883"});
  return words;
}

Words spelled(const Row& row, std::string_view option, const std::string& file) {
  Words words{std::string(option)};
  for (const std::string& word : row.value) words.push_back(word == "FILE" ? file : word);
  return words;
}

}  // namespace

TEST_CASE("every option of mosquitto's programs is taken and stored") {
  const test::TempDir folder;
  const std::string file = folder.write("file", "# nothing\n");
  const std::set<std::string_view> engine_options = {"keyform", "tls-engine",
                                                     "tls-engine-kpass-sha1"};
  const bool engines = has_tls_engine("dynamic");  // which OpenSSL has where it has any
  std::size_t tried = 0;
  for (const Tool& tool : tools()) {
    for (const Row& row : rows()) {
      if (row.flag.empty() || row.tools.find(tool.letter) == std::string_view::npos) continue;
      if (!engines && engine_options.contains(row.flag)) continue;
      for (const std::string_view option : {row.letter, row.name}) {
        if (option.empty()) continue;
        Called called(tool.letter);
        Words words = spelled(row, option, file);
        const Words more = beside(row, tool.letter);
        words.insert(words.end(), more.begin(), more.end());
        if (row.flag == "cert") words.insert(words.end(), {"--key", file, "--cafile", file});
        if (engine_options.contains(row.flag)) {
          words.insert(words.end(), {"--cert", file, "--key", file, "--cafile", file});
        }
        if (row.flag == "tls-engine-kpass-sha1") {
          words.insert(words.end(), {"--keyform", "engine", "--tls-engine", "dynamic"});
        }
        if (row.flag == "key") words.insert(words.end(), {"--cert", file, "--cafile", file});
        const auto line = called.read(tool.name, words);
        INFO(tool.name << " " << option << (line ? line->complaint : line.error().message));
        REQUIRE(line);
        CHECK_FALSE(line->text);
        CHECK(line->has(row.flag));
        ++tried;
      }
    }
  }
  CHECK(tried > 120);
}

TEST_CASE("an option without its value is refused in mosquitto's words") {
  std::size_t tried = 0;
  for (const Tool& tool : tools()) {
    for (const Row& row : rows()) {
      if (row.missing.empty() || row.tools.find(tool.letter) == std::string_view::npos) continue;
      for (const std::string_view option : {row.letter, row.name}) {
        if (option.empty()) continue;
        Called called(tool.letter);
        Words words = least(tool.letter);
        words.emplace_back(option);
        const auto line = called.read(tool.name, words);
        REQUIRE(line);
        REQUIRE(line->text);
        CHECK(line->complaint == "Error: " + std::string(row.missing) + "\n\n\nUse '" + tool.name +
                                     " --help' to see usage.\n");
        ++tried;
      }
    }
  }
  CHECK(tried > 90);
}

TEST_CASE("options of another program are unknown") {
  for (const Tool& tool : tools()) {
    for (const Row& row : rows()) {
      if (row.tools.find(tool.letter) != std::string_view::npos) continue;
      for (const std::string_view option : {row.letter, row.name}) {
        if (option.empty()) continue;
        Called called(tool.letter);
        const auto line = called.read(tool.name, {std::string(option), "x"});
        REQUIRE(line);
        CHECK(line->complaint == "Error: Unknown option '" + std::string(option) + "'.\n\nUse '" +
                                     tool.name + " --help' to see usage.\n");
      }
    }
  }
}

TEST_CASE("the table above is complete: --help lists the same options") {
  for (const Tool& tool : tools()) {
    Called called(tool.letter);
    const auto line = called.read(tool.name, {"--help"});
    REQUIRE(line);
    REQUIRE(line->text);
    std::set<std::string> listed;
    std::istringstream text(*line->text);
    for (std::string each; std::getline(text, each);) {
      std::istringstream words(each);
      if (!each.starts_with("  -")) continue;
      for (std::string word; words >> word && word.front() == '-';) listed.insert(word);
    }
    std::set<std::string> expected;
    for (const Row& row : rows()) {
      if (row.tools.find(tool.letter) == std::string_view::npos) continue;
      for (const std::string_view option : {row.letter, row.name}) {
        if (!option.empty()) expected.emplace(option);
      }
    }
    INFO(tool.name);
    CHECK(listed == expected);
  }
}

TEST_CASE("under our own names --help=all has every one of them, by letter and name") {
  for (const Tool& tool : tools()) {
    Called called(tool.letter);
    const std::string help = full_help(*called.program, called.table);
    std::set<std::string> listed;
    for (const Flag& flag : called.table) {
      if (help.find("--" + std::string(flag.name)) == std::string::npos) continue;
      listed.insert("--" + std::string(flag.name));
      if (flag.letter != 0) listed.insert({'-', flag.letter});
      std::istringstream aliases{std::string(flag.aliases)};
      for (std::string alias; aliases >> alias;) listed.insert("--" + alias);
    }
    for (const Row& row : rows()) {
      if (row.drop_in_only || row.tools.find(tool.letter) == std::string_view::npos) continue;
      for (const std::string_view option : {row.letter, row.name}) {
        if (option.empty()) continue;
        INFO(called.program->name << " " << option);
        // Requests have their options beside those of publishing, under other letters.
        const bool letter_is_taken = tool.letter == 'R' && option.size() == 2;
        CHECK((listed.contains(std::string(option)) ||
               (letter_is_taken && listed.contains("--" + std::string(row.flag)))));
      }
    }
  }
}

TEST_CASE(
    "numbers, repetition and values that look like options are read as mosquitto reads them") {
  const auto stored = [](Words words) {
    auto called = std::make_unique<Called>('P');
    words.insert(words.end(), {"-t", "t", "-m", "m"});
    const auto line = called->read("mosquitto_pub", words);
    REQUIRE(line);
    CHECK(line->complaint.empty());
    return called;
  };
  CHECK(stored({"-q", "abc"})->pub.qos == wire::Qos::AtMostOnce);
  CHECK(stored({"-q", "1x"})->pub.qos == wire::Qos::AtLeastOnce);
  CHECK(stored({"-p", "1884.7"})->pub.client.connection.port == 1884);
  CHECK(stored({"-p", "0", "-h", "/sock"})->pub.client.connection.unix_path == "/sock");
  CHECK(stored({"-h", "a", "-h", "-d"})->pub.client.connection.host == "-d");
  CHECK(stored({"-x", "0x10"})->pub.client.session.session_expiry_s == 16);
  CHECK(stored({"-x", "-1", "-i", "i"})->pub.client.session.session_expiry_s == 0xFFFF'FFFF);
  CHECK(stored({"-x", "\xe2\x88\x9e", "-i", "i"})->pub.client.session.version ==
        wire::ProtocolVersion::V5);
  CHECK(stored({"-V", "311", "-D", "connect", "user-property", "-a", "--b"})
            ->pub.client.session.version == wire::ProtocolVersion::V5);
  CHECK(stored({"-L", "mqtts://u:p%40@h/x/y", "-p", "99"})->pub.client.credentials.password ==
        "p@");
  CHECK(stored({})->pub.client.session.id == "");
  CHECK(stored({})->pub.client.session.max_inflight == 20);
  CHECK(stored({"-V", "31"})->pub.client.session.id->size() == 23);
  CHECK(stored({"--cert", "/etc/hostname", "--key", "/etc/hostname"})->pub.client.tls.cert ==
        std::nullopt);
}

TEST_CASE("a file of options, and mosquitto's own configuration file") {
  const test::TempDir folder;
  Environment environment;
  environment.config_home = folder.path();
  const auto read = [&environment](Called& called, Words words) {
    Arguments arguments("/usr/bin/mosquitto_pub", std::move(words));
    return read_command_line(pub::pub_program(), called.table, arguments.count(),
                             arguments.values(), environment);
  };
  folder.write("mosquitto_pub",
               "# comment\n-h configured\n\n-u with  spaces \n"
               "-D publish user-property k v w\n-r\n");
  Called called('P');
  auto line = read(called, {"-t", "t", "-n", "-p", "1"});
  REQUIRE(line);
  CHECK(line->complaint.empty());
  CHECK(called.pub.client.connection.host == "configured");
  CHECK(called.pub.client.credentials.username == "with  spaces ");
  REQUIRE(called.pub.client.session.properties.size() == 1);
  CHECK(called.pub.client.session.properties[0] == Words{"publish", "user-property", "k", "v w"});
  CHECK(called.pub.retain);
  Called other('P');
  line = read(other, {"-o", folder.write("other", "-h another"), "-t", "t", "-n", "-h", "typed"});
  REQUIRE(line);
  CHECK(other.pub.client.connection.host == "typed");
  CHECK_FALSE(other.pub.client.credentials.username);
  Called missing('P');
  line = read(missing, {"-o", "/no/such", "-t", "t", "-n"});
  REQUIRE(line);
  CHECK(line->complaint.starts_with("Error: Unable to open options file \"/no/such\"."));
  CHECK(read(missing, {"-o", "a", "-o", "b"})
            ->complaint.starts_with("Error: Duplicate -o argument given."));
}
