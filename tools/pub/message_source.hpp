// Where the messages to publish come from, one at a time. A source never blocks: it tells its owner
// through Host::wake() or an alarm when there is more.
#pragma once

#include <cstdint>
#include <string_view>

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

  /// What one of them is called in sentences: "line".
  virtual std::string_view noun() const { return "message"; }
  /// Shall an error name the place in the input?
  virtual bool numbered() const { return false; }
};

}  // namespace mqtk::pub
