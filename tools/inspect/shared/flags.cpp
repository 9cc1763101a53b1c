#include "inspect/shared/flags.hpp"

namespace mqtk::inspect {

namespace {

/// Room for the nonce that tells a message from others.
constexpr std::uint64_t kSmallestPayload = 40;
constexpr std::uint64_t kLargestPayload = 256'000'000;

}  // namespace

Flag json_flag(bool& target, std::string_view group, std::string_view doc) {
  return {.name = "json", .group = group, .doc = doc, .common = true, .store = store(target)};
}

Flag safe_flag(bool& target, std::string_view group, std::string_view doc) {
  return {.name = "safe", .group = group, .doc = doc, .common = true, .store = store(target)};
}

Flag qos_flag(Store store, std::string_view group, std::string_view doc,
              std::string_view default_text) {
  return {.letter = 'q',
          .name = "qos",
          .value_name = "QOS",
          .kind = FlagKind::Value,
          .group = group,
          .doc = doc,
          .default_text = default_text,
          .choices = "0 1 2",
          .store = std::move(store)};
}

Flag payload_size_flag(std::optional<std::uint64_t>& target, std::string_view group,
                       std::string_view doc) {
  return {.letter = 's',
          .name = "size",
          .value_name = "SIZE",
          .kind = FlagKind::Value,
          .group = group,
          .doc = doc,
          .default_text = "40",
          .store = store_size(target, kSmallestPayload, kLargestPayload)};
}

Flag topic_prefix_flag(std::optional<std::string>& target, std::string_view group) {
  return {.name = "topic-prefix",
          .value_name = "PREFIX",
          .kind = FlagKind::Value,
          .group = group,
          .doc = "what the random topic begins with, where access is limited",
          .default_text = kTopicPrefix,
          .common = true,
          .store = store(target)};
}

Flag max_topics_flag(std::size_t& target, std::string_view group) {
  return {.name = "max-topics",
          .value_name = "N",
          .kind = FlagKind::Value,
          .group = group,
          .doc = "topics that are told apart; messages of others are only counted",
          .default_text = "200000",
          .store = store_number(target, 1, 100'000'000)};
}

Result<std::vector<std::string>> filters_or_all(std::vector<std::string> typed,
                                                const ResolvedClient& client) {
  return checked_filters(std::move(typed), {client.url_topic.value_or("#")});
}

}  // namespace mqtk::inspect
