// A message that a client has received, as the record that is printed of it.
#pragma once

#include "client/message.hpp"
#include "output/message_record.hpp"

namespace mqtk {

inline MessageRecord record_of(const MessageView& message,
                               std::chrono::system_clock::time_point received) {
  return {.time = received,
          .topic = message.topic,
          .payload = message.payload,
          .qos = message.qos,
          .retain = message.retain,
          .dup = message.dup,
          .packet_id = message.packet_id,
          .properties = message.properties};
}

}  // namespace mqtk
