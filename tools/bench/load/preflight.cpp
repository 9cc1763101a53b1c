#include "bench/load/preflight.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>

#include "base/unique_fd.hpp"
#include "base/units.hpp"
#include "bench/measure/thread_cost.hpp"
#include "net/dns/resolver.hpp"

namespace mqtk::bench {

namespace {

constexpr std::uint64_t kOwnDescriptors = 40;
constexpr std::uint64_t kDescriptorsOfThread = 8;
// What a connection takes of memory, at most, as measured.
constexpr std::uint64_t kPlainBytes = 4 * 1024;
constexpr std::uint64_t kWebSocketBytes = 16 * 1024;
constexpr std::uint64_t kTlsBytes = 40 * 1024;

bool is_loopback(const SocketAddress& address) {
  if (address.family() != AF_INET) return false;
  sockaddr_in v4{};
  std::memcpy(&v4, &address.storage, sizeof v4);
  constexpr unsigned kFirstOctet = 24;
  return ntohl(v4.sin_addr.s_addr) >> kFirstOctet == IN_LOOPBACKNET;
}

std::string text_of(const sockaddr* address) {
  char name[INET6_ADDRSTRLEN] = "";
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    ::inet_ntop(AF_INET, &v4.sin_addr, name, sizeof name);
  } else {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, name, sizeof name);
  }
  return name;
}

// All addresses of the interface from which `target` would be reached.
std::vector<std::string> addresses_towards(const SocketAddress& target) {
  std::vector<std::string> out;
  const UniqueFd probe(::socket(target.family(), SOCK_DGRAM, 0));
  sockaddr_storage own{};
  socklen_t length = sizeof own;
  if (!probe ||
      ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&target.storage), target.length) !=
          0 ||
      ::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&own), &length) != 0) {
    return out;
  }
  const std::string chosen = text_of(reinterpret_cast<const sockaddr*>(&own));
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return out;
  std::string interface;
  const auto each = [&](auto use) {
    for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
      if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != target.family()) continue;
      use(std::string(entry->ifa_name), text_of(entry->ifa_addr));
    }
  };
  each([&](const std::string& name, const std::string& address) {
    if (address == chosen) interface = name;
  });
  each([&](const std::string& name, const std::string& address) {
    if (name == interface && !address.starts_with("fe80")) out.push_back(address);
  });
  ::freeifaddrs(list);
  return out;
}

// What the ports of one address are good for: each names one connection to a broker.
std::uint64_t targets(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const auto* list : {&scenario.endpoints, &scenario.sub_endpoints}) {
    for (const Endpoint& endpoint : *list) names.push_back(to_string(endpoint));
  }
  std::ranges::sort(names);
  const auto last = std::ranges::unique(names).begin();
  return static_cast<std::uint64_t>(last - names.begin());
}

bool loopback_v4(const Scenario& scenario) {
  const Endpoint& first = scenario.endpoints.front();
  const auto address = resolve_now(first.host, first.port, scenario.client.ip_family);
  return address && !address->empty() && std::ranges::any_of(*address, is_loopback) &&
         scenario.client.ip_family != IpFamily::V6;
}

std::uint64_t bytes_of_connection(const Endpoint& endpoint) {
  return kPlainBytes + (endpoint.uses_tls() ? kTlsBytes - kPlainBytes : 0) +
         (endpoint.uses_websocket() ? kWebSocketBytes - kPlainBytes : 0);
}

std::string count_text(double value) {
  return std::to_string(static_cast<long long>(std::llround(value)));
}

}  // namespace

MachineLimits read_limits(const Scenario& scenario) {
  MachineLimits limits;
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) == 0) limits.descriptors = descriptors.rlim_max;
  std::ifstream range("/proc/sys/net/ipv4/ip_local_port_range");
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (range >> low >> high && high >= low) limits.ports = high - low + 1;
  limits.memory_bytes = available_memory_bytes();
  const Endpoint& first = scenario.endpoints.front();
  if (first.scheme != Scheme::Unix && !loopback_v4(scenario)) {
    const auto address = resolve_now(first.host, first.port, scenario.client.ip_family);
    if (address && !address->empty()) limits.addresses = addresses_towards(address->front());
  }
  return limits;
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::uint64_t Preflight::possible() const {
  return by_ports == 0 ? by_descriptors : std::min(by_descriptors, by_ports);
}

