// What the message says after which mqtt-sub ends: --until and --until-json.
#pragma once

#include <optional>

#include "sub/message_filter.hpp"

namespace mqtk::sub {

struct EndCondition {
  std::optional<Pattern> payload;      ///< --until
  std::optional<Condition> condition;  ///< --until-json

  bool given() const { return payload || condition; }
  bool met(const MessageView& message, MessageDecoder& decoder) const {
    return (payload && payload->matches(message.payload)) ||
           (condition && holds(*condition, message, decoder));
  }
};

}  // namespace mqtk::sub
