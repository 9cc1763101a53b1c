#include "inspect/check/check.hpp"

#include <algorithm>

#include "base/numbers.hpp"
#include "base/output_file.hpp"
#include "inspect/shared/json_fields.hpp"
#include "inspect/shared/probe_phases.hpp"
#include "inspect/shared/unix_time.hpp"
#include "inspect/sys/report.hpp"
#include "options/resolve.hpp"
#include "output/json_reader.hpp"
#include "payload/decoder.hpp"
#include "wire/topic.hpp"

namespace mqtk::inspect {

namespace {

constexpr Token kCheckToken = 1;

double to_seconds(Duration duration) {
  return static_cast<double>(duration / 1us) / 1e6;
}

// Bad settings say nothing about the broker.
CheckState state_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::Usage:
    case ErrorKind::BadInput:
    case ErrorKind::NoInput:
    case ErrorKind::Configuration:
      return CheckState::Unknown;
    default:
      return CheckState::Critical;
  }
}

std::string sentence(const Error& error) {
  return error.cause == Cause::None ? error.message
                                    : std::string(name(error.cause)) + ": " + error.message;
}

/// What a JSON value says: of a string, its characters.
std::string value_text(Bytes json) {
  return json.starts_with('"') ? json_string_text(json) : std::string(json);
}

}  // namespace

CheckJob::CheckJob(EventLoop& loop, Host& host, ClientConfig config, CheckOptions options)
    : loop_(loop),
      host_(host),
      config_(std::move(config)),
      options_(std::move(options)),
      limit_(loop, [this] { overdue(); }) {
  report_.target = target_text(config_);
}

CheckJob::~CheckJob() = default;

void CheckJob::start() {
  ProbePlan plan;
  plan.publish = options_.publish;
  plan.checks = options_.publish;
  plan.qos = {wire::Qos::AtLeastOnce};
  plan.nonce = generate_client_id("", 16);
  plan.topic = options_.topic_prefix + plan.nonce;
  plan.patience = options_.patience;
  plan.debug = host_.report().debugging() ? &host_.report() : nullptr;
  probe_ = std::make_unique<Probe>(loop_, config_, plan, nullptr, [this] { probed(); });
  probe_->start();
}

void CheckJob::probed() {
  add_connection(probe_->report());
  if (report_.error || (options_.topic.empty() && options_.sys.empty())) return conclude();
  listen();
}

void CheckJob::add_connection(const ConnectReport& report) {
  Duration connecting = 0ns;
  bool accepted = false;
  std::optional<Duration> round_trip;
  std::vector<CheckMetric> phases;
  for (const PhaseReport& phase : report.phases) {
    if (phase.verdict != Verdict::Ok) continue;
    if (phase.name.starts_with("publish_qos")) round_trip = phase.took;
    if (!accepted) connecting += phase.took;
    accepted = accepted || phase.name == "connect";
    phases.push_back({.label = phase.name,
                      .family = "phase_seconds",
                      .labels = {{"phase", phase.name}},
                      .value = to_seconds(phase.took),
                      .unit = "s"});
  }
  if (report.error) {
    report_.error = report.error;
    report_.problem(state_of(*report.error), sentence(*report.error));
  }
  if (accepted) {
    report_.add({.label = "connected",
                 .family = "connect_seconds",
                 .labels = {},
                 .value = to_seconds(connecting),
                 .unit = "s",
                 .warn = options_.connect.warn,
                 .crit = options_.connect.crit},
                "connected in " + milliseconds(connecting));
  }
  if (round_trip) {
    report_.add({.label = "round_trip",
                 .family = "round_trip_seconds",
                 .labels = {},
                 .value = to_seconds(*round_trip),
                 .unit = "s",
                 .warn = options_.round_trip.warn,
                 .crit = options_.round_trip.crit},
                "round trip " + milliseconds(*round_trip));
  }
  if (report.tls && !report.tls->chain.empty()) {
    const auto days =
        std::ranges::min_element(report.tls->chain, {}, &CertificateInfo::days_left)->days_left;
    report_.add({.label = "certificate_days",
                 .family = "certificate_days_left",
                 .labels = {},
                 .value = static_cast<double>(days),
                 .unit = {},
                 .warn = options_.certificate.warn,
                 .crit = options_.certificate.crit},
                "certificate valid for " + std::to_string(days) + " days");
  }
  for (CheckMetric& phase : phases) report_.add(std::move(phase), "");
}

