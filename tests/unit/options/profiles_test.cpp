// Profiles, the environment and files of options: what they can say, who wins, what is refused.
#include <sys/stat.h>

#include <algorithm>

#include "options/client_flags.hpp"
#include "options/command_line.hpp"
#include "options/resolve.hpp"
#include "support/arguments.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace mqtk;
using mqtk::test::Arguments;
using mqtk::test::TempDir;
using Words = std::vector<std::string>;

namespace {

constexpr Program kProgram{"mqtt-sub", "does things", "[OPTION]...", "mqtt-sub -a"};

struct Typed {
  ClientFlags client;
  std::vector<std::string> topics;
  std::optional<std::string> format;

  FlagTable table() {
    FlagTable out;
    out.push_back({.letter = 't',
                   .name = "topic",
                   .value_name = "FILTER",
                   .kind = FlagKind::List,
                   .group = "Own",
                   .doc = "own",
                   .store = store(topics)});
    out.push_back({.name = "format",
                   .value_name = "FORMAT",
                   .kind = FlagKind::Value,
                   .group = "Own",
                   .doc = "own",
                   .store = store(format)});
    append_flags(out, client);
    append_options_file_flag(out);
    append_help_flags(out);
    return out;
  }
};

/// The two configuration files, the environment and a command line.
struct Setting {
  TempDir folder;
  Environment environment;

