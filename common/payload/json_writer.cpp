#include "payload/json_writer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "output/json_text.hpp"
#include "wire/utf8.hpp"

namespace mqtk {

namespace {

/// U+FFFD for every octet that is no UTF-8.
std::string repaired(Bytes text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = 1;
    while (size < std::min<std::size_t>(4, text.size()) && !wire::is_utf8(text.substr(0, size))) {
      ++size;
    }
    if (wire::is_utf8(text.substr(0, size))) {
      out += text.substr(0, size);
    } else {
      size = 1;
      out += "\xEF\xBF\xBD";
    }
    text.remove_prefix(size);
  }
  return out;
}

void append_string(std::string& out, Bytes text) {
  if (wire::is_utf8(text)) {
    append_json_string(out, text);
  } else {
    append_json_string(out, repaired(text));
  }
}

template <typename Float>
std::string digits(Float value) {
  char text[32];
  const auto end = std::to_chars(std::begin(text), std::end(text), value).ptr;
  return {text, end};
}

}  // namespace

void JsonWriter::separate() {
  if (!first_) *out_ += ',';
  first_ = false;
}

void JsonWriter::begin(char bracket) {
  separate();
  *out_ += bracket;
  first_ = true;
}

void JsonWriter::end(char bracket) {
  *out_ += bracket;
  first_ = false;
}

void JsonWriter::key(Bytes name) {
  separate();
  append_string(*out_, name);
  *out_ += ':';
  first_ = true;
}

void JsonWriter::end_key(std::string_view json) {
  if (json.starts_with('"')) {
    *out_ += json;
  } else {
    append_string(*out_, json);
  }
  *out_ += ':';
  first_ = true;
}

void JsonWriter::string(Bytes text) {
  separate();
  append_string(*out_, text);
}

void JsonWriter::octets(Bytes data) {
  std::string text = to_base64(data);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  while (text.ends_with('=')) text.pop_back();
  raw('"' + text + '"');
}

void JsonWriter::number(double value) {
  raw(std::isfinite(value) ? digits(value) : "null");
}

void JsonWriter::number(float value) {
  raw(std::isfinite(value) ? digits(value) : "null");
}

void JsonWriter::raw(std::string_view json) {
  separate();
  *out_ += json;
}

}  // namespace mqtk
