// How mqtt-sub comes to its end: enough was received, the time is over, or it was interrupted.
#include <utility>

#include "base/units.hpp"
#include "sub/subscriber.hpp"

namespace mqtk::sub {

std::string Subscriber::what_is_missing() const {
  if (options_.count > 0) {
    return std::to_string(shown_) + " of " + std::to_string(options_.count) + " messages";
  }
  return std::to_string(shown_) + (shown_ == 1 ? " message" : " messages") +
         ", not the one to wait for,";
}

void Subscriber::ended_by_time(std::string_view what, Duration limit) {
  if (!awaits_something()) return enough();
  const Error error{
      ErrorKind::Timeout,
      Cause::None,
      "only " + what_is_missing() + " came " + std::string(what) + " " + format_duration(limit),
      {}};
  end(host_.report().finish(error));
}

/// What is left of this batch is not for us: disconnecting at once leaves it to the session.
void Subscriber::enough() {
  writer_.flush();
  check_output();
  if (phase_ != Phase::Ending) finish_actions();
}

/// Lets removals be acknowledged, then disconnects; programs run to their end after that.
void Subscriber::finish_actions() {
  phase_ = Phase::Finishing;
  host_.set_alarm(kNever);
  if (!removal_ || removal_->settled()) end(0);
}

void Subscriber::end(int code) {
  phase_ = Phase::Ending;
  exit_code_ = code;
  if (const auto done = recorder_.flush(); !done && code == 0) {
    exit_code_ = host_.report().finish(done.error());
  }
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
  if (!drop_output_) {
    if (writer_.pending() > 0 || (programs_ && !programs_->idle())) return;
  }
  conclude();
  log_.ended(options_.client.config, client_->counts());
  host_.finish(exit_code_);
}

/// What became of the programs and removals.
void Subscriber::conclude() {
  if (std::exchange(concluded_, true)) return;
  if (programs_) {
    programs_->drop_waiting();
    const std::string verdict = programs_->verdict();
    if (!verdict.empty()) {
      const int code = host_.report().finish({ErrorKind::Failed, Cause::None, verdict, {}});
      if (exit_code_ == 0) exit_code_ = code;
    }
  }
  if (removal_) {
    const int code = removal_->finish();
    if (exit_code_ == 0) exit_code_ = code;
  }
}

void Subscriber::on_interrupt() {
  drop_output_ = true;
  if (client_ended_) return finish_when_written();
  end(0);
}

void Subscriber::on_deadline(Duration limit) {
  Error error{ErrorKind::Timeout, Cause::None, "timed out after " + format_duration(limit), {}};
  if (awaits_something()) {
    error.message += " with " + what_is_missing();
  } else if (!asked_) {
    error.message += ": no connection yet";
  }
  const int code = host_.report().finish(error);
  drop_output_ = true;
  exit_code_ = code;
  if (client_ended_) return finish_when_written();
  end(code);
}

}  // namespace mqtk::sub
