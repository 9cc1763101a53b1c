#include "wire/topic.hpp"

#include <algorithm>

#include "wire/swar.hpp"
#include "wire/types.hpp"
#include "wire/utf8.hpp"

namespace mqtk::wire {

namespace {

constexpr std::string_view kShared = "$share/";

// What names and filters have in common.
std::optional<TopicFault> check_text(std::string_view text) {
  if (text.empty()) return TopicFault{"MQTT-4.7.3-1", "the topic is empty"};
  if (text.size() > kMaxFieldSize) {
    return TopicFault{"MQTT-4.7.3-3", "the topic is longer than 65535 octets"};
  }
  if (!is_mqtt_string(text)) {
    if (is_utf8(text)) return TopicFault{"MQTT-4.7.3-2", "the topic contains a NUL character"};
    return TopicFault{"MQTT-1.5.4-1", "the topic is not valid UTF-8"};
  }
  return std::nullopt;
}

std::optional<TopicFault> check_wildcards(std::string_view filter) {
  for (std::size_t at = filter.find_first_of("+#"); at != std::string_view::npos;
       at = filter.find_first_of("+#", at + 1)) {
    const bool begins_level = at == 0 || filter[at - 1] == '/';
    const bool last = at + 1 == filter.size();
    if (filter[at] == '#') {
      if (!last) return TopicFault{"MQTT-4.7.1-1", "'#' is not the last character of the filter"};
      if (!begins_level) return TopicFault{"MQTT-4.7.1-1", "'#' does not fill its whole level"};
    } else if (!begins_level || (!last && filter[at + 1] != '/')) {
      return TopicFault{"MQTT-4.7.1-2", "'+' does not fill its whole level"};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<TopicFault> check_topic_name(std::string_view topic) {
  const bool fits = !topic.empty() && topic.size() <= kMaxFieldSize;
  if (fits && swar::all_words(topic, swar::is_plain_name)) return std::nullopt;
  if (auto fault = check_text(topic)) return fault;
  if (topic.find_first_of("+#") != std::string_view::npos) {
    return TopicFault{"MQTT-3.3.2-2", "the topic contains a wildcard character"};
  }
  return std::nullopt;
}

std::optional<TopicFault> check_topic_filter(std::string_view filter, SharedFilters shared) {
  if (auto fault = check_text(filter)) return fault;
  if (shared == SharedFilters::Known && filter.starts_with(kShared)) {
    const std::size_t group_end = filter.find_first_of("/+#", kShared.size());
    if (group_end == kShared.size() && filter[group_end] == '/') {
      return TopicFault{"MQTT-4.8.2-1", "the shared subscription has an empty group name"};
    }
    if (filter.size() == kShared.size()) {
      return TopicFault{"MQTT-4.8.2-1", "the shared subscription has no group name"};
    }
    if (group_end != std::string_view::npos && filter[group_end] != '/') {
      return TopicFault{"MQTT-4.8.2-2", "the group name of the shared subscription has a wildcard"};
    }
    if (group_end == std::string_view::npos || group_end + 1 == filter.size()) {
      return TopicFault{"MQTT-4.8.2-2",
                        "the shared subscription has no filter after its group name"};
    }
    filter.remove_prefix(group_end + 1);
  }
  return check_wildcards(filter);
}

std::optional<SharedFilter> split_shared(std::string_view filter) {
  if (!filter.starts_with(kShared)) return std::nullopt;
  const std::size_t group_end = filter.find('/', kShared.size());
  if (group_end == std::string_view::npos) return std::nullopt;
  return SharedFilter{filter.substr(kShared.size(), group_end - kShared.size()),
                      filter.substr(group_end + 1)};
}

bool TopicFilter::matches(std::string_view topic) const {
  if (const auto shared = split_shared(text_)) return topic_matches(shared->filter, topic);
  return topic_matches(text_, topic);
}

bool topic_matches(std::string_view filter, std::string_view topic) {
  if (topic.starts_with('$') && (filter.starts_with('+') || filter.starts_with('#'))) return false;
  std::size_t f = 0;
  std::size_t t = 0;
  while (f < filter.size()) {
    if (filter[f] == '#') return true;
    if (filter[f] == '+') {
      ++f;
      t = std::min(topic.find('/', t), topic.size());
    } else if (t < topic.size() && topic[t] == filter[f]) {
      ++f;
      ++t;
    } else {
      return t == topic.size() && filter.substr(f) == "/#";  // '#' includes the parent level
    }
  }
  return t == topic.size();
}

}  // namespace mqtk::wire
