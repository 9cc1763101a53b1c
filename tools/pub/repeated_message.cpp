#include "pub/repeated_message.hpp"

namespace mqtk::pub {

MessageSource::Next RepeatedMessage::next() {
  if (taken_ == times_) return Next::End;
  if (gap_ > 0ns && (settled_ < taken_ || host_.now() < due_)) return Next::Wait;
  return Next::Message;
}

void RepeatedMessage::advance() {
  ++taken_;
}

void RepeatedMessage::settled() {
  ++settled_;
  if (gap_ == 0ns || settled_ >= times_) return;
  due_ = host_.now() + gap_;
  host_.set_alarm(due_);
}

}  // namespace mqtk::pub
