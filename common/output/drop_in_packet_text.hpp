// The lines of -d as mosquitto's tools print them, on stdout. One object a connection's life.
#pragma once

#include <string>

#include "wire/packets.hpp"

namespace mqtk {

class DropInPacketText {
 public:
  /// `subscriber`: mosquitto_sub, which also says what it was granted.
  DropInPacketText(std::string client_id, bool subscriber)
      : client_id_(std::move(client_id)), subscriber_(subscriber) {}

  /// Whole lines.
  std::string sent(const wire::Packet& packet);
  std::string received(const wire::Packet& packet);

 private:
  class Lines;
  std::string client_id_;
  bool subscriber_;
  /// Messages of QoS 0 are numbered as well, though nothing of that is sent.
  unsigned last_id_ = 0;
};

}  // namespace mqtk
