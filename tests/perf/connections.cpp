// What connections cost with an engine: opens so many clients in one loop and prints one line:
// seconds until the last one stood, CPU milliseconds for that, octets of memory each, and how many
// stand.
//   mqtk_connections native|paho PORT COUNT
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "client/engine.hpp"
#include "net/event_loop.hpp"

using namespace mqtk;

namespace {

std::size_t resident_octets() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

double cpu_ms() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

struct Tally final : ClientListener {
  void on_connected(const ConnectionInfo&) override { ++connected; }
  void on_retry(const Error&, Duration) override {}
  void on_end(const Error* error) override {
    ++ended;
    if (error != nullptr) std::fprintf(stderr, "mqtk_connections: %s\n", error->message.c_str());
  }
  std::size_t connected = 0;
  std::size_t ended = 0;
};

ClientConfig config_of(std::size_t number, std::uint16_t port) {
  ClientConfig config;
  config.endpoints = {{Scheme::Mqtt, "127.0.0.1", port}};
  config.client_id = "c" + std::to_string(::getpid()) + "-" + std::to_string(number);
  config.timeouts.connect = 10min;
  config.keep_alive_s = 0;
  return config;
}

}  // namespace

int main(int argc, char** argv) {
  const auto engine = argc == 4 ? parse_engine(argv[1]) : std::nullopt;
  const std::size_t count = argc == 4 ? std::strtoul(argv[3], nullptr, 10) : 0;
  if (!engine || count == 0) {
    std::fprintf(stderr, "usage: mqtk_connections native|paho PORT COUNT\n");
    return 64;
  }
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  EventLoop loop;
  Tally tally;
  std::vector<std::unique_ptr<Client>> clients;
  // The first one brings what all of them share, the module above all.
  const auto open = [&](std::size_t more) {
    const std::size_t wanted = clients.size() + more;
    while (clients.size() < wanted) {
      clients.push_back(make_client(*engine, loop, config_of(clients.size(), port), tally));
      clients.back()->start();
    }
    while (tally.connected + tally.ended < wanted) loop.run_once();
  };
  open(1);
  const std::size_t memory = resident_octets();
  const double cpu = cpu_ms();
  const TimePoint begun = monotonic_now();
  open(count);
  const std::chrono::duration<double> took = monotonic_now() - begun;
  std::printf("%.3f %.1f %.0f %zu\n", took.count(), cpu_ms() - cpu,
              static_cast<double>(resident_octets() - memory) / static_cast<double>(count),
              tally.connected - 1);
  std::fflush(stdout);
  // Taking leave of each is no part of it.
  ::_exit(tally.ended == 0 ? 0 : 69);
}
