// What a Relay is to do to the connections that pass through it, as plain values, and the counting
// behind them. Knows no sockets.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "wire/types.hpp"

namespace mqtk {

enum class RelayDirection : std::uint8_t { ToTarget, ToClient };
enum class RelayEnding : std::uint8_t { Fin, Reset };

/// Ends the connection, both sides of it, at a point that is counted from when the rule was added,
/// over all connections.
struct RelayCut {
  RelayDirection direction = RelayDirection::ToTarget;
  std::optional<wire::PacketType> type{};  ///< none: `at` counts octets
  std::uint64_t at = 1;  ///< the n-th such packet, or after so many octets (not 0)
  bool forward = false;  ///< that packet still passes, as a whole
  RelayEnding ending = RelayEnding::Fin;
  bool repeat = false;  ///< begins to count again afterwards
};

/// Packets that vanish.
struct RelaySwallow {
  RelayDirection direction = RelayDirection::ToClient;
  wire::PacketType type = wire::PacketType::Puback;
  std::uint64_t after = 0;  ///< so many pass first
  std::uint64_t count = std::numeric_limits<std::uint64_t>::max();
};

/// Packets that pass twice, or only after the packet that follows them.
struct RelayDisorder {
  enum class How : std::uint8_t { Twice, Later };
  RelayDirection direction = RelayDirection::ToClient;
  wire::PacketType type = wire::PacketType::Publish;
  How how = How::Twice;
  std::uint64_t after = 0;  ///< so many pass first
  std::uint64_t count = 1;
};

class RelayRules {
 public:
  void add(const RelayCut& cut) { cuts_.push_back({cut, 0}); }
  void add(const RelaySwallow& swallow) { swallows_.push_back({swallow, 0}); }
  void add(const RelayDisorder& disorder) { disorders_.push_back({disorder, 0}); }
  void clear();

  struct Verdict {
    bool swallow = false;
    bool twice = false;
    bool later = false;
    std::optional<RelayEnding> cut_before{};
    std::optional<RelayEnding> cut_after{};
  };
  /// A packet begins to pass.
  Verdict packet(RelayDirection direction, wire::PacketType type);

  struct Passage {
    std::size_t octets = 0;  ///< so many pass
    std::optional<RelayEnding> cut{};
  };
  /// `octets` want to pass.
  Passage pass(RelayDirection direction, std::size_t octets);

 private:
  template <typename Rule>
  struct Counted {
    Rule rule;
    std::uint64_t seen = 0;
  };
  std::vector<Counted<RelayCut>> cuts_;
  std::vector<Counted<RelaySwallow>> swallows_;
  std::vector<Counted<RelayDisorder>> disorders_;
};

}  // namespace mqtk
