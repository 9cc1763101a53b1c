// What was typed for a load: connect, publish, subscribe or pubsub. Every member says "not given"
// in its initial state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/load/scenario.hpp"
#include "options/client_flags.hpp"

namespace mqtk::bench {

struct LoadFlags {
  ClientFlags client;
  std::optional<std::uint32_t> clients, publishers, subscribers;
  std::optional<Topology> topology;
  std::optional<std::string> topic, filter, group;
  std::optional<wire::Qos> qos, sub_qos;
  bool retain = false;
  std::optional<std::string> size;
  std::vector<std::string> messages, files;
  bool filled = false;
  bool stamp = false;
  std::optional<double> rate;
  std::optional<Duration> interval;
  std::optional<std::string> stages;
  std::optional<std::uint16_t> inflight;
  std::optional<std::uint64_t> count;
  std::optional<Duration> duration, warmup, drain, storm, ping_interval;
  std::optional<double> connect_rate;
  std::optional<std::uint32_t> connect_window;
  std::optional<std::uint32_t> threads;
  std::vector<std::string> sources;
  std::optional<std::string> credentials;
  std::optional<std::uint64_t> first_index, seed;
  std::optional<std::string> shard, start_at, sub_host;
  bool plan = false;
  // results
  std::optional<std::string> json, csv, hlog;
  std::vector<std::string> assertions;
  std::optional<std::uint32_t> repeat;
  bool sys_check = false;
};

/// The flags that `work` has, bound to `flags`.
FlagTable load_flag_table(Work work, LoadFlags& flags);
/// Connection, credentials, TLS, WebSocket, session, will, reconnection and report, with the
/// letters that a load tester keeps.
void append_connection_flags(FlagTable& table, ClientFlags& flags);

}  // namespace mqtk::bench
