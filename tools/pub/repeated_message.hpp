// One message, published once or several times, one right after the other: -m, -s, -n and a single
// -f with --repeat.
#pragma once

#include "pub/message_source.hpp"

namespace mqtk::pub {

class RepeatedMessage final : public MessageSource {
 public:
  /// `message` with what it points to outlives this.
  RepeatedMessage(const OutgoingMessage& message, std::uint64_t times)
      : message_(message), times_(times) {}

  Next next() override { return taken_ == times_ ? Next::End : Next::Message; }
  const OutgoingMessage& message() const override { return message_; }
  void advance() override { ++taken_; }
  std::uint64_t number() const override { return taken_ + 1; }
  const Error& error() const override { return error_; }
  std::string_view file() const override { return file_; }
  /// The message is the content of this file.
  void set_file(std::string_view file) { file_ = file; }
  std::optional<double> fraction() const override {
    if (times_ == 1) return std::nullopt;
    return static_cast<double>(taken_) / static_cast<double>(times_);
  }

 private:
  OutgoingMessage message_;
  std::uint64_t times_;
  std::uint64_t taken_ = 0;
  std::string_view file_;
  Error error_;
};

}  // namespace mqtk::pub
