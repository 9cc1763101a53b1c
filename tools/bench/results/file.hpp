// Results that are read from files, for the subcommands that look at them afterwards.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "bench/results/run_result.hpp"

namespace mqtk::bench {

/// "-" is standard input. Errors name the file: NoInput (66) when it cannot be read, BadInput (65)
/// when it holds no result.
Result<RunResult> read_result(const std::string& path);
/// All of them, or the first error.
Result<std::vector<RunResult>> read_results(const std::vector<std::string>& paths);

}  // namespace mqtk::bench
