// A client of a load by our own engine: ClientState over Connection and little else, since there
// are thousands. It takes the time of everything.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "bench/load/client.hpp"
#include "net/connection.hpp"
#include "protocol/client_state.hpp"
#include "session/persistence.hpp"

namespace mqtk::bench {

class DirectClient final : public LoadClient, ConnectionListener, ClientStateListener {
 public:
  DirectClient(Workplace& place, Role role, std::uint32_t index);
  ~DirectClient() override;

  void connect() override;
  void cut() override;
  void leave() override;
  void tick(TimePoint now) override;
  void owe(TimePoint due, TimePoint now) override;
  void pump(TimePoint now) override;
  void ping(TimePoint due, TimePoint now) override;
  bool idle() const override;

 private:
  enum class Stage : std::uint8_t { Idle, Connecting, Subscribing, Stands, Over };
  /// A message that was encoded and is not yet written to its socket.
  struct Unwritten {
    std::uint64_t end = 0;  ///< place in the connection's stream of octets
    TimePoint due{};
    std::uint32_t size = 0;
    bool measured = false;
    bool punctual = false;  ///< neither window nor socket held it up, and it had a time
  };

  // ConnectionListener
  void on_open() override;
  void on_data(Bytes data) override;
  Duration on_data_end(TimePoint woke) override;
  void on_drained() override {}
  void on_writable() override;
  void on_lost(const Error& why) override;
  // ClientStateListener
  void on_connack(const wire::Connack& connack) override;
  void on_message(const wire::Publish& message) override;
  void on_acknowledged(std::uint64_t token, wire::ReasonCode reason, TimePoint sent) override;
  void on_suback(std::uint64_t token, Bytes codes) override;
  void on_unsuback(std::uint64_t, Bytes) override {}
  void on_request_overdue(std::uint64_t, bool) override;
  void on_server_disconnect(const wire::Disconnect& disconnect) override;
  void on_packet_received(const wire::Packet& packet) override;

  void subscribe();
  void take_care();
  void fail(const Error& why);
  /// When to connect again; nothing: never.
  std::optional<Duration> next_try(const Error& why, TimePoint now);
  /// When what is being handled came.
  TimePoint now() const { return connection_.arrived(); }
  void account_loss(bool for_good);
  bool may_send() const;
  bool batch_free() const;
  bool send_one(TimePoint due, TimePoint now, bool punctual);
  void write_out();
  void take_written();

  Stage stage_ = Stage::Idle;
  /// The lower half of what ClientState counted when the present connection was accepted: there are
  /// thousands of clients, and here it takes no room.
  std::uint32_t packets_before_ = 0;
  TimePoint asked_{};  ///< CONNECT, SUBSCRIBE or PINGREQ was sent
  TimePoint ping_due_ = kNever;
  Connection connection_;
  ClientState state_;
  std::vector<Unwritten> unwritten_;
  std::unique_ptr<Error> server_said_;
  TimePoint connected_at_{};
  std::unique_ptr<Persistence> persistence_;  ///< since the first trouble
};

}  // namespace mqtk::bench
