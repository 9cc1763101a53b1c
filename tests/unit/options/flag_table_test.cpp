// Every entry of every flag table: what help, man pages and completions count on.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "options/documents/documents.hpp"
#include "options/words.hpp"
#include "support/catch.hpp"
#include "unit/options/tables.hpp"

using namespace mqtk;
using mqtk::test::for_each_table;

TEST_CASE("no two flags share a letter, a name or an alias") {
  for_each_table([](const Program& program, const FlagTable& table) {
    std::map<std::string, std::string, std::less<>> owner;
    const auto claim = [&](std::string spelled, const Flag& flag) {
      INFO(program.name << " " << spelled);
      CHECK(owner.emplace(std::move(spelled), flag.name).second);
    };
    for (const Flag& flag : table) {
      claim("--" + std::string(flag.name), flag);
      if (flag.letter != 0) claim(std::string{'-', flag.letter}, flag);
      for_each_word(flag.aliases,
                    [&](std::string_view alias) { claim("--" + std::string(alias), flag); });
    }
  });
}

TEST_CASE("every flag says what it is") {
  for_each_table([](const Program& program, const FlagTable& table) {
    for (const Flag& flag : table) {
      INFO(program.name << " --" << flag.name);
      CHECK_FALSE(flag.name.empty());
      CHECK_FALSE(flag.group.empty());
      REQUIRE_FALSE(flag.doc.empty());
      CHECK((flag.doc.back() != '.' || flag.doc.ends_with("...")));
      CHECK(flag.doc.find('\n') == std::string_view::npos);
      const bool capital = std::isupper(static_cast<unsigned char>(flag.doc[0])) != 0;
      const bool acronym =
          flag.doc.size() > 1 && std::isupper(static_cast<unsigned char>(flag.doc[1])) != 0;
      CHECK((!capital || acronym || flag.doc.starts_with("QoS")));
      CHECK((flag.kind == FlagKind::Switch) == flag.value_name.empty());
      CHECK((flag.kind == FlagKind::Words) == (flag.words != nullptr));
      CHECK(static_cast<bool>(flag.store));
      CHECK(std::ranges::all_of(flag.name, [](char c) {
        return std::islower(static_cast<unsigned char>(c)) != 0 ||
               std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-';
      }));
      if (!flag.details.empty()) CHECK(flag.details.back() == '.');
    }
  });
}

TEST_CASE("every heading appears once") {
  for_each_table([](const Program& program, const FlagTable& table) {
    const std::string help = full_help(program, table);
    for_each_group(table, [&](std::string_view group) {
      const std::string heading = "\n" + std::string(group) + ":\n";
      INFO(program.name << " " << group);
      const auto first = help.find(heading);
      REQUIRE(first != std::string::npos);
      CHECK(help.find(heading, first + 1) == std::string::npos);
    });
  });
}

TEST_CASE("choices are taken, and nothing else is") {
  for_each_table([](const Program& program, const FlagTable& table) {
    for (const Flag& flag : table) {
      if (flag.choices.empty() || flag.name == "help" || flag.name == "generate") continue;
      for_each_word(flag.choices, [&](std::string_view word) {
        INFO(program.name << " --" << flag.name << "=" << word);
        CHECK_FALSE(flag.store(word));
      });
      for (const std::string_view wrong : {"", " ", "no-such-word", "1e", "\xff"}) {
        if (wrong.empty() && flag.kind == FlagKind::OptionalValue) continue;
        INFO(program.name << " --" << flag.name << "=" << wrong);
        const auto complaint = flag.store(wrong);
        REQUIRE(complaint);
        CHECK_FALSE(complaint->empty());
      }
    }
  });
}

TEST_CASE("values of a kind refuse what is not of that kind") {
  const std::map<std::string_view, std::vector<std::string_view>> wrong = {
      {"DURATION", {"", "x", "-1", "1y", "5 s", "1h-3m", "99999999999999999999h", "nan"}},
      {"SECONDS", {"", "x", "-2", "1y", "4294967296"}},
      {"PORT", {"", "0", "65536", "-1", "1.5", "80 ", "+1", "0x50"}},
      {"QOS", {"", "3", "-1", "1.0", "q"}},
      {"N", {"", "x", "-1", "1.5", "99999999999999999999"}},
      {"SIZE", {"", "x", "-1", "5XB"}}};
  std::size_t checked = 0;
  for_each_table([&](const Program& program, const FlagTable& table) {
    for (const Flag& flag : table) {
      const auto values = wrong.find(flag.value_name);
      if (values == wrong.end()) continue;
      for (const std::string_view value : values->second) {
        // Without a value, an optional one is stored as the empty text.
        if (value.empty() && flag.kind == FlagKind::OptionalValue) continue;
        INFO(program.name << " --" << flag.name << "='" << value << "'");
        CHECK(flag.store(value));
        ++checked;
      }
    }
  });
  CHECK(checked > 100);
}
