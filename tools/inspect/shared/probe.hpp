// One connection, from resolving to a message that comes back, and a report of how it went. The
// network and the protocol are the engine's; this only watches it and asks for the next step.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/client.hpp"
#include "inspect/shared/connect_report.hpp"
#include "options/run.hpp"

namespace mqtk::inspect {

/// What random topics begin with.
inline constexpr std::string_view kTopicPrefix = "mqtt-inspect/";

/// What is to be tried once the broker has accepted the connection.
struct ProbePlan {
  bool checks = true;  ///< false: end after CONNACK
  bool publish = true;
  std::vector<wire::Qos> qos = {wire::Qos::AtMostOnce, wire::Qos::AtLeastOnce,
                                wire::Qos::ExactlyOnce};
  bool qos_asked_for = false;  ///< a QoS that the broker does not offer is then a failure
  std::size_t payload_size = 40;
  bool retain = false;
  std::string topic;        ///< to publish and to subscribe to
  std::string nonce;        ///< begins each payload; 16 octets
  Duration patience = 2s;   ///< for each answer
  Report* debug = nullptr;  ///< every packet is shown there; nullptr: none is
};

class Probe final : ClientListener {
 public:
  /// `shown` hears of each phase as it is over; `done` once at the end, and may destroy this.
  Probe(EventLoop& loop, ClientConfig config, ProbePlan plan,
        std::function<void(const PhaseReport&)> shown, std::function<void()> done);
  ~Probe() override;

  void start();
  /// Disconnects at once; `done` is not called.
  void abort();
  /// When a retained message may stand at the broker: clears it, then calls `cleared`. False: there
  /// is none.
  bool clear(std::function<void()> cleared);
  const ConnectReport& report() const { return report_; }
  ConnectReport& report() { return report_; }
  /// The addresses of the last attempt, and the phase in which it ended.
  const AttemptReport& attempt() const { return attempt_; }

 private:
  enum class Step : std::uint8_t { Connecting, Ping, Subscribe, Publish, Clear, Ending };

  void on_connected(const ConnectionInfo& info) override;
  void on_attempt(const AttemptReport& attempt) override;
  void on_retry(const Error& why, Duration retry_in) override;
  void on_end(const Error* error) override;
  void on_message(const MessageView& message) override;
  void on_published(Token token, const PublishOutcome& outcome) override;
  void on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_unsubscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_packet(PacketDirection direction, const wire::Packet& packet,
                 wire::ProtocolVersion version) override;

  void begin(Step step);
  void publish_next();
  void check_round_trip();
  void lost_in_silence();
  void overdue();
  /// Ends the connection once everything that was begun on it is answered.
  void leave_when_settled();
  void add(PhaseReport phase);
  void fail_check(Error error, Facts details = {});
  std::string step_name() const;

  EventLoop& loop_;
  ClientConfig config_;
  ProbePlan plan_;
  std::function<void(const PhaseReport&)> shown_;
  std::function<void()> done_;
  ConnectReport report_;
  std::optional<ConnectionLog> log_;
  AttemptReport attempt_;
  bool attempted_ = false;
  NegotiatedLimits limits_;
  Step step_ = Step::Connecting;
  TimePoint started_{};
  TimePoint step_started_{};
  std::size_t next_qos_ = 0;
  std::optional<PublishOutcome> acknowledged_;
  std::optional<wire::Qos> received_qos_;
  TimePoint received_at_{};
  std::optional<wire::Qos> granted_;    ///< in SUBACK
  bool unsubscribing_ = false;          ///< UNSUBACK is still to come
  std::set<std::uint16_t> unreleased_;  ///< messages of QoS 2 whose exchange is not over
  bool ended_ = false;
  std::unique_ptr<Timer> timer_;
  std::unique_ptr<Timer> leaving_;
  std::unique_ptr<Timer> finishing_;
  std::unique_ptr<Client> client_;  ///< last: calls back into all of the above
};

}  // namespace mqtk::inspect
