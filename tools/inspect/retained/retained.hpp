// mqtt-inspect retained: what is retained is listed, cleared, backed up and restored.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inspect/retained/scan.hpp"
#include "inspect/shared/client_job.hpp"
#include "output/record_parser.hpp"
#include "payload/pattern.hpp"

namespace mqtk::inspect {

enum class RetainedAction : std::uint8_t { List, Clean, Backup, Restore };
std::string_view name(RetainedAction action);

struct RetainedOptions {
  RetainedAction action = RetainedAction::List;
  std::vector<std::string> filters;
  std::optional<Pattern> topic_pattern, payload_pattern;
  bool yes = false;    ///< change the broker, instead of saying what would be changed
  std::string backup;  ///< file to write what is cleared or backed up; empty: none, or stdout
  std::vector<ParsedRecord> records;  ///< to restore
  Duration quiet = 500ms;
  bool json = false;

  bool matches(Bytes topic, Bytes payload) const;
};

struct RetainedReport {
  std::string target;
  RetainedAction action = RetainedAction::List;
  std::vector<std::string> filters;
  std::uint64_t found = 0;    ///< retained messages under the filters
  RetainedMessages matching;  ///< those that the patterns match as well
  std::uint64_t live = 0;     ///< that arrived meanwhile
  bool dry_run = false;
  std::uint64_t changed = 0;           ///< cleared or restored, and verified
  std::vector<std::string> remaining;  ///< still there, or not there, after the attempt
  std::string backup;
  std::optional<Error> error;
};

std::string retained_text(const RetainedReport& report);
/// mqtt-inspect.retained/1
std::string retained_json(const RetainedReport& report);
/// One message record a line.
std::string retained_records(const RetainedMessages& messages);

class RetainedJob final : public ClientJob {
 public:
  RetainedJob(EventLoop& loop, Host& host, ClientConfig config, RetainedOptions options);

 private:
  enum class Stage : std::uint8_t { Scanning, Publishing, Verifying, Done };

  void begin(const ConnectionInfo& info) override;
  void report(const Error* error) override;
  void on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) override;
  void on_message(const MessageView& message) override;
  void on_published(Token token, const PublishOutcome& outcome) override;
  void on_writable() override { publish_some(); }
  void on_packet(PacketDirection direction, const wire::Packet& packet,
                 wire::ProtocolVersion version) override;

  void scanned(const Error* error);
  void listed();
  void verified();
  bool write_backup();
  void publish_all(std::vector<std::string> topics);
  void publish_some();
  OutgoingMessage message_for(const std::string& topic) const;
  void done();

  RetainedOptions options_;
  RetainedReport report_;
  Stage stage_ = Stage::Scanning;
  wire::Qos highest_ = wire::Qos::ExactlyOnce;
  bool begun_ = false;
  std::vector<std::string> to_publish_;
  std::size_t next_ = 0;
  std::size_t outstanding_ = 0;
  unsigned rounds_ = 0;
  RetainedScan scan_;
};

}  // namespace mqtk::inspect
