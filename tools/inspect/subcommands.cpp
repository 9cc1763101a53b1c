// The table of subcommands: a declaration and an entry for each.
#include <array>

#include "inspect/subcommand.hpp"

namespace mqtk::inspect {

SubcommandEntry connect_subcommand();
SubcommandEntry caps_subcommand();
SubcommandEntry check_subcommand();
SubcommandEntry topics_subcommand();
SubcommandEntry top_subcommand();
SubcommandEntry retained_subcommand();
SubcommandEntry trace_subcommand();
SubcommandEntry ping_subcommand();
SubcommandEntry sys_subcommand();
SubcommandEntry watch_subcommand();
SubcommandEntry tls_subcommand();
SubcommandEntry session_subcommand();
SubcommandEntry acl_subcommand();

const Suite& suite() {
  static const std::array kAll = {
      connect_subcommand(), caps_subcommand(),     check_subcommand(), topics_subcommand(),
      top_subcommand(),     retained_subcommand(), trace_subcommand(), ping_subcommand(),
      sys_subcommand(),     watch_subcommand(),    tls_subcommand(),   session_subcommand(),
      acl_subcommand(),
  };
  static const Suite kSuite{
      .program = {.name = "mqtt-inspect",
                  .summary = "say why it does not connect and what a broker can do",
                  .synopsis = "[connect] [URL] [OPTION]...\nSUBCOMMAND [OPTION]...",
                  .examples = ""},
      .subcommands = kAll,
      .otherwise = "connect",
      .unknown_hint =
          "a broker is named with -h %s or as mqtt://%s; mqtt-inspect --help lists the "
          "subcommands",
      .append_common = [](FlagTable& table,
                          ClientFlags& flags) { append_connection_flags(table, flags); },
  };
  return kSuite;
}

}  // namespace mqtk::inspect
