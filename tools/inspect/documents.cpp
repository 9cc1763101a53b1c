#include "inspect/documents.hpp"

#include <iostream>
#include <iterator>
#include <map>
#include <vector>

#include "inspect/subcommand.hpp"
#include "options/documents.hpp"

namespace mqtk::inspect {

namespace {

constexpr Program kProgram{
    .name = "mqtt-inspect",
    .summary = "say why it does not connect and what a broker can do",
    .synopsis = "[connect] [URL] [OPTION]...\nSUBCOMMAND [OPTION]...",
    .examples = "",
};

/// Every subcommand with its own flags; those that several have in the same form come once, first.
struct Tables {
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

Tables collect() {
  Tables out;
  ClientFlags client;
  append_connection_flags(out.common, client);
  append_help_flags(out.common);
  for (const SubcommandEntry& entry : subcommands()) {
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

std::string help() {
  std::string out(kProgram.name);
  out.append(" - ").append(kProgram.summary);
  out +=
      "\n\nUsage: mqtt-inspect [connect] [URL] [OPTION]...\n"
      "       mqtt-inspect SUBCOMMAND [OPTION]...\n\nSubcommands:\n";
  for (const SubcommandEntry& entry : subcommands()) {
    out.append("  ").append(entry.word).append(12 - entry.word.size(), ' ');
    out.append(entry.program.summary).append("\n");
  }
  return out + "\nOptions of each: mqtt-inspect SUBCOMMAND --help. All of them: man mqtt-inspect\n";
}

// One section a subcommand: the frame's own marks are filled by man_page().
std::string man(const Tables& tables) {
  const std::string page((std::istreambuf_iterator<char>(std::cin)), {});
  constexpr std::string_view kMark = "@SUBCOMMANDS@\n";
  const auto at = page.find(kMark);
  if (at == std::string::npos) return man_page(kProgram, tables.common, page);
  std::string out = man_page(kProgram, tables.common, page.substr(0, at));
  for (std::size_t i = 0; i < tables.own.size(); ++i) {
    const SubcommandEntry& entry = subcommands()[i];
    std::string head(entry.word);
    for (char& c : head) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    std::string frame = ".SH " + head + "\n@SYNOPSIS@\n.PP\n";
    for (const char c : entry.description) frame += c == '-' ? std::string("\\-") : std::string{c};
    frame += "\n@OPTIONS@\n";
    out += man_page(entry.program, tables.own[i], frame);
  }
  return out + man_page(kProgram, tables.common, page.substr(at + kMark.size()));
}

std::string all_words() {
  std::string out;
  for (const SubcommandEntry& entry : subcommands()) {
    out.append(out.empty() ? "" : " ").append(entry.word);
  }
  return out;
}

std::string function_name(std::string_view word) {
  return "_mqtt_inspect_" + std::string(word);
}

// The functions of all subcommands, each as the shell's generator makes it, and one that chooses.
std::string bash(const Tables& tables) {
  std::string out;
  for (std::size_t i = 0; i < tables.tables.size(); ++i) {
    const std::string name = "mqtt-inspect-" + std::string(subcommands()[i].word);
    Program program = kProgram;
    program.name = name;
    std::string one = bash_completion(program, tables.tables[i]);
    one.erase(one.rfind("complete -F"));
    if (i > 0) one.erase(0, one.find(function_name(subcommands()[i].word) + "()"));
    out += one;
  }
  out +=
      "_mqtt_inspect() {\n  local word\n"
      "  if [[ $COMP_CWORD -eq 1 && ${COMP_WORDS[1]} != -* ]]; then\n"
      "    COMPREPLY=($(compgen -W '" +
      all_words() + "' -- \"${COMP_WORDS[1]}\"))\n    return\n  fi\n  case ${COMP_WORDS[1]} in\n";
  for (const SubcommandEntry& entry : subcommands()) {
    out.append("    ").append(entry.word).append(") ").append(function_name(entry.word));
    out += " ;;\n";
  }
  return out +
         "    *) _mqtt_inspect_connect ;;\n  esac\n}\ncomplete -F _mqtt_inspect mqtt-inspect\n";
}

// The lines of a completion that describe flags, each with its backslash at the end.
std::string zsh_flags(const FlagTable& table) {
  const std::string all = zsh_completion(kProgram, table);
  const auto begin = all.find('\n', all.find("_arguments")) + 1;
  return all.substr(begin, all.rfind("    && return") - begin);
}

std::string zsh(const Tables& tables) {
  std::string out =
      "#compdef mqtt-inspect\n# zsh completion for mqtt-inspect; made by mqtt-inspect --generate\n"
      "local -a common\ncommon=( \\\n" +
      zsh_flags(tables.common) + ")\n";
  for (std::size_t i = 0; i < tables.own.size(); ++i) {
    out.append(function_name(subcommands()[i].word))
        .append("() {\n  _arguments -s -S $common \\\n");
    out += zsh_flags(tables.own[i]) + "    && return 0\n}\n";
  }
  out += "if (( CURRENT == 2 )) && [[ ${words[2]} != -* ]]; then\n  _values subcommand";
  for (const SubcommandEntry& entry : subcommands()) {
    out.append(" \\\n    '").append(entry.word).append("[").append(entry.program.summary);
    out += "]'";
  }
  out += "\n  return\nfi\ncase ${words[2]} in\n";
  for (const SubcommandEntry& entry : subcommands()) {
    out.append("  ").append(entry.word).append(") shift words; (( CURRENT-- )); ");
    out.append(function_name(entry.word)).append(" ;;\n");
  }
  return out + "  *) _mqtt_inspect_connect ;;\nesac\n";
}

std::string fish(const Tables& tables) {
  std::string out =
      "# fish completion for mqtt-inspect; made by mqtt-inspect --generate\n"
      "complete -c mqtt-inspect -f\n";
  const std::string words = all_words();
  for (const SubcommandEntry& entry : subcommands()) {
    out.append("complete -c mqtt-inspect -n '__fish_use_subcommand' -a ").append(entry.word);
    out.append(" -d '").append(entry.program.summary).append("'\n");
  }
  const std::string command = "complete -c mqtt-inspect";
  const auto add = [&](const FlagTable& table, const std::string& condition) {
    std::string_view text;
    const std::string all = fish_completion(kProgram, table);
    text = all;
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
    const std::string word(subcommands()[i].word);
    std::string condition = " -n '__fish_seen_subcommand_from " + word;
    if (word == "connect") condition.append("; or not __fish_seen_subcommand_from ").append(words);
    add(tables.own[i], condition.append("'"));
  }
  return out;
}

std::string json(const Tables& tables) {
  std::string out = "{\"program\": \"mqtt-inspect\", \"subcommands\": [\n";
  for (std::size_t i = 0; i < tables.tables.size(); ++i) {
    if (i > 0) out += ",\n";
    out += table_json(subcommands()[i].program, tables.tables[i]);
  }
  return out + "]}\n";
}

}  // namespace

std::optional<std::string> whole_document(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "--version") return version_text(kProgram);
  if (first == "--help" || (first == "help" && argc == 2)) return help();
  if (first == "--help=all" || first == "help") {
    const SubcommandEntry* entry = find_subcommand(argc > 2 ? argv[2] : "connect");
    if (entry == nullptr) return help();
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
  return found->second(collect());
}

}  // namespace mqtk::inspect
