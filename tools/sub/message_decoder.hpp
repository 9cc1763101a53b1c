// The payload of the message at hand, decoded when somebody first asks, and then once for all.
#pragma once

#include <string>

#include "client/message.hpp"
#include "payload/decoder.hpp"

namespace mqtk::sub {

class MessageDecoder {
 public:
  explicit MessageDecoder(Decoder decoder) : decoder_(decoder) {}

  /// From here on it is about `message`, which must stay valid.
  void begin(const MessageView& message) {
    message_ = &message;
    done_ = false;
  }
  const DecodedPayload& decoded();
  /// The payload as JSON text; empty: it is none.
  Bytes json() { return decoded().json; }

 private:
  Decoder decoder_;
  const MessageView* message_ = nullptr;
  bool done_ = false;
  DecodedPayload result_;
  std::string storage_;
};

}  // namespace mqtk::sub
