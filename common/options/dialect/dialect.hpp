// Called as mosquitto_pub, mosquitto_sub or mosquitto_rr (by a link), the programs keep the habits
// of those of version 2.1: how arguments are read, defaults, output bytes, exit codes. One row a
// name; the options of each are in dialect_options.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "wire/types.hpp"

namespace mqtk {

enum class DropIn : std::uint8_t { None, Pub, Sub, Rr };

struct Dialect {
  std::string_view program;  ///< "mosquitto_sub"; empty for our own names
  DropIn tool = DropIn::None;

  // Everything below is false under our own names.
  bool debug_on_stdout = false;  ///< the lines of -d go to stdout, in mosquitto's form
  /// An empty payload prints nothing, with -v "(null)"; the width of %p and %x also cuts.
  bool null_payload = false;
  bool live_message_ends_retained_only = false;  ///< and quiet does not end it
  bool first_answer_ends = false;                ///< -E: the first SUBACK
  bool denial_succeeds = false;   ///< denied publishes and subscriptions are told; exit status 0
  bool signal_succeeds = false;   ///< SIGINT and SIGTERM: disconnect, exit status 0
  bool silent_reconnect = false;  ///< no line for a connection that is lost or returns

  bool drop_in() const { return tool != DropIn::None; }
};

const Dialect& own_dialect();
/// By the last part of argv[0]; our own when it is none of the three names.
const Dialect& find_dialect(std::string_view argv0);

/// What is said on stderr of an error at run time, and the exit status.
struct DropInVerdict {
  std::string text;  ///< without the newline at its end
  int exit_code = 1;
};
DropInVerdict drop_in_verdict(const Error& error, wire::ProtocolVersion version);

}  // namespace mqtk
