#include "output/message_record.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string_view>

#include "output/terminal_text.hpp"
#include "wire/utf8.hpp"

namespace mqtk {

namespace {

using wire::PropertyId;
using wire::PropertyType;

/// Octets that stand for themselves in a JSON string and are whole characters.
bool is_plain(char c) {
  return u8(c) >= 0x20 && u8(c) < 0x7F && c != '"' && c != '\\';
}

/// Not zero when one of the eight octets is not plain; now and then also when all are, which costs
/// time only.
std::uint64_t not_plain(const char* octets) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101U;
  constexpr std::uint64_t kHighs = 0x8080'8080'8080'8080U;
  std::uint64_t word = 0;
  std::memcpy(&word, octets, sizeof word);
  const std::uint64_t control = word - kOnes * 0x20;
  const std::uint64_t quote = (word ^ (kOnes * '"')) - kOnes;
  const std::uint64_t backslash = (word ^ (kOnes * '\\')) - kOnes;
  const std::uint64_t del = word + kOnes;
  return (word | control | quote | backslash | del) & kHighs;
}

bool is_all_plain(Bytes text) {
  if (text.size() < 8) return std::all_of(text.begin(), text.end(), is_plain);
  const char* const last = text.data() + text.size() - 8;
  std::uint64_t other = not_plain(last);
  for (const char* at = text.data(); at < last && other == 0; at += 8) other = not_plain(at);
  return other == 0;
}

void append_unit(std::string& out, std::uint32_t unit) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += "\\u";
  for (unsigned shift = 16; shift > 0; shift -= 4) out += kHex[(unit >> (shift - 4)) & 0xFU];
}

void append_escaped(std::string& out, std::uint32_t point) {
  if (point == '"' || point == '\\') {
    out += '\\';
    out += octet(point);
  } else if (point == '\n') {
    out += "\\n";
  } else if (point == '\t') {
    out += "\\t";
  } else if (point < 0x10000) {
    append_unit(out, point);
  } else {
    append_unit(out, 0xD800 + ((point - 0x10000) >> 10U));
    append_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FFU));
  }
}

/// Octets of the character that begins with `lead`, in well-formed UTF-8.
std::size_t character_size(char lead) {
  if (u8(lead) < 0xC0) return 1;
  if (u8(lead) < 0xE0) return 2;
  return u8(lead) < 0xF0 ? 3 : 4;
}

std::uint32_t code_point(Bytes character) {
  if (character.size() == 1) return u8(character[0]);
  std::uint32_t point = u8(character[0]) & (0x7FU >> character.size());
  for (const char c : character.substr(1)) point = (point << 6U) | (u8(c) & 0x3FU);
  return point;
}

/// Gathers the short pieces of a record, which are appended to the output at once.
class Piece {
 public:
  Piece& text(std::string_view part) {
    std::memcpy(end_, part.data(), part.size());
    end_ += part.size();
    return *this;
  }
  Piece& number(std::uint64_t value) {
    end_ = std::to_chars(end_, octets_.data() + octets_.size(), value).ptr;
    return *this;
  }
  void append_to(std::string& out) const {
    out.append(octets_.data(), static_cast<std::size_t>(end_ - octets_.data()));
  }

 private:
  std::array<char, 256> octets_;  // holds the longest of them several times
  char* end_ = octets_.data();
};

void append_key(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  out += '"';
  out += name;
  out += "\":";
}

void append_octets(std::string& out, std::string_view name, Bytes value) {
  const bool text = is_all_plain(value) || wire::is_utf8(value);
  append_key(out, name);
  if (text) {
    append_json_string(out, value);
  } else {
    out.resize(out.size() - 2);
    out += "_base64\":\"";
    out += to_base64(value);
    out += '"';
  }
}

void append_single(std::string& out, const wire::Property& property) {
  std::string name(property.info->name);
  std::replace(name.begin(), name.end(), '-', '_');
  switch (property.info->type) {
    case PropertyType::Utf8:
      append_key(out, name);
      append_json_string(out, property.value);
      break;
    case PropertyType::Binary:
      append_octets(out, name, property.value);
      break;
    default:
      append_key(out, name);
      out += std::to_string(property.number);
  }
}

void append_subscriptions(std::string& out, wire::PropertiesView properties) {
  append_key(out, "subscription_identifiers");
  char before = '[';
  for (const wire::Property& property : properties) {
    if (property.info->id != PropertyId::SubscriptionIdentifier) continue;
    out += before;
    out += std::to_string(property.number);
    before = ',';
  }
  out += ']';
}

