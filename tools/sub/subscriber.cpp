#include "sub/subscriber.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/random.hpp"
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

Subscriber::Subscriber(const SubOptions& options, Writer& writer, Host& host, ChildStarter starter)
    : options_(options),
      writer_(writer),
      host_(host),
      log_(host.report(), options.client.config.client_id),
      filter_(options.filter),
      decoder_(options.decoder),
      output_(options.output, writer),
      recorder_(options.record) {
  log_.set_debug_output([this](std::string_view lines) {
    writer_.buffer().append(lines);
    writer_.flush();
  });
  if (filter_.random_percent) filter_.random.seed(random_seed());
  if (!options.exec.command.empty()) {
    programs_ = std::make_unique<ExecQueue>(options.exec, std::move(starter), host.report(),
                                            [this] { program_ended(); });
  }
  if (options.remove_retained) {
    removal_ = std::make_unique<RetainedRemoval>(*options.remove_retained, host.report());
  }
}

Result<void> Subscriber::start(Client& client) {
  client_ = &client;
  started_ = host_.now();
  if (!options_.record.file.empty()) {
    if (auto opened = recorder_.open(); !opened) return opened;
  }
  if (host_.report().tracing()) client.trace_packets(true);
  one_stream_ = writer_.same_as(STDERR_FILENO);
  client.start();
  return {};
}

void Subscriber::on_connected(const ConnectionInfo& info) {
  log_.connected(info, host_.now());
  connected_ = true;
  last_noted_ = host_.now();
  if (phase_ == Phase::Listening) arm();
  if (!listening()) return;
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
  if (one_stream_) writer_.flush();
  log_.packet(direction, packet, version);
}

void Subscriber::on_subscribed(Token, std::span<const SubscribeOutcome> outcomes) {
  if (!listening()) return;
  const auto denials = std::count_if(outcomes.begin(), outcomes.end(),
                                     [](const SubscribeOutcome& outcome) { return !outcome.ok; });
  const bool all = denials > 0 && static_cast<std::size_t>(denials) == outcomes.size();
  const Dialect& dialect = host_.report().dialect();
  if (dialect.denial_succeeds) {
    if (all) host_.report().say("All subscription requests were denied.");
    return all ? end(0) : answered();
  }
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
  warn_of_lower_qos(outcomes);
  answered();
}

/// What the broker grants is the most that it will send.
void Subscriber::warn_of_lower_qos(std::span<const SubscribeOutcome> outcomes) {
  for (const SubscribeOutcome& outcome : outcomes) {
    const auto asked =
        std::ranges::find(options_.subscriptions, outcome.filter, &Subscription::filter);
    if (!outcome.ok || asked == options_.subscriptions.end()) continue;
    const auto wanted = static_cast<unsigned>(asked->qos);
    if (outcome.code >= wanted) continue;
    host_.report().warning("subscription to '" + terminal_text(outcome.filter) +
                           "' was granted with QoS " + std::to_string(outcome.code) + ", not " +
                           std::to_string(wanted));
  }
}

void Subscriber::on_unsubscribed(Token, std::span<const SubscribeOutcome> outcomes) {
  if (!listening()) return;
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
  if (phase_ != Phase::Asking || awaited_ == 0) return;
  if (--awaited_ > 0 && !host_.report().dialect().first_answer_ends) return;
  if (options_.only_ask) {
    end(0);
  } else {
    listen();
  }
}

void Subscriber::listen() {
  phase_ = Phase::Listening;
  last_noted_ = host_.now();
  if (options_.message_rate) rate_.begin(last_noted_);
  if (options_.window > 0ns) window_end_ = last_noted_ + options_.window;
  arm();
  writer_.watch_reader();
}

void Subscriber::arm() {
  TimePoint next = std::min(window_end_, rate_.due());
  if (options_.idle > 0ns && connected_) next = std::min(next, last_noted_ + options_.idle);
  host_.set_alarm(next);
}

void Subscriber::on_alarm() {
  if (phase_ != Phase::Listening) return;
  const TimePoint now = host_.now();
  if (now >= rate_.due()) {
    rate_.write(writer_.buffer(), now);
    writer_.flush();
    check_output();
    if (phase_ != Phase::Listening) return;
  }
  if (now >= window_end_) return ended_by_time("within", options_.window);
  if (options_.idle > 0ns && connected_ && now >= last_noted_ + options_.idle) {
    return ended_by_time("before nothing more came for", options_.idle);
  }
  arm();
}

