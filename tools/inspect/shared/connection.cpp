// What all subcommands have in common: the options of a connection, and what becomes of them.
#include "inspect/subcommand.hpp"

namespace mqtk::inspect {

namespace {

bool is_url(std::string_view word) {
  return word.find("://") != std::string_view::npos;
}

}  // namespace

void append_connection_flags(FlagTable& table, ClientFlags& flags, SessionOptions session) {
  append_flags(table, flags.connection);
  append_flags(table, flags.credentials);
  append_flags(table, flags.tls);
  append_flags(table, flags.websocket);
  if (session == SessionOptions::Taken) append_flags(table, flags.session);
  append_flags(table, flags.report);
  append_profile_flags(table);
  for (Flag& flag : table) {
    if (flag.name == "url") flag.operand = is_url;
  }
}

Result<ResolvedClient> resolve_connection(const ClientFlags& flags, const Launch& launch,
                                          bool reconnect) {
  auto client = resolve_client(flags, launch.environment,
                               {.id_prefix = "mqttinspect-",
                                .reconnect = reconnect,
                                .publish_topic = {},
                                .mqtt5_options = launch.line.mqtt5_options});
  wipe(launch.line);
  if (!client) return client;
  for (const std::string& warning : client->warnings) launch.report.warning(warning);
  for (const std::string& note : client->notes) launch.report.debug(note);
  return client;
}

}  // namespace mqtk::inspect
