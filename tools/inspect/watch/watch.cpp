#include "inspect/watch/watch.hpp"

#include <algorithm>

#include "base/numbers.hpp"
#include "base/units.hpp"
#include "inspect/shared/json_text.hpp"
#include "inspect/shared/payload_view.hpp"
#include "inspect/shared/unix_time.hpp"
#include "inspect/trace/stream.hpp"
#include "output/terminal_text.hpp"
#include "payload/decoder.hpp"

namespace mqtk::inspect {

namespace {

constexpr Token kWatchToken = 1;
constexpr std::uint64_t kEnoughForCadence = 3;
/// What is quicker is not worth a line.
constexpr Duration kLeastSilence = 1s;
constexpr std::size_t kLongestShown = 400;

Duration rounded(Duration duration) {
  return duration > 10s ? duration / 1s * 1s : duration / 100ms * 100ms;
}

std::string shown(Bytes payload) {
  if (payload.size() <= kLongestShown) return terminal_text(payload);
  return terminal_text(payload.substr(0, kLongestShown)) + " ... (" +
         std::to_string(kLongestShown) + " of " + std::to_string(payload.size()) + " octets)";
}

std::string change_text(const FieldChange& change) {
  std::string out = "    ";
  if (!change.before) {
    return out + "+ " + terminal_text(change.path) + " " + shown(*change.after) + "\n";
  }
  if (!change.after) {
    return out + "- " + terminal_text(change.path) + " " + shown(*change.before) + "\n";
  }
  if (change.path != ".") out += terminal_text(change.path) + " ";
  return out + shown(*change.before) + " -> " + shown(*change.after) + "\n";
}

}  // namespace

std::vector<JsonField> fields_of(Bytes topic, Bytes payload, Bytes content_type) {
  std::string storage;
  const DecodedPayload decoded =
      decode_payload(Decoder::Auto, {topic, payload, content_type}, storage);
  if (!decoded.json.empty()) {
    if (auto fields = json_fields(decoded.json)) return std::move(*fields);
  }
  return {{".", std::string(payload), true}};
}

std::vector<FieldChange> changes_between(const std::vector<JsonField>& before,
                                         const std::vector<JsonField>& after) {
  std::map<std::string_view, const JsonField*> old;
  for (const JsonField& field : before) old.emplace(field.path, &field);
  std::vector<FieldChange> out;
  for (const JsonField& field : after) {
    const auto found = old.find(field.path);
    if (found == old.end()) {
      out.push_back({field.path, std::nullopt, field.value});
      continue;
    }
    const JsonField& was = *found->second;
    if (was.value != field.value || was.text != field.text) {
      out.push_back({field.path, was.value, field.value});
    }
    old.erase(found);
  }
  for (const JsonField& field : before) {
    if (old.contains(field.path)) out.push_back({field.path, field.value, std::nullopt});
  }
  return out;
}

WatchedTopic::Update WatchedTopic::add(std::vector<JsonField> fields,
                                       const std::optional<std::string>& path, bool retained,
                                       TimePoint now) {
  Update update;
  update.first = seen_++ == 0;
  if (!update.first) update.since_last = now - last_;
  // What is retained is no sign of life.
  if (!retained && live_++ == 0) first_live_ = now;
  last_ = now;
  stale_ = false;
  if (!update.first) update.changes = changes_between(fields_, fields);
  const JsonField* followed = nullptr;
  std::size_t numbers = 0;
  for (const JsonField& field : fields) {
    if (path && field.path == *path) followed = &field;
    if (path || !parse_double(field.value)) continue;
    ++numbers;
    followed = &field;
  }
  if (followed != nullptr && (path || numbers == 1)) update.number = followed->number();
  if (update.number) {
    if (history_.size() == kHistory) history_.erase(history_.begin());
    history_.push_back(*update.number);
  }
  fields_ = std::move(fields);
  return update;
}

Duration WatchedTopic::cadence() const {
  if (live_ < kEnoughForCadence) return 0ns;
  return (last_ - first_live_) / static_cast<std::int64_t>(live_ - 1);
}

TimePoint WatchedTopic::stale_at() const {
  if (stale_ || live_ < kEnoughForCadence) return kNever;
  return last_ + std::max<Duration>(cadence() * 3, kLeastSilence);
}

WatchJob::WatchJob(EventLoop& loop, Host& host, ClientConfig config, WatchOptions options)
    : ClientJob(loop, host, std::move(config)),
      options_(std::move(options)),
      silence_(loop, [this] { look_for_silence(); }),
      limit_(loop, [this] { conclude(); }) {}

void WatchJob::begin(const ConnectionInfo&) {
  if (std::exchange(subscribed_, true)) return;
  std::vector<Subscription> subscriptions;
  for (const std::string& filter : options_.filters) subscriptions.push_back({.filter = filter});
  client_->subscribe(std::move(subscriptions), kWatchToken);
  if (options_.duration > 0ns) limit_.after(options_.duration);
}

void WatchJob::on_subscribed(Token, std::span<const SubscribeOutcome> outcomes) {
  for (const SubscribeOutcome& outcome : outcomes) {
    if (auto denied = denial_of(outcome)) return fail_with(std::move(*denied));
  }
}

void WatchJob::on_message(const MessageView& message) {
  if (options_.count != 0 && messages_ >= options_.count) return;
  auto found = topics_.find(message.topic);
  if (found == topics_.end()) {
    if (topics_.size() >= options_.max_topics) {
      ++untracked_;
      return;
    }
    found = topics_.emplace(std::string(message.topic), WatchedTopic()).first;
  }
  ++messages_;
  const auto update = found->second.add(
      fields_of(message.topic, message.payload,
                message.properties.text(wire::PropertyId::ContentType).value_or("")),
      options_.path, message.retain, host_.now());
  if (options_.json) {
    append_json(message, update);
  } else {
    append_text(message, found->second, update);
  }
}

void WatchJob::append_text(const MessageView& message, const WatchedTopic& topic,
                           const WatchedTopic::Update& update) {
  out_ += clock_text() + " " + terminal_text(message.topic) + " " +
          payload_view({message.topic, message.payload, message.payload.size(),
                        message.properties.text(wire::PropertyId::ContentType).value_or("")},
                       kLongestShown);
  if (message.retain) out_ += " (retained)";
  if (!update.first && update.changes.empty()) out_ += " (unchanged)";
  if (update.number && topic.history().size() > 1) out_ += "  " + sparkline(topic.history());
  out_ += '\n';
  const bool whole = update.changes.size() == 1 && update.changes[0].path == ".";
  for (const FieldChange& change : update.changes) {
    if (whole && !change.before) continue;
    out_ += change_text(change);
  }
}

void WatchJob::append_json(const MessageView& message, const WatchedTopic::Update& update) {
  JsonText json("mqtt-inspect.watch/1");
  json.add("ts", unix_time()).add("topic", message.topic).octets("payload", message.payload);
  json.add("retain", message.retain).add("first", update.first);
  if (!update.first) json.milliseconds("since_last_ms", update.since_last);
  if (update.number) json.add("number", *update.number);
  json.begin_list("changes");
  for (const FieldChange& change : update.changes) {
    json.begin().add("path", change.path);
    if (change.before) json.octets("before", *change.before);
    if (change.after) json.octets("after", *change.after);
    json.end();
  }
  out_ += json.line();
}

void WatchJob::on_messages_end() {
  if (!out_.empty()) print(std::exchange(out_, {}));
  if (options_.count != 0 && messages_ >= options_.count) return conclude();
  arm_silence();
}

void WatchJob::arm_silence() {
  TimePoint next = kNever;
  for (const auto& [name, topic] : topics_) next = std::min(next, topic.stale_at());
  if (next == kNever) {
    silence_.cancel();
  } else {
    silence_.at(next);
  }
}

void WatchJob::look_for_silence() {
  const TimePoint now = host_.now();
  for (auto& [name, topic] : topics_) {
    if (topic.stale_at() > now) continue;
    topic.set_stale();
    const Duration silent = topic.silent_for(now);
    if (options_.json) {
      JsonText json("mqtt-inspect.watch/1");
      json.add("ts", unix_time()).add("topic", name).add("stale", true);
      json.milliseconds("since_last_ms", silent).milliseconds("cadence_ms", topic.cadence());
      out_ += json.line();
    } else {
      out_ += clock_text() + " " + terminal_text(name) + " stale: nothing for " +
              format_duration(rounded(silent)) + ", it came every " +
              format_duration(topic.cadence() / 1ms * 1ms) + "\n";
    }
  }
  on_messages_end();
}

void WatchJob::report(const Error*) {
  if (!out_.empty()) print(std::exchange(out_, {}));
  if (untracked_ > 0) {
    host_.report().warning(std::to_string(untracked_) +
                           " messages of further topics were not shown: more than " +
                           std::to_string(options_.max_topics) + " topics match");
  }
}

}  // namespace mqtk::inspect
