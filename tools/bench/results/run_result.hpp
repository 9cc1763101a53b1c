// What a run found: filled by the engine, read by everything that judges, shows, compares or adds
// up results. Plain data. Counts, latencies and the generator's figures are of the phase "measure"
// unless they say otherwise; latencies are in nanoseconds.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/result.hpp"
#include "stats/histogram.hpp"

namespace mqtk::bench {

/// Something worth keeping under the name that it has in JSON.
struct Fact {
  std::string name;
  std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>> value;

  bool operator==(const Fact&) const = default;
};
using Facts = std::vector<Fact>;

/// What is timed. Connect is TCP alone; Tls and Connack count from the end of the phase before.
enum class Latency : std::uint8_t {
  Connect,
  Tls,
  Connack,
  Suback,
  Puback,
  Pubcomp,
  EndToEnd,   ///< publisher to subscriber
  RoundTrip,  ///< PINGREQ to PINGRESP
  Count_,
};
/// "connect", "tls", "connack", "suback", "puback", "pubcomp", "e2e", "rtt".
std::string_view name(Latency latency);

struct LatencyPair {
  Histogram corrected;    ///< from the intended time: what a user waits
  Histogram uncorrected;  ///< from the actual time; empty: no difference can arise

  bool operator==(const LatencyPair&) const = default;
};
/// Only what was measured has an entry.
using Latencies = std::map<Latency, LatencyPair>;

/// Of one quality of service (that of the publisher), or of all.
struct MessageCounts {
  std::uint64_t scheduled = 0;  ///< by rate or count; in a closed loop what was begun
  std::uint64_t sent = 0;       ///< written to a socket; = acked + failed + in_flight from QoS 1 up
  std::uint64_t acked = 0;      ///< by PUBACK or PUBCOMP; none at QoS 0
  std::uint64_t failed = 0;     ///< refused, or their connection was lost for good
  std::uint64_t in_flight = 0;  ///< when the drain ended
  std::uint64_t expected = 0;   ///< deliveries that `sent` has to cause
  std::uint64_t received = 0;   ///< deliveries, without duplicates
  std::uint64_t lost = 0;       ///< expected, did not come until the drain ended
  std::uint64_t duplicated = 0;
  std::uint64_t reordered = 0;  ///< came after one that its publisher sent later

  MessageCounts& operator+=(const MessageCounts& other);
  bool operator==(const MessageCounts&) const = default;
};

struct ConnectionCounts {  ///< of the whole run
  std::uint64_t requested = 0;
  std::uint64_t opened = 0;  ///< CONNACK accepted, the first time
  std::uint64_t failed = 0;  ///< never opened
  /// After they were open; those that were cut on purpose only when they could not be made again.
  std::uint64_t lost = 0;
  std::uint64_t reconnected = 0;
  double ramp_s = 0;  ///< from the first connect to the last CONNACK; 0: not known

  bool operator==(const ConnectionCounts&) const = default;
};

struct Throughput {
  double target_per_s = 0;  ///< messages of all publishers; 0: as fast as possible or closed loop
  std::uint64_t sent_bytes = 0;      ///< MQTT octets
  std::uint64_t received_bytes = 0;  ///< of them

  bool operator==(const Throughput&) const = default;
};

struct ErrorCount {   ///< of the whole run
  std::string cause;  ///< a word: name(Cause), or the kind's when it has none
  std::uint64_t count = 0;
  double first_s = 0;      ///< since the start
  std::string example;     ///< the message of the first one
  unsigned exit_code = 0;  ///< what a program that meets only this ends with; 0: not known

  bool operator==(const ErrorCount&) const = default;
};

/// This program itself, as far as the system tells.
struct GeneratorCost {
  unsigned threads = 1;
  double cpu_s = 0;            ///< user and system, all threads
  double busiest_percent = 0;  ///< of one core: the busiest worker thread
  double waiting_s = 0;        ///< all workers: ready to run and not run (schedstat); 0: not told
  std::uint64_t memory_bytes = 0;         ///< resident, the most
  std::uint64_t memory_before_bytes = 0;  ///< resident before the first connection
  Histogram loop_lag;                     ///< by how much timers fired late
  Histogram send_late;  ///< due to written, when neither window nor socket held the message up
  std::uint64_t held_up = 0;  ///< messages that were due and waited for window or socket

