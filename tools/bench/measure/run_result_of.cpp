// What a run amounts to, once all workers have ended.
#include <algorithm>
#include <chrono>

#include "bench/load/run.hpp"
#include "bench/results/figures.hpp"

namespace mqtk::bench {

namespace {

double to_seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

Facts scenario_facts(const Scenario& scenario) {
  Facts facts;
  const auto add = [&facts](const char* key, auto value) { facts.push_back({key, value}); };
  const auto number = [&add](const char* key, std::uint64_t value) {
    add(key, static_cast<std::int64_t>(value));
  };
  const bool sends = scenario.publishers > 0;
  add("name", std::string(name(scenario.work)));
  if (scenario.work == Work::Pubsub) add("topology", std::string(name(scenario.topology)));
  number("clients", scenario.clients());
  if (sends) number("publishers", scenario.publishers);
  if (scenario.receives()) number("subscribers", scenario.subscribers);
  if (sends) {
    number("qos", static_cast<std::uint64_t>(scenario.qos));
    if (scenario.payload.texts.empty()) add("size", mean_size(scenario.payload.sizes));
    add("retain", scenario.retain);
    if (scenario.qos != wire::Qos::AtMostOnce) number("inflight", scenario.inflight);
    add("topic", scenario.topic);
  }
  if (scenario.receives()) number("sub_qos", static_cast<std::uint64_t>(scenario.sub_qos));
  if (scenario.pacer) {
    const auto& stages = scenario.pacer->stages();
    if (stages.size() == 1 && stages[0].from_per_s == stages[0].to_per_s) {
      add("rate", stages[0].from_per_s);
    } else {
      std::vector<std::string> texts;
      for (const RateStage& stage : stages) {
        texts.push_back(std::to_string(to_seconds(stage.length)) + "s " +
                        std::to_string(stage.from_per_s) + "/s to " +
                        std::to_string(stage.to_per_s) + "/s");
      }
      facts.push_back({"stages", std::move(texts)});
    }
  }
  if (scenario.count > 0) number("count", scenario.count);
  add("duration_s", to_seconds(scenario.duration));
  add("warmup_s", to_seconds(scenario.warmup));
  if (scenario.storm) add("storm_s", to_seconds(*scenario.storm));
  add("protocol", std::string(wire::name(scenario.client.version)));
  const Endpoint& endpoint = scenario.endpoints.front();
  add("transport", std::string(name(endpoint.scheme)));
  add("engine", std::string(name(scenario.engine)));
  number("threads", scenario.threads);
  add("clean", scenario.client.clean_start);
  return facts;
}

}  // namespace

void Run::add_up(RunResult& result) {
  Tally all;
  for (const auto& worker : workers_) all += worker->result();
  if (all.connections.opened == 0) failure_ = all.first_error;
  written_ = all.flow.sent;
  arrived_ = all.flow.received + all.foreign;
  result.seed = scenario_.seed;
  result.interrupted = signal_ != 0;
  result.shard = scenario_.shards > 1 ? scenario_.shard + 1 : 0;
  result.shards = scenario_.shards > 1 ? scenario_.shards : 0;
  result.host = host_facts();
  std::vector<Endpoint> endpoints = scenario_.endpoints;
  endpoints.insert(endpoints.end(), scenario_.sub_endpoints.begin(), scenario_.sub_endpoints.end());
  for (const Endpoint& endpoint : endpoints) {
    result.brokers.push_back({{"url", to_string(endpoint)}});
  }
  result.scenario = scenario_facts(scenario_);
  result.phases = phases_;
  result.connections = all.connections;
  if (ramp_end_ != TimePoint{}) {
    result.connections.ramp_s = to_seconds(ramp_end_ - control_.started);
  }

  const bool measured =
      std::ranges::any_of(phases_, [](const PhaseSpan& phase) { return phase.name == "measure"; });
  if (measured) {
    TimePoint until = control_.measure_start;
    for (const auto& worker : workers_) {
      TimePoint end = worker->measured_until();
      if (scenario_.count > 0 && worker->status().done) {
        end = std::min(end, TimePoint(Duration(worker->status().done_ns.load())));
      }
      until = std::max(until, end);
    }
    result.duration_s = to_seconds(until - control_.measure_start);
  }

  result.by_qos = all.by_qos;
  result.notes = notes_for(all);
  for (std::size_t i = 1; i < result.by_qos.size(); ++i) {
    MessageCounts& counts = result.by_qos[i];
    if (scenario_.publishers > 0) counts.in_flight = counts.sent - counts.acked - counts.failed;
  }
  account_deliveries(result.by_qos[static_cast<std::size_t>(scenario_.qos)], result.notes);
  if (scenario_.pacer && !scenario_.ping && result.duration_s > 0) {
    const auto& pacer = *scenario_.pacer;
    const Duration asked = scenario_.duration > 0ns ? scenario_.duration : pacer.length();
    result.throughput.target_per_s =
        asked > 0ns && asked != Duration::max() && pacer.stages().size() > 1
            ? static_cast<double>(pacer.due_by(asked - 1ns)) / to_seconds(asked)
            : pacer.rate_at(0ns) / scenario_.shards *
                  (scenario_.shards > 1 ? static_cast<double>(scenario_.here(Role::Publisher)) *
                                              scenario_.shards / scenario_.publishers
                                        : 1);
  }
  result.throughput.sent_bytes = all.sent_bytes;
  result.throughput.received_bytes = all.received_bytes;
  for (std::size_t i = 0; i < all.latencies.size(); ++i) {
    if (!all.latencies[i].corrected.empty()) {
      result.latencies.emplace(static_cast<Latency>(i), all.latencies[i]);
    }
  }
  result.generator = generator_cost(all, result.duration_s);
  for (auto& [word, count] : all.errors) result.errors.push_back(count);
  std::ranges::stable_sort(result.errors, std::ranges::greater{}, &ErrorCount::count);
  result.series = series_;
}

GeneratorCost Run::generator_cost(const Tally& all, double duration_s) const {
  GeneratorCost cost;
  cost.threads = scenario_.threads;
  cost.cpu_s = own_cpu_;
  for (const auto& worker : workers_) {
    cost.cpu_s += worker->cost().cpu_s;
    cost.waiting_s += worker->cost().waiting_s;
    if (duration_s > 0) {
      cost.busiest_percent =
          std::max(cost.busiest_percent, worker->cost().cpu_s / duration_s * 100);
    }
  }
  // An engine's own threads are none of the workers'; what they do they do one after the other.
  if (scenario_.engine != Engine::Native && process_cpu_measured_ > cost.cpu_s) {
    const double engine_s = process_cpu_measured_ - cost.cpu_s;
    cost.cpu_s = process_cpu_measured_;
    if (duration_s > 0) {
      cost.busiest_percent =
          std::max(cost.busiest_percent, std::min(1.0, engine_s / duration_s) * 100);
    }
  }
  cost.memory_bytes = memory_most_;
  cost.memory_before_bytes = memory_before_;
  cost.loop_lag = all.loop_lag;
  cost.send_late = all.send_late;
  cost.held_up = all.held_up;
  return cost;
}

// Which deliveries the messages written must have caused, and which of them came.
void Run::account_deliveries(MessageCounts& counts, std::vector<std::string>& notes) const {
  if (!scenario_.receives()) return;
  std::uint64_t most = 0;
  std::uint64_t least = ~std::uint64_t{0};
  std::uint64_t stood = 0;
  std::uint64_t gaps = 0;
  std::vector<bool> stands(scenario_.subscribers, false);
  for (const auto& worker : workers_) {
    for (const auto& client : worker->subscribers()) {
      gaps += client->gaps();
      if (!client->ever_stood()) continue;
      ++stood;
      stands[client->index()] = true;
      most = std::max(most, client->received_count());
      least = std::min(least, client->received_count());
    }
  }
  if (scenario_.publishers == 0) {
    counts.expected = counts.received + gaps;
    counts.lost = gaps;
    return;
  }
  if (!scenario_.payload.stamped) return;
  for (const auto& worker : workers_) {
    for (const auto& client : worker->publishers()) {
      std::uint64_t receivers = 0;
      switch (scenario_.topology) {
        case Topology::Pair:
          receivers = client->index() < stands.size() && stands[client->index()] ? 1 : 0;
          break;
        case Topology::Shared:
          receivers = stood > 0 ? 1 : 0;
          break;
        case Topology::FanIn:
        case Topology::FanOut:
          receivers = scenario_.shards > 1 ? scenario_.subscribers : stood;
      }
      counts.expected += client->deliverable() * receivers;
    }
  }
  counts.lost = counts.expected - std::min(counts.expected, counts.received);
  if (scenario_.topology == Topology::Shared && stood > 0) {
    notes.push_back("the shared subscription's members received from " + count_text(least) +
                    " to " + count_text(most) + " messages each");
  }
}

std::vector<std::string> Run::notes_for(const Tally& all) const {
  std::vector<std::string> notes;
  const std::string octets = std::to_string(PayloadHeader::kSize);
  if (scenario_.publishers > 0 && !scenario_.payload.stamped) {
    notes.push_back(
        scenario_.payload.texts.empty()
            ? "payloads below " + octets +
                  " octets have no room for stream, number and time: only acknowledgements were "
                  "measured, no end-to-end latency, loss, duplication or order"
            : "the payloads given carry no stream, number and time: only acknowledgements were "
              "measured; --stamp puts " +
                  octets + " octets before them");
  }
  if (scenario_.engine != Engine::Native) {
    notes.push_back(
        "Paho tells neither when a message was written to its socket nor how long the phases of "
        "connecting took: a message counts as sent once Paho reports it done, 'sent late' ends "
        "where Paho took it, and CONNACK is the time from the start of the attempt");
  }
  if (all.foreign > 0) {
    notes.push_back(count_text(all.foreign) +
                    " messages of others came to our subscriptions and do "
                    "not count");
  }
  if (scenario_.qos == wire::Qos::AtMostOnce && scenario_.work == Work::Publish) {
    notes.push_back(
        "nobody acknowledges QoS 0: what was sent was written to the sockets, which "
        "does not say that the broker took it");
  }
  return notes;
}

}  // namespace mqtk::bench
