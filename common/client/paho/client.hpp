// The Paho engine: a PahoLink (the module) with what Paho leaves to its user, done as our own
// engine does it: queueing while offline, reconnection, renewal of subscriptions, time-outs to the
// millisecond, errors that say what was wrong.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/client.hpp"
#include "client/offline_queue.hpp"
#include "client/paho/diagnosis.hpp"
#include "client/paho/link.hpp"
#include "client/subscription_list.hpp"
#include "net/event_loop.hpp"
#include "protocol/silence.hpp"
#include "session/connect_plan.hpp"
#include "session/explain.hpp"
#include "session/persistence.hpp"

namespace mqtk {

/// The module's table; loaded once.
Result<const PahoModule*> paho_module();

/// How long Paho may take for its answers before it is given up and another client of it is made.
struct PahoPatience {
  Duration answer = 30s;             ///< to anything it was asked
  Duration answer_after_loss = 10s;  ///< the same once it has lost a connection
};

class PahoClient final : public Client {
 public:
  PahoClient(EventLoop& loop, ClientConfig config, ClientListener& listener,
             PahoPatience patience = {});
  ~PahoClient() override;

  void start() override;
  void stop(DisconnectMode mode) override;
  void abort(DisconnectMode mode) override;
  PublishStatus publish(const OutgoingMessage& message, Token token) override;
  void subscribe(std::vector<Subscription> subscriptions, Token token,
                 wire::PropertiesView properties) override;
  void unsubscribe(std::vector<std::string> filters, Token token,
                   wire::PropertiesView properties) override;
  /// Paho has one thread that reads for all its clients: while one is paused and has as much queued
  /// as it may, all wait, and a keep-alive may be missed.
  void pause_receiving(bool paused) override;
  void trace_packets(bool) override {}
  bool connected() const override { return stage_ == Stage::Connected; }
  std::size_t pending() const override { return waiting_.size() + sent_.size(); }
  const Error& last_error() const override { return last_error_; }
  ClientCounts counts() const override;

 private:
  enum class Stage : std::uint8_t {
    New,
    Connecting,
    Diagnosing,  ///< Paho gave up; why?
    Connected,
    Waiting,  ///< for the next attempt
    Leaving,
    DeletingSession,
    Ended,
  };
  /// A message that was accepted and has no outcome yet.
  struct Message {
    KeptMessage kept;  ///< of QoS 0, which is not sent again, only the QoS
    Token token = 0;
    std::size_t octets = 0;
    TimePoint sent;
    std::uint64_t end = 0;   ///< as in handed_over_
    bool with_paho = false;  ///< false: to be handed to Paho again
  };
  struct Unsubscription {
    std::vector<std::string> filters;
    std::string properties;
    Token token;
    bool done = false;
  };

  // events (client.cpp)
  void turn();
  void drain();
  void handle_fetched();
  void handle(PahoEvent& event);
  void deliver(const PahoEvent& event);
  void subscribed(const PahoEvent& event);
  void unsubscribed(const PahoEvent& event);
  void send_group(std::uint32_t group);
  void send_unsubscription(std::size_t index);

  // connecting (connect.cpp)
  void attempt();
  bool prepare(PahoAttempt& attempt);
  Result<void> make_link();
  void accepted(const PahoEvent& event);
  ConnectionInfo describe(bool session_present) const;
  void refused(const PahoEvent& event);
  void overdue();
  void diagnose(Error fallback);
  void dismissed();
  void lost();
  void attempt_failed(Error why);
  void try_again(NextTry next);
  const Endpoint& endpoint() const { return config_.endpoints[persistence_.endpoint()]; }
  void watch_link();
  void look_at_link();
  void drop_link();

  // ending (connect.cpp)
  void leave_if_done();
  void leave(DisconnectMode mode);
  void left();
  void end(const Error* error);
  void end_with(Error error);

  // publishing (publish.cpp)
  PublishStatus refuse(Error error);
  PublishStatus send(const OutgoingMessage& message, Token token);
  void send_birth();
  void resend();
  void drain_waiting();
  bool window_full(wire::Qos qos) const;
  void tell_writable();
  void published(const PahoEvent& event);
  void forget(std::uint64_t request);
  void fail_qos0();
  void watch_acknowledgements();
  void acknowledgements_overdue();
  void hand_over(std::size_t octets);

  EventLoop& loop_;
  ClientConfig config_;
  ClientListener& listener_;
  PahoPatience patience_;
  SessionSettings settings_;
  ServerLimits limits_;
  Stage stage_ = Stage::New;
  bool stopping_ = false;
  bool starting_ = false;
  bool left_ = false;
  bool want_writable_ = false;
  bool paused_ = false;
  bool spoilt_ = false;         ///< the link must not be used any more
  bool fresh_session_ = false;  ///< the next connection may not go on with the session
  DisconnectMode stop_mode_ = DisconnectMode::Normal;

  Persistence persistence_;
  unsigned connections_ = 0;
  TimePoint attempt_started_;
  std::optional<Error> server_said_;
  LastPublish last_publish_;
  bool progress_ = false;  ///< a message, or the answer to one, came over this connection
  TimePoint connected_at_;
  TimePoint lost_at_;
  unsigned link_lives_ = 0;    ///< connections that the present link has had
  std::uint64_t answers_ = 0;  ///< of Paho, to what it was asked
  std::uint64_t answers_seen_ = 0;
  TimePoint answers_seen_at_;
  /// Paho does not tell which octets have left: what it was given counts as on its way.
  Silence silence_;
  std::uint64_t handed_over_ = 0;  ///< octets, by all connections
  TimePoint acknowledged_at_;      ///< the last message

  std::map<std::uint64_t, Message> sent_;  ///< by request, which is the order of publishing
  std::size_t sent_octets_ = 0;
  std::size_t sent_qos0_ = 0;  ///< how many of them are of QoS 0
  std::uint64_t next_request_ = 1;
  SubscriptionList subscriptions_;
  std::map<std::uint64_t, std::uint64_t> subscribe_requests_;  ///< on this connection: names
  std::map<std::uint64_t, std::size_t> unsubscribe_requests_;  ///< on this connection: indices
  std::vector<Unsubscription> unsubscriptions_;
  ClientCounts counts_;
  Error last_error_;
  OfflineQueue waiting_;

  LazyTls tls_;
  std::unique_ptr<PahoDiagnosis> diagnosis_;
  Deferred turn_later_;
  Waker waker_;
  std::unique_ptr<Timer>
      attempt_timer_;  ///< limit of an attempt or a goodbye, wait for the next one
  std::unique_ptr<Timer> publish_timer_;
  std::unique_ptr<Timer> link_timer_;
  std::vector<PahoEvent> events_;  ///< fetched, and from event_ on not handled yet
  std::size_t event_ = 0;
  std::unique_ptr<PahoLink> link_;  ///< destroyed first: it wakes waker_
};

}  // namespace mqtk
