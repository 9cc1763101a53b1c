#include "support/relay_commands.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <sstream>
#include <vector>

#include "base/units.hpp"

namespace mqtk::test {

namespace {

using Words = std::vector<std::string>;

std::optional<RelayDirection> direction(const std::string& word) {
  if (word == "up") return RelayDirection::ToTarget;
  if (word == "down") return RelayDirection::ToClient;
  return std::nullopt;
}

std::optional<wire::PacketType> packet_type(const std::string& word) {
  for (std::uint8_t i = 1; i <= 15; ++i) {
    const auto type = static_cast<wire::PacketType>(i);
    if (wire::name(type) == word) return type;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> number(const Words& words, std::size_t at) {
  if (at >= words.size()) return std::nullopt;
  return parse_number(words[at], 0, UINT64_MAX);
}

bool has(const Words& words, const char* word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

RelayEnding ending(const Words& words) {
  return has(words, "reset") ? RelayEnding::Reset : RelayEnding::Fin;
}

std::optional<Duration> milliseconds(const Words& words, std::size_t at) {
  const auto count = number(words, at);
  if (!count) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(*count));
}

// Commands without a direction; false when it is none of them.
bool run_general(Relay& relay, const Words& words) {
  const std::string& command = words[0];
  if (command == "cut") {
    relay.cut(ending(words));
  } else if (command == "clear") {
    relay.clear_rules();
  } else if (command == "counts") {
    const RelayCounts counts = relay.counts();
    std::printf("{\"accepted\":%llu,\"open\":%llu,\"octets_up\":%llu,\"octets_down\":%llu}\n",
                static_cast<unsigned long long>(counts.accepted),
                static_cast<unsigned long long>(counts.open),
                static_cast<unsigned long long>(counts.octets_to_target),
                static_cast<unsigned long long>(counts.octets_to_client));
  } else if (command == "refuse" && (has(words, "on") || has(words, "off"))) {
    relay.refuse(has(words, "on"));
  } else if (const auto time = milliseconds(words, 1); command == "refuse-for" && time) {
    relay.refuse_for(*time);
  } else {
    return false;
  }
  return true;
}

bool run_directed(Relay& relay, const Words& words, RelayDirection towards) {
  const std::string& command = words[0];
  const bool on = has(words, "on");
  const bool switched = on || has(words, "off");
  const auto type = words.size() > 2 ? packet_type(words[2]) : std::nullopt;
  if (command == "half-close") {
    relay.half_close(towards);
  } else if (command == "stall" && switched) {
    relay.stall(towards, on);
  } else if (command == "hole" && switched) {
    relay.black_hole(towards, on);
  } else if (const auto time = milliseconds(words, 2); command == "delay" && time) {
    relay.set_delay(towards, *time);
  } else if (const auto rate = number(words, 2); command == "rate" && rate) {
    relay.set_rate(towards, *rate);
  } else if (const auto octets = number(words, 2); command == "cut-octets" && octets && *octets) {
    relay.add(RelayCut{.direction = towards, .at = *octets, .ending = ending(words)});
  } else if (const auto at = number(words, 3); command == "cut-at" && type && at) {
    relay.add(RelayCut{.direction = towards,
                       .type = type,
                       .at = *at,
                       .forward = has(words, "forward"),
                       .ending = ending(words)});
  } else if (command == "swallow" && type) {
    RelaySwallow swallow{.direction = towards, .type = *type};
    if (const auto after = number(words, 3)) swallow.after = *after;
    if (const auto count = number(words, 4)) swallow.count = *count;
    relay.add(swallow);
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool set_option(RelayOptions& options, const std::string& name, const std::string& value) {
  const auto size = parse_number(value, 0, 1U << 30U);
  if (name == "--to") {
    const std::size_t colon = value.rfind(':');
    if (colon == std::string::npos) return false;
    const auto port = parse_number(value.substr(colon + 1), 1, 65535);
    if (!port) return false;
    options.target_host = value.substr(0, colon);
    options.target_port = static_cast<std::uint16_t>(*port);
  } else if (name == "--to-unix") {
    options.target_unix_path = value;
  } else if (name == "--host") {
    options.listen.host = value;
  } else if (name == "--log") {
    options.log_file = value;
  } else if (!size) {
    return false;
  } else if (name == "--port" && *size <= 65535) {
    options.listen.port = static_cast<std::uint16_t>(*size);
  } else if (name == "--delay") {
    options.delay_to_target = std::chrono::milliseconds(static_cast<std::int64_t>(*size));
    options.delay_to_client = options.delay_to_target;
  } else if (name == "--buffer" && *size > 0) {
    options.buffer_limit = static_cast<std::size_t>(*size);
  } else if (name == "--socket-buffer") {
    options.socket_buffer = static_cast<int>(*size);
  } else if (name == "--payload") {
    options.payload_octets = static_cast<std::size_t>(*size);
  } else {
    return false;
  }
  return true;
}

std::string run_command(Relay& relay, const std::string& line) {
  std::istringstream stream(line);
  Words words;
  for (std::string word; stream >> word;) words.push_back(word);
  if (words.empty()) return "an empty command";
  if (run_general(relay, words)) return {};
  if (words.size() > 1) {
    if (const auto towards = direction(words[1]); towards && run_directed(relay, words, *towards)) {
      return {};
    }
  }
  return "not understood: " + line;
}

}  // namespace mqtk::test
