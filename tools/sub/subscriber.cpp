#include "sub/subscriber.hpp"

#include <algorithm>

#include "base/units.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::sub {

namespace {

constexpr Token kSubscribe = 1;
constexpr Token kUnsubscribe = 2;

std::string denial(const SubscribeOutcome& outcome, wire::ProtocolVersion version) {
  std::string text = "subscription to '" + terminal_text(outcome.filter) + "' was denied";
  if (version == wire::ProtocolVersion::V5) {
    text += ": " + std::string(
                       name(static_cast<wire::ReasonCode>(outcome.code), wire::PacketType::Suback));
  }
  return text;
}

}  // namespace

namespace {

constexpr std::size_t kLarge = 1024 * 1024;
constexpr std::size_t kLargePiece = 256 * 1024;

}  // namespace

Subscriber::Subscriber(const SubOptions& options, Writer& writer, Host& host)
    : options_(options),
      writer_(writer),
      host_(host),
      log_(host.report(), options.client.config.client_id),
      format_(options.format) {
  format_.terminal = writer.terminal();
}

void Subscriber::start(Client& client) {
  client_ = &client;
  if (options_.trace) client.trace_packets(true);
  client.start();
}

void Subscriber::on_connected(const ConnectionInfo& info) {
  log_.connected(info, host_.now());
  connected_ = true;
  last_shown_ = host_.now();
  if (phase_ == Phase::Listening) arm();
  if (phase_ == Phase::Ending) return;
  if (asked_) {
    if (!options_.client.config.clean_start && !info.session_present) {
      host_.report().warning(
          "the broker no longer had the session: what was published meanwhile is lost");
    }
    return;
  }
  asked_ = true;
  if (!options_.subscriptions.empty()) {
    ++awaited_;
    client_->subscribe(options_.subscriptions, kSubscribe, options_.subscribe_properties);
  }
  if (!options_.unsubscriptions.empty()) {
    ++awaited_;
    client_->unsubscribe(options_.unsubscriptions, kUnsubscribe, options_.unsubscribe_properties);
  }
  if (awaited_ == 0) listen();
}

void Subscriber::on_retry(const Error& why, Duration retry_in) {
  connected_ = false;
  log_.retry(why, retry_in, host_.now());
}

void Subscriber::on_packet(PacketDirection direction, const wire::Packet& packet,
                           wire::ProtocolVersion version) {
  log_.packet(direction, packet, version);
}

void Subscriber::on_subscribed(Token, std::span<const SubscribeOutcome> outcomes) {
  if (phase_ == Phase::Ending) return;
  const auto denials = std::count_if(outcomes.begin(), outcomes.end(),
                                     [](const SubscribeOutcome& outcome) { return !outcome.ok; });
  const bool all = denials > 0 && static_cast<std::size_t>(denials) == outcomes.size();
  if (denials > 0) denied_ = true;
  for (const SubscribeOutcome& outcome : outcomes) {
    if (outcome.ok) continue;
    const std::string text = denial(outcome, options_.client.config.version);
    if (all) {
      host_.report().error(Error{ErrorKind::Permission, Cause::SubDenied, text, {}});
    } else {
      host_.report().warning(text);
    }
  }
  if (all) return end(exit_code(ErrorKind::Permission));
  answered();
}

void Subscriber::on_unsubscribed(Token, std::span<const SubscribeOutcome> outcomes) {
  if (phase_ == Phase::Ending) return;
  for (const SubscribeOutcome& outcome : outcomes) {
    if (outcome.ok) continue;
    denied_ = true;
    host_.report().warning("unsubscribing from '" + terminal_text(outcome.filter) +
                           "' was refused");
  }
  answered();
}

/// Also comes when subscriptions are renewed; only the first answers count.
void Subscriber::answered() {
  if (phase_ != Phase::Asking || awaited_ == 0 || --awaited_ > 0) return;
  if (options_.only_ask) {
    end(0);
  } else {
    listen();
  }
}

void Subscriber::listen() {
  phase_ = Phase::Listening;
  last_shown_ = host_.now();
  if (options_.window > 0ns) window_end_ = last_shown_ + options_.window;
  arm();
  writer_.watch_reader();
}

void Subscriber::arm() {
  TimePoint next = window_end_;
  if (options_.idle > 0ns && connected_) next = std::min(next, last_shown_ + options_.idle);
  host_.set_alarm(next);
}

void Subscriber::on_alarm() {
  if (phase_ != Phase::Listening) return;
  const TimePoint now = host_.now();
  if (now >= window_end_) return ended_by_time("within", options_.window);
  if (options_.idle > 0ns && connected_ && now >= last_shown_ + options_.idle) {
    return ended_by_time("before nothing more came for", options_.idle);
  }
  arm();
}

