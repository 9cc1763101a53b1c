// The policy of mqtt-sub: subscribes, prints what is to be shown, and knows when it is enough.
#pragma once

#include "client/client.hpp"
#include "options/run.hpp"
#include "output/writer.hpp"
#include "sub/rate_meter.hpp"
#include "sub/retained_removal.hpp"
#include "sub/sub_options.hpp"

namespace mqtk::sub {

class Subscriber final : public ClientListener, public Job {
 public:
  /// All outlive this. `starter` is for --exec.
  Subscriber(const SubOptions& options, Writer& writer, Host& host, ChildStarter starter = {});

  /// Begins; `client` outlives this and calls this back. Errors are of the file of --record.
  Result<void> start(Client& client);

  void on_connected(const ConnectionInfo& info) override;
  void on_retry(const Error& why, Duration retry_in) override;
  void on_end(const Error* error) override;
  void on_message(const MessageView& message) override;
  void on_messages_end() override;
  void on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_unsubscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_published(Token token, const PublishOutcome& outcome) override;
  void on_writable() override;
  void on_packet(PacketDirection direction, const wire::Packet& packet,
                 wire::ProtocolVersion version) override;

  void on_alarm() override;
  void on_wake() override;
  void on_progress_wanted() override;
  bool wants_hangup() const override { return !options_.record.file.empty(); }
  bool on_hangup() override;
  void on_interrupt() override;
  void on_deadline(Duration limit) override;

 private:
  enum class Phase : std::uint8_t {
    Asking,  ///< connecting, or the broker has not answered all requests yet
    Listening,
    Finishing,  ///< enough was received; removals are not acknowledged yet
    Ending,     ///< the client disconnects, and the rest of the output is written
  };

  void answered();
  void warn_of_lower_qos(std::span<const SubscribeOutcome> outcomes);
  void listen();
  void arm();
  void ended_by_time(std::string_view what, Duration limit);
  bool listening() const { return phase_ == Phase::Asking || phase_ == Phase::Listening; }
  /// Something has to happen before it may end by itself with 0.
  bool awaits_something() const { return options_.count > 0 || options_.until.given(); }
  std::string what_is_missing() const;
  void take(const MessageView& message);
  void complain_of(const MessageView& message);
  bool act(const MessageView& message);
  bool record(const MessageView& message);
  void enough();
  void finish_actions();
  void program_ended();
  void check_output();
  void end(int exit_code);
  void finish_when_written();
  void conclude();

  const SubOptions& options_;
  Writer& writer_;
  Host& host_;
  ConnectionLog log_;
  MessageFilter filter_;
  MessageDecoder decoder_;
  MessageOutput output_;
  Recorder recorder_;
  RateMeter rate_;
  std::unique_ptr<ExecQueue> programs_;
  std::unique_ptr<RetainedRemoval> removal_;
  Client* client_ = nullptr;
  Phase phase_ = Phase::Asking;
  unsigned awaited_ = 0;  ///< answers to SUBSCRIBE and UNSUBSCRIBE
  bool asked_ = false;
  bool connected_ = false;
  bool denied_ = false;
  bool paused_ = false;
  bool one_stream_ = false;  ///< stdout and stderr go to the same place
  bool client_ended_ = false;
  bool drop_output_ = false;  ///< at the end: wait neither for a slow reader nor for programs
  bool concluded_ = false;
  int exit_code_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t shown_ = 0;
  std::uint64_t noted_ = 0;         ///< what --idle listens for: shown messages, or retained ones
  std::uint64_t noted_before_ = 0;  ///< when the last batch ended
  TimePoint started_{};
  TimePoint window_end_ = kNever;
  TimePoint last_noted_{};  ///< or when listening began
};

}  // namespace mqtk::sub
