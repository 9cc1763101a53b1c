#include <algorithm>
#include <map>

#include "options/documents/documents.hpp"
#include "options/words.hpp"

namespace mqtk {

namespace {

// Names of profiles, asked of the program that is being typed.
constexpr std::string_view kZshProfiles =
    "${(f)\"$($~program --list-profiles 2>/dev/null | cut -f1)\"}";
constexpr std::string_view kFishProfiles =
    "eval (commandline -opc)[1] --list-profiles 2>/dev/null | string split -f1 \\t";

constexpr std::string_view kBashProfiles =
    "_mqtk_profiles() {\n"
    "  COMPREPLY=($(compgen -W \"$(\"${COMP_WORDS[0]/#\\~/$HOME}\" --list-profiles 2>/dev/null | "
    "cut -f1)\" -- \"$cur\"))\n"
    "}\n";

bool has_profiles(std::span<const Flag> table) {
  return std::ranges::any_of(
      table, [](const Flag& flag) { return flag.completion == Completion::Profile; });
}

std::string origin(const Program& program) {
  return "for " + std::string(program.name) + "; made by " + std::string(program.name) +
         " --generate\n";
}

// "_mqtt_pub"
std::string function_name(const Program& program) {
  std::string out = "_" + std::string(program.name);
  for (char& c : out) {
    if (c == '-') c = '_';
  }
  return out;
}

// Inside single quotes of a Bourne shell.
std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

template <typename Each>
void for_each_spelling(const Flag& flag, Each each) {
  if (flag.letter != 0) each("-" + std::string(1, flag.letter));
  each("--" + std::string(flag.name));
  for_each_word(flag.aliases, [&](std::string_view alias) { each("--" + std::string(alias)); });
}

// The statement that offers what may follow a flag.
std::string bash_values(const Flag& flag) {
  if (!flag.choices.empty()) {
    return "COMPREPLY=($(compgen -W " + shell_quoted(flag.choices) + " -- \"$cur\"))";
  }
  switch (flag.completion) {
    case Completion::File:
      return "_mqtk_paths -f";
    case Completion::Directory:
      return "_mqtk_paths -d";
    case Completion::Host:
      return "COMPREPLY=($(compgen -A hostname -- \"$cur\"))";
    case Completion::Profile:
      return "_mqtk_profiles";
    case Completion::None:
      return ":";
  }
  return ":";
}

std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const Flag& flag) {
  if (!flag.choices.empty()) return "(" + std::string(flag.choices) + ")";
  switch (flag.completion) {
    case Completion::File:
      return "_files";
    case Completion::Directory:
      return "_files -/";
    case Completion::Host:
      return "_hosts";
    case Completion::Profile:
      return "{compadd -- " + std::string(kZshProfiles) + "}";
    case Completion::None:
      return " ";
  }
  return " ";
}

std::string zsh_flag(const Flag& flag) {
  const bool repeats = flag.kind == FlagKind::List || flag.kind == FlagKind::Words;
  const std::string tail = flag.kind == FlagKind::Switch
                               ? std::string()
                               : (flag.kind == FlagKind::OptionalValue ? "::" : ":") +
                                     zsh_text(flag.value_name) + ":" + zsh_action(flag);
  const std::string doc = "[" + zsh_text(flag.doc) + "]" + tail;
  const bool takes_value = flag.kind != FlagKind::Switch;
  std::string out;
  for_each_spelling(flag, [&](const std::string& spelled) {
    std::string name = spelled;
    if (takes_value) {
      const bool is_long = spelled.starts_with("--");
      if (flag.kind == FlagKind::OptionalValue) {
        name += "=-";
      } else {
        name += is_long ? "=" : "+";
      }
    }
    out += "    " + shell_quoted((repeats ? "*" : "") + name + doc) + " \\\n";
  });
  return out;
}

std::string fish_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string fish_values(const Flag& flag) {
  if (flag.kind == FlagKind::Switch) return {};
  const std::string_view needed = flag.kind == FlagKind::OptionalValue ? " -f" : " -x";
  if (!flag.choices.empty()) return std::string(needed) + " -a " + fish_text(flag.choices);
  switch (flag.completion) {
    case Completion::File:
      return " -r -F";
    case Completion::Directory:
      return " -x -a '(__fish_complete_directories)'";
    case Completion::Host:
      return " -x -a '(__fish_print_hostnames)'";
    case Completion::Profile:
      return " -x -a '(" + std::string(kFishProfiles) + ")'";
    case Completion::None:
      return std::string(needed);
  }
  return std::string(needed);
}

}  // namespace

