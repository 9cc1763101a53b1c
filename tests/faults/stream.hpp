// Numbered lines through the real programs while something goes wrong, and what became of each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/mosquitto.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace mqtk::test {

using Words = std::vector<std::string>;

constexpr const char* kStreamTopic = "lines";

/// How many lines to send: MQTK_FAULT_LINES from the environment, or else `usual`.
std::size_t stream_size(std::size_t usual);
/// Lines of `octets` each, newline included, that begin with their number from 1.
std::string numbered_lines(std::size_t count, std::size_t octets = 32);
/// What such a line or payload begins with; 0: no number.
std::uint32_t line_number(std::string_view text);

std::size_t count_text(std::string_view text, std::string_view what);

/// mqtt-pub -l or mqtt-sub, quick to reconnect, with a deadline that a loaded machine can keep.
ProcessOptions publisher_options(std::uint16_t port, const Words& words);
ProcessOptions subscriber_options(std::uint16_t port, const Words& words);

/// False, and said, when there is no mosquitto.
bool have_mosquitto();
/// A broker that saves its state at every change, and so outlives being killed.
MosquittoConfig persistent_broker();
/// The largest resident size that a process has had so far; 0 when it is gone.
long peak_rss_kib(pid_t pid);

/// How often each line was shown.
struct Shown {
  std::vector<std::uint32_t> times{};  ///< [0] for what had no number, then by number
  std::size_t missing = 0;
  std::size_t doubled = 0;
  bool in_order = true;  ///< each line's first showing comes after that of the line before
};
Shown count_shown(std::string_view text, std::size_t lines);

/// A subscriber of QoS 2 whose session stands before it starts.
class Keeper {
 public:
  /// Makes the session; false: it could not.
  static bool make_session(const Mosquitto& broker);
  /// Listens at `port` of the broker, or of a relay before it.
  explicit Keeper(std::uint16_t port);
  /// Sends a last message behind all others to the broker and waits until it is shown; what came
  /// before it.
  Shown finish(const Mosquitto& broker, std::size_t lines);
  /// What it said on stderr, and how it ended, after finish().
  const ProcessResult& result() const { return result_; }

 private:
  Process process_;
  ProcessResult result_;
};

}  // namespace mqtk::test
