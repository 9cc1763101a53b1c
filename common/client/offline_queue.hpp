// Messages of QoS 1 and 2 that were accepted while there was no connection: as many as the
// configuration allows, and what becomes of one more.
#pragma once

#include <functional>
#include <vector>

#include "client/client.hpp"

namespace mqtk {

/// A message with memory of its own.
struct KeptMessage {
  std::string topic;
  std::shared_ptr<const std::string> payload;
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
  std::string properties;  ///< encoded

  KeptMessage() = default;
  explicit KeptMessage(const OutgoingMessage& message);
  OutgoingMessage view() const;
};

class OfflineQueue {
 public:
  /// All of them outlive the queue.
  OfflineQueue(const ClientConfig& config, ClientListener& listener, ClientCounts& counts)
      : config_(config), listener_(listener), counts_(counts) {}

  bool empty() const { return size() == 0; }
  std::size_t size() const { return messages_.size() - head_; }

  /// Takes the message as ClientConfig::when_full says; `why` is set when it is refused.
  PublishStatus offer(const OutgoingMessage& message, Token token, Error& why);

  /// Hands messages over, the oldest first, while `ready` for one of that QoS. What `send` refuses
  /// has failed because of `why`, which it sets.
  void drain(const std::function<bool(wire::Qos)>& ready,
             const std::function<PublishStatus(const OutgoingMessage&, Token)>& send,
             const Error& why);

 private:
  struct Entry {
    KeptMessage message;
    Token token;
  };
  Entry take();
  void fail(Token token, Error why);

  const ClientConfig& config_;
  ClientListener& listener_;
  ClientCounts& counts_;
  std::vector<Entry> messages_;  ///< from head_ on; allocates only when something waits
  std::size_t head_ = 0;
};

}  // namespace mqtk