std::string bash_completion(const Program& program, std::span<const Flag> table) {
  const std::string function = function_name(program);
  std::map<std::string, std::string> patterns;  // statement -> spellings
  std::string all;
  for (const Flag& flag : table) {
    if (flag.hidden) continue;
    all += (all.empty() ? "--" : " --") + std::string(flag.name);
    if (flag.letter != 0) all += " -" + std::string(1, flag.letter);
    if (flag.kind == FlagKind::Switch) continue;
    std::string& pattern = patterns[bash_values(flag)];
    for_each_spelling(flag, [&](const std::string& spelled) {
      // A value that may be left out follows '=' only.
      if (flag.kind == FlagKind::OptionalValue) return;
      pattern += (pattern.empty() ? "" : "|") + spelled;
    });
  }
  std::string out = "# bash completion " + origin(program) +
                    "_mqtk_paths() {\n"
                    "  local IFS=$'\\n'\n"
                    "  compopt -o filenames 2>/dev/null\n"
                    "  COMPREPLY=($(compgen \"$1\" -- \"$cur\"))\n"
                    "}\n" +
                    (has_profiles(table) ? std::string(kBashProfiles) : std::string()) + function +
                    "() {\n"
                    "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                    "  COMPREPLY=()\n"
                    "  if [[ $cur == '=' ]]; then\n"
                    "    cur=\n"
                    "  elif [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then\n"
                    "    prev=${COMP_WORDS[COMP_CWORD-2]}\n"
                    "  fi\n"
                    "  case $prev in\n";
  if (has_profiles(table)) {
    // Bash takes the @ for a word of its own, unless told otherwise.
    const std::string names =
        "  if [[ $cur == '@' || $prev == '@' ]]; then\n"
        "    cur=${cur#@}\n"
        "    _mqtk_profiles\n"
        "    return\n"
        "  elif [[ $cur == @* ]]; then\n"
        "    cur=${cur#@}\n"
        "    _mqtk_profiles\n"
        "    COMPREPLY=(\"${COMPREPLY[@]/#/@}\")\n"
        "    return\n"
        "  fi\n";
    out.insert(out.rfind("  case $prev in"), names);
  }
  for (const auto& [statement, pattern] : patterns) {
    if (pattern.empty()) continue;
    out.append("    ").append(pattern).append(")\n      ");
    out.append(statement).append("\n      return ;;\n");
  }
  out +=
      "  esac\n"
      "  if [[ $cur == -* ]]; then\n"
      "    COMPREPLY=($(compgen -W " +
      shell_quoted(all) + " -- \"$cur\"))\n  fi\n}\n";
  return out + "complete -F " + function + " " + std::string(program.name) + "\n";
}

std::string zsh_completion(const Program& program, std::span<const Flag> table) {
  std::string out = "#compdef " + std::string(program.name) + "\n# zsh completion " +
                    origin(program) + std::string(kZshProgram) + "_arguments -s -S \\\n";
  for (const Flag& flag : table) {
    if (!flag.hidden) out += zsh_flag(flag);
  }
  if (has_profiles(table)) {
    out += "    " + shell_quoted("*:profile:{compadd -P @ -- " + std::string(kZshProfiles) + "}") +
           " \\\n";
  }
  return out + "    && return 0\n";
}

std::string fish_completion(const Program& program, std::span<const Flag> table) {
  const std::string command = "complete -c " + std::string(program.name);
  std::string out = "# fish completion " + origin(program) + command + " -f\n";
  for (const Flag& flag : table) {
    if (flag.hidden) continue;
    out += command;
    if (flag.letter != 0) out += " -s " + std::string(1, flag.letter);
    out += " -l " + std::string(flag.name);
    for_each_word(flag.aliases,
                  [&](std::string_view alias) { out += " -l " + std::string(alias); });
    out += fish_values(flag) + " -d " + fish_text(flag.doc) + "\n";
  }
  if (has_profiles(table)) {
    out += command + " -a '(string replace -r \"^\" @ (" + std::string(kFishProfiles) + "))'\n";
  }
  return out;
}

}  // namespace mqtk
