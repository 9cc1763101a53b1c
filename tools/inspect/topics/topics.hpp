// mqtt-inspect topics: listens for a while, then says what is on which topic.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inspect/shared/client_job.hpp"
#include "inspect/shared/topic_store.hpp"

namespace mqtk::inspect {

struct TopicsOptions {
  std::vector<std::string> filters;
  Duration duration = 10s;  ///< 0: until interrupted
  TopicOrder order = TopicOrder::Count;
  std::size_t shown = 50;  ///< topics; 0: all
  std::size_t depth = 0;   ///< levels of the tree; 0: no tree
  wire::Qos qos = wire::Qos::AtMostOnce;
  TopicLimits limits;
  bool json = false;
};

struct TopicsReport {
  std::string target;
  std::vector<std::string> filters;
  Duration observed = 0ns;
  TimePoint now{};
  std::optional<Error> error;
};

std::string topics_text(const TopicsReport& report, const TopicStore& store,
                        const TopicsOptions& options);
/// mqtt-inspect.topics/1
std::string topics_json(const TopicsReport& report, const TopicStore& store,
                        const TopicsOptions& options);

class TopicsJob final : public ClientJob {
 public:
  TopicsJob(EventLoop& loop, Host& host, ClientConfig config, TopicsOptions options);

 private:
  void begin(const ConnectionInfo& info) override;
  void report(const Error* error) override;
  void on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_message(const MessageView& message) override;
  void on_messages_end() override { now_ = TimePoint{}; }
  void tick();

  TopicsOptions options_;
  TopicsReport report_;
  TopicStore store_;
  TimePoint now_{};  ///< of the messages that came together
  TimePoint subscribed_ = kNever;
  bool begun_ = false;
  Timer tick_;
  Timer limit_;
};

}  // namespace mqtk::inspect
