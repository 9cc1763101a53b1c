#include "pub/requester.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/units.hpp"
#include "options/received_record.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::pub {

namespace {

std::string milliseconds(Duration duration) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f ms",
                std::chrono::duration<double, std::milli>(duration).count());
  return text.data();
}

/// As mosquitto_rr prints it.
std::string drop_in_latency(Duration duration) {
  std::array<char, 64> text{};
  const auto count = duration.count();
  const auto real = static_cast<double>(count);
  if (count < 1000) {
    std::snprintf(text.data(), text.size(), "Latency: %ldns\n", static_cast<long>(count));
  } else if (count < 1'000'000) {
    std::snprintf(text.data(), text.size(), "Latency: %f\xC2\xB5s\n", real / 1e3);
  } else if (count < 1'000'000'000) {
    std::snprintf(text.data(), text.size(), "Latency: %fms\n", real / 1e6);
  } else {
    std::snprintf(text.data(), text.size(), "Latency: %ld.%09ld\n",
                  static_cast<long>(count / 1'000'000'000),
                  static_cast<long>(count % 1'000'000'000));
  }
  return text.data();
}

}  // namespace

Requester::Requester(RequestOptions options, const ClientConfig& config, DisconnectMode disconnect,
                     MessageSource& source, Writer& writer, Host& host)
    : options_(std::move(options)),
      config_(config),
      disconnect_(disconnect),
      source_(source),
      writer_(writer),
      host_(host),
      log_(host.report(), config.client_id),
      correlation_prefix_(config.client_id + "/" +
                          std::to_string(host.now().time_since_epoch().count()) + "/") {
  options_.format.terminal = writer.terminal();
  if (options_.print) {
    options_.print->set_rules({.width_cuts = host.report().dialect().null_payload,
                               .pretty = options_.pretty,
                               .terminal = writer.terminal()});
  }
}

void Requester::start(Client& client) {
  client_ = &client;
  if (host_.report().tracing()) client.trace_packets(true);
  client.start();
}

void Requester::on_connected(const ConnectionInfo& info) {
  log_.connected(info, host_.now());
  if (phase_ != Phase::Connecting) return;
  phase_ = Phase::Subscribing;
  client_->subscribe({options_.subscription}, 0, options_.subscribe_properties);
}

void Requester::on_retry(const Error& why, Duration retry_in) {
  log_.retry(why, retry_in, host_.now());
}

void Requester::on_subscribed(Token, std::span<const SubscribeOutcome> outcomes) {
  if (!outcomes.empty() && !outcomes.front().ok) {
    return leave(Error{ErrorKind::Permission,
                       Cause::SubDenied,
                       "subscription to the response topic '" +
                           terminal_text(options_.response_topic) + "' was denied",
                       {}});
  }
  if (phase_ != Phase::Subscribing) return;
  phase_ = Phase::Asking;
  ask();
}

/// Publishes the next request when none is under way.
void Requester::ask() {
  if (phase_ != Phase::Asking) return;
  switch (source_.next()) {
    case MessageSource::Next::Message:
      return publish(source_.message());
    case MessageSource::Next::Wait:
      return host_.set_alarm(source_.due());
    case MessageSource::Next::End:
      return leave();
    case MessageSource::Next::Failed: {
      Error error = source_.error();
      if (source_.numbered()) {
        error.message = std::string(source_.noun()) + " " + std::to_string(source_.number()) +
                        ": " + error.message;
      }
      return leave(std::move(error));
    }
  }
}

void Requester::publish(const OutgoingMessage& message) {
  OutgoingMessage request = message;
  wire::Properties properties;
  if (options_.version == wire::ProtocolVersion::V5) {
    for (const wire::Property& property : message.properties) properties.add(property);
    properties.add(wire::PropertyId::ResponseTopic, options_.response_topic);
    // One from the command line stays as it is.
    const auto given = message.properties.text(wire::PropertyId::CorrelationData);
    correlation_ = given ? std::string(*given) : correlation_prefix_ + std::to_string(asked_ + 1);
    if (!given) properties.add(wire::PropertyId::CorrelationData, Bytes(correlation_));
    request.properties = properties;
  }
  match_ = source_.answer().empty() ? options_.match : std::string(source_.answer());
  phase_ = Phase::Awaiting;
  asked_at_ = host_.now();
  switch (client_->publish(request, asked_ + 1)) {
    case PublishStatus::Accepted:
      ++asked_;
      source_.advance();
      break;
    case PublishStatus::Full:
      phase_ = Phase::Asking;
      break;
    case PublishStatus::Refused:
      return leave(client_->last_error());
  }
}

bool Requester::answers(const MessageView& message) const {
  if (phase_ != Phase::Awaiting || message.retain) return false;
  if (options_.version == wire::ProtocolVersion::V5) {
    const auto data = message.properties.text(wire::PropertyId::CorrelationData);
    if (!data || *data != correlation_) return false;
  }
  return match_.empty() || message.payload.find(match_) != Bytes::npos;
}

void Requester::on_message(const MessageView& message) {
  if (!answers(message)) {
    ++ignored_;
    return;
  }
  const Duration latency = host_.now() - asked_at_;
  phase_ = Phase::Asking;
  ++answered_;
  fastest_ = std::min(fastest_, latency);
  slowest_ = std::max(slowest_, latency);
  sum_ += latency;
  print(message);
  if (options_.latency) tell_latency(latency);
  source_.settled();
}

void Requester::print(const MessageView& message) {
  std::string& out = writer_.buffer();
  if (options_.print) {
    const TemplateFault fault =
        options_.print->append(out, record_of(message, std::chrono::system_clock::now()));
    if (fault != TemplateFault::None) host_.report().warning(describe(fault));
    if (fault != TemplateFault::NotJson && options_.format.newline) out += '\n';
  } else {
    append_message(out, options_.format, message.topic, message.payload);
  }
  writer_.appended();
}

void Requester::tell_latency(Duration latency) {
  if (host_.report().dialect().drop_in()) {
    writer_.buffer() += drop_in_latency(latency);
  } else {
    host_.report().note("answered after " + milliseconds(latency));
  }
}

void Requester::on_messages_end() {
  writer_.flush();
  if (writer_.state() == Writer::State::Failed) return leave(writer_.error());
  if (writer_.state() == Writer::State::Closed) return leave();
  ask();
}

void Requester::on_published(Token, const PublishOutcome& outcome) {
  if (!outcome.ok) return leave(outcome.error);
  if (outcome.reason == wire::ReasonCode::NoMatchingSubscribers && phase_ == Phase::Awaiting) {
    host_.report().warning("nobody subscribes to the topic of the request");
  }
}

void Requester::leave(std::optional<Error> error) {
  if (phase_ == Phase::Leaving || phase_ == Phase::Stopped) return;
  phase_ = Phase::Leaving;
  host_.set_alarm(kNever);
  if (error) exit_code_ = host_.report().finish(*error);
  client_->stop(disconnect_);
}

std::string Requester::counters() const {
  std::string text = std::to_string(asked_) + (asked_ == 1 ? " request, " : " requests, ") +
                     std::to_string(answered_) + " answered, " + std::to_string(ignored_) +
                     " other messages ignored";
  if (answered_ > 0) {
    const auto mean = sum_ / static_cast<Duration::rep>(answered_);
    text += "; latency " + milliseconds(fastest_) + " at least, " + milliseconds(mean) +
            " on average, " + milliseconds(slowest_) + " at most";
  }
  return text;
}

void Requester::on_end(const Error* error) {
  const bool stopped = phase_ == Phase::Stopped;
  phase_ = Phase::Stopped;
  log_.ended(config_, client_->counts());
  if (error != nullptr && !exit_code_) exit_code_ = host_.report().finish(*error);
  if (options_.latency && asked_ > 1 && !stopped) host_.report().note(counters());
  ended_ = true;
  finish_when_written();
}

/// A slow reader gets everything first.
void Requester::finish_when_written() {
  writer_.flush();
  const bool written = writer_.pending() == 0 || writer_.state() != Writer::State::Open;
  if (ended_ && written) host_.finish(exit_code_.value_or(0));
}

void Requester::on_wake() {
  writer_.resume();
  ask();
  finish_when_written();
}

void Requester::on_progress_wanted() {
  host_.report().note(counters());
}

void Requester::on_interrupt() {
  phase_ = Phase::Stopped;
  client_->abort(disconnect_);
}

void Requester::on_deadline(Duration limit) {
  Error error{ErrorKind::Timeout, Cause::None, "timed out after " + format_duration(limit), {}};
  if (phase_ == Phase::Connecting) error.message += ": no connection yet";
  if (phase_ == Phase::Awaiting) error.message += ": no answer";
  if (ignored_ > 0) {
    error.hint = std::to_string(ignored_) +
                 (ignored_ == 1 ? " message on the response topic was"
                                : " messages on the response topic were") +
                 " no answer: retained, or without the correlation data or text asked for";
  }
  exit_code_ = host_.report().finish(error);
  phase_ = Phase::Stopped;
  client_->abort(disconnect_);
}

}  // namespace mqtk::pub
