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
  CHECK(parse({"-t", "a", "-v"})->output.format.topic);
  CHECK(parse({"-t", "a", "-v", "--topic-sep", "\\t"})->output.format.separator == "\t");
  CHECK_FALSE(parse({"-t", "a", "-N"})->output.format.newline);
  CHECK(complaint({"-t", "a", "--topic-sep", "x"}) == "--topic-sep: only with -v");
}

TEST_CASE("records ask for the publisher's retain flag where MQTT 5 has it") {
  CHECK(parse({"-t", "a"})->output.form == OutputOptions::Form::Payload);
  const auto options = parse({"-t", "a", "--json"});
  CHECK(options->output.form == OutputOptions::Form::Record);
  CHECK_FALSE(options->subscriptions[0].retain_as_published);
  CHECK(parse({"-t", "a", "--json", "-V", "5"})->subscriptions[0].retain_as_published);
  CHECK_FALSE(parse({"-t", "a", "-V", "5"})->subscriptions[0].retain_as_published);
  CHECK(complaint({"-t", "a", "--json", "-v"}) == "--json excludes -v and -N");
  CHECK(complaint({"-t", "a", "--json", "-N"}) == "--json excludes -v and -N");
}

TEST_CASE("one form of output at a time") {
  using enum OutputOptions::Form;
  CHECK(parse({"-t", "a", "-F", "%t"})->output.form == Template);
  CHECK(parse({"-t", "a", "--select", ".a"})->output.form == Selected);
  CHECK(parse({"-t", "a", "--decode", "auto"})->output.form == Decoded);
  CHECK(parse({"-t", "a", "--json", "--decode", "cbor"})->output.form == Record);
  CHECK(parse({"-t", "a", "--json", "--decode", "cbor"})->output.record_decoded);
  CHECK(parse({"-t", "a", "--record", "f"})->output.form == None);
  CHECK(parse({"-t", "a", "--record", "f", "-v"})->output.form == Payload);
  CHECK(parse({"-t", "a", "--record", "f", "--json"})->output.form == Record);
  CHECK(parse({"-t", "a", "--exec", "p"})->output.form == None);
  CHECK(parse({"-t", "a", "-0"})->output.format.end == '\0');
  CHECK(complaint({"-t", "a", "--json", "--select", ".a"}) == "--json excludes --select");
  CHECK(complaint({"-t", "a", "--json", "-F", "%t"}) == "--json excludes -F");
  CHECK(complaint({"-t", "a", "-F", "%"}) == "-F: Incomplete format specifier.");
  CHECK(complaint({"-t", "a", "--select", "a"}).starts_with("--select 'a': "));
  CHECK(complaint({"-t", "a", "--decode", "xml"}).starts_with("--decode: 'xml' is not "));
  CHECK(complaint({"-t", "a", "-0", "-N"}) == "-0 and -N exclude one another");
  CHECK(complaint({"-t", "a", "--pretty"}).starts_with("--pretty: "));
}

TEST_CASE("conditions, and what is to be waited for") {
  const auto options = parse({"-t", "a", "--where", ".t > 1", "--where", "qos == 1", "--until",
                              "^done", "--until-json", ".done"});
  REQUIRE(options);
  CHECK(options->filter.where.size() == 2);
  CHECK(options->until.payload);
  CHECK(options->until.condition);
  CHECK(complaint({"-t", "a", "--where", "x"}).starts_with("--where 'x': "));
  CHECK(complaint({"-t", "a", "--until", "("}).starts_with("--until '('"));
  CHECK(complaint({"-t", "a", "--until-json", ".a >"}).starts_with("--until-json "));
  CHECK(parse({"-t", "a", "--random-filter", "12.5"})->filter.random_percent == 12.5);
  CHECK(complaint({"-t", "a", "--random-filter", "0"}) != "none");
  CHECK(complaint({"-t", "a", "--random-filter", "101"}) != "none");
}

TEST_CASE("programs, records and removals") {
  const auto exec = parse(
      {"-t", "a", "--exec", "echo", "--jobs", "3", "--exec-fail", "stop", "--", "-n", "b c", "--"});
  REQUIRE(exec);
  CHECK(exec->exec.command == std::vector<std::string>{"echo", "-n", "b c", "--"});
  CHECK(exec->exec.jobs == 3);
  CHECK(exec->exec.stop_at_failure);
  CHECK(complaint({"-t", "a", "b"}) == "unexpected argument 'b'");
  CHECK(complaint({"-t", "a", "--jobs", "2"}) == "--jobs: only with --exec");
  CHECK(complaint({"-t", "a", "--exec", "p", "--json"}).starts_with("--exec excludes"));
  CHECK(complaint({"-t", "a", "--exec", ""}).starts_with("--exec: "));
  const auto record = parse({"-t", "a", "--record", "f", "--record-size", "1MB"});
  REQUIRE(record);
  CHECK(record->record.size == 1'000'000);
  CHECK(record->record.keep == 9);
  CHECK(complaint({"-t", "a", "--record-size", "1MB"}) != "none");
  CHECK(parse({"-t", "a", "--remove-retained"})->remove_retained == false);
  CHECK(parse({"-t", "a", "--remove-retained=yes"})->remove_retained == true);
  CHECK(parse({"-t", "a", "--remove-retained"})->filter.retained_only);
  CHECK(complaint({"-t", "a", "--remove-retained=no"}).starts_with("--remove-retained: 'no'"));
  CHECK(complaint({"-t", "a", "--remove-retained", "-R"}) ==
        "-R and --remove-retained exclude one another");
}

TEST_CASE("with MQTT 5 a small count is also how many messages may be on their way") {
  const auto maximum = [](std::vector<std::string> words) {
    return parse(std::move(words))
        ->client.config.connect_properties.view()
        .number(wire::PropertyId::ReceiveMaximum);
  };
  CHECK(maximum({"-t", "a", "-V", "5", "-C", "3"}) == 3U);
  CHECK(maximum({"-t", "a", "-V", "5", "-C", "3", "-M", "7"}) == 7U);
  CHECK_FALSE(maximum({"-t", "a", "-V", "5", "-C", "20"}));
  CHECK_FALSE(maximum({"-t", "a", "-C", "3"}));
}

TEST_CASE("retain-as-published does not blur what is retained") {
  CHECK(parse({"-t", "a", "--json", "-V", "5"})->subscriptions[0].retain_as_published);
  CHECK(parse({"-t", "a", "--record", "f", "-V", "5"})->subscriptions[0].retain_as_published);
  for (const char* option : {"--retained-only", "-R", "--remove-retained"}) {
    CHECK_FALSE(
        parse({"-t", "a", "--json", "-V", "5", option})->subscriptions[0].retain_as_published);
  }
}

}  // namespace mqtk::sub::test
