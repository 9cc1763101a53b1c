// Help, man page and completions of a whole program, made from the tables of its subcommands.
#include <algorithm>
#include <cctype>
#include <iostream>
#include <iterator>
#include <map>
#include <vector>

#include "options/documents/documents.hpp"
#include "options/subcommand.hpp"
#include "options/words.hpp"

namespace mqtk {

namespace {

/// Every subcommand with its own flags; those that several have in the same form come once, first.
struct Tables {
  const Suite& suite;
  std::vector<std::unique_ptr<Subcommand>> subcommands;  ///< hold what the tables are bound to
  std::vector<FlagTable> tables;
  FlagTable common;
  std::vector<FlagTable> own;
};

bool contains(const FlagTable& table, const Flag& flag) {
  for (const Flag& other : table) {
    if (other.name == flag.name && other.doc == flag.doc) return true;
  }
  return false;
}

Tables collect(const Suite& suite) {
  Tables out{suite, {}, {}, {}, {}};
  ClientFlags client;
  if (suite.append_common != nullptr) suite.append_common(out.common, client);
  append_help_flags(out.common);
  for (const SubcommandEntry& entry : suite.subcommands) {
    out.subcommands.push_back(entry.make());
    FlagTable& table = out.tables.emplace_back(out.subcommands.back()->flags());
    append_help_flags(table);
    FlagTable& own = out.own.emplace_back();
    for (const Flag& flag : table) {
      if (!contains(out.common, flag)) own.push_back(flag);
    }
  }
  return out;
}

std::string help(const Suite& suite) {
  const std::string name(suite.program.name);
  std::string out = name + " - ";
  out.append(suite.program.summary).append("\n\nUsage: ");
  const std::string_view synopsis = suite.program.synopsis;
  for (std::size_t at = 0; at < synopsis.size();) {
    const std::size_t end = std::min(synopsis.find('\n', at), synopsis.size());
    out.append(at > 0 ? "       " : "").append(name).append(" ");
    out.append(synopsis.substr(at, end - at)).append("\n");
    at = end + 1;
  }
  out += "\nSubcommands:\n";
  for (const SubcommandEntry& entry : suite.subcommands) {
    out.append("  ").append(entry.word).append(12 - entry.word.size(), ' ');
    out.append(entry.program.summary).append("\n");
  }
  return out + "\nOptions of each: " + name + " SUBCOMMAND --help. All of them: man " + name + "\n";
}

// One section a subcommand: the frame's own marks are filled by man_page().
std::string man(const Tables& tables) {
  const std::string page((std::istreambuf_iterator<char>(std::cin)), {});
  constexpr std::string_view kMark = "@SUBCOMMANDS@\n";
  const auto at = page.find(kMark);
  if (at == std::string::npos) return man_page(tables.suite.program, tables.common, page);
  std::string out = man_page(tables.suite.program, tables.common, page.substr(0, at));
  for (std::size_t i = 0; i < tables.own.size(); ++i) {
    const SubcommandEntry& entry = tables.suite.subcommands[i];
    std::string head(entry.word);
    for (char& c : head) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    std::string frame = ".SH " + head + "\n@SYNOPSIS@\n.PP\n";
    for (const char c : entry.description) frame += c == '-' ? std::string("\\-") : std::string{c};
    frame += "\n@OPTIONS@\n";
    out += man_page(entry.program, tables.own[i], frame);
  }
  return out + man_page(tables.suite.program, tables.common, page.substr(at + kMark.size()));
}

std::string all_words(const Suite& suite) {
  std::string out;
  for (const SubcommandEntry& entry : suite.subcommands) {
    out.append(out.empty() ? "" : " ").append(entry.word);
  }
  return out;
}

// "_the_program" or "_the_program_word".
std::string function_name(const Suite& suite, std::string_view word = {}) {
  std::string name = "_" + std::string(suite.program.name);
  if (!word.empty()) name.append("_").append(word);
  std::ranges::replace(name, '-', '_');
  return name;
}

// "word", or "word|alias|alias" for a shell's case.
std::string pattern(const SubcommandEntry& entry) {
  std::string out(entry.word);
  for_each_word(entry.aliases, [&](std::string_view alias) { out.append("|").append(alias); });
  return out;
}

// What a word that names no subcommand completes as.
std::string otherwise(const Suite& suite) {
  return suite.otherwise.empty() ? "return 1" : function_name(suite, suite.otherwise);
}

// The functions of all subcommands, each as the shell's generator makes it, and one that chooses.
std::string bash(const Tables& tables) {
  const Suite& suite = tables.suite;
  const std::string self = function_name(suite);
  const std::string program_name(suite.program.name);
  std::string out =
      "# bash completion for " + program_name + "; made by " + program_name + " --generate\n";
  for (std::size_t i = 0; i < tables.tables.size(); ++i) {
    const std::string_view word = suite.subcommands[i].word;
    const std::string name = program_name + "-" + std::string(word);
    Program program = suite.program;
    program.name = name;
    std::string one = bash_completion(program, tables.tables[i]);
    one.erase(one.rfind("complete -F"));
    one.erase(0, i > 0 ? one.find(function_name(suite, word) + "()") : one.find('\n') + 1);
    out += one;
  }
  out += self + "() {\n  local word\n" +
         "  if [[ $COMP_CWORD -eq 1 && ${COMP_WORDS[1]} != -* ]]; then\n"
         "    COMPREPLY=($(compgen -W '" +
         all_words(suite) +
         "' -- \"${COMP_WORDS[1]}\"))\n    return\n  fi\n  case ${COMP_WORDS[1]} in\n";
  for (const SubcommandEntry& entry : suite.subcommands) {
    out.append("    ").append(pattern(entry)).append(") ");
    out.append(function_name(suite, entry.word)).append(" ;;\n");
  }
  return out + "    *) " + otherwise(suite) + " ;;\n  esac\n}\ncomplete -F " + self + " " +
         std::string(suite.program.name) + "\n";
}

// The lines of a completion that describe flags, each with its backslash at the end.
std::string zsh_flags(const Suite& suite, const FlagTable& table) {
  const std::string all = zsh_completion(suite.program, table);
  const auto begin = all.find('\n', all.find("_arguments")) + 1;
  return all.substr(begin, all.rfind("    && return") - begin);
}

std::string zsh(const Tables& tables) {
  const Suite& suite = tables.suite;
  const std::string name(suite.program.name);
  std::string out = "#compdef " + name + "\n# zsh completion for " + name + "; made by " + name +
                    " --generate\n" + std::string(kZshProgram) + "local -a common\ncommon=( \\\n" +
                    zsh_flags(suite, tables.common) + ")\n";
  for (std::size_t i = 0; i < tables.own.size(); ++i) {
    out += function_name(suite, suite.subcommands[i].word) +
           "() {\n  _arguments -s -S $common \\\n" + zsh_flags(suite, tables.own[i]) +
           "    && return 0\n}\n";
  }
  out += "if (( CURRENT == 2 )) && [[ ${words[2]} != -* ]]; then\n  _values subcommand";
  for (const SubcommandEntry& entry : suite.subcommands) {
    out.append(" \\\n    '").append(entry.word).append("[").append(entry.program.summary);
    out += "]'";
  }
  out += "\n  return\nfi\ncase ${words[2]} in\n";
  for (const SubcommandEntry& entry : suite.subcommands) {
    out.append("  ").append(pattern(entry)).append(") shift words; (( CURRENT-- )); ");
    out.append(function_name(suite, entry.word)).append(" ;;\n");
  }
  return out + "  *) " + otherwise(suite) + " ;;\nesac\n";
}

std::string fish(const Tables& tables) {
  const Suite& suite = tables.suite;
  const std::string name(suite.program.name);
  const std::string command = "complete -c " + name;
  std::string out =
      "# fish completion for " + name + "; made by " + name + " --generate\n" + command + " -f\n";
  const std::string words = all_words(suite);
  for (const SubcommandEntry& entry : suite.subcommands) {
    out.append(command).append(" -n '__fish_use_subcommand' -a ").append(entry.word);
    out.append(" -d '").append(entry.program.summary).append("'\n");
  }
  const auto add = [&](const FlagTable& table, const std::string& condition) {
    const std::string all = fish_completion(suite.program, table);
    std::string_view text = all;
    text.remove_prefix(text.find('\n') + 1);
    text.remove_prefix(text.find('\n') + 1);
    while (!text.empty()) {
      const auto end = text.find('\n');
      out.append(command).append(condition).append(
          text.substr(command.size(), end + 1 - command.size()));
      text.remove_prefix(end + 1);
    }
  };
  add(tables.common, "");
  for (std::size_t i = 0; i < tables.own.size(); ++i) {
    const SubcommandEntry& entry = suite.subcommands[i];
    std::string condition = " -n '__fish_seen_subcommand_from " + std::string(entry.word);
    if (!entry.aliases.empty()) condition.append(" ").append(entry.aliases);
    if (entry.word == suite.otherwise) {
      condition.append("; or not __fish_seen_subcommand_from ").append(words);
    }
    add(tables.own[i], condition.append("'"));
  }
  return out;
}

std::string json(const Tables& tables) {
  std::string out =
      "{\"program\": \"" + std::string(tables.suite.program.name) + "\", \"subcommands\": [\n";
  for (std::size_t i = 0; i < tables.tables.size(); ++i) {
    if (i > 0) out += ",\n";
    out += table_json(tables.suite.subcommands[i].program, tables.tables[i]);
  }
  return out + "]}\n";
}

}  // namespace

std::optional<std::string> whole_document(const Suite& suite, int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "--version") return version_text(suite.program);
  if (first == "--help" || (first == "help" && argc == 2)) return help(suite);
  if (first == "--help=all" || first == "help") {
    const SubcommandEntry* entry = find_subcommand(suite, argc > 2 ? argv[2] : suite.otherwise);
    if (entry == nullptr) return help(suite);
    const auto subcommand = entry->make();
    FlagTable table = subcommand->flags();
    append_help_flags(table);
    return full_help(entry->program, table);
  }
  constexpr std::string_view kGenerate = "--generate=";
  if (!first.starts_with(kGenerate)) return std::nullopt;
  static const std::map<std::string_view, std::string (*)(const Tables&)> kDocuments = {
      {"man", man}, {"bash", bash}, {"zsh", zsh}, {"fish", fish}, {"json", json}};
  const auto found = kDocuments.find(first.substr(kGenerate.size()));
  if (found == kDocuments.end()) return std::nullopt;
  return found->second(collect(suite));
}

}  // namespace mqtk
