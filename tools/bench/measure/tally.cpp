#include "bench/measure/tally.hpp"

#include <algorithm>

namespace mqtk::bench {

Flow& Flow::operator+=(const Flow& other) {
  sent += other.sent;
  acked += other.acked;
  received += other.received;
  failed += other.failed;
  errors += other.errors;
  sent_bytes += other.sent_bytes;
  received_bytes += other.received_bytes;
  open += other.open;
  return *this;
}

Flow Flow::since(const Flow& earlier) const {
  Flow out = *this;
  out.sent -= earlier.sent;
  out.acked -= earlier.acked;
  out.received -= earlier.received;
  out.failed -= earlier.failed;
  out.errors -= earlier.errors;
  out.sent_bytes -= earlier.sent_bytes;
  out.received_bytes -= earlier.received_bytes;
  return out;
}

std::string cause_word(const Error& error) {
  if (error.cause != Cause::None) return std::string(name(error.cause));
  return "exit." + std::to_string(exit_code(error.kind));
}

void Tally::error(const Error& error, Duration since_start) {
  ++flow.errors;
  if (!first_error) first_error = error;
  const std::string word = cause_word(error);
  ErrorCount& entry = errors[word];
  if (entry.count++ > 0) return;
  entry.cause = word;
  entry.first_s = std::chrono::duration<double>(since_start).count();
  entry.example = error.message;
  entry.exit_code = static_cast<unsigned>(exit_code(error.kind));
}

Tally& Tally::operator+=(const Tally& other) {
  for (std::size_t i = 0; i < by_qos.size(); ++i) by_qos[i] += other.by_qos[i];
  connections.requested += other.connections.requested;
  connections.opened += other.connections.opened;
  connections.failed += other.connections.failed;
  connections.lost += other.connections.lost;
  connections.reconnected += other.connections.reconnected;
  for (std::size_t i = 0; i < latencies.size(); ++i) {
    latencies[i].corrected.add(other.latencies[i].corrected);
    latencies[i].uncorrected.add(other.latencies[i].uncorrected);
  }
  for (const auto& [word, theirs] : other.errors) {
    ErrorCount& ours = errors[word];
    if (ours.count == 0 || theirs.first_s < ours.first_s) {
      ours.first_s = theirs.first_s;
      ours.example = theirs.example;
    }
    ours.cause = word;
    ours.exit_code = theirs.exit_code;
    ours.count += theirs.count;
  }
  if (!first_error) first_error = other.first_error;
  sent_bytes += other.sent_bytes;
  received_bytes += other.received_bytes;
  foreign += other.foreign;
  loop_lag.add(other.loop_lag);
  send_late.add(other.send_late);
  send_late_max_ns = std::max(send_late_max_ns, other.send_late_max_ns);
  held_up += other.held_up;
  flow += other.flow;
  return *this;
}

}  // namespace mqtk::bench
