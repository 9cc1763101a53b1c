// Counts messages topic by topic, in bounded memory: what no longer fits is counted too, but not by
// its topic. One thread uses a TopicStore.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "client/message.hpp"

namespace mqtk::inspect {

struct TopicEntry {
  std::string topic;
  std::string payload;        ///< of the last message, as much as is kept
  std::uint64_t count = 0;    ///< messages, retained ones included
  std::uint64_t bytes = 0;    ///< of payload
  std::uint64_t at_tick = 0;  ///< `count` when rates were worked out last
  std::uint32_t least = 0;    ///< sizes of payload
  std::uint32_t most = 0;
  std::uint32_t size = 0;      ///< of the last payload
  std::uint32_t retained = 0;  ///< messages with the retain flag: sent at the subscription
  TimePoint first{};           ///< live messages only, as all below
  TimePoint last{};
  float rate = 0;        ///< messages a second, lately
  std::uint8_t qos = 0;  ///< of the last message

  std::uint64_t live() const { return count - retained; }
  /// Mean time between live messages; 0 with fewer than two.
  Duration cadence() const;
  /// No live message for three times as long as they came apart, and a second at least.
  bool stale(TimePoint now) const;
};

enum class TopicOrder : std::uint8_t { Count, Rate, Bytes, Size, Age, Name };
inline constexpr std::string_view kTopicOrders = "count rate bytes size age name";

struct TopicTotals {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t retained = 0;
  std::uint64_t duplicates = 0;          ///< with the DUP flag
  std::uint64_t untracked_messages = 0;  ///< of topics beyond the limit
  std::uint64_t untracked_bytes = 0;
};

/// What lies below one level of the topic tree.
struct Subtree {
  std::string prefix;  ///< "a/b"
  std::uint64_t topics = 0;
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  double rate = 0;
};

struct TopicLimits {
  std::size_t topics = 200'000;
  std::size_t memory = 128U << 20U;  ///< octets of topics and payloads kept, about
  std::size_t payload = 256;         ///< kept of each last payload
};

class TopicStore {
 public:
  explicit TopicStore(TopicLimits limits) : limits_(limits) {}

  /// The entry, or nullptr when its topic is not tracked.
  TopicEntry* add(const MessageView& message, TimePoint now);
  /// Works out the rates since the last call.
  void tick(TimePoint now);

  const TopicTotals& totals() const { return totals_; }
  std::size_t size() const { return entries_.size(); }
  const TopicEntry* find(std::string_view topic) const;
  /// In the order in which they were first seen.
  const std::deque<TopicEntry>& entries() const { return entries_; }
  /// The first `most` in this order (0: all); a topic's name settles ties. `part` must be in it.
  std::vector<const TopicEntry*> sorted(TopicOrder order, std::size_t most, TimePoint now,
                                        std::string_view part = {}) const;
  /// Levels down to `depth`, in the order of the tree.
  std::vector<Subtree> subtrees(std::size_t depth) const;

 private:
  TopicLimits limits_;
  TopicTotals totals_;
  std::size_t memory_ = 0;
  TimePoint ticked_{};
  std::deque<TopicEntry> entries_;
  std::unordered_map<std::string_view, TopicEntry*> by_topic_;
};

}  // namespace mqtk::inspect
