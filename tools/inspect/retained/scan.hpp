// Finds every retained message that some filters match, while live messages may arrive: two
// subscriptions one after the other, since brokers drop what does not fit into a client's queue,
// and single ones for what only one of them has brought. A pass is over when no retained message
// has come for a while and a PINGREQ after that is answered.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "client/client.hpp"
#include "net/event_loop.hpp"

namespace mqtk::inspect {

struct RetainedMessage {
  std::string payload;
  wire::Qos qos = wire::Qos::AtMostOnce;
  std::string properties;  ///< encoded, of MQTT 5
};
using RetainedMessages = std::map<std::string, RetainedMessage, std::less<>>;

class RetainedScan {
 public:
  /// Whether the quality of service of each message has to be found out as well.
  enum class Detail : std::uint8_t { Exact, TopicsOnly };

  /// `done` gets the error of a denied subscription, or nullptr.
  RetainedScan(EventLoop& loop, Client& client, std::vector<std::string> filters, Duration quiet,
               std::function<void(const Error*)> done);

  void start(Detail detail);
  /// The callbacks of the client's listener.
  void on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes);
  void on_message(const MessageView& message);
  void on_pong();

  RetainedMessages& found() { return found_; }
  /// Messages without the retain flag, which were passed over.
  std::uint64_t live() const { return live_; }

 private:
  enum class Pass : std::uint8_t { Idle, Best, Plain, Single };

  void begin(Pass pass, std::vector<std::string> filters, wire::Qos qos);
  void ask_whether_over();
  void pass_over();
  void fetch_missing();
  void finish(const Error* error);

  Client& client_;
  std::vector<std::string> filters_;
  Duration quiet_time_;
  std::function<void(const Error*)> done_;
  Detail detail_ = Detail::Exact;
  Pass pass_ = Pass::Idle;
  Token token_ = 0;
  std::vector<std::string> subscribed_;
  std::set<std::string> missing_;  ///< seen by the plain pass only
  std::set<std::string> awaited_;  ///< of the single pass
  RetainedMessages found_;
  std::uint64_t live_ = 0;
  bool asked_ = false;
  Timer quiet_;
};

}  // namespace mqtk::inspect
