// How words become options: a small table of every kind, so that the rules stand by themselves.
#include <optional>

#include "options/command_line.hpp"
#include "support/arguments.hpp"
#include "support/catch.hpp"

using namespace mqtk;
using mqtk::test::Arguments;

namespace {

constexpr Program kProgram{"prog", "does things", "[OPTION]...", "prog -a"};

struct Typed {
  bool a = false, b = false;
  std::optional<std::string> host, name;
  std::vector<std::string> topics;
  std::optional<std::optional<Duration>> retry;
  std::vector<std::vector<std::string>> properties;
  std::optional<std::string> secret, expiry, operand, key;
};

std::size_t three_or_more(std::span<const std::string_view> rest) {
  return !rest.empty() && rest[0] == "four" ? 4 : 3;
}

bool is_url(std::string_view word) {
  return word.find("://") != std::string_view::npos;
}

FlagTable table_for(Typed& typed) {
  constexpr FlagKind kValue = FlagKind::Value;
  FlagTable table{
      {.letter = 'a', .name = "alpha", .group = "G", .doc = "a", .store = store(typed.a)},
      {.letter = 'b', .name = "beta", .group = "G", .doc = "b", .store = store(typed.b)},
      {.letter = 'h',
       .name = "host",
       .aliases = "broker server",
       .value_name = "HOST",
       .kind = kValue,
       .group = "G",
       .doc = "h",
       .store = store(typed.host)},
      {.name = "name",
       .value_name = "N",
       .kind = kValue,
       .group = "G",
       .doc = "n",
       .store = store(typed.name)},
      {.letter = 't',
       .name = "topic",
       .value_name = "T",
       .kind = FlagKind::List,
       .group = "G",
       .doc = "t",
       .store = store(typed.topics)},
      {.name = "retry",
       .value_name = "DURATION",
       .kind = FlagKind::OptionalValue,
       .group = "G",
       .doc = "r",
       .store = store(typed.retry)},
      {.letter = 'D',
       .name = "property",
       .value_name = "A B C",
       .kind = FlagKind::Words,
       .group = "G",
       .doc = "p",
       .words = &three_or_more,
       .store = store_words(typed.properties)},
      {.letter = 'P',
       .name = "password",
       .value_name = "P",
       .kind = kValue,
       .group = "G",
       .doc = "p",
       .secret = Secret::Whole,
       .store = store(typed.secret)},
      {.letter = 'x',
       .name = "session-expiry",
       .value_name = "S",
       .kind = kValue,
       .group = "G",
       .doc = "x",
       .mqtt5 = true,
       .store = store(typed.expiry)},
      {.name = "url",
       .value_name = "URL",
       .kind = kValue,
       .group = "G",
       .doc = "u",
       .secret = Secret::Url,
       .operand = &is_url,
       .store = store(typed.operand)},
      {.name = "key",
       .value_name = "KEY",
       .kind = kValue,
       .group = "G",
       .doc = "k",
       .secret = Secret::Pin,
       .store = store(typed.key)},
  };
  append_help_flags(table);
  return table;
}

struct Parsed {
  Typed typed;
  Result<CommandLine> line = CommandLine{};
};

Parsed parse(std::vector<std::string> words) {
  Parsed out;
  const FlagTable table = table_for(out.typed);
  Arguments arguments("prog", std::move(words));
  out.line = parse_command_line(kProgram, table, arguments.count(), arguments.values());
  return out;
}

std::string complaint(std::vector<std::string> words) {
  const Parsed parsed = parse(std::move(words));
  if (parsed.line) return "none";
  CHECK(parsed.line.error().kind == ErrorKind::Usage);
  return parsed.line.error().message;
}

}  // namespace

TEST_CASE("options as every GNU program takes them") {
  CHECK(parse({"-a"}).typed.a);
  CHECK(parse({"--host", "x"}).typed.host == "x");
  CHECK(parse({"--host=x=y"}).typed.host == "x=y");
  CHECK(parse({"-h", "x"}).typed.host == "x");
  CHECK(parse({"-hx"}).typed.host == "x");
  CHECK(parse({"--broker", "x"}).typed.host == "x");
  CHECK(parse({"--server=x"}).typed.host == "x");
  CHECK(parse({"--host="}).typed.host == "");
  CHECK(parse({"--host", ""}).typed.host == "");
}

TEST_CASE("letters may be bundled, the last with a value") {
  const Parsed parsed = parse({"-abh", "x", "-bt", "one", "-ttwo"});
  CHECK(parsed.typed.a);
  CHECK(parsed.typed.b);
  CHECK(parsed.typed.host == "x");
  CHECK(parsed.typed.topics == std::vector<std::string>{"one", "two"});
  CHECK(parse({"-hab"}).typed.host == "ab");
  CHECK_FALSE(parse({"-hab"}).typed.a);
}

TEST_CASE("a value may begin with a dash") {
  CHECK(parse({"-h", "-a"}).typed.host == "-a");
  CHECK_FALSE(parse({"-h", "-a"}).typed.a);
  CHECK(parse({"--host", "--alpha"}).typed.host == "--alpha");
  CHECK(parse({"-h", "--"}).typed.host == "--");
  CHECK(parse({"-t", "-1", "-t", "-"}).typed.topics == std::vector<std::string>{"-1", "-"});
}

