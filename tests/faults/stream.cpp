#include "faults/stream.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "base/units.hpp"
#include "support/programs.hpp"
#include "support/skipped.hpp"

namespace mqtk::test {

namespace {

constexpr std::size_t kDigits = 8;
constexpr const char* kLast = "the last one";
const Words kSession = {"-c", "-i", "keeper", "-q", "2", "--retry"};

ProcessOptions options_for(const char* program, std::uint16_t port, const Words& words) {
  ProcessOptions options;
  options.argv = {built_program(program),
                  "-h",
                  "127.0.0.1",
                  "-p",
                  std::to_string(port),
                  "-t",
                  kStreamTopic,
                  "--reconnect-interval",
                  "20ms",
                  "--max-reconnect-interval",
                  "200ms"};
  options.argv.insert(options.argv.end(), words.begin(), words.end());
  options.env = {"MQTT_TOOLKIT_URL", "MQTT_TOOLKIT_USERNAME", "MQTT_TOOLKIT_PASSWORD"};
  options.deadline = 250s;
  return options;
}

}  // namespace

std::size_t stream_size(std::size_t usual) {
  const char* const wanted = std::getenv("MQTK_FAULT_LINES");
  if (wanted == nullptr) return usual;
  const auto number = parse_number(wanted, 100, 9'999'999);
  if (!number) throw std::runtime_error("MQTK_FAULT_LINES: no number from 100 to 9999999");
  return static_cast<std::size_t>(*number);
}

std::string numbered_lines(std::size_t count, std::size_t octets) {
  std::string text(count * octets, '.');
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i + 1);
    char* const line = text.data() + i * octets;
    std::fill_n(line, kDigits, '0');
    std::copy(number.begin(), number.end(), line + kDigits - number.size());
    line[octets - 1] = '\n';
  }
  return text;
}

std::uint32_t line_number(std::string_view text) {
  std::uint32_t number = 0;
  const std::string_view digits = text.substr(0, kDigits);
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return wrong == std::errc() && end == digits.data() + kDigits ? number : 0;
}

std::size_t count_text(std::string_view text, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++n;
  return n;
}

ProcessOptions publisher_options(std::uint16_t port, const Words& words) {
  ProcessOptions options = options_for("mqtt-pub", port, words);
  options.argv.emplace_back("-l");
  return options;
}

ProcessOptions subscriber_options(std::uint16_t port, const Words& words) {
  return options_for("mqtt-sub", port, words);
}

bool have_mosquitto() {
  if (!Mosquitto::available()) say_skipped("mosquitto is not installed");
  return Mosquitto::available();
}

MosquittoConfig persistent_broker() {
  MosquittoConfig config;
  config.persistence = true;
  config.autosave_interval_s = 1;
  config.autosave_on_changes = true;
  // A kill makes this broker forget that exchanges of QoS 2 were completed; against a limit they
  // would go on counting, and it drops what it has just acknowledged.
  config.extra = {"max_queued_messages 0", "max_inflight_messages 0"};
  return config;
}

long peak_rss_kib(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  long kib = 0;
  for (std::string word; kib == 0 && status >> word;) {
    if (word == "VmHWM:") status >> kib;
  }
  return kib;
}

Shown count_shown(std::string_view text, std::size_t lines) {
  Shown shown;
  shown.times.resize(lines + 1);
  std::uint32_t highest = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::uint32_t number = line_number(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++shown.times[number <= lines ? number : 0];
    if (number > highest) {
      highest = number;
    } else if (shown.times[number] == 1) {
      shown.in_order = false;
    }
  }
  for (std::size_t i = 1; i <= lines; ++i) {
    if (shown.times[i] == 0) ++shown.missing;
    if (shown.times[i] > 1) ++shown.doubled;
  }
  return shown;
}

bool Keeper::make_session(const Mosquitto& broker) {
  ProcessOptions options = subscriber_options(broker.port(), kSession);
  options.argv.emplace_back("-E");
  return run(options).ok();
}

Keeper::Keeper(std::uint16_t port) : process_(subscriber_options(port, kSession)) {}

Shown Keeper::finish(const Mosquitto& broker, std::size_t lines) {
  ProcessOptions last = publisher_options(broker.port(), {"-q", "2"});
  last.stdin_text = std::string(kLast) + "\n";
  const bool sent = run(last).ok();
  const bool complete = sent && process_.wait_stdout_contains(kLast, 120s);
  result_ = process_.stop();
  if (!complete) return {};
  return count_shown(std::string_view(result_.out).substr(0, result_.out.find(kLast)), lines);
}

}  // namespace mqtk::test