  bool operator==(const GeneratorCost&) const = default;
};

/// PUBLISH packets of the whole run, as the broker counted them ($SYS) and as this program did.
/// What other clients of the broker did meanwhile is in the broker's.
struct SysCheck {
  std::uint64_t broker_received = 0;
  std::uint64_t sent = 0;
  std::uint64_t broker_sent = 0;
  std::uint64_t received = 0;
  std::uint64_t broker_dropped = 0;

  SysCheck& operator+=(const SysCheck& other);
  bool agrees() const { return broker_received == sent && broker_sent == received; }
  bool operator==(const SysCheck&) const = default;
};

struct PhaseSpan {
  std::string name;  ///< "ramp", "warmup", "measure", "drain"
  double start_s = 0;
  double duration_s = 0;

  bool operator==(const PhaseSpan&) const = default;
};

/// One interval of the series: counts are those of the interval alone.
struct Sample {
  double time_s = 0;      ///< of its end, since the start of the run
  double interval_s = 0;  ///< its length
  std::string phase = {};
  std::uint64_t connections = 0;  ///< open at its end
  double target_per_s = 0;
  std::uint64_t sent = 0;
  std::uint64_t acked = 0;
  std::uint64_t received = 0;
  std::uint64_t failed = 0;
  std::uint64_t errors = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t in_flight = 0;  ///< at its end
  double cpu_percent = 0;       ///< of one core, all threads
  double send_late_max_us = 0;
  std::map<Latency, Histogram> latencies = {};  ///< corrected; only those that got a sample

  bool operator==(const Sample&) const = default;
};

enum class Limit : std::uint8_t {
  None,       ///< nothing was to be measured, or too little to tell
  Target,     ///< the rate that was asked for was reached
  Window,     ///< messages in flight, times the broker's answer time
  Generator,  ///< this program or its machine
  Broker,
  Network,
};
/// "none", "target", "window", "generator", "broker", "network".
std::string_view name(Limit limit);

struct Verdict {
  Limit limit = Limit::None;
  bool valid = true;   ///< the figures tell something about the broker
  std::string reason;  ///< a plain sentence

  bool operator==(const Verdict&) const = default;
};

struct AssertionOutcome {
  std::string expression;
  std::optional<double> value = {};  ///< in the unit of the path; none: was not measured
  bool passed = false;

  bool operator==(const AssertionOutcome&) const = default;
};

struct RunResult {
  std::string tool;                  ///< "mqtt-bench 0.3.0"
  std::vector<std::string> command;  ///< argv, secrets masked
  std::uint64_t seed = 0;
  std::int64_t started_ns = 0;  ///< Unix time
  std::int64_t finished_ns = 0;
  double duration_s = 0;  ///< of the phase "measure"
  bool interrupted = false;
  unsigned shard = 0;  ///< of --shard I/N, from 1; 0: not sharded
  unsigned shards = 0;

  Facts host;                  ///< kernel, cores, model, memory
  std::vector<Facts> brokers;  ///< each: url, and what it says of itself
  /// Options in force that shape the load. "name" is "connect", "publish", "subscribe" or "pubsub";
  /// known besides: topology, publishers, subscribers, clients, qos, sub_qos, size, rate, interval,
  /// inflight, count, duration_s, warmup_s, protocol, transport, engine, threads, retain, clean.
  Facts scenario;

  std::vector<PhaseSpan> phases;
  ConnectionCounts connections;
  std::array<MessageCounts, 3> by_qos;
  Throughput throughput;
  Latencies latencies;
  GeneratorCost generator;
  std::optional<SysCheck> sys_check;
  std::vector<ErrorCount> errors;
  std::vector<Sample> series;
  std::vector<std::string> notes;  ///< what a reader has to know, a sentence each

  Verdict verdict;                           ///< by judge()
  std::vector<AssertionOutcome> assertions;  ///< by check_assertions()
  std::vector<RunResult> repeats;            ///< of --repeat; this is then their sum by pool()

  MessageCounts messages() const;  ///< of all qualities of service
  double sent_per_s() const;
  double received_per_s() const;
  std::uint64_t error_count() const;
  const Fact* scenario_fact(std::string_view name) const;

  bool operator==(const RunResult&) const = default;
};

/// mqtt-bench/1, with a newline at its end.
std::string result_json(const RunResult& result);
/// Errors are of kind BadInput and name the key.
Result<RunResult> parse_result(std::string_view json);

}  // namespace mqtk::bench
