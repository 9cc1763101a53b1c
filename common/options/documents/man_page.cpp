#include "options/documents/documents.hpp"
#include "options/profiles.hpp"
#include "options/words.hpp"

namespace mqtk {

namespace {

// Text as troff takes it: dashes stay dashes, nothing is taken for a request.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else if (c == '.' && (out.empty() || out.back() == '\n')) {
      out += "\\&.";
    } else {
      out += c;
    }
  }
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + escaped(text) + "\\fR";
}
std::string italic(std::string_view text) {
  return "\\fI" + escaped(text) + "\\fR";
}

std::string option_head(const Flag& flag) {
  std::string out;
  if (flag.letter != 0) out = bold({"-" + std::string(1, flag.letter)}) + ", ";
  out += bold("--" + std::string(flag.name));
  if (flag.kind == FlagKind::OptionalValue) {
    out += "[=" + italic(flag.value_name) + "]";
  } else if (!flag.value_name.empty()) {
    out += " " + italic(flag.value_name);
  }
  return out;
}

std::string as_sentence(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') {
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  }
  if (!out.ends_with('.')) out += '.';
  return out;
}

std::string option_text(const Flag& flag) {
  std::string out = escaped(as_sentence(flag.details.empty() ? flag.doc : flag.details));
  if (flag.mqtt5) out += " MQTT 5 only.";
  if (!flag.default_text.empty()) out += " Default: " + escaped(flag.default_text) + ".";
  if (!flag.aliases.empty()) {
    out += " Also";
    bool first = true;
    for_each_word(flag.aliases, [&](std::string_view alias) {
      out += (first ? " " : ", ") + bold("--" + std::string(alias));
      first = false;
    });
    out += ".";
  }
  return out;
}

std::string options(std::span<const Flag> table) {
  std::string out;
  for_each_group(table, [&](std::string_view group) {
    out += ".SS " + escaped(group) + "\n";
    for (const Flag& flag : table) {
      if (flag.group != group || flag.hidden) continue;
      out += ".TP\n" + option_head(flag) + "\n" + option_text(flag) + "\n";
    }
  });
  return out;
}

std::string synopsis(const Program& program) {
  std::string out;
  std::string_view rest = program.synopsis;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (!out.empty()) out += ".br\n";
    out += bold(program.name) + " " + escaped(rest.substr(0, end)) + "\n";
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return out;
}

std::string causes() {
  std::string out;
  for (int i = 1; i < static_cast<int>(Cause::Count_); ++i) {
    if (!out.empty()) out += ",\n";
    out += bold(name(static_cast<Cause>(i)));
  }
  return out + ".\n";
}

// What is written behind a key of a profile.
std::string value_of_key(const Flag& flag) {
  switch (flag.kind) {
    case FlagKind::Switch:
      return "true";
    case FlagKind::List:
      return "[" + italic("\"" + std::string(flag.value_name) + "\"") + ", ...]";
    case FlagKind::Words:
      return "[[" + italic(flag.value_name) + "], ...]";
    case FlagKind::Value:
    case FlagKind::OptionalValue:
      return italic("\"" + std::string(flag.value_name) + "\"");
  }
  return {};
}

std::string profile_keys() {
  const FlagTable& table = profile_table();
  std::string out;
  for_each_group(table, [&](std::string_view group) {
    out += ".SS " + escaped(group) + "\n";
    for (const Flag& flag : table) {
      if (flag.group != group || flag.hidden) continue;
      out += ".TP\n" + bold(flag.name) + " = " + value_of_key(flag) + "\n";
      out += escaped(as_sentence(flag.doc));
      if (!flag.choices.empty()) out += " One of " + bold(flag.choices) + ".";
      if (flag.kind == FlagKind::OptionalValue) out += " Or true.";
      if (!flag.default_text.empty()) out += " Default: " + escaped(flag.default_text) + ".";
      out += "\n";
    }
  });
  return out;
}

}  // namespace

std::string man_page(const Program& program, std::span<const Flag> table,
                     std::string_view page_template) {
  constexpr std::string_view kVersionMark = "@VERSION@";
  std::string out;
  while (!page_template.empty()) {
    const auto end = page_template.find('\n');
    std::string line(page_template.substr(0, end));
    page_template =
        end == std::string_view::npos ? std::string_view() : page_template.substr(end + 1);
    if (line == "@OPTIONS@") {
      out += options(table);
    } else if (line == "@SYNOPSIS@") {
      out += synopsis(program);
    } else if (line == "@CAUSES@") {
      out += causes();
    } else if (line == "@PROFILE_KEYS@") {
      out += profile_keys();
    } else {
      if (const auto at = line.find(kVersionMark); at != std::string::npos) {
        line.replace(at, kVersionMark.size(), MQTK_VERSION);
      }
      out += line + "\n";
    }
  }
  return out;
}

}  // namespace mqtk
