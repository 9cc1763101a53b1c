// Runs mqtt-bench against something and reads its result.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/process.hpp"

namespace mqtk::test {

struct BenchRun {
  ProcessResult process;
  nlohmann::json result;  ///< null when there was none

  const nlohmann::json& at(const char* pointer) const {
    return result.at(nlohmann::json::json_pointer(pointer));
  }
  std::uint64_t count(const char* name) const {
    return at("/messages").value(name, std::uint64_t{0});
  }
  double latency_us(const std::string& which, const char* figure) const {
    return result.at("latency_us").at(which).at(figure).get<double>();
  }
  double uncorrected_us(const std::string& which, const char* figure) const {
    return result.at("latency_us").at(which).at("uncorrected").at(figure).get<double>();
  }
  /// On a machine that others use too, a run may find itself too late: its counts still hold.
  bool complete() const { return process.exit_code == 0 || process.exit_code == 75; }
};

ProcessOptions bench_command(const std::string& subcommand, std::uint16_t port,
                             const std::vector<std::string>& options);
/// Of a process started with bench_command().
BenchRun bench_run(ProcessResult process);
BenchRun bench(const std::string& subcommand, std::uint16_t port,
               const std::vector<std::string>& options);

}  // namespace mqtk::test
