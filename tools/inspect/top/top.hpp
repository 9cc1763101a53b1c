// mqtt-inspect top: the topics of a broker on a full screen.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "inspect/shared/client_job.hpp"
#include "inspect/top/view.hpp"

namespace mqtk::inspect {

struct TopOptions {
  std::vector<std::string> filters;
  TopicLimits limits;
  bool allow_write = false;
};

class TopJob final : public ClientJob {
 public:
  TopJob(EventLoop& loop, Host& host, ClientConfig config, TopOptions options,
         std::unique_ptr<TerminalScreen> screen);

 private:
  void on_interrupt() override;
  void begin(const ConnectionInfo& info) override;
  void report(const Error* error) override;
  void on_retry(const Error& why, Duration retry_in) override;
  void on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_message(const MessageView& message) override;
  void on_messages_end() override { now_ = TimePoint{}; }
  void on_published(Token token, const PublishOutcome& outcome) override;
  void on_end(const Error* error) override;
  void keys();
  void tick();
  void draw();
  void close_screen();

  TopOptions options_;
  TopicStore store_;
  TopView view_;
  TimePoint now_{};  ///< of the messages that came together
  bool begun_ = false;
  std::unique_ptr<TerminalScreen> screen_;
  FdWatcher keyboard_;
  Timer tick_;
};

}  // namespace mqtk::inspect
