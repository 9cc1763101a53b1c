#include "pub/publisher.hpp"

#include <algorithm>

#include "base/units.hpp"

namespace mqtk::pub {

namespace {

/// The kind that decides the exit code when several things went wrong.
ErrorKind worst(const std::vector<Error>& errors) {
  for (const ErrorKind kind : {ErrorKind::Permission, ErrorKind::Timeout}) {
    for (const Error& error : errors) {
      if (error.kind == kind) return kind;
    }
  }
  return errors.front().kind;
}

}  // namespace

Publisher::Publisher(PublisherOptions options, MessageSource& source, Host& host)
    : options_(std::move(options)),
      source_(source),
      host_(host),
      log_(host.report(), options_.client_id) {}

void Publisher::start(Client& client) {
  client_ = &client;
  started_ = host_.now();
  if (host_.report().tracing()) client.trace_packets(true);
  if (options_.progress && host_.report().terminal()) {
    progress_.emplace(started_);
    show_at_ = started_ + Progress::kFirst;
    arm_alarm();
  }
  client.start();
}

void Publisher::on_connected(const ConnectionInfo& info) {
  log_.connected(info, host_.now());
  if (phase_ == Phase::Connecting) phase_ = Phase::Publishing;
  pump();
}

void Publisher::on_retry(const Error& why, Duration retry_in) {
  log_.retry(why, retry_in, host_.now());
}

void Publisher::on_packet(PacketDirection direction, const wire::Packet& packet,
                          wire::ProtocolVersion version) {
  log_.packet(direction, packet, version);
}

/// The client may call back from within publish(): then the loop below goes round once more.
void Publisher::pump() {
  again_ = true;
  if (pumping_) return;
  pumping_ = true;
  waiting_ = false;
  while (again_ && phase_ == Phase::Publishing) {
    again_ = false;
    take();
  }
  pumping_ = false;
  if (waiting_) arm_alarm();
}

/// For whatever comes first: the source's next message or the next line of progress.
void Publisher::arm_alarm() {
  const TimePoint when = std::min(show_at_, waiting_ ? source_.due() : kNever);
  if (when == alarm_) return;
  alarm_ = when;
  host_.set_alarm(when);
}

void Publisher::on_alarm() {
  alarm_ = kNever;
  if (host_.now() >= show_at_) show_progress();
  pump();
  arm_alarm();
}

void Publisher::show_progress() {
  show_at_ = host_.now() + Progress::kEvery;
  if (const auto fraction = source_.fraction()) {
    host_.report().status(progress_->line(*fraction, delivery_.taken, host_.now()));
  }
}

void Publisher::on_progress_wanted() {
  host_.report().note(counters_text(delivery_, client_->counts(), host_.now() - started_));
}

void Publisher::finish(int exit_code) {
  show_at_ = kNever;
  host_.set_alarm(kNever);
  host_.finish(exit_code);
}

void Publisher::take() {
  while (phase_ == Phase::Publishing) {
    switch (source_.next()) {
      case MessageSource::Next::Message:
        break;
      case MessageSource::Next::Wait:
        waiting_ = true;
        return;
      case MessageSource::Next::End:
        return finish_source();
      case MessageSource::Next::Failed:
        return bad_input(source_.error());
    }
    const OutgoingMessage& message = source_.message();
    const std::size_t size = message.payload.size();
    switch (client_->publish(message, source_.number())) {
      case PublishStatus::Accepted:
        break;
      case PublishStatus::Full:
        return;
      case PublishStatus::Refused:
        return bad_input(client_->last_error());
    }
    ++delivery_.taken;
    delivery_.bytes += size;
    source_.advance();
  }
}

void Publisher::finish_source() {
  exhausted_ = true;
  phase_ = Phase::Finishing;
  client_->stop(options_.disconnect);
}

/// What was taken before still goes its way.
void Publisher::bad_input(Error error) {
  if (source_.numbered()) {
    error.message =
        std::string(source_.noun()) + " " + std::to_string(source_.number()) + ": " + error.message;
    // A line that is too large is wrong input, whoever set the limit.
    if (error.cause == Cause::PubTooLarge) error.kind = ErrorKind::BadInput;
  }
  failure_ = host_.report().finish(error);
  phase_ = Phase::Finishing;
  client_->stop(options_.disconnect);
}

void Publisher::on_published(Token token, const PublishOutcome& outcome) {
  if (options_.require_subscriber && outcome.ok &&
      outcome.reason == wire::ReasonCode::NoMatchingSubscribers) {
    PublishOutcome unheard = outcome;
    unheard.ok = false;
    unheard.error = {
        ErrorKind::Failed, Cause::PubNotDelivered, "nobody subscribes to its topic", {}};
    delivery_.settle(token, unheard);
  } else if (!outcome.ok && is_failure(outcome.reason) &&
             host_.report().dialect().denial_succeeds) {
    std::string reason(name(outcome.reason, wire::PacketType::Puback));
    if (!reason.empty() && reason[0] >= 'a' && reason[0] <= 'z') {
      reason[0] = static_cast<char>(reason[0] - 'a' + 'A');
    }
    host_.report().say("Warning: Publish " + std::to_string(token) + " failed: " + reason + ".");
    delivery_.settle(token, {});
  } else {
    delivery_.settle(token, outcome);
  }
  source_.settled();
  if (waiting_) arm_alarm();
}

std::vector<Error> Publisher::verdict() const {
  return judge(delivery_, client_->counts(), source_.noun());
}

void Publisher::on_end(const Error* error) {
  const Phase last = phase_;
  phase_ = Phase::Stopped;
  host_.report().status({});
  if (options_.config != nullptr) log_.ended(*options_.config, client_->counts());
  if (last == Phase::Stopped) return finish(failure_.value_or(0));
  std::vector<Error> errors = verdict();
  if (error != nullptr) {
    failure_ = host_.report().finish(*error);
    // A single message has nothing to add to what went wrong with the connection.
    if (delivery_.taken <= 1 && !source_.numbered()) errors.clear();
    if (last != Phase::Connecting) say_what_remains(errors);
  } else {
    for (const Error& each : errors) host_.report().error(each);
  }
  if (options_.verbose) host_.report().note(summary(delivery_, host_.now() - started_));
  if (!failure_) failure_ = errors.empty() ? 0 : exit_code(worst(errors));
  finish(*failure_);
}

void Publisher::say_what_remains(const std::vector<Error>& errors) {
  for (const Error& each : errors) host_.report().error(each.message);
  if (source_.numbered() && !exhausted_) {
    host_.report().error("nothing after " + std::string(source_.noun()) + " " +
                         std::to_string(delivery_.taken) + " was sent");
  }
}

void Publisher::on_interrupt() {
  failure_ = 0;
  phase_ = Phase::Stopped;
  client_->abort(options_.disconnect);
}

void Publisher::on_deadline(Duration limit) {
  Error error{ErrorKind::Timeout, Cause::None, "timed out after " + format_duration(limit), {}};
  if (phase_ == Phase::Connecting) error.message += ": no connection yet";
  failure_ = host_.report().finish(error);
  if (phase_ != Phase::Connecting) say_what_remains(verdict());
  phase_ = Phase::Stopped;
  client_->abort(options_.disconnect);
}

}  // namespace mqtk::pub
