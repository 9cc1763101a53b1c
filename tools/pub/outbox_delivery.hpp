// From the outbox to the broker: reads what waits, gives it identifiers, and takes out what the
// broker has. What QoS 2 needs on disk before the next packet is sent is reported by must_commit().
#pragma once

#include <bitset>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

#include "client/client.hpp"
#include "client/outbox/outbox.hpp"

namespace mqtk::pub {

class OutboxDelivery {
 public:
  OutboxDelivery(Outbox& outbox, std::size_t window) : outbox_(outbox), window_(window) {}

  /// Before the client starts: what an earlier process left under way goes on.
  Result<void> resume(Client& client);
  /// The server takes so many at a time.
  void set_window(std::size_t window) { window_ = window; }
  /// Reads ahead and gives identifiers. Nothing may be sent before the changes are committed.
  Result<void> prepare(std::int64_t now_ms);
  /// Sends what is prepared, as far as the client takes it.
  void send(Client& client, std::int64_t now_ms);

  Result<void> released(Token number);
  Result<void> published(Token number, const PublishOutcome& outcome);
  /// What has ended is taken out of the file all at once, so that the file is free for others
  /// meanwhile.
  Result<void> store_ended();
  bool has_ended() const { return !ended_.empty(); }

  /// Has everything that was read from the file come to its end?
  bool idle() const { return ready_.empty() && under_way_.empty(); }
  std::size_t under_way() const { return under_way_.size(); }
  /// Changes that must be on disk before anything else is written to the connection.
  bool must_commit() const { return must_commit_; }
  void committed() { must_commit_ = false; }

  // What became of messages in this run.
  std::uint64_t delivered = 0;
  std::uint64_t expired = 0;
  std::uint64_t refused = 0;
  std::optional<Error> first_refusal;
  std::optional<ErrorKind> worst_refusal;
  /// The broker takes no more for now: what is left stays in the file.
  std::optional<Error> quota;

 private:
  struct Ready {
    OutboxRecord record;
    std::shared_ptr<const std::string> owner;  ///< of a large payload
  };
  struct UnderWay {
    std::uint16_t packet_id = 0;
    bool stored = false;  ///< the identifier stands in the file
  };

  Result<void> read_ahead();
  std::uint16_t free_id();
  void refuse(std::uint64_t number, const Error& why);

  Outbox& outbox_;
  std::size_t window_;
  std::deque<Ready> ready_;
  std::size_t prepared_ = 0;  ///< of ready_, from its front
  std::uint64_t read_to_ = 0;
  std::unordered_map<std::uint64_t, UnderWay> under_way_;
  std::bitset<65'536> ids_;
  std::uint16_t last_id_ = 0;
  bool must_commit_ = false;
  std::vector<std::pair<std::uint64_t, Outbox::End>> ended_;
};

}  // namespace mqtk::pub
