// Our own engine: ClientState (the protocol) over Connection (the network), with reconnection, a
// queue for the time without a connection, renewal of subscriptions and a graceful end.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/client.hpp"
#include "client/offline_queue.hpp"
#include "client/subscription_list.hpp"
#include "net/connection.hpp"
#include "net/event_loop.hpp"
#include "protocol/client_state.hpp"
#include "session/batch_pacer.hpp"
#include "session/connect_plan.hpp"
#include "session/explain.hpp"
#include "session/persistence.hpp"
#include "session/service_endpoints.hpp"

namespace mqtk {

class NativeClient final : public Client, ConnectionListener, ClientStateListener {
 public:
  NativeClient(EventLoop& loop, ClientConfig config, ClientListener& listener);
  ~NativeClient() override;

  void start() override;
  void stop(DisconnectMode mode) override;
  void abort(DisconnectMode mode) override;
  bool restore(const OutgoingMessage& message, bool released, Token token) override;
  PublishStatus publish(const OutgoingMessage& message, Token token) override;
  void subscribe(std::vector<Subscription> subscriptions, Token token,
                 wire::PropertiesView properties) override;
  void unsubscribe(std::vector<std::string> filters, Token token,
                   wire::PropertiesView properties) override;
  void pause_receiving(bool paused) override;
  void trace_packets(bool on) override;
  void report_attempts(bool on) override { reporting_ = on; }
  bool ping() override;
  bool connected() const override { return state_.connected(); }
  std::size_t pending() const override;
  const Error& last_error() const override { return last_error_; }
  ClientCounts counts() const override;

 private:
  enum class Stage : std::uint8_t {
    New,
    Connecting,  ///< network and CONNACK
    Connected,
    Waiting,  ///< for the next attempt
    Leaving,  ///< DISCONNECT is on its way
    DeletingSession,
    Ended,
  };
  struct SentQos0 {
    std::uint64_t end;  ///< position in the stream of bytes
    Token token;
  };
  struct Unsubscription {
    std::vector<std::string> filters;
    std::string properties;
    Token token;
    bool done = false;
  };

  // ConnectionListener
  void on_open() override;
  void on_data(Bytes data) override;
  Duration on_data_end(TimePoint woke) override;
  void on_drained() override;
  void on_losing() override { report_attempt(); }
  void on_lost(const Error& why) override;
  // ClientStateListener
  void on_connack(const wire::Connack& connack) override;
  void on_message(const wire::Publish& message) override;
  void on_acknowledged(std::uint64_t token, wire::ReasonCode reason, TimePoint sent) override;
  void on_released(std::uint64_t token) override { listener_.on_released(token); }
  void on_suback(std::uint64_t name, Bytes codes) override;
  void on_unsuback(std::uint64_t index, Bytes codes) override;
  void on_server_disconnect(const wire::Disconnect& disconnect) override;
  void on_packet_sent(const wire::Packet& packet) override;
  void on_packet_received(const wire::Packet& packet) override;

  // subscribing and receiving (client.cpp)
  void send_group(std::uint32_t group);
  BatchPacer::Gather may_gather(std::size_t packets, std::uint64_t bytes) const;

  // connecting (connect.cpp)
  void attempt();
  void find_service();
  void service_found(Result<std::vector<Endpoint>> found);
  void open_connection();
  const Endpoint& endpoint() const { return config_.endpoints[persistence_.endpoint()]; }
  void accepted(const wire::Connack& connack);
  ConnectionInfo describe() const;
  void report_attempt();
  void describe_addresses(std::vector<AddressReport>& out) const;
  void waited_in_vain();
  void attempt_failed(Error why);
  void connection_ended(Error why);
  void account_loss();
  void try_again(NextTry next);

  // ending (end.cpp)
  void leave_if_done();
  void leave(DisconnectMode mode);
  void left_soon(bool orderly);
  void left(bool orderly);
  void delete_session();
  void end(const Error* error);
  void end_with(Error error);

  // publishing (publish.cpp)
  PublishStatus send(const ClientState::Outgoing& message, Token token);
  PublishStatus refuse(Error error);
  void send_birth();
  void drain_queue();
  void confirm_written();

  // the loop's turn, and time (client.cpp)
  /// What was put off to the end of the turn: starting, writing, ending.
  void turn();
  void flush();
  void tell_writable();
  void tick();
  void arm_tick();

  EventLoop& loop_;
  ClientConfig config_;
  ClientListener& listener_;
  Connection connection_;
  ClientState state_;
  LazyTls tls_;
  Stage stage_ = Stage::New;
  bool stopping_ = false;
  DisconnectMode stop_mode_ = DisconnectMode::Normal;
  bool tracing_ = false;
  bool reporting_ = false;
  bool attempt_reported_ = false;
  bool starting_ = false;
  std::optional<bool> left_orderly_;  ///< set: the goodbye is over, left() is due
  bool want_writable_ = false;
  bool receiving_paused_ = false;

  Deferred turn_later_;
  std::unique_ptr<Timer> tick_timer_;
  TimePoint tick_at_ = kNever;
  std::unique_ptr<Timer> attempt_timer_;  ///< the wait for the next attempt

  std::unique_ptr<ServiceEndpoints> services_;  ///< of ClientConfig::service_records
  Duration lookup_time_ = 0ns;                  ///< what they took of the present attempt
  Persistence persistence_;
  unsigned connections_ = 0;
  TimePoint attempt_started_;
  TimePoint connected_at_;
  TimePoint connack_asked_;
  Duration mqtt_time_ = 0ns;
  std::uint64_t message_packets_before_ = 0;  ///< when the present connection was accepted
  std::optional<Error> server_said_;          ///< DISCONNECT or refusal, told before the close
  std::string first_bytes_;
  LastPublish last_publish_;
  BatchPacer pacer_;
  std::uint64_t packets_seen_ = 0;  ///< ClientState::message_packets() at the last wake-up
  std::uint64_t bytes_seen_ = 0;    ///< counts_.bytes_in then
  bool qos_received_ =
      false;  ///< messages come at QoS 1 or 2: the broker's window must not run dry

  std::vector<SentQos0> sent_qos0_;
  std::size_t sent_qos0_head_ = 0;
  TimePoint publish_clock_;
  unsigned messages_since_clock_ = ~0U - 1;  ///< so that the next message asks
  SubscriptionList subscriptions_;
  std::vector<Unsubscription> unsubscriptions_;
  ClientCounts counts_;
  std::uint64_t octets_not_written_ = 0;  ///< by the connections before this one
  Error last_error_;
  OfflineQueue queue_;
};

}  // namespace mqtk
