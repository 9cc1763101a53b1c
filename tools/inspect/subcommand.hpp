// The subcommands of mqtt-inspect. To add one: a file that defines NAME_subcommand(), and its two
// lines in subcommands.cpp.
#pragma once

#include "options/subcommand.hpp"

namespace mqtk::inspect {

/// The program and all of its subcommands.
const Suite& suite();

/// Connection, credentials, TLS, WebSocket, session and report: what every subcommand takes, the
/// session unless it uses sessions of its own only. A word with "://" in it is taken as -L.
enum class SessionOptions : std::uint8_t { Taken, None };
void append_connection_flags(FlagTable& table, ClientFlags& flags,
                             SessionOptions session = SessionOptions::Taken);

/// The configuration of the client, after warnings were shown and secrets wiped from argv.
Result<ResolvedClient> resolve_connection(const ClientFlags& flags, const Launch& launch,
                                          bool reconnect = false);

}  // namespace mqtk::inspect