  Setting() {
    environment.system_config = folder.file("system.toml");
    environment.config_home = folder.path();
  }
  void system(std::string_view text) { folder.write("system.toml", text); }
  void user(std::string_view text) {
    const std::string path = folder.write("user.toml", text);
    environment.config = path;
  }
  void variable(const std::string& name, const std::string& value) {
    environment.settings.emplace_back(name, value);
  }
  Result<CommandLine> read(Typed& typed, const Words& words) const {
    Arguments arguments("mqtt-sub", words);
    const FlagTable table = typed.table();
    return read_command_line(kProgram, table, arguments.count(), arguments.values(), environment);
  }
  Error refusal(const Words& words = {"@p"}) const {
    Typed typed;
    auto line = read(typed, words);
    REQUIRE_FALSE(line);
    return line.error();
  }
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a profile gives what the command line does not say") {
  Setting setting;
  setting.user(R"([plant]
url = "mqtts://broker.example:9999"
username = "me"
keepalive = 20
connect-timeout = 2.5
no_clean = true
id = "desk"
[plant.sub]
topic = ["a/#", "b"]
format = "%p"
[plant.pub]
topic = "not/mine"
)");
  for (const Words& words :
       {Words{"@plant"}, Words{"--profile", "plant"}, Words{"--profile=@plant"}}) {
    Typed typed;
    const auto line = setting.read(typed, words);
    REQUIRE(line);
    CHECK(typed.client.connection.urls == Words{"mqtts://broker.example:9999"});
    CHECK(typed.client.connection.keep_alive_s == 20);
    CHECK(typed.client.connection.connect_timeout == 2500ms);
    CHECK(typed.client.session.no_clean);
    CHECK(typed.topics == Words{"a/#", "b"});
    CHECK(typed.format == "%p");
    CHECK(line->has("username"));
  }
  Typed typed;
  REQUIRE(setting.read(typed,
                       {"@plant", "-t", "mine", "-h", "other", "--no-clean=false", "-u", "you"}));
  CHECK(typed.topics == Words{"mine"});
  CHECK(typed.client.connection.urls.empty());
  CHECK(typed.client.connection.host == "other");
  CHECK_FALSE(typed.client.session.no_clean);
  CHECK(typed.client.credentials.username == "you");
}

TEST_CASE("a word behind the dashes names no profile") {
  Setting setting;
  setting.user("[p]\nhost='x'\n");
  CHECK(setting.refusal({"--", "@p"}).kind == ErrorKind::Usage);
  CHECK(setting.refusal({"@p", "@q"}).message.find("@q") != std::string::npos);
}

TEST_CASE("the profile default is used when none is named, and MQTT_TOOLKIT_PROFILE names one") {
  Setting setting;
  setting.user("[default]\nhost='usual'\n[other]\nhost='named'\n");
  Typed usual;
  REQUIRE(setting.read(usual, {}));
  CHECK(usual.client.connection.host == "usual");
  setting.environment.profile = "other";
  Typed named;
  REQUIRE(setting.read(named, {}));
  CHECK(named.client.connection.host == "named");
  Typed typed;
  REQUIRE(setting.read(typed, {"@default"}));
  CHECK(typed.client.connection.host == "usual");
  setting.environment.profile.reset();
  setting.user("[other]\nhost='named'\n");
  Typed none;
  REQUIRE(setting.read(none, {}));
  CHECK_FALSE(none.client.connection.host);
}

TEST_CASE("system < user < environment < file of options < command line") {
  Setting setting;
  setting.system(
      "[p]\nping-timeout = 1\nkeepalive = "
      "1\nqueue-size=5\nresubscribe='always'\nproxy='http://one:1'\n"
      "tcp-timeout=1\n");
  ::mkdir(setting.folder.file("mqtt-toolkit").c_str(), 0700);
  setting.folder.write("mqtt-toolkit/config.toml",
                       "[p]\nkeepalive = 2\nmqtt-timeout=2\nproxy='http://two:1'\ntcp-timeout=2\n");
  setting.variable("KEEPALIVE", "3");
  setting.variable("MQTT_TIMEOUT", "3");
  setting.variable("PROXY", "http://three:1");
  setting.variable("NO_SUCH_THING", "x");
  const std::string options = setting.folder.write(
      "options", "# mine\n--mqtt-timeout 4\n-k 4\n\n-D connect user-property a b c\n");
  Typed typed;
  const auto line = setting.read(typed, {"@p", "-o", options, "-k", "5"});
  REQUIRE(line);
  CHECK(typed.client.connection.ping_timeout == 1s);
  CHECK(typed.client.connection.tcp_timeout == 2s);
  CHECK(typed.client.connection.proxy == "http://three:1");
  CHECK(typed.client.connection.mqtt_timeout == 4s);
  CHECK(typed.client.connection.keep_alive_s == 5);
  CHECK(typed.client.session.resubscribe_always == true);
  REQUIRE(typed.client.session.properties.size() == 1);
  CHECK(typed.client.session.properties[0] == Words{"connect", "user-property", "a", "b c"});
}

TEST_CASE("what a higher layer says hides what contradicts it below") {
  Setting setting;
  setting.user(R"([p]
url = "wss://u:w@broker/x"
password-command = "pass show"
id-prefix = "x"
no-reconnect = true
key-passphrase-file = "x"
[q]
host = "q"
port = 8883
username = "profile"
password = "profile"
)");
  Typed typed;
  REQUIRE(setting.read(typed, {"@p", "--unix", "/s", "-P", "w", "-i", "id", "--reconnect",
                               "--key-passphrase", "y"}));
  CHECK(typed.client.connection.urls.empty());
  CHECK(typed.client.connection.unix_path == "/s");
  CHECK_FALSE(typed.client.credentials.password_command);
  CHECK(typed.client.credentials.password == "w");
  CHECK_FALSE(typed.client.session.id_prefix);
  CHECK(typed.client.reconnect.reconnect == true);
  CHECK_FALSE(typed.client.tls.key_passphrase_file);
  Typed url;
  REQUIRE(setting.read(url, {"@q", "-L", "mqtt://me:mine@other"}));
  CHECK_FALSE(url.client.connection.host);
  CHECK_FALSE(url.client.connection.port);
  CHECK_FALSE(url.client.credentials.username);
  CHECK_FALSE(url.client.credentials.password);
  Typed host;
  REQUIRE(setting.read(host, {"@q", "-h", "other"}));
  CHECK(host.client.connection.port == 8883);
  CHECK(host.client.credentials.username == "profile");
  // The variables that resolving reads by itself hide what is below them, too.
  setting.environment.url = "mqtt://env";
  setting.variable("URL", "mqtt://env");
  Typed env;
  REQUIRE(setting.read(env, {"@q"}));
  CHECK_FALSE(env.client.connection.host);
  CHECK(env.client.connection.urls.empty());
}

TEST_CASE("mistakes in a file are told with their line and the nearest name") {
  Setting setting;
  const auto message = [&setting](std::string_view text, std::string_view expected,
                                  std::string_view hint = {}) {
    setting.user(text);
    const Error error = setting.refusal();
    INFO(error.message << " | " << error.hint);
    CHECK(error.kind == ErrorKind::Configuration);
    CHECK(contains(error.message, expected));
    CHECK(contains(error.hint, hint));
  };
  message("[p]\nhost='x'\nusrename='y'\n", "user.toml:3: unknown option 'usrename'",
          "did you mean username?");
  message("[p]\nconnect_timeuot=3\n", "user.toml:2: unknown option",
          "did you mean connect-timeout?");
  message("[p]\ntopic='x'\n", "user.toml:2: 'topic' is not an option of all programs",
          "[PROFILE.sub]");
  message("[p.sub]\ntopci='x'\n", "user.toml:2: unknown option 'topci'", "did you mean topic?");
  message("[p]\nkeepalive='x'\n", "user.toml:2: keepalive: 'x'");
  message("[p]\nkeepalive=true\n", "user.toml:2: 'keepalive' takes a text or a number");
  message("[p]\nno-clean=1\n", "user.toml:2: 'no-clean' is true or false");
  message("[p]\nproperty=['publish','x']\n", "user.toml:2: 'property' takes lists of words");
  message("[p]\nprofile='x'\n", "user.toml:2: unknown option 'profile'");
  message("[p]\nhelp=true\n", "user.toml:2: unknown option 'help'");
  message("[p]\nhost=\n", "user.toml:2: ");
  message("[p]\nextends='gone'\n", "extends 'gone', which is not there");
  message("[p]\nextends='q'\n[q]\nextends='p'\n", "in a circle");
  message("p='x'\n", "user.toml:1: 'p' stands outside of a profile", "[default]");
  message("[plant]\nhost='x'\n", "there is no profile 'p'");
  setting.user("[plant]\n[office]\n");
  CHECK(setting.refusal({"@plnat"}).hint == "did you mean @plant?");
  setting.environment.config = "/no/such/file.toml";
  CHECK(setting.refusal({}).kind == ErrorKind::Configuration);
}

TEST_CASE("a profile may extend another") {
  Setting setting;
  setting.user(
      "[base]\nkeepalive=7\nhost='base'\n[base.sub]\ntopic='t'\n[p]\nextends='base'\nhost='own'\n");
  Typed typed;
  REQUIRE(setting.read(typed, {"@p"}));
  CHECK(typed.client.connection.host == "own");
  CHECK(typed.client.connection.keep_alive_s == 7);
  CHECK(typed.topics == Words{"t"});
}

TEST_CASE("headers, properties, documents and paths") {
  Setting setting;
  setting.user(R"([p]
url = "wss://broker/x"
cafile = "ca.pem"
cert = """-----BEGIN CERTIFICATE-----
MIIB
-----END CERTIFICATE-----
"""
key = "/abs/key.pem"
ws-header = { Authorization = "Bearer x", Accept = ["a", "b"] }
property = [["connect", "user-property", "k", "v w"], ["publish", "message-expiry-interval", 60]]
reconnect = false
retry = true
)");
  Typed typed;
  const auto line = setting.read(typed, {"@p"});
  REQUIRE(line);
  CHECK(typed.client.tls.cafile == setting.folder.file("ca.pem"));
  CHECK(typed.client.tls.cert->starts_with("-----BEGIN CERTIFICATE-----\nMIIB\n"));
  CHECK(typed.client.tls.key == "/abs/key.pem");
  Words headers = typed.client.websocket.headers;
  std::ranges::sort(headers);
  CHECK(headers == Words{"Accept: a", "Accept: b", "Authorization: Bearer x"});
  REQUIRE(typed.client.session.properties.size() == 2);
  CHECK(typed.client.session.properties[0] == Words{"connect", "user-property", "k", "v w"});
  CHECK(typed.client.session.properties[1] == Words{"publish", "message-expiry-interval", "60"});
  CHECK(line->mqtt5_options.size() == 1);
  CHECK(typed.client.reconnect.reconnect == false);
  CHECK(typed.client.reconnect.retry.has_value());
}

TEST_CASE("every option that all programs have can stand in a profile") {
  Typed names;
  std::size_t tried = 0;
  for (const Flag& flag : names.table()) {
    if (flag.group == "Own" || flag.group == kHelpGroup || flag.group == kProfileGroup) continue;
    std::string value = "'x'";
    if (flag.kind == FlagKind::Switch) {
      value = "true";
    } else if (flag.kind == FlagKind::Words) {
      value = "['connect', 'user-property', 'a', 'b']";
    } else if (!flag.choices.empty()) {
      value = "'" + std::string(flag.choices.substr(0, flag.choices.find(' '))) + "'";
    } else if (flag.store("30")) {
      value = flag.store("tlsv1.2") ? "'x'" : "'tlsv1.2'";
    } else {
      value = "30";
    }
    Setting setting;
    setting.user("[p]\n" + std::string(flag.name) + " = " + value + "\n");
    Typed typed;
    const auto line = setting.read(typed, {"@p"});
    INFO(flag.name << " = " << value << (line ? "" : ": " + line.error().message));
    REQUIRE(line);
    CHECK(line->has(flag.name));
    ++tried;
  }
  CHECK(tried > 70);
}

TEST_CASE("a key in an engine is not looked for beside the file, other keys are") {
  Setting setting;
  setting.user(
      "[engine]\nkey='slot_0-id_1'\nkeyform='engine'\n[token]\nkey='pkcs11:object=k'\n"
      "[file]\nkey='k.pem'\nkeyform='pem'\n");
  const auto key_of = [&setting](const char* profile) {
    Typed typed;
    const auto line = setting.read(typed, {profile, "--show-config"});
    REQUIRE(line);
    return line->text.value_or("");
  };
  CHECK(contains(key_of("@engine"), "key = \"slot_0-id_1\""));
  CHECK(contains(key_of("@token"), "key = \"pkcs11:object=k\""));
  CHECK(contains(key_of("@file"), "/k.pem\""));
}

TEST_CASE("the option --show-config says value and origin, and no secret") {
  Setting setting;
  setting.user(
      "[p]\nhost='b'\npassword='hidden1'\nproxy='http://u:hidden2@x:1'\n"
      "ws-header='Authorization: hidden3'\npsk='hidden4'\n"
      "property=['connect','authentication-data','hidden5']\n"
      "key='pkcs11:object=k?pin-value=hidden8&module-name=m'\n");
  setting.variable("ID", "me");
  Typed typed;
  const auto line =
      setting.read(typed, {"@p", "--show-config", "-k", "9", "-L", "wss://u:hidden6@h/p?hidden7"});
  REQUIRE(line);
  REQUIRE(line->text);
  INFO(*line->text);
  CHECK(contains(*line->text, "keepalive = \"9\" "));
  CHECK(contains(*line->text, "# command line\n"));
  CHECK(contains(*line->text, "id = \"me\" "));
  CHECK(contains(*line->text, "# environment MQTT_TOOLKIT_ID\n"));
  CHECK(contains(*line->text, "user.toml:4\n"));
  CHECK(contains(*line->text, "url = \"wss://u:***@h/p?***\""));
  CHECK(contains(*line->text, "key = \"pkcs11:object=k?pin-value=***&module-name=m\""));
  CHECK(contains(*line->text, "# default\n"));
  CHECK_FALSE(contains(*line->text, "host = "));
  CHECK_FALSE(contains(*line->text, "hidden"));
  const auto list = setting.read(typed, {"--list-profiles"});
  REQUIRE(list);
  CHECK(contains(*list->text, "p\t" + setting.folder.file("user.toml") + ":1\tb\n"));
  setting.user("[x]\nurl='mqtts://u:hidden@h'\n");
  CHECK(contains(*setting.read(typed, {"--list-profiles", "--no-such"})->text, "mqtts://u:***@h"));
}

TEST_CASE("variables of the environment") {
  Setting setting;
  setting.variable("CAFILE", "-----BEGIN CERTIFICATE-----\nx");
  setting.variable("TOPIC", "a");
  setting.variable("INSECURE", "true");
  setting.variable("QUIET", "0");
  setting.variable("HELP", "all");
  setting.variable("CONFIG", "x");
  Typed typed;
  const auto line = setting.read(typed, {});
  REQUIRE(line);
  CHECK_FALSE(line->text);
  CHECK(typed.client.tls.cafile == "-----BEGIN CERTIFICATE-----\nx");
  CHECK(typed.topics == Words{"a"});
  CHECK(typed.client.tls.insecure);
  CHECK_FALSE(typed.client.report.quiet);
  setting.variable("NODELAY", "maybe");
  CHECK(contains(setting.refusal({}).message, "MQTT_TOOLKIT_NODELAY"));
}

TEST_CASE("a file of options is read as strictly as the command line") {
  Setting setting;
  const auto message = [&setting](std::string_view text) {
    const Error error = setting.refusal({"-o", setting.folder.write("options", text)});
    CHECK(error.kind == ErrorKind::Configuration);
    return error.message;
  };
  CHECK(contains(message("-k 1\n--no-such\n"), "options:2: unknown option --no-such"));
  CHECK(contains(message("-k\n"), "options:1: -k needs a value"));
  CHECK(contains(message("-k x\n"), "options:1: -k: 'x'"));
  CHECK(contains(message("-D connect foo\n"), "options:1: -D needs 3 words"));
  CHECK(setting.refusal({"-o", "/no/such"}).kind == ErrorKind::Configuration);
  Typed typed;
  REQUIRE(
      setting.read(typed, {"-o", setting.folder.write("options", "-u a  b \n--quiet\n#-k x\n")}));
  CHECK(typed.client.credentials.username == "a  b ");
  CHECK(typed.client.report.quiet);
}
