#include "pub/rate_limit.hpp"

#include <algorithm>

namespace mqtk::pub {

MessageSource::Next RateLimit::next() {
  const Next next = inner().next();
  waiting_ = next == Next::Message && host_.now() < due_;
  return waiting_ ? Next::Wait : next;
}

void RateLimit::advance() {
  inner().advance();
  due_ = std::max(due_, host_.now() - kMakeUp) + gap_;
}

}  // namespace mqtk::pub