Result<Preflight> check_machine(const Scenario& scenario, const MachineLimits& limits) {
  Preflight out;
  const std::uint64_t clients = scenario.clients_here();
  const std::uint64_t own = kOwnDescriptors + kDescriptorsOfThread * scenario.threads;
  out.descriptors_needed = clients + own;
  out.by_descriptors = limits.descriptors > own ? limits.descriptors - own : 0;
  const bool over_ports =
      scenario.endpoints.front().scheme != Scheme::Unix && !scenario.client.proxy;
  out.sources = scenario.sources;
  if (over_ports && limits.ports > 0) {
    const std::uint64_t of_source = limits.ports * targets(scenario);
    const std::uint64_t wanted = (clients + of_source - 1) / of_source;
    if (out.sources.empty() && scenario.client.bind_address.empty() && wanted > 1) {
      if (loopback_v4(scenario)) {
        constexpr std::uint64_t kMost = 250;
        for (std::uint64_t i = 1; i <= std::min(wanted, kMost); ++i) {
          out.sources.push_back("127.0.0." + std::to_string(i));
        }
      } else {
        out.sources = limits.addresses;
      }
    }
    out.by_ports = of_source * std::max<std::uint64_t>(1, out.sources.size());
  }
  out.memory_needed_bytes = clients * bytes_of_connection(scenario.endpoints.front());
  if (clients > out.by_descriptors) {
    return fail(ErrorKind::Configuration, Cause::TcpLocal,
                std::to_string(clients) + " connections need " +
                    std::to_string(out.descriptors_needed) + " descriptors, and the limit is " +
                    std::to_string(limits.descriptors) + ": at most " +
                    std::to_string(out.by_descriptors) + " connections are possible",
                "raise the hard limit (ulimit -Hn), or share the load among processes: --shard");
  }
  if (out.by_ports > 0 && clients > out.by_ports) {
    return fail(ErrorKind::Configuration, Cause::TcpLocal,
                std::to_string(clients) + " connections need more ports than there are: " +
                    std::to_string(out.by_ports) + " connections are possible",
                "name further local addresses with --source, or widen "
                "net.ipv4.ip_local_port_range");
  }
  if (limits.memory_bytes > 0 && out.memory_needed_bytes > limits.memory_bytes) {
    out.warnings.push_back("the connections may need " + format_size(out.memory_needed_bytes) +
                           " of memory, and " + format_size(limits.memory_bytes) + " are free");
  }
  return out;
}

std::string plan_text(const Scenario& scenario, const Preflight& preflight,
                      const MachineLimits& limits) {
  std::string out;
  const auto line = [&out](std::string_view label, const std::string& text) {
    constexpr std::size_t kWidth = 24;
    out.append(label).append(kWidth - std::min(kWidth, label.size()), ' ').append(text) += '\n';
  };
  line("scenario", std::string(name(scenario.work)) +
                       (scenario.work == Work::Pubsub ? ", " + std::string(name(scenario.topology))
                                                      : std::string()));
  std::string brokers;
  for (const auto* list : {&scenario.endpoints, &scenario.sub_endpoints}) {
    for (const Endpoint& endpoint : *list) {
      brokers += (brokers.empty() ? "" : ", ") + to_string(endpoint);
    }
  }
  line("brokers", brokers);
  std::string connections = std::to_string(scenario.clients_here());
  if (scenario.shards > 1) {
    connections += " of " + std::to_string(scenario.clients()) + " (shard " +
                   std::to_string(scenario.shard + 1) + " of " + std::to_string(scenario.shards) +
                   ")";
  }
  line("connections", connections);
  if (scenario.work == Work::Pubsub) {
    line("  publishers", std::to_string(scenario.here(Role::Publisher)));
    line("  subscribers", std::to_string(scenario.here(Role::Subscriber)));
  }
  line("connections possible", std::to_string(preflight.possible()));
  line("  by descriptors", std::to_string(preflight.by_descriptors) + " (hard limit " +
                               std::to_string(limits.descriptors) + ")");
  if (preflight.by_ports > 0) {
    line("  by ports",
         std::to_string(preflight.by_ports) + " (" + std::to_string(limits.ports) +
             " for each of " + std::to_string(std::max<std::size_t>(1, preflight.sources.size())) +
             " source addresses and " + std::to_string(targets(scenario)) + " targets)");
  }
  line("memory", format_size(preflight.memory_needed_bytes) + " at most" +
                     (limits.memory_bytes > 0 ? ", free " + format_size(limits.memory_bytes)
                                              : std::string()));
  if (scenario.publishers == 0) return out;
  const double share = static_cast<double>(scenario.here(Role::Publisher)) / scenario.publishers;
  const bool each = scenario.topology == Topology::FanIn || scenario.topology == Topology::FanOut;
  const double fan = scenario.subscribers == 0 ? 0 : each ? scenario.subscribers : 1;
  const double size = scenario.payload.texts.empty()
                          ? mean_size(scenario.payload.sizes)
                          : static_cast<double>(scenario.payload.texts.front().size());
  const double seconds = std::chrono::duration<double>(scenario.duration).count();
  if (!scenario.pacer) {
    line("messages", "as fast as the window of " + std::to_string(scenario.inflight) + " allows");
    if (scenario.count > 0) {
      const double count = static_cast<double>(scenario.count);
      line("  in all", count_text(count * share));
      if (fan > 0) line("deliveries in all", count_text(count * share * fan));
    }
    return out;
  }
  double most = 0;
  for (const RateStage& stage : scenario.pacer->stages()) {
    most = std::max({most, stage.from_per_s, stage.to_per_s});
  }
  line("messages a second", count_text(most * share) + " at most");
  if (fan > 0) line("deliveries a second", count_text(most * share * fan) + " at most");
  line("payload a second",
       format_size(static_cast<std::uint64_t>(most * share * size)) + " at most");
  double all = seconds > 0 ? static_cast<double>(scenario.pacer->due_by(scenario.duration - 1ns))
               : scenario.pacer->length() != Duration::max()
                   ? static_cast<double>(scenario.pacer->due_by(scenario.pacer->length() - 1ns))
                   : 0;
  if (scenario.count > 0) {
    all = all > 0 ? std::min(all, static_cast<double>(scenario.count))
                  : static_cast<double>(scenario.count);
  }
  line("messages in all", count_text(all * share));
  if (fan > 0) line("deliveries in all", count_text(all * share * fan));
  return out;
}

}  // namespace mqtk::bench
