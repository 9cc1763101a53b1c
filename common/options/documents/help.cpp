#include "options/documents/documents.hpp"
#include "options/words.hpp"

namespace mqtk {

namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kDocColumn = 30;

std::string description(const Flag& flag) {
  std::string out(flag.doc);
  if (flag.mqtt5) out += " (MQTT 5)";
  if (!flag.default_text.empty()) out.append(" [").append(flag.default_text).append("]");
  return out;
}

void append_wrapped(std::string& out, std::string_view text) {
  std::size_t column = kDocColumn;
  bool first = true;
  for_each_word(text, [&](std::string_view word) {
    if (!first && column + 1 + word.size() > kWidth) {
      out.append(1, '\n').append(kDocColumn, ' ');
      column = kDocColumn;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    first = false;
  });
  out += '\n';
}

void append_flag(std::string& out, const Flag& flag) {
  std::string head = flag.letter != 0 ? "  " : "      ";
  head += spelling(flag);
  if (flag.kind == FlagKind::OptionalValue) {
    head.append("[=").append(flag.value_name).append("]");
  } else if (!flag.value_name.empty()) {
    head.append(" ").append(flag.value_name);
  }
  out += head;
  if (head.size() + 2 > kDocColumn) {
    out.append(1, '\n').append(kDocColumn, ' ');
  } else {
    out.append(kDocColumn - head.size(), ' ');
  }
  append_wrapped(out, description(flag));
}

template <typename Each>
void for_each_line(std::string_view text, Each each) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    each(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
}

std::string heading(const Program& program) {
  std::string out(program.name);
  out.append(" - ").append(program.summary).append("\n\n");
  std::string_view label = "Usage: ";
  for_each_line(program.synopsis, [&](std::string_view line) {
    out.append(label).append(program.name).append(" ").append(line).append("\n");
    label = "       ";
  });
  return out += '\n';
}

}  // namespace

std::string short_help(const Program& program, std::span<const Flag> table) {
  std::string out = heading(program);
  for (const Flag& flag : table) {
    if (flag.common && !flag.hidden) append_flag(out, flag);
  }
  if (!program.examples.empty()) {
    out += "\nExamples:\n";
    for_each_line(program.examples,
                  [&out](std::string_view line) { out.append("  ").append(line).append("\n"); });
  }
  out.append("\nAll options: ").append(program.name).append(" --help=all, or man ");
  return out.append(program.name).append("\n");
}

std::string full_help(const Program& program, std::span<const Flag> table) {
  std::string out = heading(program);
  bool first = true;
  for_each_group(table, [&](std::string_view group) {
    if (!first) out += '\n';
    first = false;
    out.append(group).append(":\n");
    for (const Flag& flag : table) {
      if (flag.group == group && !flag.hidden) append_flag(out, flag);
    }
  });
  return out;
}

}  // namespace mqtk
