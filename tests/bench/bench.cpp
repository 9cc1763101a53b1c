#include "bench/bench.hpp"

#include "support/programs.hpp"

namespace mqtk::test {

ProcessOptions bench_command(const std::string& subcommand, std::uint16_t port,
                             const std::vector<std::string>& options) {
  ProcessOptions out;
  out.argv = {built_program("mqtt-bench"), subcommand, "-h", "127.0.0.1", "-p",
              std::to_string(port),        "--json",   "-"};
  out.argv.insert(out.argv.end(), options.begin(), options.end());
  out.deadline = 60s;
  return out;
}

BenchRun bench_run(ProcessResult process) {
  BenchRun out;
  out.process = std::move(process);
  out.result = nlohmann::json::parse(out.process.out, nullptr, false);
  if (out.result.is_discarded()) out.result = nullptr;
  return out;
}

BenchRun bench(const std::string& subcommand, std::uint16_t port,
               const std::vector<std::string>& options) {
  return bench_run(run(bench_command(subcommand, port, options)));
}

}  // namespace mqtk::test
