#include "inspect/retained/retained.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "base/output_file.hpp"
#include "inspect/shared/probe_phases.hpp"

namespace mqtk::inspect {

namespace {

/// Somebody may publish again what was just cleared.
constexpr unsigned kRounds = 3;

bool holds_something(const std::string& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

}  // namespace

std::string_view name(RetainedAction action) {
  switch (action) {
    case RetainedAction::List:
      return "list";
    case RetainedAction::Clean:
      return "clean";
    case RetainedAction::Backup:
      return "backup";
    case RetainedAction::Restore:
      break;
  }
  return "restore";
}

bool RetainedOptions::matches(Bytes topic, Bytes payload) const {
  return (!topic_pattern || topic_pattern->matches(topic)) &&
         (!payload_pattern || payload_pattern->matches(payload));
}

RetainedJob::RetainedJob(EventLoop& loop, Host& host, ClientConfig config, RetainedOptions options)
    : ClientJob(loop, host, std::move(config)),
      options_(std::move(options)),
      scan_(loop, *client_, options_.filters, options_.quiet,
            [this](const Error* error) { scanned(error); }) {
  report_.target = target_text(config_);
  report_.action = options_.action;
  report_.filters = options_.filters;
  client_->trace_packets(true);
}

void RetainedJob::begin(const ConnectionInfo& info) {
  if (std::exchange(begun_, true)) return;
  highest_ = info.limits.maximum_qos;
  if (options_.action != RetainedAction::Restore) {
    return scan_.start(options_.action == RetainedAction::Clean && options_.backup.empty()
                           ? RetainedScan::Detail::TopicsOnly
                           : RetainedScan::Detail::Exact);
  }
  std::vector<std::string> topics;
  for (ParsedRecord& record : options_.records) {
    ++report_.found;
    if (!options_.matches(record.topic, record.payload)) continue;
    RetainedMessage& entry = report_.matching[record.topic];
    entry = {std::move(record.payload), record.qos, record.properties.raw()};
  }
  report_.dry_run = !options_.yes;
  if (report_.dry_run) return done();
  for (const auto& [topic, message] : report_.matching) topics.push_back(topic);
  publish_all(std::move(topics));
}

void RetainedJob::on_packet(PacketDirection direction, const wire::Packet& packet,
                            wire::ProtocolVersion version) {
  ClientJob::on_packet(direction, packet, version);
  if (std::holds_alternative<wire::Pingresp>(packet)) scan_.on_pong();
}

void RetainedJob::on_subscribed(Token token, std::span<const SubscribeOutcome> outcomes) {
  scan_.on_subscribed(token, outcomes);
}

void RetainedJob::on_message(const MessageView& message) {
  scan_.on_message(message);
}

void RetainedJob::scanned(const Error* error) {
  if (error != nullptr) return fail_with(*error);
  report_.live = scan_.live();
  if (stage_ == Stage::Verifying) return verified();
  report_.found = scan_.found().size();
  std::erase_if(scan_.found(), [this](const auto& each) {
    return !options_.matches(each.first, each.second.payload);
  });
  report_.matching = std::move(scan_.found());
  listed();
}

void RetainedJob::listed() {
  const bool clean = options_.action == RetainedAction::Clean;
  report_.dry_run = clean && !options_.yes;
  const bool wants_file = options_.action == RetainedAction::Backup || (clean && options_.yes);
  if (wants_file && !options_.backup.empty() && !write_backup()) return;
  if (!clean || report_.dry_run) return done();
  std::vector<std::string> topics;
  for (const auto& [topic, message] : report_.matching) topics.push_back(topic);
  publish_all(std::move(topics));
}

bool RetainedJob::write_backup() {
  const bool nothing = report_.matching.empty();
  if (nothing && options_.action == RetainedAction::Clean) return true;
  if (nothing && holds_something(options_.backup)) {
    fail_with({ErrorKind::Failed, Cause::None,
               "there is no retained message to back up; " + options_.backup + " stays as it was",
               "remove it first if it should be empty"});
    return false;
  }
  auto written =
      write_whole_file(options_.backup, retained_records(report_.matching), FileAccess::Private);
  if (!written) {
    fail_with(written.error());
    return false;
  }
  if (const std::string open = exposure(options_.backup); !open.empty() && report_.backup.empty()) {
    host_.report().warning(open);
  }
  report_.backup = options_.backup;
  return true;
}

void RetainedJob::publish_all(std::vector<std::string> topics) {
  if (topics.empty()) return done();
  stage_ = Stage::Publishing;
  to_publish_ = std::move(topics);
  next_ = 0;
  ++rounds_;
  publish_some();
}

OutgoingMessage RetainedJob::message_for(const std::string& topic) const {
  OutgoingMessage out;
  out.topic = topic;
  out.retain = true;
  out.qos = std::min(highest_, wire::Qos::AtLeastOnce);
  if (options_.action != RetainedAction::Restore) return out;
  const RetainedMessage& message = report_.matching.find(topic)->second;
  out.payload = message.payload;
  out.qos = std::min(highest_, message.qos);
  if (config_.version == wire::ProtocolVersion::V5) {
    out.properties = wire::PropertiesView(message.properties);
  }
  return out;
}

void RetainedJob::publish_some() {
  if (stage_ != Stage::Publishing) return;
  while (next_ < to_publish_.size()) {
    const Token token = ++next_;
    ++outstanding_;
    const auto status = client_->publish(message_for(to_publish_[token - 1]), token);
    if (status == PublishStatus::Accepted) continue;
    --next_;
    --outstanding_;
    if (status == PublishStatus::Refused) fail_with(client_->last_error());
    return;
  }
}

void RetainedJob::on_published(Token token, const PublishOutcome& outcome) {
  if (stage_ != Stage::Publishing || token > to_publish_.size()) return;
  --outstanding_;
  if (!outcome.ok && client_->connected()) {
    Error error = outcome.error;
    error.message += " (topic '" + to_publish_[token - 1] + "')";
    return fail_with(std::move(error));
  }
  if (next_ < to_publish_.size() || outstanding_ > 0) return;
  stage_ = Stage::Verifying;
  scan_.start(RetainedScan::Detail::TopicsOnly);
}

// What still stands there was published again meanwhile, or the broker did not clear it.
void RetainedJob::verified() {
  report_.remaining.clear();
  const RetainedMessages& there = scan_.found();
  for (const auto& [topic, message] : report_.matching) {
    const auto found = there.find(topic);
    const bool wrong = options_.action == RetainedAction::Clean
                           ? found != there.end() && options_.matches(topic, found->second.payload)
                           : found == there.end() || found->second.payload != message.payload;
    if (wrong) report_.remaining.push_back(topic);
  }
  if (options_.action == RetainedAction::Clean) {
    // The first pass may have missed some: brokers drop what a client's queue cannot take.
    for (const auto& [topic, message] : there) {
      if (report_.matching.contains(topic) || !options_.matches(topic, message.payload)) continue;
      report_.matching.emplace(topic, message);
      report_.remaining.push_back(topic);
    }
  }
  report_.changed = report_.matching.size() - report_.remaining.size();
  if (report_.remaining.empty() || rounds_ >= kRounds) return done();
  if (options_.action == RetainedAction::Clean && !options_.backup.empty() && !write_backup())
    return;
  publish_all(report_.remaining);
}

void RetainedJob::done() {
  stage_ = Stage::Done;
  conclude(report_.remaining.empty() ? 0 : exit_code(ErrorKind::Failed));
}

void RetainedJob::report(const Error* error) {
  if (error != nullptr) report_.error = *error;
  // Interrupted: what was found so far is not all there is.
  if (error == nullptr && stage_ != Stage::Done) return;
  if (options_.action == RetainedAction::Backup && options_.backup.empty()) {
    if (error == nullptr) print(retained_records(report_.matching));
    return;
  }
  print(options_.json ? retained_json(report_) : retained_text(report_));
}

}  // namespace mqtk::inspect