void Subscriber::on_message(const MessageView& message) {
  if (!listening()) return;
  ++received_;
  if (options_.message_rate) return rate_.count();
  if (options_.wire_encoding == Encoding::Raw) return take(message);
  const auto octets = decode(message.payload, options_.wire_encoding);
  if (!octets) {
    host_.report().error(octets.error().message + " on topic '" + terminal_text(message.topic) +
                         "'");
    return;
  }
  MessageView decoded = message;
  decoded.payload = *octets;
  take(decoded);
}

void Subscriber::take(const MessageView& message) {
  decoder_.begin(message);
  if (!filter_.shows(message, decoder_)) {
    if (message.retain && filter_.retained_only) ++noted_;
    const bool live = !message.retain && filter_.retained_only;
    if (live && host_.report().dialect().live_message_ends_retained_only) enough();
    return;
  }
  if (!output_.print(message, decoder_)) {
    if (!output_.complaint().empty()) {
      complain_of(message);
    }
    return;
  }
  if ((programs_ || removal_ || !options_.record.file.empty()) && !act(message)) return;
  ++noted_;
  ++shown_;
  if (shown_ == options_.count ||
      (options_.until.given() && options_.until.met(message, decoder_))) {
    enough();
  }
}

void Subscriber::complain_of(const MessageView& message) {
  Report& report = host_.report();
  if (report.dialect().drop_in()) {
    return report.say("Error: Message payload is not valid JSON on topic " +
                      std::string(message.topic) + ".");
  }
  report.error(std::string(output_.complaint()) + " on topic '" + std::string(message.topic) + "'");
}

/// False: it has ended.
bool Subscriber::act(const MessageView& message) {
  if (programs_) programs_->add(message);
  if (removal_) removal_->take(*client_, message);
  if (!options_.record.file.empty() && !record(message)) return false;
  if (programs_ && programs_->stopped()) finish_actions();
  return listening();
}

bool Subscriber::record(const MessageView& message) {
  std::string decoded;
  const bool with_decoder = options_.output.record_decoded;
  const auto done =
      recorder_.append(output_.record_of(message, with_decoder ? &decoder_ : nullptr, decoded));
  if (!done) end(host_.report().finish(done.error()));
  return done.has_value();
}

void Subscriber::program_ended() {
  if (programs_->stopped() && listening()) return finish_actions();
  if (listening()) check_output();
  finish_when_written();
}

void Subscriber::on_published(Token, const PublishOutcome& outcome) {
  if (!removal_) return;
  removal_->on_published(outcome);
  if (phase_ == Phase::Finishing && removal_->settled()) end(0);
}

void Subscriber::on_writable() {
  if (removal_) removal_->on_writable(*client_);
}

void Subscriber::on_messages_end() {
  output_.batch_ended();
  if (!options_.record.file.empty() && phase_ != Phase::Ending) {
    if (const auto done = recorder_.flush(); !done) end(host_.report().finish(done.error()));
  }
  if (phase_ == Phase::Ending) return;
  if (noted_ != noted_before_) {
    noted_before_ = noted_;
    if (options_.idle > 0ns) last_noted_ = host_.now();
  }
  writer_.flush();
  check_output();
}

void Subscriber::on_progress_wanted() {
  const ClientCounts counts = client_->counts();
  const Duration elapsed = host_.now() - started_;
  std::string text = std::to_string(received_) + " messages received, " + std::to_string(shown_) +
                     " shown, " + format_size(counts.bytes_in) + " in " +
                     format_duration(elapsed / 1ms * 1ms) + ", " +
                     std::to_string(counts.connections) +
                     (counts.connections == 1 ? " connection" : " connections");
  if (recorder_.records() > 0) text += ", " + std::to_string(recorder_.records()) + " recorded";
  if (programs_) text += ", " + std::to_string(programs_->failed()) + " programs failed";
  host_.report().note(text);
}

/// For --record only; else it is an interruption.
bool Subscriber::on_hangup() {
  if (options_.record.file.empty()) return false;
  if (phase_ == Phase::Ending) return true;
  if (const auto done = recorder_.reopen(); !done) end(host_.report().finish(done.error()));
  return true;
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
  const bool programs_full = programs_ && programs_->full();
  const bool pause = programs_full || (paused_ ? writer_.pending() > 0 : writer_.congested());
  if (pause != paused_) {
    paused_ = pause;
    client_->pause_receiving(pause);
  }
}

}  // namespace mqtk::sub
