// The policy of mqtt-pub --outbox: what the source brings goes into the file, and what is in the
// file goes to the broker, if no other process is at that already.
#pragma once

#include <functional>
#include <memory>

#include "client/client.hpp"
#include "options/run.hpp"
#include "pub/message_source.hpp"
#include "pub/outbox_delivery.hpp"
#include "pub/outbox_lock.hpp"
#include "pub/progress.hpp"

namespace mqtk::pub {

struct OutboxRunOptions {
  std::string path;
  std::string client_id;  ///< for the lines of -d
  DisconnectMode disconnect = DisconnectMode::Normal;
  WhenFull when_full = WhenFull::Block;
  std::size_t window = 20;               ///< messages unacknowledged at a time
  bool only_accept = false;              ///< --outbox-only
  const ClientConfig* config = nullptr;  ///< for --summary
  bool verbose = false;
};

class OutboxRun final : public ClientListener, public Job {
 public:
  using MakeClient = std::function<std::unique_ptr<Client>(ClientListener& listener)>;

  /// `source` may be nullptr: only what the file holds is delivered.
  OutboxRun(OutboxRunOptions options, Outbox& outbox, MessageSource* source, Host& host,
            MakeClient make_client);

  void start();

  void on_connected(const ConnectionInfo& info) override;
  void on_retry(const Error& why, Duration retry_in) override;
  void on_end(const Error* error) override;
  void on_published(Token token, const PublishOutcome& outcome) override;
  void on_released(Token token) override;
  void on_messages_end() override;
  void on_writable() override { pump(); }
  void on_packet(PacketDirection direction, const wire::Packet& packet,
                 wire::ProtocolVersion version) override;

  void on_alarm() override { pump(); }
  void on_wake() override { pump(); }
  void on_progress_wanted() override;
  void on_interrupt() override;
  void on_deadline(Duration limit) override;

 private:
  /// How long a transaction may stay open, and how often the file is looked at for what other
  /// processes have put there or taken out.
  static constexpr Duration kTransaction = 15ms;
  static constexpr Duration kTransactionWhileDelivering = 10ms;
  static constexpr Duration kLook = 250ms;

  enum class Role : std::uint8_t { Accepting, Delivering, Leaving, Stopped };

  void pump();
  void turn();
  bool check(const Result<void>& result);
  void accept();
  bool store();
  void commit();
  void store_ended(bool at_once);
  void take_role();
  void deliver();
  void end_if_done();
  void leave(int exit_code);
  void stop_with(const Error& error);
  void end_now();
  std::uint64_t waiting();
  void say_what_waits();
  std::string counters();

  OutboxRunOptions options_;
  Outbox& outbox_;
  MessageSource* source_;
  Host& host_;
  MakeClient make_client_;
  ConnectionLog log_;
  OutboxLock lock_;
  OutboxDelivery delivery_;
  std::unique_ptr<Client> client_;
  Role role_ = Role::Accepting;
  bool pumping_ = false;
  bool again_ = false;
  bool source_open_;
  bool source_waits_ = false;  ///< and says until when
  bool elsewhere_ = false;     ///< another process delivers
  bool new_client_ = false;
  std::uint64_t accepted_ = 0;
  std::uint64_t transactions_ = 0;
  Duration longest_transaction_ = 0ns;
  TimePoint transaction_began_{};
  TimePoint ended_since_ = kNever;  ///< the oldest end that is not stored yet
  TimePoint started_{};
  std::optional<int> failure_;
};

}  // namespace mqtk::pub
