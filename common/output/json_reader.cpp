#include "output/json_reader.hpp"

#include <algorithm>

#include "wire/utf8.hpp"

namespace mqtk {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::uint32_t hex_value(Bytes digits) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    value = value * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += octet(point);
  } else if (point < 0x800) {
    out += octet(0xC0U | (point >> 6U));
    out += octet(0x80U | (point & 0x3FU));
  } else if (point < 0x10000) {
    out += octet(0xE0U | (point >> 12U));
    out += octet(0x80U | ((point >> 6U) & 0x3FU));
    out += octet(0x80U | (point & 0x3FU));
  } else {
    out += octet(0xF0U | (point >> 18U));
    out += octet(0x80U | ((point >> 12U) & 0x3FU));
    out += octet(0x80U | ((point >> 6U) & 0x3FU));
    out += octet(0x80U | (point & 0x3FU));
  }
}

}  // namespace

JsonReader::Token JsonReader::fault() {
  state_ = State::Faulty;
  return {Kind::Fault, {}};
}

JsonReader::Token JsonReader::take(Kind kind, std::size_t size) {
  const Token token{kind, text_.substr(at_, size)};
  at_ += size;
  return token;
}

void JsonReader::skip_space() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r' || text_[at_] == '\n')) {
    ++at_;
  }
}

JsonReader::Token JsonReader::next() {
  if (state_ == State::Faulty) return {Kind::Fault, {}};
  skip_space();
  if (state_ == State::Done || (state_ == State::AfterValue && depth_ == 0)) {
    state_ = State::Done;
    return at_ == text_.size() ? Token{Kind::End, {}} : fault();
  }
  if (at_ == text_.size()) return fault();
  const char c = text_[at_];
  switch (state_) {
    case State::FirstKey:
      if (c == '}') return close(Kind::ObjectEnd);
      return string(Kind::Key);
    case State::FirstElement:
      if (c == ']') return close(Kind::ArrayEnd);
      return value();
    case State::Colon:
      if (c != ':') return fault();
      ++at_;
      skip_space();
      return value();
    case State::AfterValue:
      if (c == (in_object() ? '}' : ']')) {
        return close(in_object() ? Kind::ObjectEnd : Kind::ArrayEnd);
      }
      if (c != ',') return fault();
      ++at_;
      skip_space();
      return in_object() ? string(Kind::Key) : value();
    case State::Value:
    case State::Done:
    case State::Faulty:
      break;
  }
  return value();
}

JsonReader::Token JsonReader::value() {
  if (at_ == text_.size()) return fault();
  switch (text_[at_]) {
    case '{':
      return open(Kind::ObjectBegin, State::FirstKey);
    case '[':
      return open(Kind::ArrayBegin, State::FirstElement);
    case '"':
      return string(Kind::String);
    case 't':
      return literal("true");
    case 'f':
      return literal("false");
    case 'n':
      return literal("null");
    default:
      return number();
  }
}

JsonReader::Token JsonReader::open(Kind kind, State first) {
  if (depth_ == kMaxDepth) return fault();
  ++depth_;
  const std::uint64_t bit = std::uint64_t{1} << (depth_ % 64);
  if (kind == Kind::ObjectBegin) {
    objects_[depth_ / 64] |= bit;
  } else {
    objects_[depth_ / 64] &= ~bit;
  }
  state_ = first;
  return take(kind, 1);
}

JsonReader::Token JsonReader::close(Kind kind) {
  --depth_;
  state_ = State::AfterValue;
  return take(kind, 1);
}

JsonReader::Token JsonReader::string(Kind kind) {
  if (at_ == text_.size() || text_[at_] != '"') return fault();
  std::size_t end = at_ + 1;
  bool ascii = true;
  while (end < text_.size() && text_[end] != '"') {
    if (u8(text_[end]) < 0x20) return fault();
    ascii &= u8(text_[end]) < 0x80;
    if (text_[end] != '\\') {
      ++end;
      continue;
    }
    const char escape = end + 1 < text_.size() ? text_[end + 1] : '\0';
    std::size_t size = 2;
    if (escape == 'u') {
      const Bytes digits = text_.substr(end + 2, 4);
      if (digits.size() < 4 || !std::all_of(digits.begin(), digits.end(), is_hex_digit)) {
        return fault();
      }
      size = 6;
    } else if (escape == '\0' || std::string_view("\"\\/bfnrt").find(escape) == Bytes::npos) {
      return fault();
    }
    end += size;
  }
  if (end >= text_.size()) return fault();
  if (!ascii && !wire::is_utf8(text_.substr(at_, end - at_))) return fault();
  state_ = kind == Kind::Key ? State::Colon : State::AfterValue;
  return take(kind, end + 1 - at_);
}

JsonReader::Token JsonReader::number() {
  std::size_t end = at_;
  const auto here = [&] { return end < text_.size() ? text_[end] : '\0'; };
  const auto digits = [&] {
    const std::size_t from = end;
    while (is_digit(here())) ++end;
    return end > from;
  };
  if (here() == '-') ++end;
  if (here() == '0') {
    ++end;
  } else if (!digits()) {
    return fault();
  }
  if (here() == '.') {
    ++end;
    if (!digits()) return fault();
  }
  if (here() == 'e' || here() == 'E') {
    ++end;
    if (here() == '+' || here() == '-') ++end;
    if (!digits()) return fault();
  }
  state_ = State::AfterValue;
  return take(Kind::Number, end - at_);
}

JsonReader::Token JsonReader::literal(std::string_view word) {
  if (!text_.substr(at_).starts_with(word)) return fault();
  state_ = State::AfterValue;
  return take(Kind::Literal, word.size());
}

bool JsonReader::skip(const Token& first) {
  if (first.kind != Kind::ObjectBegin && first.kind != Kind::ArrayBegin) {
    return first.kind != Kind::Fault;
  }
  const unsigned outside = depth_ - 1;
  while (depth_ > outside) {
    if (next().kind == Kind::Fault) return false;
  }
  return true;
}

bool JsonReader::too_deep() const {
  return depth_ >= kMaxDepth && at_ < text_.size() && (text_[at_] == '[' || text_[at_] == '{');
}

JsonFault check_json(Bytes text) {
  JsonReader reader(text);
  for (;;) {
    const JsonReader::Kind kind = reader.next().kind;
    if (kind == JsonReader::Kind::End) return JsonFault::None;
    if (kind == JsonReader::Kind::Fault) {
      return reader.too_deep() ? JsonFault::TooDeep : JsonFault::NotJson;
    }
  }
}

std::string json_string_text(Bytes quoted) {
  const Bytes text = quoted.substr(1, quoted.size() - 2);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      out += text[at++];
      continue;
    }
    const char escape = text[at + 1];
    if (escape != 'u') {
      constexpr std::string_view kLetters = "bfnrt";
      const std::size_t letter = kLetters.find(escape);
      out += letter == Bytes::npos ? escape : "\b\f\n\r\t"[letter];
      at += 2;
      continue;
    }
    std::uint32_t point = hex_value(text.substr(at + 2, 4));
    at += 6;
    if (point >= 0xD800 && point < 0xE000) {
      const bool pair = point < 0xDC00 && text.substr(at).starts_with("\\u");
      const std::uint32_t low = pair ? hex_value(text.substr(at + 2, 4)) : 0;
      if (low >= 0xDC00 && low < 0xE000) {
        point = 0x10000 + ((point - 0xD800) << 10U) + (low - 0xDC00);
        at += 6;
      } else {
        point = 0xFFFD;
      }
    }
    append_utf8(out, point);
  }
  return out;
}

}  // namespace mqtk