void CheckJob::listen() {
  ClientConfig config = config_;
  config.client_id = generate_client_id("mqttinspect-");
  config.reconnect.enabled = false;
  config.will.reset();
  if (host_.report().debugging()) log_.emplace(host_.report(), config.client_id);
  client_ = make_native_client(loop_, std::move(config), *this);
  client_->trace_packets(log_.has_value());
  client_->start();
}

void CheckJob::on_connected(const ConnectionInfo&) {
  std::vector<Subscription> subscriptions;
  if (!options_.topic.empty()) subscriptions.push_back({.filter = options_.topic});
  if (!options_.sys.empty()) subscriptions.push_back({.filter = "$SYS/#"});
  client_->subscribe(std::move(subscriptions), kCheckToken);
  listening_ = host_.now();
  Duration wait = options_.patience;
  if (wants_live()) {
    const auto& range = options_.age.crit ? options_.age.crit : options_.age.warn;
    wait = Duration(static_cast<std::int64_t>(range->high * 1e9));
  }
  limit_.after(wait);
}

void CheckJob::on_packet(PacketDirection direction, const wire::Packet& packet,
                         wire::ProtocolVersion version) {
  if (log_) log_->packet(direction, packet, version);
}

/// Freshness without a time in the payload shows in a live message only.
bool CheckJob::wants_live() const {
  return !options_.topic.empty() && !options_.time_at && (options_.age.warn || options_.age.crit);
}

void CheckJob::on_subscribed(Token, std::span<const SubscribeOutcome> outcomes) {
  for (const SubscribeOutcome& outcome : outcomes) {
    if (outcome.ok) continue;
    report_.problem(CheckState::Unknown, "the subscription to " + outcome.filter + " is denied");
    conclude();
    return;
  }
}

void CheckJob::on_message(const MessageView& message) {
  if (concluded_) return;
  if (message.topic.starts_with("$SYS/")) {
    const SysName* const known = sys_name(message.topic);
    const auto number = leading_number(message.payload);
    for (const SysCheck& check : options_.sys) {
      if (number &&
          (check.name == message.topic || (known != nullptr && check.name == known->name))) {
        sys_found_[check.name] = *number;
      }
    }
  }
  if (!options_.topic.empty() && wire::topic_matches(options_.topic, message.topic)) {
    look_at_topic(message);
  }
  if (has_all()) conclude();
}

void CheckJob::look_at_topic(const MessageView& message) {
  if (topic_done_) return;
  if (wants_live() && message.retain) {
    retained_seen_ = true;
    return;
  }
  topic_done_ = true;
  std::string storage;
  const DecodedPayload decoded =
      decode_payload(Decoder::Auto, {message.topic, message.payload, {}}, storage);
  CheckMetric age{.label = "age",
                  .family = "topic_age_seconds",
                  .labels = {{"topic", options_.topic}},
                  .value = 0,
                  .unit = "s",
                  .warn = options_.age.warn,
                  .crit = options_.age.crit};
  if (options_.time_at) {
    const Bytes found = decoded.json.empty() ? Bytes() : options_.time_at->find(decoded.json);
    const auto time = parse_time(value_text(found));
    if (!time) {
      report_.problem(CheckState::Unknown,
                      "the payload of " + options_.topic + " holds no time there");
    } else {
      // A clock that is a little ahead is no fault.
      age.value = std::max(0.0, unix_time() - *time);
      report_.add(std::move(age), options_.topic + " is " +
                                      std::to_string(static_cast<std::int64_t>(age.value)) +
                                      " s old");
    }
  } else if (wants_live()) {
    const Duration waited = host_.now() - listening_;
    age.value = to_seconds(waited);
    report_.add(std::move(age), options_.topic + " alive after " + milliseconds(waited));
  }
  if (options_.value_at) look_at_value(decoded.json, message);
}

