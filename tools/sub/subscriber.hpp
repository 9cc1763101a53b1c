// The policy of mqtt-sub: subscribes, prints what is to be shown, and knows when it is enough.
#pragma once

#include "client/client.hpp"
#include "options/run.hpp"
#include "output/message_record.hpp"
#include "output/writer.hpp"
#include "sub/sub_options.hpp"

namespace mqtk::sub {

class Subscriber final : public ClientListener, public Job {
 public:
  /// All three outlive this.
  Subscriber(const SubOptions& options, Writer& writer, Host& host);

  /// Begins; `client` outlives this and calls this back.
  void start(Client& client);

  void on_connected(const ConnectionInfo& info) override;
  void on_retry(const Error& why, Duration retry_in) override;
  void on_end(const Error* error) override;
  void on_message(const MessageView& message) override;
  void on_messages_end() override;
  void on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_unsubscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_packet(PacketDirection direction, const wire::Packet& packet,
                 wire::ProtocolVersion version) override;

  void on_alarm() override;
  void on_wake() override;
  void on_interrupt() override;
  void on_deadline(Duration limit) override;

 private:
  enum class Phase : std::uint8_t {
    Asking,  ///< connecting, or the broker has not answered all requests yet
    Listening,
    Ending,  ///< the client disconnects, and the rest of the output is written
  };

  void answered();
  void listen();
  void arm();
  void ended_by_time(std::string_view what, Duration limit);
  void enough();
  void write_record(const MessageView& message);
  void write_large(const MessageView& message);
  void check_output();
  void end(int exit_code);
  void finish_when_written();

  const SubOptions& options_;
  Writer& writer_;
  Host& host_;
  ConnectionLog log_;
  MessageFormat format_;
  RecordFormat records_;
  Client* client_ = nullptr;
  Phase phase_ = Phase::Asking;
  unsigned awaited_ = 0;  ///< answers to SUBSCRIBE and UNSUBSCRIBE
  bool asked_ = false;
  bool connected_ = false;
  bool denied_ = false;
  bool paused_ = false;
  bool client_ended_ = false;
  bool drop_output_ = false;  ///< at the end: do not wait for a slow reader
  int exit_code_ = 0;
  std::uint64_t shown_ = 0;
  std::uint64_t shown_before_ = 0;  ///< when the last batch ended
  TimePoint window_end_ = kNever;
  TimePoint last_shown_{};  ///< or when listening began
};

}  // namespace mqtk::sub
