// One client of a load: what it is to send and has received, and the account of it. How it speaks
// MQTT is its kind's: DirectClient (direct_client.hpp), of which there can be many thousands, or
// EngineClient (engine_client.hpp).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/load/workplace.hpp"
#include "wire/packets.hpp"

namespace mqtk::bench {

class LoadClient {
 public:
  virtual ~LoadClient();
  LoadClient(const LoadClient&) = delete;
  LoadClient& operator=(const LoadClient&) = delete;

  Role role() const { return role_; }
  /// Within the role, over all threads and shards.
  std::uint32_t index() const { return index_; }
  bool stands() const { return stands_; }
  bool ever_stood() const { return ever_stood_; }

  virtual void connect() = 0;
  /// Ends the connection with an RST; connect() may follow.
  virtual void cut() = 0;
  /// Ends the connection as the options say.
  virtual void leave() = 0;
  /// After leave(): nothing more is to be done for that.
  virtual bool gone() const { return true; }
  /// What only the time tells: keep-alive, a CONNACK that does not come.
  virtual void tick(TimePoint now) = 0;

  // --- publishing
  /// A new phase: numbers begin at 0 again, and what was due and not begun is forgotten.
  void begin_phase(std::uint64_t quota);
  /// The next message of the pacer is due, since `due`; it is encoded when it may be sent. pump()
  /// must follow.
  virtual void owe(TimePoint due, TimePoint now) = 0;
  /// Writes what is encoded and sends as much more as may be sent now.
  virtual void pump(TimePoint now) = 0;
  /// A PINGREQ that was due at `due`.
  virtual void ping(TimePoint due, TimePoint now) = 0;
  /// Everything of the phase is begun and written, and acknowledged where that applies; a client
  /// that does not stand has nothing to do.
  virtual bool idle() const = 0;

  // --- for the account at the end
  /// Messages of the present phase that a receiver must have got: written, not refused.
  std::uint64_t deliverable() const { return publish_ ? publish_->written - publish_->refused : 0; }
  /// Distinct messages received of the measured ones.
  std::uint64_t received_count() const { return receive_ ? receive_->received : 0; }
  /// Numbers skipped in streams of publishers that are not ours.
  std::uint64_t gaps() const;

 protected:
  struct PublishSide {
    std::string topic{};
    std::uint64_t sequence = 0;  ///< of the next message
    std::uint64_t owed = 0;      ///< due and not begun
    std::uint64_t quota = 0;     ///< of a closed loop; 0: none
    std::uint64_t written = 0;
    std::uint64_t refused = 0;
    bool blocked = false;  ///< what is below took less than it was offered
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

  LoadClient(Workplace& place, Role role, std::uint32_t index);

  // --- the connection
  void count_opened(const std::string& client_id);
  /// It was open. `lost`: nobody wanted that.
  void count_closed(bool lost);
  /// It was cut on purpose, to be made again.
  void count_cut();
  /// An attempt has failed. One to make again what was cut makes that a loss, unless a later one
  /// succeeds.
  void count_failed_attempt() { not_made_again_ = cut_; }
  /// The run is over.
  void count_left();
  /// Connected, and subscribed where that applies.
  void stand();
  void give_up();

  // --- publishing
  bool wants_to_send() const;
  /// A message is due now; answers whether nothing holds it up.
  bool count_due(bool may_send);
  /// When the next message of a backlog was due; that of a closed loop is due when it is sent.
  TimePoint next_due(TimePoint now) const;
  /// What the next message's payload begins with.
  PayloadHeader next_header(TimePoint due, TimePoint now) const;
  void message_begun();
  void count_written(std::uint32_t size, bool measured);
  void count_lateness(Duration late);
  void count_answer(TimePoint due, bool measured, wire::ReasonCode reason, TimePoint sent,
                    TimePoint now);

  // --- receiving
  void count_arrival(const wire::Publish& message, wire::ProtocolVersion version, TimePoint now);

  Workplace& place_;
  const std::uint32_t index_;
  const Role role_;
  bool stands_ = false;
  bool ever_stood_ = false;
  bool decided_ = false;
  bool given_up_ = false;
  bool opened_ = false;  ///< by a CONNACK, now
  bool cut_ = false;     ///< on purpose, and not made again so far
  bool not_made_again_ = false;
  std::unique_ptr<PublishSide> publish_;
  std::unique_ptr<ReceiveSide> receive_;

 private:
  void received(const wire::Publish& message, const PayloadHeader* header, TimePoint now);
  Arrival arrival_of(const PayloadHeader& header);
  Arrival arrival_of_foreign(const PayloadHeader& header);
};

/// Of the kind that the scenario asks for.
std::unique_ptr<LoadClient> make_load_client(Workplace& place, Role role, std::uint32_t index);

/// What comes back with an acknowledgement: when the message was due, and whether it is measured.
std::uint64_t token_of(TimePoint due, bool measured);
bool is_measured(std::uint64_t token);
TimePoint due_of(std::uint64_t token);

}  // namespace mqtk::bench
