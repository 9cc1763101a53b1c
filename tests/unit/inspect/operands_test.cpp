// Words that belong to no option, and the documents of a program with subcommands.
#include <algorithm>

#include "inspect/subcommand.hpp"
#include "support/arguments.hpp"
#include "support/catch.hpp"

namespace mqtk::inspect {

namespace {

using test::Arguments;

struct Typed {
  std::vector<std::string> urls;
  std::optional<std::string> action;
  std::vector<std::string> filters;
  bool loud = false;
};

FlagTable table_for(Typed& typed) {
  FlagTable table;
  table.push_back(
      {.letter = 'L',
       .name = "url",
       .value_name = "URL",
       .kind = FlagKind::List,
       .operand = [](std::string_view word) { return word.find("://") != std::string_view::npos; },
       .store = store(typed.urls)});
  table.push_back({.name = "action",
                   .value_name = "ACTION",
                   .kind = FlagKind::Value,
                   .operand = [](std::string_view word) { return word == "list"; },
                   .store = store(typed.action)});
  table.push_back({.name = "filter",
                   .value_name = "FILTER",
                   .kind = FlagKind::List,
                   .operand = [](std::string_view) { return true; },
                   .store = store(typed.filters)});
  table.push_back({.letter = 'l', .name = "loud", .store = store(typed.loud)});
  return table;
}

Result<CommandLine> parse(Typed& typed, const std::vector<std::string>& words) {
  Arguments arguments("program", words);
  static constexpr Program kProgram{"program", "", "", ""};
  return parse_command_line(kProgram, table_for(typed), arguments.count(), arguments.values());
}

std::string document(const std::vector<std::string>& words) {
  Arguments arguments("mqtt-inspect", words);
  return whole_document(suite(), arguments.count(), arguments.values()).value_or("none");
}

}  // namespace

TEST_CASE("a word without an option goes to the first flag that takes it") {
  Typed typed;
  REQUIRE(parse(typed, {"list", "mqtt://a", "-l", "x/#", "list", "--", "-l"}));
  CHECK(typed.urls == std::vector<std::string>{"mqtt://a"});
  CHECK(typed.action == "list");
  CHECK(typed.filters == std::vector<std::string>{"x/#", "list", "-l"});
  CHECK(typed.loud);
}

TEST_CASE("what an operand's flag stores can be given by name too, and its complaints name it") {
  Typed typed;
  REQUIRE(parse(typed, {"-L", "mqtt://a", "--filter", "mqtt://b", "mqtt://c"}));
  CHECK(typed.urls == std::vector<std::string>{"mqtt://a", "mqtt://c"});
  CHECK(typed.filters == std::vector<std::string>{"mqtt://b"});
}

TEST_CASE("a table without operands takes no loose words") {
  FlagTable table;
  bool loud = false;
  table.push_back({.name = "loud", .store = store(loud)});
  Arguments arguments("program", {"word"});
  static constexpr Program kProgram{"program", "", "", ""};
  const auto line = parse_command_line(kProgram, table, arguments.count(), arguments.values());
  REQUIRE_FALSE(line);
  CHECK(line.error().message == "unexpected argument 'word'");
}

TEST_CASE("the whole program's help names every subcommand, and each has its own") {
  const std::string help = document({"--help"});
  for (const SubcommandEntry& entry : suite().subcommands) {
    CHECK(help.find("\n  " + std::string(entry.word) + " ") != std::string::npos);
    CHECK(entry.program.name == "mqtt-inspect " + std::string(entry.word));
    CHECK(document({"help", std::string(entry.word)}).find(entry.program.summary) !=
          std::string::npos);
  }
  CHECK(document({"-h", "broker"}) == "none");
  CHECK(document({}) == "none");
}

TEST_CASE("every subcommand stands in every completion, and no name is twice in a table") {
  for (const char* shell : {"bash", "zsh", "fish", "json"}) {
    const std::string text = document({std::string("--generate=") + shell});
    for (const SubcommandEntry& entry : suite().subcommands) {
      CHECK(text.find(entry.word) != std::string::npos);
    }
    CHECK(text.find("no-variants") != std::string::npos);
  }
  for (const SubcommandEntry& entry : suite().subcommands) {
    INFO(entry.word);
    const auto subcommand = entry.make();
    std::vector<std::string> names;
    std::vector<std::string> letters;
    for (const Flag& flag : subcommand->flags()) {
      names.emplace_back(flag.name);
      if (flag.letter != 0) letters.emplace_back(1, flag.letter);
    }
    for (auto* each : {&names, &letters}) {
      std::ranges::sort(*each);
      CHECK(std::ranges::adjacent_find(*each) == each->end());
    }
  }
}

}  // namespace mqtk::inspect
