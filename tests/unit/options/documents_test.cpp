// Every flag that may be seen appears in every document made from the table, and no other does.
#include "options/documents/documents.hpp"

#include <cctype>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "options/words.hpp"
#include "support/catch.hpp"
#include "unit/options/tables.hpp"

using namespace mqtk;
using mqtk::test::for_each_table;

namespace {

bool has_word(const std::string& text, std::string_view word) {
  const auto part_of_a_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
  };
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !part_of_a_word(text[at - 1])) &&
        (end == text.size() || !part_of_a_word(text[end]))) {
      return true;
    }
  }
  return false;
}

// What a reader of the page sees: no font changes, plain dashes.
std::string unescape_man(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\\f") == 0) {
      i += 2;
    } else if (text[i] != '\\') {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::string without_comments(const std::string& script) {
  std::istringstream lines(script);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('#')) out += line + '\n';
  }
  return out;
}

}  // namespace

TEST_CASE("the long help, the man page and the completions know every flag") {
  for_each_table([](const Program& program, const FlagTable& table) {
    const std::string help = full_help(program, table);
    const std::string man = unescape_man(man_page(program, table, "@SYNOPSIS@\n@OPTIONS@\n"));
    const std::string bash = without_comments(bash_completion(program, table));
    const std::string zsh = without_comments(zsh_completion(program, table));
    const std::string fish = without_comments(fish_completion(program, table));
    for (const Flag& flag : table) {
      const std::string spelled = "--" + std::string(flag.name);
      INFO(program.name << " " << spelled);
      const bool shown = !flag.hidden;
      CHECK(has_word(help, spelled) == shown);
      CHECK(has_word(man, spelled) == shown);
      CHECK(has_word(bash, spelled) == shown);
      CHECK(has_word(zsh, spelled) == shown);
      CHECK((fish.find("-l " + std::string(flag.name)) != std::string::npos) == shown);
      if (!shown) continue;
      if (flag.letter != 0) {
        const std::string letter{'-', flag.letter};
        CHECK(has_word(help, letter));
        CHECK(has_word(man, letter));
      }
      if (flag.kind == FlagKind::OptionalValue) continue;
      for_each_word(flag.choices, [&](std::string_view choice) {
        INFO(choice);
        CHECK(bash.find(choice) != std::string::npos);
        CHECK(zsh.find(choice) != std::string::npos);
        CHECK(fish.find(choice) != std::string::npos);
      });
    }
  });
}

TEST_CASE("the short help has the common flags") {
  for_each_table([](const Program& program, const FlagTable& table) {
    const std::string help = short_help(program, table);
    std::size_t common = 0;
    for (const Flag& flag : table) {
      INFO(program.name << " --" << flag.name);
      if (!flag.common) continue;
      CHECK(has_word(help, "--" + std::string(flag.name)));
      ++common;
    }
    CHECK(common >= 10);
    CHECK(common <= 30);
    CHECK(help.find("\nUsage: " + std::string(program.name)) != std::string::npos);
  });
}

TEST_CASE("help stays within 100 columns") {
  for_each_table([](const Program& program, const FlagTable& table) {
    for (const std::string& text : {short_help(program, table), full_help(program, table)}) {
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK(line.size() <= 100);
      }
    }
  });
}

TEST_CASE("the table as JSON") {
  for_each_table([](const Program& program, const FlagTable& table) {
    const auto json = nlohmann::json::parse(table_json(program, table));
    CHECK(json["program"] == std::string(program.name));
    std::set<std::string> names;
    for (const auto& flag : json["flags"]) names.insert(flag["name"].get<std::string>());
    for (const Flag& flag : table) {
      INFO(flag.name);
      CHECK(names.contains(std::string(flag.name)) == !flag.hidden);
    }
  });
}