void CheckJob::look_at_value(Bytes json, const MessageView& message) {
  const Bytes found = json.empty() ? Bytes() : options_.value_at->find(json);
  std::string text = value_text(found);
  if (json.empty() && options_.value_path == ".") text = message.payload;
  const auto number = JsonField{".", text, false}.number();
  if (!number) {
    report_.problem(CheckState::Unknown, "the payload of " + options_.topic +
                                             " holds no number at " + options_.value_path);
    return;
  }
  report_.add({.label = "value",
               .family = "topic_value",
               .labels = {{"topic", options_.topic}, {"path", options_.value_path}},
               .value = *number,
               .unit = {},
               .warn = options_.value.warn,
               .crit = options_.value.crit},
              options_.topic + " " + options_.value_path + " is " + double_text(*number));
}

bool CheckJob::has_all() const {
  return (options_.topic.empty() || topic_done_) && sys_found_.size() == options_.sys.size();
}

void CheckJob::overdue() {
  if (!options_.topic.empty() && !topic_done_) {
    const std::string waited = milliseconds(host_.now() - listening_);
    if (wants_live()) {
      CheckMetric age{.label = "age",
                      .family = "topic_age_seconds",
                      .labels = {{"topic", options_.topic}},
                      .value = to_seconds(host_.now() - listening_),
                      .unit = "s",
                      .warn = options_.age.warn,
                      .crit = options_.age.crit};
      // The timer may be a little early.
      const auto& range = options_.age.crit ? options_.age.crit : options_.age.warn;
      age.value = std::max(age.value, range->high + 0.001);
      report_.add(std::move(age), "nothing live on " + options_.topic + " within " + waited +
                                      (retained_seen_ ? ", only a retained message" : ""));
    } else {
      report_.problem(CheckState::Critical,
                      "no message on " + options_.topic + " within " + waited);
    }
  }
  conclude();
}

void CheckJob::on_end(const Error* error) {
  if (error != nullptr && !concluded_) {
    report_.error = *error;
    report_.problem(state_of(*error), sentence(*error));
    conclude();
  }
  if (concluded_) host_.finish(write());
}

void CheckJob::conclude() {
  if (std::exchange(concluded_, true)) return;
  limit_.cancel();
  for (const SysCheck& check : options_.sys) {
    if (report_.error || client_ == nullptr) break;
    const auto found = sys_found_.find(check.name);
    if (found == sys_found_.end()) {
      report_.problem(CheckState::Unknown, "the broker says no " + check.name);
      continue;
    }
    report_.add({.label = "sys_" + check.name,
                 .family = "sys",
                 .labels = {{"name", check.name}},
                 .value = found->second,
                 .unit = {},
                 .warn = check.limits.warn,
                 .crit = check.limits.crit},
                check.name + " " + double_text(found->second));
  }
  if (client_ && client_->connected()) {
    client_->stop();
  } else if (!client_) {
    host_.finish(write());
  }
}

int CheckJob::write() {
  std::string text;
  switch (options_.format) {
    case CheckFormat::Nagios:
      text = check_line(report_);
      break;
    case CheckFormat::Prometheus:
      text = check_prometheus(report_, unix_time());
      break;
    case CheckFormat::Json:
      text = check_json(report_);
      break;
  }
  if (options_.output.empty()) {
    // A monitor must not read "ok" from what nobody was told.
    if (print_and_exit_code(text) != 0) return static_cast<int>(CheckState::Unknown);
  } else if (auto written = write_whole_file(options_.output, text, FileAccess::Usual); !written) {
    print_and_exit_code("MQTT UNKNOWN - " + written.error().message + "\n");
    return static_cast<int>(CheckState::Unknown);
  }
  return static_cast<int>(report_.state);
}

void CheckJob::on_interrupt() {
  if (probe_) probe_->abort();
  if (client_) client_->abort();
  host_.finish(static_cast<int>(CheckState::Unknown));
}

}  // namespace mqtk::inspect
