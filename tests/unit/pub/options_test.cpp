#include "pub/pub_options.hpp"

#include "support/arguments.hpp"
#include "support/catch.hpp"
#include "wire/codec.hpp"

namespace mqtk::pub::test {

namespace {

Result<PubOptions> parse(std::vector<std::string> words) {
  PubFlags flags;
  const FlagTable table = pub_flag_table(flags);
  mqtk::test::Arguments arguments("mqtt-pub", std::move(words));
  auto line = parse_command_line(pub_program(), table, arguments.count(), arguments.values());
  if (!line) return fail(line.error());
  return resolve(flags, {}, *line);
}

std::string complaint(std::vector<std::string> words) {
  const auto options = parse(std::move(words));
  return options ? "none" : options.error().message;
}

}  // namespace

TEST_CASE("a message from the command line") {
  const auto options = parse({"-t", "a/b", "-m", "-5", "-q", "1", "-r"});
  REQUIRE(options);
  CHECK(options->topic == "a/b");
  CHECK(options->text == "-5");
  CHECK(options->input == Input::Text);
  CHECK(options->qos == wire::Qos::AtLeastOnce);
  CHECK(options->retain);
  CHECK(options->repeat == 1);
  CHECK_FALSE(options->client.config.reconnect.enabled);
}

TEST_CASE("where the message comes from") {
  CHECK(parse({"-t", "a", "-n"})->text.empty());
  CHECK(parse({"-t", "a", "-f", "x", "-f", "y"})->files == std::vector<std::string>{"x", "y"});
  CHECK(parse({"-t", "a", "-s"})->files == std::vector<std::string>{"-"});
  const auto lines = parse({"-t", "a", "-l", "-q", "2"});
  REQUIRE(lines);
  CHECK(lines->input == Input::Lines);
  CHECK(lines->client.config.reconnect.enabled);
  CHECK(lines->client.config.session_for_run);
  CHECK(parse({"-l", "--topic-sep", "\\t"})->stream.topic_separator == "\t");
  CHECK(parse({"-L", "mqtt://h/a/b", "-n"})->topic == "a/b");
}

TEST_CASE("what does not go together") {
  CHECK(complaint({"-t", "a"}) == "no message given");
  CHECK(complaint({"-m", "x"}) == "no topic given");
  CHECK(complaint({"-t", "a", "-m", "x", "-l"}) == "-m and -l exclude one another");
  CHECK(complaint({"-t", "a", "-s", "-n"}) == "-s and -n exclude one another");
  CHECK(complaint({"-t", "a", "-l", "--topic-sep", ","}) ==
        "-t and --topic-sep exclude one another");
  CHECK(complaint({"-t", "a", "-m", "x", "--topic-sep", ","}) == "--topic-sep: only with -l");
  CHECK(complaint({"-t", "a", "-l", "--repeat", "2"}) == "--repeat: not with -l");
  CHECK(complaint({"-t", "a/#", "-n"}).starts_with("topic 'a/#': "));
  CHECK(complaint({"-t", "a", "-n", "-q", "3"}) != "none");
  CHECK(complaint({"-t", "a", "-n", "--repeat", "0"}) != "none");
  CHECK(complaint({"-t", "a", "-n", "stray"}) != "none");
  CHECK(parse({"-t", "a", "-n", "stray"}).error().kind == ErrorKind::Usage);
}

TEST_CASE("properties imply MQTT 5") {
  const auto options = parse({"-t", "a", "-n", "--expiry", "60", "--content-type", "text/plain",
                              "--response-topic", "b", "--user-property", "k=v"});
  REQUIRE(options);
  CHECK(options->client.config.version == wire::ProtocolVersion::V5);
  const wire::PropertiesView set = options->properties;
  CHECK(set.number(wire::PropertyId::MessageExpiryInterval) == 60U);
  CHECK(set.text(wire::PropertyId::ContentType) == "text/plain");
  CHECK(set.text(wire::PropertyId::ResponseTopic) == "b");
  CHECK(set.find(wire::PropertyId::UserProperty)->key == "k");
  CHECK(complaint({"-t", "a", "-n", "--response-topic", "b/#"}).starts_with("--response-topic: "));
}

TEST_CASE("the largest payload makes the largest packet") {
  for (const char* qos : {"0", "1"}) {
    for (const char* version : {"3.1.1", "5"}) {
      const auto options = parse({"-t", "some/topic", "-n", "-q", qos, "-V", version});
      REQUIRE(options);
      const std::uint64_t limit = options->payload_limit();
      const auto size_with = [&](std::uint64_t payload) {
        const wire::Publish packet{.topic = options->topic,
                                   .payload = Bytes(options->topic.data(), payload),
                                   .qos = options->qos,
                                   .packet_id = 1,
                                   .properties = options->properties};
        return wire::publish_size(packet, options->client.config.version);
      };
      CHECK(size_with(limit) == wire::kMaxPacketSize);
      CHECK(size_with(limit + 1) > wire::kMaxPacketSize);
    }
  }
}

}  // namespace mqtk::pub::test
