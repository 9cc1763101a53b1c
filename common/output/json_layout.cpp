#include "output/json_layout.hpp"

#include <algorithm>

#include "output/json_reader.hpp"
#include "output/json_text.hpp"
#include "output/terminal_text.hpp"

namespace mqtk {

namespace {

using Kind = JsonReader::Kind;

constexpr std::string_view kKeyColor = "\x1b[34m";
constexpr std::string_view kStringColor = "\x1b[32m";
constexpr std::string_view kNumberColor = "\x1b[36m";
constexpr std::string_view kLiteralColor = "\x1b[35m";
constexpr std::string_view kPlain = "\x1b[0m";

bool is_visible_ascii(char c) {
  return u8(c) >= 0x20 && u8(c) < 0x7F;
}

/// A string as it is written, but for characters that must not reach a terminal.
void append_quoted(std::string& out, Bytes quoted) {
  if (std::all_of(quoted.begin(), quoted.end(), is_visible_ascii)) {
    out.append(quoted);
    return;
  }
  while (!quoted.empty()) {
    const auto stop = std::find_if_not(quoted.begin(), quoted.end(), is_visible_ascii);
    const auto plain = static_cast<std::size_t>(stop - quoted.begin());
    out.append(quoted.substr(0, plain));
    quoted.remove_prefix(plain);
    const auto other = static_cast<std::size_t>(
        std::find_if(quoted.begin(), quoted.end(), is_visible_ascii) - quoted.begin());
    const std::size_t quote = out.size();
    append_json_string(out, quoted.substr(0, other));
    out.pop_back();
    out.erase(quote, 1);
    quoted.remove_prefix(other);
  }
}

std::string_view color_of(Kind kind) {
  switch (kind) {
    case Kind::Key:
      return kKeyColor;
    case Kind::String:
      return kStringColor;
    case Kind::Number:
      return kNumberColor;
    case Kind::Literal:
      return kLiteralColor;
    case Kind::ObjectBegin:
    case Kind::ObjectEnd:
    case Kind::ArrayBegin:
    case Kind::ArrayEnd:
    case Kind::End:
    case Kind::Fault:
      break;
  }
  return {};
}

void append_piece(std::string& out, const JsonReader::Token& token, bool color) {
  const std::string_view paint = color ? color_of(token.kind) : std::string_view();
  out += paint;
  if (token.kind == Kind::Key || token.kind == Kind::String) {
    append_quoted(out, token.text);
  } else {
    out += token.text;
  }
  if (!paint.empty()) out += kPlain;
}

/// Does the list that `reader` stands in hold nothing but a few numbers and words?
bool is_short_list(JsonReader reader) {
  constexpr std::size_t kShort = 60;
  for (std::size_t size = 0; size < kShort;) {
    const auto token = reader.next();
    if (token.kind == Kind::ArrayEnd) return true;
    if (token.kind != Kind::Number && token.kind != Kind::Literal) return false;
    size += token.text.size() + 2;
  }
  return false;
}

void append_line_break(std::string& out, unsigned depth) {
  out += '\n';
  constexpr unsigned kDeepest = 32;
  out.append(std::size_t{2} * std::min(depth, kDeepest), ' ');
}

}  // namespace

void append_json_line(std::string& out, Bytes json, Escapes escapes) {
  JsonReader reader(json);
  Kind before = Kind::ObjectBegin;
  for (auto token = reader.next(); token.kind != Kind::End && token.kind != Kind::Fault;
       token = reader.next()) {
    const bool closes = token.kind == Kind::ObjectEnd || token.kind == Kind::ArrayEnd;
    const bool opened =
        before == Kind::ObjectBegin || before == Kind::ArrayBegin || before == Kind::Key;
    if (!opened && !closes) out += ',';
    if (escapes == Escapes::Safe) {
      append_piece(out, token, false);
    } else {
      out += token.text;
    }
    if (token.kind == Kind::Key) out += ':';
    before = token.kind;
  }
}

std::size_t append_json_indented(std::string& out, Bytes json, const JsonLayout& layout) {
  const std::size_t limit = layout.limit > 0 ? layout.limit : json.size();
  JsonReader reader(json);
  Kind before = Kind::Key;
  unsigned flat = 0;  ///< depth of the short list we are in
  for (auto token = reader.next(); token.kind != Kind::End && token.kind != Kind::Fault;
       token = reader.next()) {
    const auto at = static_cast<std::size_t>(token.text.data() - json.data());
    if (at >= limit) return limit;
    const bool closes = token.kind == Kind::ObjectEnd || token.kind == Kind::ArrayEnd;
    const bool opened = before == Kind::ObjectBegin || before == Kind::ArrayBegin;
    if (before != Kind::Key && !opened && !closes) out += flat != 0 ? ", " : ",";
    const bool breaks = before != Kind::Key && flat == 0 && !(opened && closes);
    if (breaks) {
      const bool begins = token.kind == Kind::ObjectBegin || token.kind == Kind::ArrayBegin;
      append_line_break(out, reader.depth() - (begins ? 1U : 0U));
    }
    if (token.text.size() > limit - at) {
      append_terminal_text(out, token.text.substr(0, limit - at), Lines::Escape);
      return limit;
    }
    append_piece(out, token, layout.color);
    if (token.kind == Kind::Key) out += ": ";
    if (token.kind == Kind::ArrayBegin && flat == 0 && is_short_list(reader)) flat = reader.depth();
    if (token.kind == Kind::ArrayEnd && flat > reader.depth()) flat = 0;
    before = token.kind;
  }
  return json.size();
}

}  // namespace mqtk
