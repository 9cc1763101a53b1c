// What became of the messages, and what is to be said of it at the end.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/client.hpp"

namespace mqtk::pub {

struct Delivery {
  std::uint64_t taken = 0;      ///< accepted by the client
  std::uint64_t bytes = 0;      ///< of their payloads
  std::uint64_t delivered = 0;  ///< acknowledged; at QoS 0 handed to the operating system
  std::uint64_t failed = 0;
  std::uint64_t denied = 0;     ///< among `failed`
  std::uint64_t timed_out = 0;  ///< among `failed`
  Error first_failure;
  std::uint64_t first_failed_number = 0;

  void settle(std::uint64_t number, const PublishOutcome& outcome);
};

/// What is wrong at the end, as errors in the order in which they are to be shown; the kind of the
/// worst decides the exit code. Empty: all has arrived. `counts` are the client's, `noun` is "line"
/// or "message".
std::vector<Error> judge(const Delivery& delivery, const ClientCounts& counts,
                         std::string_view noun);

/// "1000 messages, 62.5 KiB in 1.2s (833 messages/s)".
std::string summary(const Delivery& delivery, Duration elapsed);

/// What SIGUSR1 shows: "1200 messages taken, 1100 delivered, 2 failed, 98 under way; 62.5 KiB;
/// ...".
std::string counters_text(const Delivery& delivery, const ClientCounts& counts, Duration elapsed);

}  // namespace mqtk::pub
