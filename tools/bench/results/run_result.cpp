#include "bench/results/run_result.hpp"

#include <algorithm>

namespace mqtk::bench {

std::string_view name(Latency latency) {
  static constexpr std::array<std::string_view, static_cast<std::size_t>(Latency::Count_)> kNames =
      {"connect", "tls", "connack", "suback", "puback", "pubcomp", "e2e", "rtt"};
  return kNames[static_cast<std::size_t>(latency)];
}

std::string_view name(Limit limit) {
  static constexpr std::array<std::string_view, 6> kNames = {"none",      "target", "window",
                                                             "generator", "broker", "network"};
  return kNames[static_cast<std::size_t>(limit)];
}

MessageCounts& MessageCounts::operator+=(const MessageCounts& other) {
  scheduled += other.scheduled;
  sent += other.sent;
  acked += other.acked;
  failed += other.failed;
  in_flight += other.in_flight;
  expected += other.expected;
  received += other.received;
  lost += other.lost;
  duplicated += other.duplicated;
  reordered += other.reordered;
  return *this;
}

SysCheck& SysCheck::operator+=(const SysCheck& other) {
  broker_received += other.broker_received;
  sent += other.sent;
  broker_sent += other.broker_sent;
  received += other.received;
  broker_dropped += other.broker_dropped;
  return *this;
}

MessageCounts RunResult::messages() const {
  MessageCounts all;
  for (const MessageCounts& one : by_qos) all += one;
  return all;
}

double RunResult::sent_per_s() const {
  return duration_s > 0 ? static_cast<double>(messages().sent) / duration_s : 0;
}

double RunResult::received_per_s() const {
  return duration_s > 0 ? static_cast<double>(messages().received) / duration_s : 0;
}

std::uint64_t RunResult::error_count() const {
  std::uint64_t all = 0;
  for (const ErrorCount& error : errors) all += error.count;
  return all;
}

const Fact* RunResult::scenario_fact(std::string_view wanted) const {
  const auto found = std::ranges::find(scenario, wanted, &Fact::name);
  return found == scenario.end() ? nullptr : &*found;
}

}  // namespace mqtk::bench
