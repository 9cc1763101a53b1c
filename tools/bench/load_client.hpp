// One client of a load: ClientState over Connection and little else, since there are thousands. It
// connects, subscribes, publishes what it is told to, and takes the time of everything.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/workplace.hpp"
#include "net/connection.hpp"
#include "protocol/client_state.hpp"

namespace mqtk::bench {

class LoadClient final : ConnectionListener, ClientStateListener {
 public:
  /// `index` within the role, over all threads and shards.
  LoadClient(Workplace& place, Role role, std::uint32_t index);
  ~LoadClient() override;

  Role role() const { return role_; }
  std::uint32_t index() const { return index_; }
  bool stands() const { return stage_ == Stage::Stands; }
  bool ever_stood() const { return ever_stood_; }

  void connect();
  /// Ends the connection with an RST; connect() may follow.
  void cut();
  /// Ends the connection as the options say.
  void leave();
  /// What only the time tells: keep-alive, a CONNACK that does not come.
  void tick(TimePoint now);

  // --- publishing
  /// A new phase: numbers begin at 0 again, and what was due and not begun is forgotten.
  void begin_phase(std::uint64_t quota);
  /// The next message of the pacer is due; it is encoded when it may be sent. pump() must follow.
  void owe(TimePoint now);
  /// Writes what is encoded and sends as much more as may be sent now.
  void pump(TimePoint now);
  /// A PINGREQ that was due at `due`.
  void ping(TimePoint due, TimePoint now);
  /// Everything of the phase is begun and written, and acknowledged where that applies; a client
  /// that does not stand has nothing to do.
  bool idle() const;

  // --- for the account at the end
  /// Messages of the present phase that a receiver must have got: written, not refused.
  std::uint64_t deliverable() const { return publish_ ? publish_->written - publish_->refused : 0; }
  /// Distinct messages received of the measured ones.
  std::uint64_t received_count() const { return receive_ ? receive_->received : 0; }
  /// Numbers skipped in streams of publishers that are not ours.
  std::uint64_t gaps() const;

 private:
  enum class Stage : std::uint8_t { Idle, Connecting, Subscribing, Stands, Over };
  struct PublishSide {
    std::string topic{};
    std::uint64_t sequence = 0;  ///< of the next message
    std::uint64_t owed = 0;      ///< due and not begun
    std::uint64_t quota = 0;     ///< of a closed loop; 0: none
    std::uint64_t written = 0;
    std::uint64_t refused = 0;
    std::vector<Unwritten> unwritten{};
    bool blocked = false;  ///< the socket took less than it was offered
  };
  struct ForeignStream {
    std::uint64_t id = 0;
    StreamTracker tracker;
  };
  struct ReceiveSide {
    std::string filter{};
    std::uint64_t received = 0;
    std::vector<StreamTracker> streams{};
    std::vector<std::uint64_t> last{};  ///< shared subscription: the last number of each stream
    std::vector<ForeignStream> foreign{};
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
  void on_server_disconnect(const wire::Disconnect& disconnect) override;
  void on_packet_received(const wire::Packet& packet) override;

  void subscribe();
  void stand();
  void fail(const Error& why);
  void give_up();
  void account_loss(bool for_good);
  bool may_send() const;
  bool wants_to_send() const;
  bool send_one(TimePoint now, bool punctual);
  void write_out();
  void take_written();
  void written(const Unwritten& message, TimePoint now);
  Arrival arrival_of(const PayloadHeader& header);
  Arrival arrival_of_foreign(const PayloadHeader& header);
  void received(const wire::Publish& message, const PayloadHeader* header);

  Workplace& place_;
  const std::uint32_t index_;
  const Role role_;
  Stage stage_ = Stage::Idle;
  bool ever_stood_ = false;
  bool decided_ = false;
  bool opened_ = false;  ///< by a CONNACK, now
  TimePoint asked_{};    ///< CONNECT, SUBSCRIBE or PINGREQ was sent
  TimePoint ping_due_ = kNever;
  TimePoint now_{};  ///< of the read in progress
  Connection connection_;
  ClientState state_;
  std::unique_ptr<PublishSide> publish_;
  std::unique_ptr<ReceiveSide> receive_;
  std::unique_ptr<Error> server_said_;
};

}  // namespace mqtk::bench
