#include "sub/sub_options.hpp"

#include "support/arguments.hpp"
#include "support/catch.hpp"

namespace mqtk::sub::test {

namespace {

Result<SubOptions> parse(std::vector<std::string> words) {
  SubFlags flags;
  const FlagTable table = sub_flag_table(flags);
  mqtk::test::Arguments arguments("mqtt-sub", std::move(words));
  auto line = parse_command_line(sub_program(), table, arguments.count(), arguments.values());
  if (!line) return fail(line.error());
  return resolve(flags, {}, *line);
}

std::string complaint(std::vector<std::string> words) {
  const auto options = parse(std::move(words));
  return options ? "none" : options.error().message;
}

}  // namespace

TEST_CASE("topics and their qualities of service") {
  const auto one = parse({"-t", "a", "-t", "b/#", "-q", "1"});
  REQUIRE(one);
  REQUIRE(one->subscriptions.size() == 2);
  CHECK(one->subscriptions[0].qos == wire::Qos::AtLeastOnce);
  CHECK(one->subscriptions[1].qos == wire::Qos::AtLeastOnce);
  CHECK(one->client.config.reconnect.enabled);
  const auto paired = parse({"-t", "a", "-q", "2", "-t", "b", "-q", "0"});
  REQUIRE(paired);
  CHECK(paired->subscriptions[0].qos == wire::Qos::ExactlyOnce);
  CHECK(paired->subscriptions[1].qos == wire::Qos::AtMostOnce);
  CHECK(complaint({"-t", "a", "-t", "b", "-t", "c", "-q", "0", "-q", "1"}) ==
        "-q is given 2 times for 3 topics");
  CHECK(parse({"-L", "mqtt://h/x/+", "-t", "y"})->subscriptions[0].filter == "x/+");
}

TEST_CASE("filters that cannot be") {
  CHECK(complaint({}) == "no topic given");
  for (const char* filter : {"a/#/b", "a+", "", "#a"}) {
    CHECK(complaint({"-t", filter}).starts_with("-t '"));
    CHECK(complaint({"-t", "a", "-T", filter}).starts_with("-T '"));
    CHECK(complaint({"-U", filter}).starts_with("-U '"));
  }
  CHECK(parse({"-t", "a+"}).error().hint.find("one whole level") != std::string::npos);
}

TEST_CASE("wildcards of other systems are warned of") {
  CHECK(parse({"-t", "a/*/b"})->warnings.size() == 1);
  CHECK(parse({"-t", "a/>"})->warnings.size() == 1);
  CHECK(parse({"-t", "a/b*"})->warnings.empty());
  CHECK(parse({"-t", "a/+/b/#"})->warnings.empty());
}

TEST_CASE("retained messages") {
  CHECK(parse({"-t", "a", "-R"})->subscriptions[0].retain_handling ==
        wire::RetainHandling::DoNotSend);
  CHECK(parse({"-t", "a", "--retained-only"})->idle == Duration(500ms));
  CHECK(parse({"-t", "a", "--retained-only", "--idle", "2s"})->idle == Duration(2s));
  CHECK(complaint({"-t", "a", "-R", "--retained-only"}) ==
        "-R and --retained-only exclude one another");
  const auto options = parse({"-t", "a", "--retain-handling", "new", "--no-local"});
  REQUIRE(options);
  CHECK(options->client.config.version == wire::ProtocolVersion::V5);
  CHECK(options->subscriptions[0].retain_handling == wire::RetainHandling::SendIfNew);
  CHECK(options->subscriptions[0].no_local);
}

TEST_CASE("when it ends") {
  const auto options = parse({"-t", "a", "-C", "3", "-W", "10", "--for", "1m"});
  REQUIRE(options);
  CHECK(options->count == 3);
  CHECK(options->deadline == Duration(10s));
  CHECK(options->window == Duration(1min));
  CHECK(complaint({"-t", "a", "-C", "0"}) != "none");
  CHECK_FALSE(options->only_ask);
  CHECK(parse({"-t", "a", "-E"})->only_ask);
  CHECK(parse({"-U", "a"})->only_ask);
  CHECK_FALSE(parse({"-U", "a", "-t", "b"})->only_ask);
  CHECK_FALSE(parse({"--no-subscribe", "-i", "x", "-c"})->only_ask);
  CHECK(complaint({"--no-subscribe", "-t", "a"}) == "-t and --no-subscribe exclude one another");
}

TEST_CASE("how messages are printed") {
  CHECK(parse({"-t", "a", "-v"})->format.topic);
  CHECK(parse({"-t", "a", "-v", "--topic-sep", "\\t"})->format.separator == "\t");
  CHECK_FALSE(parse({"-t", "a", "-N"})->format.newline);
  CHECK(complaint({"-t", "a", "--topic-sep", "x"}) == "--topic-sep: only with -v");
}

TEST_CASE("records ask for the publisher's retain flag where MQTT 5 has it") {
  CHECK_FALSE(parse({"-t", "a"})->json);
  const auto options = parse({"-t", "a", "--json"});
  CHECK(options->json);
  CHECK_FALSE(options->subscriptions[0].retain_as_published);
  CHECK(parse({"-t", "a", "--json", "-V", "5"})->subscriptions[0].retain_as_published);
  CHECK_FALSE(parse({"-t", "a", "-V", "5"})->subscriptions[0].retain_as_published);
  CHECK(complaint({"-t", "a", "--json", "-v"}) == "--json excludes -v and -N");
  CHECK(complaint({"-t", "a", "--json", "-N"}) == "--json excludes -v and -N");
}

}  // namespace mqtk::sub::test
