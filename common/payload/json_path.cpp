#include "payload/json_path.hpp"

#include <algorithm>

#include "base/units.hpp"
#include "output/json_reader.hpp"

namespace mqtk {

namespace {

using Kind = JsonReader::Kind;

constexpr std::string_view kHint = R"(such as .a.b[0], .["a b"] or /a/b/0)";

Unexpected<Error> bad_path(std::string_view path, std::string_view what) {
  return fail(ErrorKind::Usage, "'" + std::string(path) + "': " + std::string(what),
              std::string(kHint));
}

std::optional<std::size_t> index_of(std::string_view text) {
  const bool padded = text.size() > 1 && text[0] == '0';
  const auto number = padded ? std::nullopt : parse_number(text, 0, 0xFFFF'FFFF);
  if (!number) return std::nullopt;
  return static_cast<std::size_t>(*number);
}

bool same_key(Bytes quoted, std::string_view key) {
  if (quoted.find('\\') == Bytes::npos) return quoted.substr(1, quoted.size() - 2) == key;
  return json_string_text(quoted) == key;
}

/// The text of the value that begins with `first`, which `reader` has just handed out; empty: a
/// fault.
Bytes whole(JsonReader& reader, Bytes document, const JsonReader::Token& first) {
  if (first.kind == Kind::Fault || first.kind == Kind::End) return {};
  const auto from = static_cast<std::size_t>(first.text.data() - document.data());
  if (!reader.skip(first)) return {};
  return document.substr(from, reader.at() - from);
}

Bytes member(Bytes object, std::string_view key) {
  JsonReader reader(object);
  Bytes found;
  if (reader.next().kind != Kind::ObjectBegin) return {};
  for (auto token = reader.next(); token.kind == Kind::Key; token = reader.next()) {
    const Bytes value = whole(reader, object, reader.next());
    if (value.empty()) return {};
    if (same_key(token.text, key)) found = value;
  }
  return found;
}

Bytes element(Bytes array, std::size_t index) {
  JsonReader reader(array);
  if (reader.next().kind != Kind::ArrayBegin) return {};
  for (std::size_t i = 0;; ++i) {
    const auto token = reader.next();
    if (token.kind == Kind::ArrayEnd) return {};
    const Bytes value = whole(reader, array, token);
    if (value.empty() || i == index) return value;
  }
}

Bytes without_blanks(Bytes document) {
  const std::size_t from = document.find_first_not_of(" \t\r\n");
  if (from == Bytes::npos) return {};
  return document.substr(from, document.find_last_not_of(" \t\r\n") + 1 - from);
}

}  // namespace

Result<JsonPath> JsonPath::parse(std::string_view text) {
  if (text.starts_with('/')) return parse_pointer(text);
  if (text.starts_with('.') || text.starts_with('[')) return parse_dotted(text);
  return bad_path(text, "a path begins with '.', '[' or '/'");
}

Result<JsonPath> JsonPath::parse_pointer(std::string_view text) {
  JsonPath path;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('/', at + 1), text.size());
    Step step;
    for (std::size_t i = at + 1; i < end; ++i) {
      if (text[i] != '~') {
        step.key += text[i];
        continue;
      }
      const char escape = i + 1 < end ? text[++i] : '\0';
      if (escape != '0' && escape != '1') return bad_path(text, "'~' is written ~0, and '/' ~1");
      step.key += escape == '0' ? '~' : '/';
    }
    step.index = index_of(step.key);
    path.steps_.push_back(std::move(step));
    at = end;
  }
  return path;
}

Result<JsonPath> JsonPath::parse_dotted(std::string_view text) {
  JsonPath path;
  if (text == ".") return path;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '.' && at + 1 < text.size() && text[at + 1] == '[') ++at;
    const bool bracket = text[at] == '[';
    if (!bracket && text[at] != '.') return bad_path(text, "'.' or '[' is missing after ']'");
    Step step;
    std::size_t end = 0;
    if (bracket && at + 1 < text.size() && text[at + 1] == '"') {
      end = at + 2;
      while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2U : 1U;
      const Bytes quoted = text.substr(at + 1, std::min(end, text.size()) - at);
      if (end + 1 >= text.size() || text[end + 1] != ']' || !is_json(quoted)) {
        return bad_path(text, "a key in brackets is a JSON string: [\"key\"]");
      }
      step.key = json_string_text(quoted);
      end += 2;
    } else if (bracket) {
      end = text.find(']', at);
      if (end == std::string_view::npos) return bad_path(text, "']' is missing");
      step.index = index_of(text.substr(at + 1, end - at - 1));
      if (!step.index)
        return bad_path(text, "in brackets stands a number from 0, or a key in quotes");
      step.is_key = false;
      ++end;
    } else {
      end = std::min(text.find_first_of(".[", at + 1), text.size());
      step.key = text.substr(at + 1, end - at - 1);
      if (step.key.empty()) return bad_path(text, "a key is empty");
    }
    path.steps_.push_back(std::move(step));
    at = end;
  }
  return path;
}

Bytes JsonPath::find(Bytes document) const {
  Bytes here = without_blanks(document);
  for (const Step& step : steps_) {
    if (here.starts_with('{') && step.is_key) {
      here = member(here, step.key);
    } else if (here.starts_with('[') && step.index) {
      here = element(here, *step.index);
    } else {
      return {};
    }
    if (here.empty()) return {};
  }
  return here;
}

}  // namespace mqtk
