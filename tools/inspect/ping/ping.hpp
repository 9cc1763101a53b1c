// Round trips one after the other: PINGREQ, which the broker alone answers, and a message to
// ourselves, which shows what its queues add.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "inspect/shared/client_job.hpp"
#include "stats/histogram.hpp"

namespace mqtk::inspect {

enum class PingKind : std::uint8_t { Pingreq, Loopback };
/// "pingreq", "loopback".
std::string_view name(PingKind kind);

struct PingOptions {
  std::uint64_t count = 5;  ///< of each kind; 0: until interrupted
  Duration interval = 1s;
  Duration patience = 5s;  ///< for each answer
  bool publish = true;     ///< the loopback too
  wire::Qos qos = wire::Qos::AtMostOnce;
  std::size_t size = 40;  ///< octets of payload; 16 at least
  std::string topic;
  bool json = false;
};

/// What came of the round trips of one kind.
struct PingResult {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  Histogram times{};
  Duration least = Duration::max();  ///< exact, as the histogram is not
  Duration most = 0ns;

  void record(Duration time);
  std::uint64_t lost() const { return sent - received; }
};

struct PingReport {
  std::string target;
  std::string client_id;
  bool loopback = true;
  wire::Qos qos = wire::Qos::AtMostOnce;
  std::size_t size = 0;
  std::array<PingResult, 2> results;
  std::optional<Error> error;

  const PingResult& of(PingKind kind) const { return results[static_cast<std::size_t>(kind)]; }
  PingResult& of(PingKind kind) { return results[static_cast<std::size_t>(kind)]; }
};

std::string ping_text(const PingReport& report);
/// mqtt-inspect.ping/1
std::string ping_json(const PingReport& report);

class PingJob final : public ClientJob {
 public:
  PingJob(EventLoop& loop, Host& host, ClientConfig config, PingOptions options);

 private:
  struct Flight {
    std::uint64_t number = 0;  ///< 0: none is under way
    TimePoint sent{};
  };

  void begin(const ConnectionInfo& info) override;
  void report(const Error* error) override;
  void on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_message(const MessageView& message) override;
  void on_published(Token token, const PublishOutcome& outcome) override;
  void on_packet(PacketDirection direction, const wire::Packet& packet,
                 wire::ProtocolVersion version) override;

  void round();
  void send_message();
  void answered(PingKind kind);
  void overdue();
  void next();
  Flight& flight(PingKind kind) { return flights_[static_cast<std::size_t>(kind)]; }
  bool waiting() const { return flights_[0].number != 0 || flights_[1].number != 0; }

  PingOptions options_;
  PingReport report_;
  std::array<Flight, 2> flights_;
  std::uint64_t round_ = 0;
  TimePoint round_began_{};
  std::uint64_t keep_alive_pings_ = 0;  ///< answers of PINGREQs that are not ours come first
  bool asking_ = false;
  Timer interval_;
  Timer overdue_;
};

}  // namespace mqtk::inspect
