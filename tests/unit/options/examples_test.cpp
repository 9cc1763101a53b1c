// The profiles that are shipped as examples: every one is read by every program, and means what its
// comment says.
#include <algorithm>

#include "options/resolve.hpp"
#include "support/arguments.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "unit/options/tables.hpp"

using namespace mqtk;
using mqtk::test::Arguments;

namespace {

const std::string kExamples = MQTK_EXAMPLES "/config.toml";

Environment examples() {
  Environment environment;
  environment.config = kExamples;
  return environment;
}

ResolvedClient resolved(const std::string& profile, std::vector<std::string> words = {}) {
  sub::SubFlags flags;
  const FlagTable table = sub::sub_flag_table(flags);
  words.insert(words.begin(), "@" + profile);
  Arguments arguments("mqtt-sub", words);
  const auto line = read_command_line(sub::sub_program(), table, arguments.count(),
                                      arguments.values(), examples());
  INFO(profile << (line ? "" : ": " + line.error().message));
  REQUIRE(line);
  ResolveInput input;
  input.reconnect = true;
  input.mqtt5_options = line->mqtt5_options;
  auto client = resolve_client(flags.client, Environment{}, input);
  INFO((client ? "" : client.error().message));
  REQUIRE(client);
  return std::move(*client);
}

}  // namespace

TEST_CASE("every example is a profile of every program") {
  pub::PubFlags listing;
  const FlagTable table = pub::pub_flag_table(listing);
  Arguments arguments("mqtt-pub", {"--list-profiles"});
  const auto line = read_command_line(pub::pub_program(), table, arguments.count(),
                                      arguments.values(), examples());
  REQUIRE(line);
  std::size_t profiles = 0;
  std::string_view rest = *line->text;
  for (; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1), ++profiles) {
    const std::string name = "@" + std::string(rest.substr(0, rest.find('\t')));
    test::for_each_table([&](const Program& program, const FlagTable& flags) {
      Arguments words("x", {name});
      const auto read =
          read_command_line(program, flags, words.count(), words.values(), examples());
      INFO(program.name << " " << name << (read ? "" : ": " + read.error().message));
      CHECK(read);
    });
  }
  CHECK(profiles == 9);
}

TEST_CASE("AWS: port 443, the protocol's name, the system's authorities, a device certificate") {
  const ClientConfig config = resolved("aws").config;
  REQUIRE(config.endpoints.size() == 1);
  CHECK(config.endpoints[0].scheme == Scheme::Mqtts);
  CHECK(config.endpoints[0].port == 443);
  CHECK(config.tls.system_store);
  CHECK(config.tls.alpn == std::vector<std::string>{"x-amzn-mqtt-ca"});
  CHECK(config.tls.certificate.file.ends_with("/aws-device.pem.crt"));
  CHECK(config.client_id == "thermometer-7");
  CHECK(resolved("aws-signed").config.endpoint_source);
}

TEST_CASE("Azure and HiveMQ: TLS on 8883, user names of their own form") {
  const ClientConfig azure = resolved("azure").config;
  CHECK(azure.endpoints[0].scheme == Scheme::Mqtts);
  CHECK(azure.endpoints[0].port == 8883);
  CHECK(azure.client_id == "device-1");
  CHECK(azure.credentials);
  const ClientConfig hivemq = resolved("hivemq").config;
  CHECK(hivemq.endpoints[0].port == 8883);
  CHECK(hivemq.version == wire::ProtocolVersion::V5);
  CHECK(hivemq.tls.ca.empty());
}

TEST_CASE("the edge device's settings, each with its counterpart") {
  const ResolvedClient client = resolved("edge");
  const ClientConfig& config = client.config;
  CHECK(config.endpoints[0].host == "edge.example");
  CHECK(config.tls.ca.content.find("-----BEGIN CERTIFICATE-----") != std::string::npos);
  CHECK(config.tls.server_name == "broker.internal");
  CHECK_FALSE(config.tls.insecure);
  CHECK_FALSE(config.clean_start);
  REQUIRE(config.will);
  CHECK(config.will->topic == "edge/1/status$will");
  CHECK(config.will->payload == "gone");
  CHECK(config.will->retain);
  CHECK(config.keep_alive_s == 30);
  CHECK(config.ping_timeout == 10s);
  CHECK(config.timeouts.connect == 30s);
  CHECK(config.reconnect.enabled);
  CHECK(config.reconnect.maximum == 10min);
  CHECK(config.websocket.headers.empty());
  CHECK(resolved("gateway").config.websocket.headers.size() == 3);
}
