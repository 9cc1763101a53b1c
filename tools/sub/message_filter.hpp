// Which of the received messages are shown.
#pragma once

#include <optional>
#include <random>
#include <vector>

#include "payload/condition.hpp"
#include "sub/message_decoder.hpp"
#include "wire/topic.hpp"

namespace mqtk::sub {

struct MessageFilter {
  bool hide_retained = false;                 ///< -R
  bool retained_only = false;                 ///< --retained-only
  std::vector<wire::TopicFilter> filter_out;  ///< -T
  std::vector<Condition> where;               ///< all must hold
  std::optional<double> random_percent;       ///< --random-filter
  std::minstd_rand random;

  /// `decoder` stands at this message.
  bool shows(const MessageView& message, MessageDecoder& decoder) {
    if (message.retain ? hide_retained : retained_only) return false;
    for (const wire::TopicFilter& filter : filter_out) {
      if (filter.matches(message.topic)) return false;
    }
    return (where.empty() && !random_percent) || shows_further(message, decoder);
  }

 private:
  bool shows_further(const MessageView& message, MessageDecoder& decoder);
};

/// Does the condition hold for this message?
bool holds(const Condition& condition, const MessageView& message, MessageDecoder& decoder);

}  // namespace mqtk::sub
