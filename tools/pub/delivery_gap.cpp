#include "pub/delivery_gap.hpp"

namespace mqtk::pub {

MessageSource::Next DeliveryGap::next() {
  const Next next = inner().next();
  early_ = next == Next::Message && (settled_ < taken_ || host_.now() < due_);
  return early_ ? Next::Wait : next;
}

void DeliveryGap::advance() {
  ++taken_;
  inner().advance();
}

void DeliveryGap::settled() {
  ++settled_;
  due_ = host_.now() + gap_;
  inner().settled();
}

}  // namespace mqtk::pub
