// Topic aliases of MQTT 5 (3.3.2.3.4), one table a direction; both end with the connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace mqtk {

/// Aliases that the server sets and uses.
class IncomingTopicAliases {
 public:
  void reset(std::uint16_t maximum) {
    maximum_ = maximum;
    topics_.clear();
  }
  /// The topic meant by `topic` and `alias`; nullopt when the alias is 0, beyond the maximum or
  /// unknown.
  std::optional<Bytes> resolve(Bytes topic, std::uint32_t alias) {
    if (alias == 0 || alias > maximum_) return std::nullopt;
    if (topics_.size() < alias) topics_.resize(alias);
    std::string& known = topics_[alias - 1];
    if (!topic.empty()) known.assign(topic);
    if (known.empty()) return std::nullopt;
    return Bytes(known);
  }

 private:
  std::uint16_t maximum_ = 0;
  std::vector<std::string> topics_;
};

/// Aliases that we set and use.
class OutgoingTopicAliases {
 public:
  void reset(std::uint16_t maximum) {
    maximum_ = maximum;
    topics_.clear();
  }
  bool allowed(std::uint32_t alias) const { return alias > 0 && alias <= maximum_; }
  /// True when the server knows `alias` as `topic` already, so that the topic may be left out;
  /// remembers it otherwise. Only for an allowed alias.
  bool known(std::uint32_t alias, Bytes topic) {
    if (topics_.size() < alias) topics_.resize(alias);
    std::string& sent = topics_[alias - 1];
    if (sent == topic) return true;
    sent.assign(topic);
    return false;
  }

 private:
  std::uint16_t maximum_ = 0;
  std::vector<std::string> topics_;
};

}  // namespace mqtk