void append_user_properties(std::string& out, wire::PropertiesView properties) {
  append_key(out, "user_properties");
  char before = '[';
  for (const wire::Property& property : properties) {
    if (property.info->id != PropertyId::UserProperty) continue;
    out += before;
    out += "{\"name\":";
    append_json_string(out, property.key);
    out += ",\"value\":";
    append_json_string(out, property.value);
    out += '}';
    before = ',';
  }
  out += ']';
}

/// A topic alias belongs to the connection, not to the message.
void append_properties(std::string& out, wire::PropertiesView properties) {
  bool subscriptions = false;
  bool pairs = false;
  out += '{';
  for (const wire::Property& property : properties) {
    const PropertyId id = property.info->id;
    if (id == PropertyId::SubscriptionIdentifier) {
      subscriptions = true;
    } else if (id == PropertyId::UserProperty) {
      pairs = true;
    } else if (id != PropertyId::TopicAlias) {
      append_single(out, property);
    }
  }
  if (subscriptions) append_subscriptions(out, properties);
  if (pairs) append_user_properties(out, properties);
  out += '}';
}

bool has_properties(wire::PropertiesView properties) {
  for (const wire::Property& property : properties) {
    if (property.info->id != PropertyId::TopicAlias) return true;
  }
  return false;
}

}  // namespace

void append_json_string(std::string& out, Bytes text) {
  out += '"';
  if (is_all_plain(text)) {
    out.append(text);
    out += '"';
    return;
  }
  while (!text.empty()) {
    const auto stop = std::find_if_not(text.begin(), text.end(), is_plain);
    const auto plain = static_cast<std::size_t>(stop - text.begin());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Bytes character = text.substr(0, character_size(text[0]));
    const std::uint32_t point = code_point(character);
    if (point == '"' || point == '\\' || is_control_character(point)) {
      append_escaped(out, point);
    } else {
      out.append(character);
    }
    text.remove_prefix(character.size());
  }
  out += '"';
}

namespace {

/// The nine digits of a fraction of a second.
std::array<char, 9> fraction_digits(std::uint32_t nanoseconds) {
  std::array<char, 9> digits;
  for (std::size_t i = digits.size(); i-- > 0; nanoseconds /= 10) {
    digits[i] = static_cast<char>('0' + nanoseconds % 10);
  }
  return digits;
}

/// "2026-11-20T23:42:27."
std::string text_of_second(std::time_t second) {
  std::tm utc{};
  gmtime_r(&second, &utc);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.", &utc)};
}

std::chrono::nanoseconds since_epoch(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch());
}

}  // namespace

std::string record_time(std::chrono::system_clock::time_point time) {
  const auto since = since_epoch(time);
  const auto second = std::chrono::floor<std::chrono::seconds>(since);
  const auto digits = fraction_digits(static_cast<std::uint32_t>((since - second).count()));
  return text_of_second(static_cast<std::time_t>(second.count()))
      .append(digits.data(), digits.size())
      .append(1, 'Z');
}

void RecordFormat::append_time(std::string& out, std::chrono::system_clock::time_point time) {
  if (time != time_ || start_.empty()) {
    time_ = time;
    set_start(time);
  }
  out += start_;
}

void RecordFormat::set_start(std::chrono::system_clock::time_point time) {
  const auto since = since_epoch(time);
  const auto second = std::chrono::floor<std::chrono::seconds>(since);
  if (before_fraction_.empty() || second_ != second.count()) {
    second_ = static_cast<std::time_t>(second.count());
    before_fraction_ = "{\"time\":\"" + text_of_second(second_);
    between_fractions_ = "Z\",\"ts\":" + std::to_string(second_) + '.';
  }
  const auto fraction = fraction_digits(static_cast<std::uint32_t>((since - second).count()));
  start_.assign(before_fraction_).append(fraction.data(), fraction.size());
  start_.append(between_fractions_).append(fraction.data(), 6).append(",\"topic\":");
}

void RecordFormat::append(std::string& out, const MessageRecord& record) {
  append_time(out, record.time);
  append_json_string(out, record.topic);
  append_octets(out, "payload", record.payload);
  Piece rest;
  rest.text(",\"size\":").number(record.payload.size());
  rest.text(",\"qos\":").number(static_cast<unsigned>(record.qos));
  rest.text(record.retain ? ",\"retain\":true" : ",\"retain\":false");
  if (record.dup) rest.text(",\"dup\":true");
  if (record.qos != wire::Qos::AtMostOnce) rest.text(",\"mid\":").number(record.packet_id);
  rest.append_to(out);
  if (has_properties(record.properties)) {
    append_key(out, "properties");
    append_properties(out, record.properties);
  }
  if (!record.decoder.empty()) {
    append_key(out, "decoder");
    append_json_string(out, record.decoder);
  }
  if (!record.decoded.empty()) {
    append_key(out, "decoded");
    out += record.decoded;
  }
  out += "}\n";
}

}  // namespace mqtk