TEST_CASE("the last value wins, lists keep all") {
  CHECK(parse({"-h", "x", "--host", "y", "-hz"}).typed.host == "z");
  CHECK(parse({"-t", "b", "-t", "a", "-t", "b"}).typed.topics ==
        std::vector<std::string>{"b", "a", "b"});
  CHECK(parse({"-t", "a,b"}).typed.topics == std::vector<std::string>{"a,b"});
}

TEST_CASE("an optional value stands behind an equals sign only") {
  const Parsed without = parse({"--retry", "-a"});
  REQUIRE(without.typed.retry);
  CHECK_FALSE(*without.typed.retry);
  CHECK(without.typed.a);
  CHECK(parse({"--retry=5s"}).typed.retry->value() == 5s);
  CHECK(complaint({"--retry="}) == "--retry= lacks its DURATION");
  CHECK(complaint({"--retry", "5s"}) == "unexpected argument '5s'");
}

TEST_CASE("options of several words take as many as their first word asks for") {
  const Parsed parsed = parse({"-D", "publish", "-b", "--host", "-a", "-D", "four", "1", "", "3"});
  REQUIRE(parsed.line);
  REQUIRE(parsed.typed.properties.size() == 2);
  CHECK(parsed.typed.properties[0] == std::vector<std::string>{"publish", "-b", "--host"});
  CHECK(parsed.typed.properties[1] == std::vector<std::string>{"four", "1", "", "3"});
  CHECK(parsed.typed.a);
  CHECK_FALSE(parsed.typed.b);
  CHECK(complaint({"-D", "four", "1", "2"}) == "-D needs 4 words: A B C");
  CHECK(complaint({"-D"}) == "-D needs 3 words: A B C");
}

TEST_CASE("what is wrong is named") {
  CHECK(complaint({"--hots", "x"}) == "unknown option --hots");
  CHECK(parse({"--hots", "x"}).line.error().hint == "did you mean --host?");
  CHECK(parse({"-host"}).typed.host == "ost");
  CHECK(complaint({"-az"}) == "unknown option -z in '-az'");
  CHECK(parse({"-name"}).line.error().hint == "did you mean --name?");
  CHECK(complaint({"--host"}) == "--host needs a value: HOST");
  CHECK(parse({"-h"}).line.error().hint == "for help, type --help");
  CHECK(complaint({"--alpha=1"}) == "--alpha takes no value");
  CHECK(complaint({"word"}) == "unexpected argument 'word'");
  CHECK(complaint({"--", "-a"}) == "unexpected argument '-a'");
  CHECK(complaint({"--ho", "x"}) == "unknown option --ho");
  CHECK(complaint({"--retry=soon"}).starts_with("--retry: "));
  CHECK(complaint({"-"}) == "unexpected argument '-'");
  CHECK(complaint({""}) == "unexpected argument ''");
}

TEST_CASE("nothing is stored when anything is wrong") {
  const Parsed parsed = parse({"-a", "-h", "x", "--nonsense"});
  CHECK_FALSE(parsed.line);
  CHECK_FALSE(parsed.typed.a);
  CHECK_FALSE(parsed.typed.host);
}

TEST_CASE("words without an option belong to the flag that takes them, once") {
  CHECK(parse({"mqtt://h"}).typed.operand == "mqtt://h");
  CHECK(parse({"-a", "--", "mqtt://h"}).typed.operand == "mqtt://h");
  CHECK(complaint({"mqtt://h", "mqtt://i"}) == "unexpected argument 'mqtt://i'");
}

TEST_CASE("help and version are answered even when the rest is wrong") {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--help"},
                                                {"--nonsense", "--help"},
                                                {"--version", "-z"},
                                                {"--help=all", "word"}}) {
    const Parsed parsed = parse(words);
    REQUIRE(parsed.line);
    REQUIRE(parsed.line->text);
    CHECK(parsed.line->text->ends_with('\n'));
  }
  CHECK(complaint({"--help=some"}) != "none");
  CHECK_FALSE(parse({"-h", "--help"}).line->text);
}

TEST_CASE("what was given is known, with what only MQTT 5 has") {
  const Parsed parsed = parse({"--session-expiry", "5", "-a", "-x", "6", "-a"});
  REQUIRE(parsed.line);
  CHECK(parsed.line->given == std::vector<std::string_view>{"session-expiry", "alpha"});
  CHECK(parsed.line->has("alpha"));
  CHECK_FALSE(parsed.line->has("beta"));
  CHECK(parsed.line->mqtt5_options == std::vector<std::string>{"--session-expiry"});
}

TEST_CASE("secrets are wiped from the arguments and from nowhere else") {
  Typed typed;
  const FlagTable table = table_for(typed);
  Arguments arguments("prog", {"-P", "hidden", "--password=hidden", "-aPhidden", "-h", "hidden",
                               "wss://u:hidden@h/p?sig=hidden",
                               "--key=pkcs11:object=k?pin-value=hidden&module-name=m"});
  const auto line = parse_command_line(kProgram, table, arguments.count(), arguments.values());
  REQUIRE(line);
  wipe(*line);
  std::vector<std::string> left(arguments.values() + 1, arguments.values() + arguments.count());
  CHECK(left == std::vector<std::string>{"-P", "******", "--password=******", "-aP******", "-h",
                                         "hidden", "wss://u:******@h/p?**********",
                                         "--key=pkcs11:object=k?pin-value=******&module-name=m"});
  CHECK(typed.secret == "hidden");
  CHECK(typed.operand == "wss://u:hidden@h/p?sig=hidden");
}
