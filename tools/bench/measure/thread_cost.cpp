#include "bench/measure/thread_cost.hpp"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <thread>

namespace mqtk::bench {

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// The value of a line "NAME<spaces>: VALUE" of a file in /proc.
std::string proc_value(const char* path, const std::string& name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(name)) continue;
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? std::string() : line.substr(begin);
  }
  return {};
}

std::uint64_t kibibytes(const std::string& text) {
  return text.empty() ? 0 : std::strtoull(text.c_str(), nullptr, 10) * 1024;
}

}  // namespace

ThreadCost thread_cost() {
  ThreadCost cost;
  timespec used{};
  if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) == 0) {
    cost.cpu_s = static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
  }
  std::ifstream schedule("/proc/thread-self/schedstat");
  std::uint64_t ran = 0;
  std::uint64_t waited = 0;
  if (schedule >> ran >> waited) cost.waiting_s = static_cast<double>(waited) / 1e9;
  return cost;
}

double process_cpu_s() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  if (file >> size >> resident) {
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  }
  return 0;
}

std::uint64_t available_memory_bytes() {
  return kibibytes(proc_value("/proc/meminfo", "MemAvailable"));
}

Facts host_facts() {
  Facts facts;
  utsname name{};
  if (::uname(&name) == 0) {
    facts.push_back({"system", std::string(name.sysname) + " " + name.release});
    facts.push_back({"machine", std::string(name.machine)});
    facts.push_back({"name", std::string(name.nodename)});
  }
  facts.push_back({"cores", std::int64_t{std::thread::hardware_concurrency()}});
  if (std::string model = proc_value("/proc/cpuinfo", "model name"); !model.empty()) {
    facts.push_back({"processor", std::move(model)});
  }
  if (const std::uint64_t total = kibibytes(proc_value("/proc/meminfo", "MemTotal")); total > 0) {
    facts.push_back({"memory_bytes", static_cast<std::int64_t>(total)});
  }
  return facts;
}

}  // namespace mqtk::bench
