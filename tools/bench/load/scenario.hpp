// What a run does, decided: resolved from the options, read by all threads, changed by none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/load/pacer.hpp"
#include "bench/load/payload.hpp"
#include "bench/results/run_result.hpp"
#include "client/engine.hpp"
#include "options/resolve.hpp"
#include "session/client_config.hpp"

namespace mqtk::bench {

enum class Work : std::uint8_t { Connect, Publish, Subscribe, Pubsub };
std::string_view name(Work work);

/// Who receives whose messages.
enum class Topology : std::uint8_t {
  Pair,    ///< subscriber i those of publisher i
  FanIn,   ///< every subscriber those of all publishers; many publishers
  FanOut,  ///< the same with many subscribers
  Shared,  ///< all subscribers together each message once
};
std::string_view name(Topology topology);

enum class Role : std::uint8_t { Idle, Publisher, Subscriber };

/// One client of the run; `index` counts from 0 within the role, over all shards.
struct Identity {
  std::string client_id;
  std::optional<std::string> username;
  std::optional<std::string> password;
};

struct Scenario {
  Work work = Work::Publish;
  Topology topology = Topology::Pair;
  std::uint32_t idle = 0;  ///< clients that only connect
  std::uint32_t publishers = 0;
  std::uint32_t subscribers = 0;
  std::uint64_t first_index = 0;  ///< what %i begins with

  Engine engine = Engine::Native;
  ClientConfig client;  ///< of every connection, but for endpoints, identity and window
  DisconnectMode disconnect = DisconnectMode::Normal;
  PropertySets properties;
  std::vector<Endpoint> endpoints;      ///< client i uses number i, modulo
  std::vector<Endpoint> sub_endpoints;  ///< of subscribers; empty: the same
  std::vector<std::string> sources;     ///< local addresses, used in turn; empty: any
  std::optional<std::string> id_template;
  std::optional<std::string> username_template;
  std::optional<std::string> password_template;
  std::vector<Identity> credentials;  ///< of a file; empty: none

  std::string topic;                  ///< template
  std::optional<std::string> filter;  ///< template; none: follows from the topic
  std::string share_group;
  wire::Qos qos = wire::Qos::AtMostOnce;
  wire::Qos sub_qos = wire::Qos::AtMostOnce;
  bool retain = false;
  PayloadPlan payload;

  std::optional<Pacer> pacer;  ///< of all publishers (or pings) together; none: a closed loop
  std::uint16_t inflight = 100;
  std::uint64_t count = 0;  ///< messages to measure; 0: without limit
  Duration duration = 0ns;  ///< to measure; 0: until the count is reached
  Duration warmup = 0ns;
  Duration drain = 2s;            ///< how long nothing more may come before the run is over
  std::optional<Duration> storm;  ///< how often all connections are cut
  bool ping = false;              ///< what the pacer paces are PINGREQs
  std::optional<double> connect_rate;
  std::uint32_t connect_window = 100;
  unsigned threads = 1;
  unsigned shard = 0;  ///< from 0
  unsigned shards = 1;
  std::optional<std::int64_t> start_at_ns;  ///< Unix time
  std::uint64_t seed = 0;
  std::uint32_t run = 0;  ///< in every PayloadHeader

  std::uint32_t clients() const { return idle + publishers + subscribers; }
  std::uint32_t of_role(Role role) const;
  /// How many of a role are this shard's.
  std::uint32_t here(Role role) const;
  std::uint32_t clients_here() const {
    return here(Role::Idle) + here(Role::Publisher) + here(Role::Subscriber);
  }
  bool receives() const { return subscribers > 0; }

  std::string run_token() const;
  Identity identity(Role role, std::uint32_t index) const;
  std::string topic_of(std::uint32_t publisher, const Identity& identity) const;
  std::string filter_of(std::uint32_t subscriber, const Identity& identity) const;
  const Endpoint& endpoint_of(Role role, std::uint32_t index) const;
};

}  // namespace mqtk::bench
