#include "sub/message_decoder.hpp"

#include "sub/message_filter.hpp"

namespace mqtk::sub {

const DecodedPayload& MessageDecoder::decoded() {
  if (done_) return result_;
  done_ = true;
  const auto content_type = message_->properties.text(wire::PropertyId::ContentType);
  result_ = decode_payload(decoder_,
                           {.topic = message_->topic,
                            .payload = message_->payload,
                            .content_type = content_type.value_or(Bytes())},
                           storage_);
  return result_;
}

bool holds(const Condition& condition, const MessageView& message, MessageDecoder& decoder) {
  return condition.holds({.topic = message.topic,
                          .payload = message.payload,
                          .qos = static_cast<unsigned>(message.qos),
                          .retain = message.retain,
                          .json = [&decoder] { return decoder.json(); }});
}

bool MessageFilter::shows_further(const MessageView& message, MessageDecoder& decoder) {
  for (const Condition& condition : where) {
    if (!holds(condition, message, decoder)) return false;
  }
  return !random_percent ||
         std::uniform_real_distribution<double>(0, 100)(random) < *random_percent;
}

}  // namespace mqtk::sub
