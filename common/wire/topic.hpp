// Topic names and topic filters (MQTT 5, 4.7), and which filter matches which name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mqtk::wire {

/// What is wrong with a topic; `what` is a lower-case sentence without full stop, `rule` its place
/// in the specification. Both have static storage.
struct TopicFault {
  std::string_view rule;
  std::string_view what;
};

/// A name to publish to: 1 to 65535 octets, MQTT UTF-8, no '+' and no '#' [MQTT-3.3.2-2]
/// [MQTT-4.7.3-1].
std::optional<TopicFault> check_topic_name(std::string_view topic);

/// A filter to subscribe with: wildcards fill whole levels, '#' is last [MQTT-4.7.1-1]
/// [MQTT-4.7.1-2]; $share/GROUP/FILTER has a group without '/', '+', '#' and a filter
/// [MQTT-4.8.2-1] [MQTT-4.8.2-2]. To MQTT 3 itself "$share" is a level like any other; its brokers
/// that know shared subscriptions ask the same.
enum class SharedFilters : std::uint8_t { Known, Unknown };
std::optional<TopicFault> check_topic_filter(std::string_view filter,
                                             SharedFilters shared = SharedFilters::Known);

/// The parts of $share/GROUP/FILTER; nullopt when `filter` is no shared subscription.
struct SharedFilter {
  std::string_view group;
  std::string_view filter;
};
std::optional<SharedFilter> split_shared(std::string_view filter);

/// A checked filter that is matched many times. Case-sensitive, octet by octet; a filter that
/// begins with a wildcard does not match names that begin with '$' [MQTT-4.7.2-1]; a shared filter
/// matches as its filter part.
class TopicFilter {
 public:
  /// `filter` has passed check_topic_filter().
  explicit TopicFilter(std::string filter) : text_(std::move(filter)) {}
  bool matches(std::string_view topic) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// The same without an object: `filter` is legal and not shared.
bool topic_matches(std::string_view filter, std::string_view topic);

}  // namespace mqtk::wire
