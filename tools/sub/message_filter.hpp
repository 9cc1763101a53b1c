// Which of the received messages are shown.
#pragma once

#include <vector>

#include "client/message.hpp"
#include "wire/topic.hpp"

namespace mqtk::sub {

struct MessageFilter {
  bool hide_retained = false;                 ///< -R
  bool retained_only = false;                 ///< --retained-only
  std::vector<wire::TopicFilter> filter_out;  ///< -T

  bool shows(const MessageView& message) const {
    if (message.retain ? hide_retained : retained_only) return false;
    for (const wire::TopicFilter& filter : filter_out) {
      if (filter.matches(message.topic)) return false;
    }
    return true;
  }
};

}  // namespace mqtk::sub
