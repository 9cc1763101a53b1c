// The steps after CONNACK, and what the engine tells on the way.
#include "inspect/shared/probe.hpp"

#include <utility>

#include "base/units.hpp"
#include "inspect/shared/probe_phases.hpp"

namespace mqtk::inspect {

using wire::Qos;

namespace {

constexpr Token kProbeToken = 1;
constexpr Token kClearToken = 2;
/// From here on a lost connection is blamed on the size of the message.
constexpr std::size_t kLargePayload = 1024;

ClientConfig for_one_attempt(ClientConfig config) {
  config.reconnect.enabled = false;
  config.reconnect.retry_first = false;
  config.will.reset();
  config.birth.reset();
  config.session_for_run = false;
  config.batch_wakeups = false;
  return config;
}

}  // namespace

Probe::Probe(EventLoop& loop, ClientConfig config, ProbePlan plan,
             std::function<void(const PhaseReport&)> shown, std::function<void()> done)
    : loop_(loop),
      config_(for_one_attempt(std::move(config))),
      plan_(std::move(plan)),
      shown_(std::move(shown)),
      done_(std::move(done)) {
  report_.target = target_text(config_);
  report_.client_id = config_.client_id;
  report_.version = wire::name(config_.version);
  if (plan_.debug != nullptr) log_.emplace(*plan_.debug, config_.client_id);
}

Probe::~Probe() = default;

void Probe::start() {
  started_ = monotonic_now();
  client_ = make_native_client(loop_, config_, *this);
  client_->trace_packets(true);
  client_->report_attempts(true);
  client_->start();
}

void Probe::abort() {
  done_ = nullptr;
  timer_.reset();
  if (client_) client_->abort();
}

bool Probe::clear(std::function<void()> cleared) {
  const bool may_stand = plan_.retain && (step_ == Step::Publish || step_ == Step::Clear);
  if (!may_stand || !client_ || !client_->connected()) return false;
  shown_ = nullptr;
  done_ = std::move(cleared);
  if (step_ == Step::Publish) begin(Step::Clear);
  return true;
}

void Probe::add(PhaseReport phase) {
  report_.phases.push_back(std::move(phase));
  if (shown_) shown_(report_.phases.back());
}

void Probe::on_attempt(const AttemptReport& attempt) {
  attempt_ = attempt;
  attempted_ = true;
  report_.tls = attempt.tls;
  report_.websocket = attempt.websocket;
}

void Probe::on_retry(const Error& why, Duration) {
  // Only between several hosts: each attempt is told from its beginning.
  for (PhaseReport& phase : attempt_phases(attempt_, config_, report_, &why)) add(std::move(phase));
  report_.notes.push_back(to_string(attempt_.endpoint) + " failed: " + why.message);
  report_.connack.reset();
  attempted_ = false;
}

void Probe::on_connected(const ConnectionInfo& info) {
  limits_ = info.limits;
  report_.client_id = info.client_id;
  for (PhaseReport& phase : attempt_phases(attempt_, config_, report_, nullptr)) {
    add(std::move(phase));
  }
  begin(plan_.checks ? Step::Ping : Step::Ending);
}

void Probe::begin(Step step) {
  step_ = step;
  step_started_ = monotonic_now();
  timer_ = std::make_unique<Timer>(loop_, [this] { overdue(); });
  timer_->after(plan_.patience);
  switch (step) {
    case Step::Ping:
      client_->ping();
      break;
    case Step::Subscribe:
      client_->subscribe({{.filter = plan_.topic, .qos = Qos::ExactlyOnce}}, kProbeToken);
      break;
    case Step::Publish:
      publish_next();
      break;
    case Step::Clear: {
      OutgoingMessage nothing;
      nothing.topic = plan_.topic;
      nothing.retain = true;
      nothing.qos = std::min(Qos::AtLeastOnce, limits_.maximum_qos);
      if (client_->publish(nothing, kClearToken) != PublishStatus::Accepted) begin(Step::Ending);
      break;
    }
    case Step::Ending:
      // Whoever leaves in the middle of an exchange makes the broker's log speak of an error.
      unsubscribing_ = granted_.has_value() && client_->connected();
      if (unsubscribing_) client_->unsubscribe({plan_.topic}, kProbeToken);
      leave_when_settled();
      break;
    case Step::Connecting:
      break;
  }
}

void Probe::leave_when_settled() {
  if (step_ != Step::Ending || unsubscribing_ || !unreleased_.empty()) return;
  timer_.reset();
  // In its own time: this may be called by the client itself, in the middle of a packet.
  leaving_ = std::make_unique<Timer>(loop_, [this] { client_->abort(); });
  leaving_->after(0ns);
}

void Probe::on_unsubscribed(Token, std::span<const SubscribeOutcome>) {
  unsubscribing_ = false;
  leave_when_settled();
}

void Probe::on_packet(PacketDirection direction, const wire::Packet& packet,
                      wire::ProtocolVersion version) {
  if (log_) log_->packet(direction, packet, version);
  if (const auto* reply = std::get_if<wire::PublishReply>(&packet)) {
    const bool received = direction == PacketDirection::Received;
    if (!received && reply->type == wire::PacketType::Pubrec) {
      unreleased_.insert(reply->packet_id);
    } else if (!received && reply->type == wire::PacketType::Pubcomp) {
      unreleased_.erase(reply->packet_id);
      leave_when_settled();
    }
  }
  if (direction != PacketDirection::Received) return;
  if (const auto* connack = std::get_if<wire::Connack>(&packet)) {
    report_.connack = connack_report(*connack, version);
  }
  if (std::holds_alternative<wire::Pingresp>(packet) && step_ == Step::Ping) {
    add({.name = "ping",
         .took = monotonic_now() - step_started_,
         .text = "PINGRESP received",
         .details = {}});
    begin(Step::Subscribe);
  }
}

void Probe::on_subscribed(Token, std::span<const SubscribeOutcome> outcomes) {
  if (step_ != Step::Subscribe || outcomes.empty()) return;
  const SubscribeOutcome& outcome = outcomes.front();
  const Facts details = {{"filter", plan_.topic}, {"code", std::int64_t{outcome.code}}};
  if (!outcome.ok) {
    const auto code = static_cast<wire::ReasonCode>(outcome.code);
    fail_check({ErrorKind::Permission, Cause::SubDenied,
                "the broker denies the subscription to '" + plan_.topic +
                    "': " + std::string(wire::name(code, wire::PacketType::Suback)),
                "try a topic that these credentials may read: --topic-prefix PREFIX or -t TOPIC"},
               details);
    return;
  }
  granted_ = static_cast<Qos>(outcome.code);
  add({.name = "subscribe",
       .took = monotonic_now() - step_started_,
       .text = (granted_ < Qos::ExactlyOnce ? "granted at most QoS " : "granted at QoS ") +
               std::to_string(outcome.code) + ": " + plan_.topic,
       .details = details});
  next_qos_ = 0;
  begin(plan_.publish ? Step::Publish : Step::Ending);
}

std::string Probe::step_name() const {
  switch (step_) {
    case Step::Ping:
      return "ping";
    case Step::Subscribe:
      return "subscribe";
    case Step::Publish:
      return "publish_qos" + std::to_string(static_cast<int>(plan_.qos[next_qos_]));
    case Step::Connecting:
    case Step::Clear:
    case Step::Ending:
      break;
  }
  return "end";
}

void Probe::publish_next() {
  acknowledged_.reset();
  received_qos_.reset();
  const Qos granted = granted_.value_or(Qos::ExactlyOnce);
  const Qos served = std::min(limits_.maximum_qos, granted);
  while (next_qos_ < plan_.qos.size() && plan_.qos[next_qos_] > served && !plan_.qos_asked_for) {
    const auto highest = static_cast<std::int64_t>(served);
    add({.name = step_name(),
         .verdict = Verdict::Skipped,
         .text = (limits_.maximum_qos == served
                      ? "the broker declares QoS " + std::to_string(highest) + " as its highest"
                      : "the broker grants at most QoS " + std::to_string(highest)),
         .details = {{"maximum_qos", highest}}});
    ++next_qos_;
  }
  if (next_qos_ == plan_.qos.size()) {
    begin(plan_.retain ? Step::Clear : Step::Ending);
    return;
  }
  step_started_ = monotonic_now();
  timer_->after(plan_.patience);
  const Qos qos = plan_.qos[next_qos_];
  std::string payload = plan_.nonce + " mqtt-inspect QoS " + std::to_string(static_cast<int>(qos));
  payload.resize(std::max(payload.size(), plan_.payload_size), '.');
  OutgoingMessage message;
  message.owner = std::make_shared<const std::string>(std::move(payload));
  message.topic = plan_.topic;
  message.payload = *message.owner;
  message.qos = qos;
  message.retain = plan_.retain;
  if (client_->publish(message, kProbeToken) == PublishStatus::Refused) {
    fail_check(client_->last_error());
  }
}

void Probe::on_published(Token token, const PublishOutcome& outcome) {
  if (token == kClearToken) {
    if (step_ == Step::Clear) begin(Step::Ending);
    return;
  }
  if (step_ != Step::Publish) return;
  if (!outcome.ok) {
    // The end of the connection explains a lost message better.
    if (client_->connected()) {
      Error error = outcome.error;
      error.message += " (topic '" + plan_.topic + "')";
      fail_check(std::move(error));
    }
    return;
  }
  acknowledged_ = outcome;
  check_round_trip();
}

void Probe::on_message(const MessageView& message) {
  if (step_ != Step::Publish || !message.payload.starts_with(plan_.nonce)) return;
  received_qos_ = message.qos;
  received_at_ = monotonic_now();
  check_round_trip();
}

void Probe::check_round_trip() {
  if (!acknowledged_ || !received_qos_) return;
  const Qos sent = plan_.qos[next_qos_];
  PhaseReport phase;
  phase.name = step_name();
  phase.took = received_at_ - step_started_;
  phase.text = "came back";
  if (*received_qos_ != sent) {
    phase.text += " at QoS " + std::to_string(static_cast<int>(*received_qos_));
  }
  phase.details = {{"size", static_cast<std::int64_t>(plan_.payload_size)},
                   {"received_qos", static_cast<std::int64_t>(*received_qos_)}};
  if (sent != Qos::AtMostOnce) {
    phase.text += ", acknowledged after " + milliseconds(acknowledged_->latency);
    phase.details.push_back({"acknowledged_us", acknowledged_->latency / 1us});
  }
  add(std::move(phase));
  ++next_qos_;
  publish_next();
}

void Probe::overdue() {
  const std::string waited = " within " + format_duration(plan_.patience);
  switch (step_) {
    case Step::Ping:
      fail_check({ErrorKind::Unreachable, Cause::MqttPingTimeout, "no PINGRESP" + waited, {}});
      break;
    case Step::Subscribe:
      fail_check(
          {ErrorKind::Unreachable, Cause::MqttNoAnswer, "no answer to SUBSCRIBE" + waited, {}});
      break;
    case Step::Publish:
      lost_in_silence();
      break;
    case Step::Clear:
      begin(Step::Ending);
      break;
    case Step::Ending:
      if (unsubscribing_) report_.notes.push_back("no answer to UNSUBSCRIBE" + waited);
      if (!unreleased_.empty()) {
        report_.notes.push_back("no PUBREL for a message of QoS 2" + waited);
      }
      unsubscribing_ = false;
      unreleased_.clear();
      leave_when_settled();
      break;
    case Step::Connecting:
      break;
  }
}

// A message of QoS 0 has no answer: one of QoS 1 may bring the reason.
void Probe::lost_in_silence() {
  Error error = not_delivered(plan_.topic, config_.version, acknowledged_,
                              " within " + format_duration(plan_.patience));
  const bool first = plan_.qos[next_qos_] == Qos::AtMostOnce;
  if (!first || next_qos_ + 1 == plan_.qos.size()) return fail_check(std::move(error));
  add({.name = step_name(),
       .verdict = Verdict::Failed,
       .took = monotonic_now() - step_started_,
       .text = error.message,
       .details = {}});
  plan_.qos = {plan_.qos[next_qos_ + 1]};
  next_qos_ = 0;
  report_.error = std::move(error);
  publish_next();
}

/// The connection still stands, or has just ended, and one of the checks has failed.
void Probe::fail_check(Error error, Facts details) {
  const bool published = step_ == Step::Publish;
  add({.name = step_name(),
       .verdict = Verdict::Failed,
       .took = monotonic_now() - step_started_,
       .text = error.message,
       .details = std::move(details)});
  // What was lost in silence before is explained by a refusal now, and by nothing else.
  if (!report_.error || error.cause != Cause::PubNotDelivered) report_.error = std::move(error);
  if (client_->connected()) begin(published && plan_.retain ? Step::Clear : Step::Ending);
}

void Probe::on_end(const Error* error) {
  if (ended_) return;
  ended_ = true;
  timer_.reset();
  if (error != nullptr && !report_.error) {
    if (step_ == Step::Connecting) {
      if (attempted_) {
        for (PhaseReport& phase : attempt_phases(attempt_, config_, report_, error)) {
          add(std::move(phase));
        }
      } else {
        add({.name = "configuration",
             .verdict = Verdict::Failed,
             .text = error->message,
             .details = {}});
      }
      report_.error = *error;
    } else if (step_ == Step::Publish && error->cause == Cause::MqttLost &&
               plan_.payload_size >= kLargePayload) {
      fail_check({ErrorKind::Failed, Cause::PubClosedSize,
                  "the broker closed the connection while a message of " +
                      format_size(plan_.payload_size) + " was sent",
                  "it may be larger than the broker allows: try a smaller -s, or -V 5, where the "
                  "broker declares its limit"});
    } else if (step_ != Step::Ending && step_ != Step::Clear) {
      fail_check(*error);
    }
  }
  report_.total = monotonic_now() - started_;
  finishing_ = std::make_unique<Timer>(loop_, [this] {
    if (const auto done = std::move(done_)) done();
  });
  finishing_->after(0ns);
}

}  // namespace mqtk::inspect
