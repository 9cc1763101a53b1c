// Follows topics: what changed in the last payload, field by field, how a number went, and when a
// topic has fallen silent.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "inspect/shared/client_job.hpp"
#include "inspect/shared/json_fields.hpp"

namespace mqtk::inspect {

/// One value that is not what it was; a missing side says that the field is new or gone.
struct FieldChange {
  std::string path;
  std::optional<std::string> before, after;
};

/// In the order of the new payload, what is gone last.
std::vector<FieldChange> changes_between(const std::vector<JsonField>& before,
                                         const std::vector<JsonField>& after);

/// A payload that no decoder knows is one text at ".".
std::vector<JsonField> fields_of(Bytes topic, Bytes payload, Bytes content_type);

/// What one topic has shown so far.
class WatchedTopic {
 public:
  static constexpr std::size_t kHistory = 40;

  struct Update {
    bool first = false;
    std::vector<FieldChange> changes;
    std::optional<double> number;  ///< at the path that is watched
    Duration since_last = 0ns;     ///< 0: the first
  };
  /// `path` names the number to follow; without one, the only number there is.
  Update add(std::vector<JsonField> fields, const std::optional<std::string>& path, bool retained,
             TimePoint now);

  const std::vector<double>& history() const { return history_; }
  /// When it counts as fallen silent: three times as long after the last message as those before
  /// came apart; kNever while too few came, and once it was said.
  TimePoint stale_at() const;
  /// The mean time between live messages.
  Duration cadence() const;
  Duration silent_for(TimePoint now) const { return now - last_; }
  void set_stale() { stale_ = true; }

 private:
  std::vector<JsonField> fields_;
  std::vector<double> history_;
  std::uint64_t seen_ = 0;
  std::uint64_t live_ = 0;
  bool stale_ = false;
  TimePoint first_live_{};
  TimePoint last_{};
};

struct WatchOptions {
  std::vector<std::string> filters;
  std::optional<std::string> path;
  std::uint64_t count = 0;  ///< messages; 0: no limit
  Duration duration = 0ns;  ///< 0: no limit
  std::size_t max_topics = 10'000;
  bool json = false;
};

class WatchJob final : public ClientJob {
 public:
  WatchJob(EventLoop& loop, Host& host, ClientConfig config, WatchOptions options);

 private:
  void begin(const ConnectionInfo& info) override;
  void report(const Error* error) override;
  void on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_message(const MessageView& message) override;
  void on_messages_end() override;
  void look_for_silence();
  void arm_silence();
  void append_text(const MessageView& message, const WatchedTopic& topic,
                   const WatchedTopic::Update& update);
  void append_json(const MessageView& message, const WatchedTopic::Update& update);

  WatchOptions options_;
  std::map<std::string, WatchedTopic, std::less<>> topics_;
  std::uint64_t messages_ = 0;
  std::uint64_t untracked_ = 0;
  bool subscribed_ = false;
  std::string out_;
  Timer silence_;
  Timer limit_;
};

}  // namespace mqtk::inspect
