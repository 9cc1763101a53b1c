// From the flags of a load to its Scenario: defaults, and everything that can be wrong.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "bench/load/flags.hpp"
#include "bench/load/scenario.hpp"
#include "options/subcommand.hpp"

namespace mqtk::bench {

struct LoadOptions {
  Scenario scenario;
  std::vector<std::string> warnings;
  std::vector<std::string> notes;  ///< for --debug
};

/// Reads the files that are named. `now_ns` is Unix time, `seed` is used unless one is given.
Result<LoadOptions> resolve_load(Work work, const LoadFlags& flags, const Environment& environment,
                                 const CommandLine& line, std::int64_t now_ns, std::uint64_t seed);

/// Stages of a TOML file: [[stage]] with duration, and rate or from and to.
Result<std::vector<RateStage>> parse_stages(std::string_view toml);
/// Lines of client_id,username,password, or of username,password; a first line may name them.
Result<std::vector<Identity>> parse_credentials(std::string_view csv);
/// "10.0.0.1", "10.0.0.1,10.0.0.7", "127.0.0.2-127.0.0.9".
Result<std::vector<std::string>> parse_sources(std::string_view text);

}  // namespace mqtk::bench
