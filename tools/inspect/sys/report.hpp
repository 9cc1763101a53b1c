// What a broker says of itself under $SYS: every topic as it came, and the values that most brokers
// have under names that are the same for all of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"

namespace mqtk::inspect {

enum class SysKind : std::uint8_t { Gauge, Counter, Text };

/// A value with a fixed name; all texts have static storage.
struct SysName {
  std::string_view name;  ///< "clients_connected"
  std::string_view unit;  ///< "messages"; empty: none
  SysKind kind;
  std::string_view filters;  ///< where brokers publish it, separated by '|'
};

/// nullptr when the topic has no fixed name.
const SysName* sys_name(std::string_view topic);
/// Of the fixed name, or as far as the topic tells ("bytes"); empty: none.
std::string_view sys_unit(std::string_view topic);
/// The number a payload begins with ("123", "123 seconds").
std::optional<double> leading_number(Bytes payload);

struct SysTopic {
  std::string first;  ///< payloads
  std::string last;
  TimePoint first_at{};
  TimePoint last_at{};
  std::uint64_t updates = 0;

  /// Change a second between the first and the last value, when both are numbers.
  std::optional<double> rate() const;
};

class SysReport {
 public:
  std::string target;
  std::optional<Error> error;
  Duration observed = 0ns;

  void add(Bytes topic, Bytes payload, TimePoint now);
  bool empty() const { return topics_.empty(); }
  const std::map<std::string, SysTopic, std::less<>>& topics() const { return topics_; }

  /// "mosquitto", "EMQX", ... by the shape of the tree; empty: not known.
  std::string_view product() const;

 private:
  std::map<std::string, SysTopic, std::less<>> topics_;
};

std::string sys_text(const SysReport& report, bool all);
/// mqtt-inspect.sys/1
std::string sys_json(const SysReport& report);

}  // namespace mqtk::inspect
