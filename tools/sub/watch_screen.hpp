// --watch: a line of the screen for each topic, in the order in which they first appear.
#pragma once

#include <string>
#include <unordered_map>

#include "base/bytes.hpp"

namespace mqtk::sub {

class WatchScreen {
 public:
  /// Clears the screen and names the broker in its first line.
  static void begin(std::string& out, std::string_view broker) {
    out += "\x1b[2J\x1b[1;1HBroker: ";
    out += broker;
    out += '\n';
  }
  /// Goes to the topic's line and empties it.
  void go_to(std::string& out, Bytes topic) {
    const auto line = lines_.try_emplace(std::string(topic), lines_.size() + 2).first->second;
    out += "\x1b[" + std::to_string(line) + ";1H\x1b[K";
  }
  /// Leaves the cursor below all lines.
  void rest(std::string& out) const {
    out += "\x1b[" + std::to_string(lines_.size() + 1) + ";1H\n";
  }

 private:
  std::unordered_map<std::string, std::size_t> lines_;
};

}  // namespace mqtk::sub
