// A received message as one line of JSON: what `mqtt-sub --json` prints. Nothing is lost, and the
// line is harmless on a terminal. One thread uses a RecordFormat.
#pragma once

#include <chrono>
#include <ctime>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "wire/properties.hpp"

namespace mqtk {

struct MessageRecord {
  std::chrono::system_clock::time_point time;
  Bytes topic;
  Bytes payload;
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
  bool dup = false;
  std::uint16_t packet_id = 0;
  wire::PropertiesView properties = {};
  std::string_view decoder = {};  ///< empty: the payload was not decoded
  Bytes decoded = {};             ///< one line of JSON; empty: the decoder makes none
};

class RecordFormat {
 public:
  /// Appends the record and a newline. A payload or correlation data that is not UTF-8 gets the
  /// key `..._base64`.
  void append(std::string& out, const MessageRecord& record);

 private:
  void append_time(std::string& out, std::chrono::system_clock::time_point time);
  void set_start(std::chrono::system_clock::time_point time);

  // What all records of a second share around its two fractions, and that second.
  std::time_t second_ = -1;
  std::string before_fraction_, between_fractions_;
  // Up to the topic, for all records of one time.
  std::chrono::system_clock::time_point time_{};
  std::string start_;
};

/// As in a record: "2026-11-20T23:42:27.202606123Z".
std::string record_time(std::chrono::system_clock::time_point time);

}  // namespace mqtk
