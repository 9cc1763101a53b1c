// --repeat-delay: a pause between the delivery of one message and the next.
#pragma once

#include "options/run.hpp"
#include "pub/message_source.hpp"

namespace mqtk::pub {

class DeliveryGap final : public SourceFilter {
 public:
  DeliveryGap(std::unique_ptr<MessageSource> source, Duration gap, const Host& host)
      : SourceFilter(std::move(source)), gap_(gap), host_(host) {}

  Next next() override;
  void advance() override;
  void settled() override;
  TimePoint due() const override {
    if (settled_ < taken_) return kNever;
    return early_ ? due_ : inner().due();
  }

 private:
  Duration gap_;
  const Host& host_;
  std::uint64_t taken_ = 0;
  std::uint64_t settled_ = 0;
  TimePoint due_{};
  bool early_ = false;  ///< it is this pause that is waited for
};

}  // namespace mqtk::pub
