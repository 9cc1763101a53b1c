// mqtt-inspect check: the phases of a connection and a round trip, then what topics say.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "inspect/check/report.hpp"
#include "inspect/shared/probe.hpp"
#include "payload/json_path.hpp"

namespace mqtk::inspect {

struct Thresholds {
  std::optional<AlertRange> warn, crit;
};

enum class CheckFormat : std::uint8_t { Nagios, Prometheus, Json };

struct SysCheck {
  std::string name;  ///< a fixed name, or a topic below $SYS
  Thresholds limits;
};

struct CheckOptions {
  CheckFormat format = CheckFormat::Nagios;
  std::string output;  ///< file; empty: stdout
  std::string topic_prefix{kTopicPrefix};
  bool publish = true;
  Duration patience = 5s;  ///< for a retained message, and for $SYS
  Thresholds connect, round_trip, certificate;
  std::string topic;  ///< to look at; empty: none
  Thresholds age;     ///< seconds
  std::optional<JsonPath> time_at, value_at;
  std::string value_path;
  Thresholds value;
  std::vector<SysCheck> sys;
};

class CheckJob final : public Job, ClientListener {
 public:
  CheckJob(EventLoop& loop, Host& host, ClientConfig config, CheckOptions options);
  ~CheckJob() override;

  void start();
  void on_interrupt() override;
  void on_deadline(Duration) override { on_interrupt(); }

 private:
  void probed();
  void add_connection(const ConnectReport& report);
  void listen();
  void on_connected(const ConnectionInfo& info) override;
  void on_retry(const Error&, Duration) override {}
  void on_end(const Error* error) override;
  void on_message(const MessageView& message) override;
  void on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_packet(PacketDirection direction, const wire::Packet& packet,
                 wire::ProtocolVersion version) override;
  void look_at_topic(const MessageView& message);
  void look_at_value(Bytes json, const MessageView& message);
  bool wants_live() const;
  bool has_all() const;
  void overdue();
  void conclude();
  int write();

  EventLoop& loop_;
  Host& host_;
  ClientConfig config_;
  CheckOptions options_;
  CheckReport report_;
  std::unique_ptr<Probe> probe_;
  std::optional<ConnectionLog> log_;  ///< with --debug
  std::map<std::string, double> sys_found_;
  TimePoint listening_{};
  bool topic_done_ = false;
  bool retained_seen_ = false;
  bool concluded_ = false;
  Timer limit_;
  std::unique_ptr<Client> client_;
};

}  // namespace mqtk::inspect
