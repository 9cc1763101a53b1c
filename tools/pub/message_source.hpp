// Where the messages to publish come from, one at a time. A source never blocks: it tells its owner
// through Host::wake() when there is more, or says beforehand when to ask again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "client/message.hpp"

namespace mqtk::pub {

class MessageSource {
 public:
  enum class Next : std::uint8_t {
    Message,  ///< message() is the next one
    Wait,     ///< nothing now, more may come
    End,
    Failed,  ///< see error()
  };

  virtual ~MessageSource() = default;
  /// What comes next; the same again until advance().
  virtual Next next() = 0;
  /// After Next::Message; its views are valid until advance().
  virtual const OutgoingMessage& message() const = 0;
  virtual void advance() = 0;
  /// The place of message() in the input, from 1; of the bad input after Next::Failed.
  virtual std::uint64_t number() const = 0;
  /// A message that was taken has been delivered or has failed.
  virtual void settled() {}
  virtual const Error& error() const = 0;
  /// After Next::Wait: when to ask again; kNever: when woken, or after settled().
  virtual TimePoint due() const { return kNever; }
  /// How much of the input has been taken, 0 to 1, where its size is known.
  virtual std::optional<double> fraction() const { return std::nullopt; }

  /// What one of them is called in sentences: "line".
  virtual std::string_view noun() const { return "message"; }
  /// Shall an error name the place in the input?
  virtual bool numbered() const { return false; }
  /// The file that message() is the content of; empty when it is none.
  virtual std::string_view file() const { return {}; }
  /// What an answer to message() must contain, where that changes from message to message.
  virtual std::string_view answer() const { return {}; }
};

/// Stands before another source and changes some of what it says.
class SourceFilter : public MessageSource {
 public:
  explicit SourceFilter(std::unique_ptr<MessageSource> inner) : inner_(std::move(inner)) {}
  Next next() override { return inner_->next(); }
  const OutgoingMessage& message() const override { return inner_->message(); }
  void advance() override { inner_->advance(); }
  std::uint64_t number() const override { return inner_->number(); }
  void settled() override { inner_->settled(); }
  const Error& error() const override { return inner_->error(); }
  TimePoint due() const override { return inner_->due(); }
  std::optional<double> fraction() const override { return inner_->fraction(); }
  std::string_view noun() const override { return inner_->noun(); }
  bool numbered() const override { return inner_->numbered(); }
  std::string_view file() const override { return inner_->file(); }
  std::string_view answer() const override { return inner_->answer(); }

 protected:
  MessageSource& inner() { return *inner_; }
  const MessageSource& inner() const { return *inner_; }

 private:
  std::unique_ptr<MessageSource> inner_;
};

}  // namespace mqtk::pub
