#include "inspect/shared/topic_store.hpp"

#include <algorithm>
#include <map>

namespace mqtk::inspect {

namespace {

/// What an entry takes besides its texts: itself, a node and a bucket of the table.
constexpr std::size_t kEntryMemory = sizeof(TopicEntry) + 64;
/// The share of the newest interval in a rate.
constexpr float kNewest = 0.5F;

}  // namespace

Duration TopicEntry::cadence() const {
  return live() < 2 ? 0ns : (last - first) / static_cast<std::int64_t>(live() - 1);
}

bool TopicEntry::stale(TimePoint now) const {
  return live() >= 3 && now - last > std::max<Duration>(cadence() * 3, 1s);
}

TopicEntry* TopicStore::add(const MessageView& message, TimePoint now) {
  const auto size = static_cast<std::uint32_t>(message.payload.size());
  ++totals_.messages;
  totals_.bytes += size;
  totals_.retained += message.retain ? 1 : 0;
  totals_.duplicates += message.dup ? 1 : 0;
  auto found = by_topic_.find(message.topic);
  if (found == by_topic_.end()) {
    const std::size_t more = kEntryMemory + message.topic.size() + limits_.payload / 4;
    if (entries_.size() >= limits_.topics || memory_ + more > limits_.memory) {
      ++totals_.untracked_messages;
      totals_.untracked_bytes += size;
      return nullptr;
    }
    TopicEntry& entry = entries_.emplace_back();
    entry.topic = message.topic;
    entry.least = size;
    memory_ += kEntryMemory + message.topic.size();
    found = by_topic_.emplace(entry.topic, &entry).first;
  }
  TopicEntry& entry = *found->second;
  const Bytes kept = message.payload.substr(0, limits_.payload);
  if (kept.size() <= entry.payload.capacity() || memory_ + kept.size() < limits_.memory) {
    const std::size_t before = entry.payload.capacity();
    entry.payload.assign(kept);
    memory_ += entry.payload.capacity() - before;
  } else {
    entry.payload.assign(kept.substr(0, entry.payload.capacity()));
  }
  ++entry.count;
  entry.bytes += size;
  entry.least = std::min(entry.least, size);
  entry.most = std::max(entry.most, size);
  entry.size = size;
  entry.qos = static_cast<std::uint8_t>(message.qos);
  if (message.retain) {
    ++entry.retained;
    return &entry;
  }
  if (entry.live() == 1) entry.first = now;
  entry.last = now;
  return &entry;
}

void TopicStore::tick(TimePoint now) {
  const std::chrono::duration<float> time = now - ticked_;
  const bool first = ticked_ == TimePoint{};
  ticked_ = now;
  for (TopicEntry& entry : entries_) {
    const auto news = static_cast<float>(entry.count - entry.at_tick);
    entry.at_tick = entry.count;
    if (first || time.count() <= 0) continue;
    entry.rate += kNewest * (news / time.count() - entry.rate);
    if (entry.rate < 0.005F) entry.rate = 0;
  }
}

const TopicEntry* TopicStore::find(std::string_view topic) const {
  const auto found = by_topic_.find(topic);
  return found == by_topic_.end() ? nullptr : found->second;
}

std::vector<const TopicEntry*> TopicStore::sorted(TopicOrder order, std::size_t most, TimePoint now,
                                                  std::string_view part) const {
  std::vector<const TopicEntry*> out;
  out.reserve(entries_.size());
  for (const TopicEntry& entry : entries_) {
    if (entry.topic.find(part) != std::string::npos) out.push_back(&entry);
  }
  const auto key = [order, now](const TopicEntry& entry) -> double {
    switch (order) {
      case TopicOrder::Count:
        return static_cast<double>(entry.count);
      case TopicOrder::Rate:
        return static_cast<double>(entry.rate);
      case TopicOrder::Bytes:
        return static_cast<double>(entry.bytes);
      case TopicOrder::Size:
        return static_cast<double>(entry.most);
      case TopicOrder::Age:
        return entry.live() == 0 ? 1e18 : static_cast<double>((now - entry.last).count());
      case TopicOrder::Name:
        break;
    }
    return 0;
  };
  const auto before = [&key](const TopicEntry* a, const TopicEntry* b) {
    const double left = key(*a);
    const double right = key(*b);
    return left != right ? left > right : a->topic < b->topic;
  };
  if (most == 0 || most >= out.size()) {
    std::ranges::sort(out, before);
  } else {
    std::ranges::partial_sort(out, out.begin() + static_cast<std::ptrdiff_t>(most), before);
    out.resize(most);
  }
  return out;
}

std::vector<Subtree> TopicStore::subtrees(std::size_t depth) const {
  // Sorted by levels: '/' comes before every other character.
  const auto before = [](std::string_view a, std::string_view b) {
    return std::ranges::lexicographical_compare(a, b, [](char x, char y) {
      const int left = x == '/' ? -1 : u8(x);
      const int right = y == '/' ? -1 : u8(y);
      return left < right;
    });
  };
  std::map<std::string_view, Subtree, decltype(before)> found(before);
  for (const TopicEntry& entry : entries_) {
    std::size_t end = 0;
    for (std::size_t level = 0; level < depth && end != std::string::npos; ++level) {
      end = entry.topic.find('/', level == 0 ? 0 : end + 1);
      const auto prefix = std::string_view(entry.topic).substr(0, end);
      Subtree& subtree = found[prefix];
      ++subtree.topics;
      subtree.messages += entry.count;
      subtree.bytes += entry.bytes;
      subtree.rate += static_cast<double>(entry.rate);
    }
  }
  std::vector<Subtree> out;
  for (auto& [prefix, subtree] : found) {
    subtree.prefix = prefix;
    out.push_back(std::move(subtree));
  }
  return out;
}

}  // namespace mqtk::inspect
