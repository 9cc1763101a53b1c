#include "pub/outbox_run.hpp"

#include <algorithm>
#include <chrono>

#include "base/units.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::pub {

namespace {

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string messages(std::uint64_t n) {
  return std::to_string(n) + (n == 1 ? " message" : " messages");
}

}  // namespace

OutboxRun::OutboxRun(OutboxRunOptions options, Outbox& outbox, MessageSource* source, Host& host,
                     MakeClient make_client)
    : options_(std::move(options)),
      outbox_(outbox),
      source_(source),
      host_(host),
      make_client_(std::move(make_client)),
      log_(host.report(), options_.client_id),
      lock_(options_.path),
      delivery_(outbox, options_.window),
      source_open_(source != nullptr) {}

void OutboxRun::start() {
  started_ = host_.now();
  pump();
}

/// Callbacks of the client come from inside: then the loop below goes round once more.
void OutboxRun::pump() {
  again_ = true;
  if (pumping_) return;
  pumping_ = true;
  while (std::exchange(again_, false) && role_ != Role::Stopped) turn();
  pumping_ = false;
}

void OutboxRun::turn() {
  if (std::exchange(new_client_, false)) client_.reset();
  if (source_open_) accept();
  // On disk before anybody asks for the lock: who has it then is sure to see it.
  if (role_ != Role::Stopped) commit();
  if (role_ == Role::Accepting && !options_.only_accept) take_role();
  if (role_ == Role::Delivering) deliver();
  if (role_ != Role::Stopped) store_ended(delivery_.idle());
  if (role_ != Role::Stopped) end_if_done();
  if (role_ == Role::Stopped) return;
  TimePoint look = host_.now() + kLook;
  if (source_open_ && source_waits_) look = std::min(look, source_->due());
  if (ended_since_ != kNever) look = std::min(look, ended_since_ + kTransaction);
  host_.set_alarm(look);
}

/// What the broker has is taken out of the file, now and then.
void OutboxRun::store_ended(bool at_once) {
  if (!delivery_.has_ended()) return;
  if (ended_since_ == kNever) ended_since_ = host_.now();
  if (!at_once && host_.now() < ended_since_ + kTransaction) return;
  if (!check(delivery_.store_ended())) return;
  ended_since_ = kNever;
  commit();
}

/// Takes what the source has, for the time of one transaction.
void OutboxRun::accept() {
  const TimePoint end =
      host_.now() + (role_ == Role::Delivering ? kTransactionWhileDelivering : kTransaction);
  source_waits_ = false;
  for (unsigned n = 1;; ++n) {
    switch (source_->next()) {
      case MessageSource::Next::Message:
        if (!store()) return;
        break;
      case MessageSource::Next::Wait:
        source_waits_ = true;
        return;
      case MessageSource::Next::End:
        source_open_ = false;
        return;
      case MessageSource::Next::Failed: {
        Error error = source_->error();
        if (source_->numbered()) {
          error.message = std::string(source_->noun()) + " " + std::to_string(source_->number()) +
                          ": " + error.message;
        }
        failure_ = host_.report().finish(error);
        source_open_ = false;
        return;
      }
    }
    constexpr unsigned kPerClock = 64;
    if (n % kPerClock == 0 && host_.now() >= end) {
      // The network gets its turn as well.
      host_.wake();
      return;
    }
  }
}

/// False: the message stays with the source, there is no room.
bool OutboxRun::store() {
  const OutgoingMessage& message = source_->message();
  if (!outbox_.changed()) transaction_began_ = host_.now();
  auto added = outbox_.add(message, now_ms());
  if (added && !*added && options_.when_full == WhenFull::DropOldest) {
    const std::uint64_t octets = message.topic.size() + message.payload.size() +
                                 message.properties.raw().size() + kOutboxOverhead;
    added = outbox_.drop_oldest(octets);
    if (added && *added) added = outbox_.add(message, now_ms());
  }
  if (!added) {
    stop_with(added.error());
    return false;
  }
  if (!*added) {
    const bool alone = waiting() == 0;
    if (options_.when_full != WhenFull::Error && !alone) return false;
    source_open_ = false;
    failure_ =
        host_.report().finish({alone ? ErrorKind::BadInput : ErrorKind::TryAgain, Cause::None,
                               alone ? "the message is larger than the outbox may be"
                                     : "the outbox is full: " + std::string(source_->noun()) + " " +
                                           std::to_string(source_->number()) + " was not accepted",
                               "--outbox-limit says how much it holds"});
    return false;
  }
  ++accepted_;
  source_->advance();
  source_->settled();
  return true;
}

void OutboxRun::commit() {
  if (!outbox_.changed()) return;
  if (!check(outbox_.commit())) return;
  delivery_.committed();
  ++transactions_;
  if (transaction_began_ != TimePoint{}) {
    longest_transaction_ = std::max(longest_transaction_, host_.now() - transaction_began_);
    transaction_began_ = {};
  }
  check(outbox_.tidy());
}

bool OutboxRun::check(const Result<void>& result) {
  if (!result) stop_with(result.error());
  return result.has_value();
}

/// Begins to deliver when nobody else does and there is something to deliver.
void OutboxRun::take_role() {
  if (!source_open_ && waiting() == 0) return;
  auto taken = lock_.take();
  if (!taken) return stop_with(taken.error());
  elsewhere_ = !*taken;
  if (elsewhere_) return;
  client_ = make_client_(*this);
  if (!check(delivery_.resume(*client_))) return;
  role_ = Role::Delivering;
  if (host_.report().tracing()) client_->trace_packets(true);
  client_->start();
}