void Subscriber::ended_by_time(std::string_view what, Duration limit) {
  if (options_.count == 0) return end(0);
  const Error error{ErrorKind::Timeout,
                    Cause::None,
                    "only " + std::to_string(shown_) + " of " + std::to_string(options_.count) +
                        " messages came " + std::string(what) + " " + format_duration(limit),
                    {}};
  end(host_.report().finish(error));
}

void Subscriber::on_message(const MessageView& message) {
  if (phase_ == Phase::Ending || !options_.filter.shows(message)) return;
  if (options_.json) {
    write_record(message);
  } else if (message.payload.size() >= kLarge && !format_.terminal) {
    write_large(message);
  } else {
    append_message(writer_.buffer(), format_, message.topic, message.payload);
    writer_.appended();
  }
  if (++shown_ == options_.count) enough();
}

void Subscriber::write_record(const MessageView& message) {
  records_.append(writer_.buffer(), {.time = std::chrono::system_clock::now(),
                                     .topic = message.topic,
                                     .payload = message.payload,
                                     .qos = message.qos,
                                     .retain = message.retain,
                                     .dup = message.dup,
                                     .packet_id = message.packet_id,
                                     .properties = message.properties});
  writer_.appended();
}

/// Without a second copy of the payload, as long as the reader keeps up.
void Subscriber::write_large(const MessageView& message) {
  MessageFormat head = format_;
  head.newline = false;
  append_message(writer_.buffer(), head, message.topic, {});
  writer_.flush();
  for (Bytes rest = message.payload; !rest.empty();) {
    const Bytes piece = writer_.pending() == 0 ? rest.substr(0, kLargePiece) : rest;
    writer_.buffer().append(piece);
    writer_.flush();
    rest.remove_prefix(piece.size());
  }
  if (format_.newline) writer_.buffer().push_back('\n');
  writer_.appended();
}

/// What is left of this batch is not for us: disconnecting at once leaves it to the session.
void Subscriber::enough() {
  writer_.flush();
  check_output();
  if (phase_ != Phase::Ending) end(0);
}

void Subscriber::on_messages_end() {
  if (phase_ == Phase::Ending) return;
  if (shown_ != shown_before_) {
    shown_before_ = shown_;
    if (options_.idle > 0ns) last_shown_ = host_.now();
  }
  writer_.flush();
  check_output();
}

void Subscriber::on_wake() {
  writer_.resume();
  check_output();
  finish_when_written();
}

void Subscriber::check_output() {
  if (writer_.state() != Writer::State::Open) {
    drop_output_ = true;
    if (phase_ == Phase::Ending) return;
    const bool failed = writer_.state() == Writer::State::Failed;
    return end(failed ? host_.report().finish(writer_.error()) : 0);
  }
  if (phase_ == Phase::Ending) return;
  const bool pause = paused_ ? writer_.pending() > 0 : writer_.congested();
  if (pause != paused_) {
    paused_ = pause;
    client_->pause_receiving(pause);
  }
}

void Subscriber::end(int code) {
  phase_ = Phase::Ending;
  exit_code_ = code;
  host_.set_alarm(kNever);
  client_->abort(options_.client.disconnect);
}

void Subscriber::on_end(const Error* error) {
  client_ended_ = true;
  if (error != nullptr && phase_ != Phase::Ending) exit_code_ = host_.report().finish(*error);
  phase_ = Phase::Ending;
  if (exit_code_ == 0 && denied_) exit_code_ = exit_code(ErrorKind::Permission);
  writer_.flush();
  check_output();
  finish_when_written();
}

void Subscriber::finish_when_written() {
  if (!client_ended_) return;
  if (drop_output_ || writer_.pending() == 0) host_.finish(exit_code_);
}

void Subscriber::on_interrupt() {
  drop_output_ = true;
  if (client_ended_) return finish_when_written();
  end(0);
}

void Subscriber::on_deadline(Duration limit) {
  Error error{ErrorKind::Timeout, Cause::None, "timed out after " + format_duration(limit), {}};
  if (options_.count > 0) {
    error.message +=
        " with " + std::to_string(shown_) + " of " + std::to_string(options_.count) + " messages";
  } else if (!asked_) {
    error.message += ": no connection yet";
  }
  const int code = host_.report().finish(error);
  drop_output_ = true;
  if (client_ended_) return host_.finish(code);
  end(code);
}

}  // namespace mqtk::sub
