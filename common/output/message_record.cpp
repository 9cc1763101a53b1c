#include "output/message_record.hpp"

#include <array>
#include <charconv>
#include <string_view>

#include "output/json_text.hpp"
#include "output/properties_json.hpp"

namespace mqtk {

namespace {

/// Gathers the short pieces of a record, which are appended to the output at once.
class Piece {
 public:
  Piece& text(std::string_view part) {
    used_ += part.copy(octets_.data() + used_, octets_.size() - used_);
    return *this;
  }
  Piece& number(std::uint64_t value) {
    char* const end = octets_.data() + octets_.size();
    used_ = static_cast<std::size_t>(std::to_chars(octets_.data() + used_, end, value).ptr -
                                     octets_.data());
    return *this;
  }
  void append_to(std::string& out) const { out.append(octets_.data(), used_); }

 private:
  std::array<char, 256> octets_;  // holds the longest of them several times
  std::size_t used_ = 0;
};

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
  append_json_octets(out, "payload", record.payload);
  Piece rest;
  rest.text(",\"size\":").number(record.payload.size());
  rest.text(",\"qos\":").number(static_cast<unsigned>(record.qos));
  rest.text(record.retain ? ",\"retain\":true" : ",\"retain\":false");
  if (record.dup) rest.text(",\"dup\":true");
  if (record.qos != wire::Qos::AtMostOnce) rest.text(",\"mid\":").number(record.packet_id);
  rest.append_to(out);
  append_json_properties(out, record.properties, PropertyStyle::Record);
  if (!record.decoder.empty()) {
    append_json_key(out, "decoder");
    append_json_string(out, record.decoder);
  }
  if (!record.decoded.empty()) {
    append_json_key(out, "decoded");
    out += record.decoded;
  }
  out += "}\n";
}

}  // namespace mqtk