void OutboxRun::deliver() {
  if (!client_->connected()) return;
  if (!check(delivery_.prepare(now_ms()))) return;
  commit();
  if (role_ != Role::Delivering) return;
  delivery_.send(*client_, now_ms());
  if (delivery_.quota && delivery_.under_way() == 0) {
    failure_ =
        host_.report().finish({ErrorKind::TryAgain, Cause::PubQuota, delivery_.quota->message, {}});
    source_open_ = false;
    role_ = Role::Leaving;
    client_->stop(options_.disconnect);
  }
}

void OutboxRun::end_if_done() {
  if (source_open_ || role_ == Role::Leaving) return;
  if (role_ == Role::Accepting) {
    return leave(failure_.value_or(0));
  }
  if (!delivery_.idle() || waiting() > 0) return;
  role_ = Role::Leaving;
  client_->stop(options_.disconnect);
}

void OutboxRun::on_connected(const ConnectionInfo& info) {
  log_.connected(info, host_.now());
  delivery_.set_window(std::min<std::size_t>(options_.window, info.limits.receive_maximum));
  pump();
}

void OutboxRun::on_retry(const Error& why, Duration retry_in) {
  log_.retry(why, retry_in, host_.now());
}

void OutboxRun::on_packet(PacketDirection direction, const wire::Packet& packet,
                          wire::ProtocolVersion version) {
  log_.packet(direction, packet, version);
}

void OutboxRun::on_published(Token token, const PublishOutcome& outcome) {
  if (role_ == Role::Stopped) return;
  check(delivery_.published(token, outcome));
}

void OutboxRun::on_released(Token token) {
  if (role_ != Role::Stopped) check(delivery_.released(token));
}

/// Before the PUBRELs of this wake-up are written.
void OutboxRun::on_messages_end() {
  if (role_ == Role::Stopped) return;
  if (delivery_.must_commit()) commit();
  pump();
}

/// The lock goes back before the file is looked at for the last time: what another process puts
/// there later finds nobody at work, and is delivered by that one.
void OutboxRun::on_end(const Error* error) {
  if (options_.config != nullptr) log_.ended(*options_.config, client_->counts());
  if (role_ == Role::Stopped) return host_.finish(failure_.value_or(0));
  store_ended(true);
  commit();
  if (role_ == Role::Stopped) return;
  lock_.give_back();
  role_ = Role::Accepting;
  if (error != nullptr) {
    failure_ = host_.report().finish(*error);
    return leave(*failure_);
  }
  // The client is still calling: it goes when the loop comes round.
  new_client_ = true;
  if (failure_ || (!source_open_ && waiting() == 0)) return leave(failure_.value_or(0));
  host_.wake();
}

std::uint64_t OutboxRun::waiting() {
  const auto counts = outbox_.counts();
  return counts ? counts->waiting() : 0;
}

void OutboxRun::say_what_waits() {
  const std::uint64_t n = waiting();
  if (n == 0 || (options_.only_accept && !options_.verbose)) return;
  host_.report().note(messages(n) + (n == 1 ? " waits in '" : " wait in '") +
                      terminal_text(options_.path) + "'" +
                      (elsewhere_ ? ", which another process delivers" : ""));
}

std::string OutboxRun::counters() {
  std::string text = std::to_string(accepted_) + " accepted, " +
                     std::to_string(delivery_.delivered) + " delivered, " +
                     std::to_string(delivery_.refused) + " refused, ";
  if (delivery_.expired > 0) text += std::to_string(delivery_.expired) + " expired, ";
  return text + std::to_string(waiting()) + " waiting; " +
         format_duration((host_.now() - started_) / 1ms * 1ms) + "; " +
         std::to_string(transactions_) + " transactions, the longest " +
         format_duration(longest_transaction_ / 1ms * 1ms);
}

void OutboxRun::leave(int exit_code) {
  role_ = Role::Stopped;
  host_.set_alarm(kNever);
  if (delivery_.first_refusal) {
    Error error = *delivery_.first_refusal;
    error.kind = *delivery_.worst_refusal;
    error.message = messages(delivery_.refused) + " refused: " + error.message;
    const int code = host_.report().finish(error);
    if (exit_code == 0) exit_code = code;
  }
  if (options_.verbose) host_.report().note(counters());
  say_what_waits();
  host_.finish(exit_code);
}

void OutboxRun::stop_with(const Error& error) {
  if (role_ == Role::Stopped) return;
  failure_ = host_.report().finish(error);
  end_now();
}

void OutboxRun::on_progress_wanted() {
  host_.report().note(counters());
}

void OutboxRun::on_interrupt() {
  store_ended(true);
  commit();
  end_now();
}

void OutboxRun::on_deadline(Duration limit) {
  store_ended(true);
  commit();
  failure_ = host_.report().finish(
      {ErrorKind::Timeout, Cause::None, "timed out after " + format_duration(limit), {}});
  say_what_waits();
  end_now();
}

/// With a client, on_end() finishes.
void OutboxRun::end_now() {
  role_ = Role::Stopped;
  host_.set_alarm(kNever);
  if (client_ && lock_.held()) {
    client_->abort(options_.disconnect);
  } else {
    host_.finish(failure_.value_or(0));
  }
}

}  // namespace mqtk::pub
