// Defaults, what implies what, and what contradicts what.
#include "options/resolve.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "support/catch.hpp"

using namespace mqtk;

namespace {

Result<ResolvedClient> resolved(const ClientFlags& flags, const Environment& environment = {},
                                ResolveInput input = {}) {
  return resolve_client(flags, environment, input);
}

std::string complaint(const ClientFlags& flags, ResolveInput input = {}) {
  const auto result = resolved(flags, {}, input);
  if (result) return "none";
  CHECK(result.error().kind == ErrorKind::Usage);
  return result.error().message;
}

bool mentions(const std::vector<std::string>& texts, std::string_view part) {
  return std::ranges::any_of(
      texts, [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("the defaults of every program") {
  ResolveInput input;
  input.id_prefix = "mqttpub-";
  const auto out = resolved({}, {}, input);
  REQUIRE(out);
  const ClientConfig& config = out->config;
  REQUIRE(config.endpoints.size() == 1);
  CHECK(to_string(config.endpoints[0]) == "mqtt://localhost:1883");
  CHECK(config.version == wire::ProtocolVersion::V311);
  CHECK(config.clean_start);
  CHECK(config.keep_alive_s == 60);
  CHECK(config.timeouts.connect == 30s);
  CHECK(config.ping_timeout == 10s);
  CHECK(config.publish_timeout == 30s);
  CHECK(config.queue_size == 100);
  CHECK(config.client_id_generated);
  CHECK(config.client_id.size() == 21);
  CHECK(config.client_id.starts_with("mqttpub-"));
  CHECK(config.reconnect.minimum == 1s);
  CHECK(config.reconnect.maximum == 60s);
  CHECK_FALSE(config.reconnect.enabled);
  CHECK_FALSE(config.credentials);
  CHECK_FALSE(config.will);
  CHECK(out->warnings.empty());
}

TEST_CASE("generated client ids differ and are letters and digits") {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    const std::string id = generate_client_id("p-");
    CHECK(id.size() == 21);
    CHECK(std::all_of(id.begin() + 2, id.end(),
                      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }));
    ids.insert(id);
  }
  CHECK(ids.size() == 100);
  CHECK(generate_client_id("a-prefix-of-20-octets-", 21).size() == 22 + 8);
}

TEST_CASE("an option that only MQTT 5 has asks for MQTT 5") {
  const std::vector<std::string> typed{"--expiry"};
  ResolveInput input;
  input.mqtt5_options = typed;
  const auto out = resolved({}, {}, input);
  REQUIRE(out);
  CHECK(out->config.version == wire::ProtocolVersion::V5);
  CHECK(mentions(out->notes, "--expiry"));
  ClientFlags older;
  older.session.version = wire::ProtocolVersion::V311;
  CHECK(complaint(older, input) == "--expiry exists in MQTT 5 only, but -V 3.1.1 was given");
}

TEST_CASE("client ids") {
  ClientFlags flags;
  flags.session.id = "";
  CHECK(resolved(flags)->config.client_id.empty());
  CHECK_FALSE(resolved(flags)->config.client_id_generated);
  flags.session.version = wire::ProtocolVersion::V31;
  CHECK(complaint(flags) == "--id: MQTT 3.1 does not allow an empty client id");
  flags.session.id = "a-name-of-25-characters--";
  CHECK(mentions(resolved(flags)->warnings, "23 characters"));
  flags.session.id_prefix = "p";
  CHECK(complaint(flags) == "--id and --id-prefix exclude each other");
  flags.session.id.reset();
  CHECK(resolved(flags)->config.client_id.starts_with("p"));
  flags.session.id_prefix.reset();
  flags.session.id = std::string("a\0b", 3);
  CHECK(complaint(flags).find("client id") != std::string::npos);
}

TEST_CASE("a session that is kept needs a name") {
  ClientFlags flags;
  flags.session.no_clean = true;
  CHECK(complaint(flags) == "--no-clean needs a client id, by which the broker finds the session");
  flags.session.id = "me";
  CHECK_FALSE(resolved(flags)->config.clean_start);
  flags.session.version = wire::ProtocolVersion::V5;
  const auto kept = resolved(flags);
  CHECK(kept->config.connect_properties.view().number(wire::PropertyId::SessionExpiryInterval) ==
        0xFFFF'FFFFU);
  flags.session.session_expiry_s = 30;
  const auto limited = resolved(flags);
  CHECK(limited->config.connect_properties.view().number(wire::PropertyId::SessionExpiryInterval) ==
        30U);
}

TEST_CASE("properties that the engine has fields for move there") {
  ClientFlags flags;
  flags.session.properties = {{"connect", "maximum-packet-size", "1000"},
                              {"connect", "topic-alias-maximum", "7"},
                              {"connect", "user-property", "k", "v"}};
  const auto out = resolved(flags);
  REQUIRE(out);
  CHECK(out->config.version == wire::ProtocolVersion::V5);
  CHECK(out->config.max_packet_size == 1000);
  CHECK(out->config.topic_alias_maximum == 7);
  const auto left = out->config.connect_properties.view();
  CHECK_FALSE(left.find(wire::PropertyId::MaximumPacketSize));
  CHECK_FALSE(left.find(wire::PropertyId::TopicAliasMaximum));
  CHECK(left.find(wire::PropertyId::UserProperty));
}

TEST_CASE("the window is told to an MQTT 5 server") {
  ClientFlags flags;
  flags.session.max_inflight = 5;
  flags.session.version = wire::ProtocolVersion::V5;
  const auto out = resolved(flags);
  CHECK(out->config.max_inflight == 5);
  CHECK(out->config.connect_properties.view().number(wire::PropertyId::ReceiveMaximum) == 5U);
}

TEST_CASE("credentials: one source each") {
  ClientFlags flags;
  flags.credentials.password = "p";
  CHECK(complaint(flags) == "a password without a user name is possible in MQTT 5 only");
  flags.session.version = wire::ProtocolVersion::V5;
  CHECK(resolved(flags));
  flags.credentials.password_file = "f";
  CHECK(complaint(flags) ==
        "--password, --password-file, --password-command and --prompt exclude each other");
  flags.credentials = {};
  flags.credentials.username = "u";
  flags.credentials.username_file = "f";
  CHECK(complaint(flags) ==
        "--username, --username-file and --username-command exclude each other");
  flags.credentials.username_file.reset();
  flags.credentials.username = "\xff";
  CHECK(complaint(flags).find("user name") != std::string::npos);
}

TEST_CASE("the command line wins over the URL, the URL over the environment") {
  Environment environment;
  environment.url = "mqtt://env-host:1884/topic";
  environment.username = "env-user";
  environment.password = "env-password";
  const auto from_environment = resolved({}, environment);
  REQUIRE(from_environment);
  CHECK(from_environment->config.endpoints[0].host == "env-host");
  CHECK(from_environment->config.endpoints[0].port == 1884);
  CHECK(from_environment->url_topic == "topic");
  const auto credentials = from_environment->config.credentials();
  REQUIRE(credentials);
  CHECK(credentials->username == "env-user");
  CHECK(credentials->password == "env-password");

  ClientFlags url;
  url.connection.urls = {"mqtt://url-user:url-password@url-host"};
  const auto from_url = resolved(url, environment);
  REQUIRE(from_url);
  CHECK(from_url->config.endpoints[0].host == "url-host");
  CHECK(from_url->config.credentials()->username == "url-user");
  CHECK(from_url->config.credentials()->password == "url-password");

  url.credentials.username = "typed";
  url.credentials.password = "typed too";
  const auto typed = resolved(url, environment);
  CHECK(typed->config.credentials()->username == "typed");
  CHECK(typed->config.credentials()->password == "typed too");

  ClientFlags host;
  host.connection.host = "typed-host";
  CHECK(resolved(host, environment)->config.endpoints[0].host == "typed-host");

  environment.url = "nonsense://x";
  const auto wrong = resolved({}, environment);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message.starts_with("MQTT_TOOLKIT_URL: "));
}

TEST_CASE("wills and birth messages") {
  ClientFlags flags;
  flags.will.payload = "gone";
  CHECK(complaint(flags) == "a will's payload needs a topic");
  ResolveInput input;
  input.publish_topic = "a/b";
  CHECK(resolved(flags, {}, input)->config.will->topic == "a/b$will");
  flags.will.topic = "w";
  flags.will.qos = wire::Qos::ExactlyOnce;
  flags.will.retain = true;
  const auto out = resolved(flags, {}, input);
  REQUIRE(out->config.will);
  CHECK(out->config.will->topic == "w");
  CHECK(out->config.will->payload == "gone");
  CHECK(out->config.will->qos == wire::Qos::ExactlyOnce);
  CHECK(out->config.will->retain);
  flags.will.base64 = "AP8=";
  CHECK(complaint(flags) == "--will-payload, --will-file and --will-base64 exclude each other");
  flags.will.payload.reset();
  CHECK(resolved(flags)->config.will->payload == std::string("\0\xff", 2));
  flags.will.base64 = "A";
  CHECK(complaint(flags) == "--will-base64: this is no base64");
  flags.will.base64.reset();
  flags.will.topic = "a/#";
  CHECK(complaint(flags).starts_with("--will-topic: 'a/#'"));
  flags.will = {};
  flags.will.retain = true;
  CHECK(mentions(resolved(flags)->warnings, "--will-retain has no effect"));
  flags.will = {};
  flags.will.birth_payload = "hello";
  CHECK(complaint(flags) == "--birth-payload needs --birth-topic");
  flags.will.birth_topic = "b";
  CHECK(resolved(flags)->config.birth->payload == "hello");
}

TEST_CASE("reconnection") {
  ResolveInput lasting;
  lasting.reconnect = true;
  CHECK(resolved({}, {}, lasting)->config.reconnect.enabled);
  ClientFlags flags;
  flags.reconnect.reconnect = false;
  CHECK_FALSE(resolved(flags, {}, lasting)->config.reconnect.enabled);
  flags.reconnect.retry = std::optional<Duration>();
  CHECK(resolved(flags)->config.reconnect.retry_first);
  CHECK(resolved(flags)->config.reconnect.retry_first_for == 0s);
  flags.reconnect.retry = std::optional<Duration>(5s);
  CHECK(resolved(flags)->config.reconnect.retry_first_for == 5s);
  flags.reconnect.max_interval = 500ms;
  CHECK(resolved(flags)->config.reconnect.minimum == 500ms);
  flags.reconnect.interval = 2s;
  CHECK(complaint(flags) == "--reconnect-interval is above --max-reconnect-interval");
  flags.reconnect.max_interval.reset();
  flags.reconnect.interval = 90s;
  CHECK(resolved(flags)->config.reconnect.maximum == 90s);
}
