// One message, published once or several times: -m, -f, -s and -n with --repeat.
#pragma once

#include "options/run.hpp"
#include "pub/message_source.hpp"

namespace mqtk::pub {

class RepeatedMessage final : public MessageSource {
 public:
  /// `message` with what it points to outlives this. `gap` is the time from the delivery of one to
  /// the next; with 0 they follow each other without waiting.
  RepeatedMessage(const OutgoingMessage& message, std::uint64_t times, Duration gap, Host& host)
      : message_(message), times_(times), gap_(gap), host_(host) {}

  Next next() override;
  const OutgoingMessage& message() const override { return message_; }
  void advance() override;
  std::uint64_t number() const override { return taken_ + 1; }
  void settled() override;
  const Error& error() const override { return error_; }

 private:
  OutgoingMessage message_;
  std::uint64_t times_;
  Duration gap_;
  Host& host_;
  std::uint64_t taken_ = 0;
  std::uint64_t settled_ = 0;
  TimePoint due_{};
  Error error_;
};

}  // namespace mqtk::pub
