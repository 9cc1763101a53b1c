// A subcommand that is one client connected to one broker: it begins once the broker has accepted,
// and ends with finish().
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "client/client.hpp"
#include "options/run.hpp"

namespace mqtk::inspect {

class ClientJob : public Job, protected ClientListener {
 public:
  ClientJob(EventLoop& loop, Host& host, ClientConfig config);

  void start() { client_->start(); }
  void on_interrupt() override;
  void on_deadline(Duration) override { on_interrupt(); }

 protected:
  /// Each time the broker has accepted.
  virtual void begin(const ConnectionInfo& info) = 0;
  /// The last word: `error` is why nothing more can come, nullptr after conclude() and when
  /// interrupted.
  virtual void report(const Error* error) = 0;

  /// Disconnects, then report(nullptr) and the end with `exit_code`.
  void conclude(int exit_code = 0);
  void fail_with(Error error);
  /// What goes to stdout; a failure to write it decides the exit code.
  void print(std::string_view text);

  void on_connected(const ConnectionInfo& info) override;
  void on_retry(const Error& why, Duration retry_in) override;
  void on_end(const Error* error) override;
  void on_packet(PacketDirection direction, const wire::Packet& packet,
                 wire::ProtocolVersion version) override;

  EventLoop& loop_;
  Host& host_;
  const ClientConfig config_;

 private:
  void end(const Error* error, int exit_code);
  void tell(const Error* error);

  ConnectionLog log_;
  std::optional<Error> failure_;
  int exit_code_ = 0;
  int printed_ = 0;
  bool ended_ = false;
  bool told_ = false;

 protected:
  std::unique_ptr<Client> client_;
};

/// The rest of a message's way as words for an error: subscription denied, nullopt when granted.
std::optional<Error> denial_of(const SubscribeOutcome& outcome);

}  // namespace mqtk::inspect
