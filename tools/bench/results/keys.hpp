// The keys of mqtt-bench/1 that hold exactly what a struct holds: one table for writing and for
// reading. What is derived from them, such as percentiles and rates, only the writer knows.
#pragma once

#include "bench/results/run_result.hpp"

namespace mqtk::bench {

/// Keys<T>::each(visit, object) calls visit(key, member) for each key.
template <typename T>
struct Keys;

template <>
struct Keys<MessageCounts> {
  static void each(auto& visit, auto& counts) {
    visit("scheduled", counts.scheduled);
    visit("sent", counts.sent);
    visit("acked", counts.acked);
    visit("failed", counts.failed);
    visit("in_flight", counts.in_flight);
    visit("expected", counts.expected);
    visit("received", counts.received);
    visit("lost", counts.lost);
    visit("duplicated", counts.duplicated);
    visit("reordered", counts.reordered);
  }
};

template <>
struct Keys<ConnectionCounts> {
  static void each(auto& visit, auto& counts) {
    visit("requested", counts.requested);
    visit("opened", counts.opened);
    visit("failed", counts.failed);
    visit("lost", counts.lost);
    visit("reconnected", counts.reconnected);
    visit("ramp_s", counts.ramp_s);
  }
};

template <>
struct Keys<Throughput> {
  static void each(auto& visit, auto& throughput) {
    visit("target_per_s", throughput.target_per_s);
    visit("sent_bytes", throughput.sent_bytes);
    visit("received_bytes", throughput.received_bytes);
  }
};

template <>
struct Keys<ErrorCount> {
  static void each(auto& visit, auto& error) {
    visit("cause", error.cause);
    visit("count", error.count);
    visit("first_s", error.first_s);
    visit("example", error.example);
    visit("exit_code", error.exit_code);
  }
};

template <>
struct Keys<GeneratorCost> {
  static void each(auto& visit, auto& cost) {
    visit("threads", cost.threads);
    visit("cpu_s", cost.cpu_s);
    visit("busiest_percent", cost.busiest_percent);
    visit("waiting_s", cost.waiting_s);
    visit("memory_bytes", cost.memory_bytes);
    visit("memory_before_bytes", cost.memory_before_bytes);
    visit("held_up", cost.held_up);
  }
};

template <>
struct Keys<SysCheck> {
  static void each(auto& visit, auto& check) {
    visit("broker_received", check.broker_received);
    visit("sent", check.sent);
    visit("broker_sent", check.broker_sent);
    visit("received", check.received);
    visit("broker_dropped", check.broker_dropped);
  }
};

template <>
struct Keys<PhaseSpan> {
  static void each(auto& visit, auto& phase) {
    visit("name", phase.name);
    visit("start_s", phase.start_s);
    visit("duration_s", phase.duration_s);
  }
};

/// In the order of the columns of --csv.
template <>
struct Keys<Sample> {
  static void each(auto& visit, auto& sample) {
    visit("time_s", sample.time_s);
    visit("interval_s", sample.interval_s);
    visit("phase", sample.phase);
    visit("connections", sample.connections);
    visit("target_per_s", sample.target_per_s);
    visit("sent", sample.sent);
    visit("acked", sample.acked);
    visit("received", sample.received);
    visit("failed", sample.failed);
    visit("errors", sample.errors);
    visit("sent_bytes", sample.sent_bytes);
    visit("received_bytes", sample.received_bytes);
    visit("in_flight", sample.in_flight);
    visit("cpu_percent", sample.cpu_percent);
    visit("send_late_max_us", sample.send_late_max_us);
  }
};

}  // namespace mqtk::bench
