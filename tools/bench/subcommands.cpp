// The table of subcommands: a declaration and an entry for each.
#include "bench/subcommands.hpp"

#include <array>

#include "bench/load/command.hpp"

namespace mqtk::bench {

SubcommandEntry sink_subcommand();
SubcommandEntry calibrate_subcommand();
SubcommandEntry compare_subcommand();
SubcommandEntry merge_subcommand();
SubcommandEntry plot_subcommand();

const Suite& suite() {
  static const std::array kAll = {
      connect_subcommand(), publish_subcommand(), subscribe_subcommand(),
      pubsub_subcommand(),  sink_subcommand(),    calibrate_subcommand(),
      compare_subcommand(), merge_subcommand(),   plot_subcommand(),
  };
  static const Suite kSuite{
      .program = {.name = "mqtt-bench",
                  .summary = "load-test an MQTT broker, and say what was measured",
                  .synopsis = "SUBCOMMAND [URL] [OPTION]...",
                  .examples = ""},
      .subcommands = kAll,
      .unknown_hint = "mqtt-bench --help lists the subcommands",
      .append_common = append_connection_flags,
  };
  return kSuite;
}

}  // namespace mqtk::bench
