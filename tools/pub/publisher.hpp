// The policy of mqtt-pub: takes messages from a source as fast as the client accepts them, waits
// for their acknowledgements, and says what became of them.
#pragma once

#include "client/client.hpp"
#include "options/run.hpp"
#include "pub/delivery.hpp"
#include "pub/message_source.hpp"
#include "pub/progress.hpp"

namespace mqtk::pub {

struct PublisherOptions {
  std::string client_id;  ///< for the lines of -d
  DisconnectMode disconnect = DisconnectMode::Normal;
  const ClientConfig* config = nullptr;  ///< for --summary
  bool verbose = false;
  bool progress = false;            ///< show it, if there is a terminal
  bool require_subscriber = false;  ///< what reached nobody counts as not delivered
};

class Publisher final : public ClientListener, public Job {
 public:
  Publisher(PublisherOptions options, MessageSource& source, Host& host);

  /// Begins; `client` outlives this and calls this back.
  void start(Client& client);

  void on_connected(const ConnectionInfo& info) override;
  void on_retry(const Error& why, Duration retry_in) override;
  void on_end(const Error* error) override;
  void on_published(Token token, const PublishOutcome& outcome) override;
  void on_writable() override { pump(); }
  void on_packet(PacketDirection direction, const wire::Packet& packet,
                 wire::ProtocolVersion version) override;

  void on_alarm() override;
  void on_progress_wanted() override;
  void on_wake() override { pump(); }
  void on_interrupt() override;
  void on_deadline(Duration limit) override;

 private:
  enum class Phase : std::uint8_t { Connecting, Publishing, Finishing, Stopped };

  void pump();
  void take();
  void arm_alarm();
  void show_progress();
  void finish(int exit_code);
  void finish_source();
  void bad_input(Error error);
  std::vector<Error> verdict() const;
  void say_what_remains(const std::vector<Error>& errors);

  PublisherOptions options_;
  MessageSource& source_;
  Host& host_;
  ConnectionLog log_;
  Client* client_ = nullptr;
  Phase phase_ = Phase::Connecting;
  bool pumping_ = false;
  bool again_ = false;          ///< pump() was called while it was at work
  bool exhausted_ = false;      ///< the source had nothing more
  std::optional<int> failure_;  ///< the exit code of an error already reported
  TimePoint started_{};
  TimePoint alarm_ = kNever;  ///< as it is set
  TimePoint show_at_ = kNever;
  bool waiting_ = false;  ///< for the source
  std::optional<Progress> progress_;
  Delivery delivery_;
};

}  // namespace mqtk::pub
