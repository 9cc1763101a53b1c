#include "options/run.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/ending.hpp"
#include "base/process.hpp"
#include "base/units.hpp"
#include "options/connection_summary.hpp"
#include "options/secrets.hpp"
#include "output/packet_text.hpp"

namespace mqtk {

namespace {

/// How long a policy may take to disconnect after it was told to finish at once.
constexpr Duration kPatience = 2s;

bool write_to(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n >= 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

Duration rounded(Duration duration) {
  const Duration unit = duration < 10s ? Duration(100ms) : Duration(1s);
  return duration < unit ? duration / 1ms * 1ms : duration / unit * unit;
}

}  // namespace

Runner::Runner(Report& report)
    : report_(report),
      started_(monotonic_now()),
      alarm_(loop_, [this] { job_->on_alarm(); }),
      waker_(loop_, [this] {
        if (job_ != nullptr && !finished_) job_->on_wake();
      }) {
  ::signal(SIGPIPE, SIG_IGN);
}

Runner::~Runner() = default;

void Runner::set_alarm(TimePoint when) {
  if (when == kNever) {
    alarm_.cancel();
  } else {
    alarm_.at(when);
  }
}

void Runner::wake() {
  waker_.wake();
}

void Runner::finish(int exit_code) {
  if (finished_) return;
  finished_ = true;
  exit_code_ = exit_code;
  loop_.stop();
}

void Runner::run(Job& job, Duration limit) {
  job_ = &job;
  if (!finished_) {
    watch_signals();
    if (limit > 0ns) {
      deadline_ = std::make_unique<Timer>(loop_, [this, limit] { deadline_passed(limit); });
      deadline_->at(started_ + limit);
    }
    loop_.run();
    // The run may have ended because of it before the loop heard of it.
    if (signal_ == 0) signal_ = signal_during_command();
  }
  leave();
}

void Runner::watch_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action;
    const bool ignored = ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
    // As nohup and shells with background jobs ask for.
    if (ignored && !(number == SIGHUP && job_->wants_hangup())) continue;
    signals_.push_back(
        std::make_unique<SignalWatcher>(loop_, number, [this, number] { interrupted(number); }));
  }
  signals_.push_back(std::make_unique<SignalWatcher>(loop_, SIGUSR1, [this] {
    if (!finished_) job_->on_progress_wanted();
  }));
}

void Runner::interrupted(int number) {
  if (number == SIGHUP && signal_ == 0 && job_->on_hangup()) return;
  if (signal_ != 0) leave();
  signal_ = number;
  // mosquitto_pub has no word for its end.
  if (report_.dialect().drop_in() && !report_.dialect().signal_succeeds) leave();
  let_signals_end_process();  // at a second one, whatever the loop is doing
  patience_ = std::make_unique<Timer>(loop_, [this] { finish(0); });
  patience_->after(kPatience);
  job_->on_interrupt();
}

void Runner::deadline_passed(Duration limit) {
  const Error late{ErrorKind::Timeout, Cause::None, {}, {}};
  const int code = report_.dialect().drop_in()
                       ? drop_in_verdict(late, wire::ProtocolVersion::V311).exit_code
                       : exit_code(late.kind);
  patience_ = std::make_unique<Timer>(loop_, [this, code] { finish(code); });
  patience_->after(kPatience);
  job_->on_deadline(limit);
}

void Runner::leave() const {
  end_process(exit_code_, report_.dialect().signal_succeeds ? 0 : signal_);
}

void ConnectionLog::connected(const ConnectionInfo& info, TimePoint now) {
  client_id_ = info.client_id;
  if (report_.summary() != SummaryForm::None) last_ = std::make_unique<ConnectionInfo>(info);
  if (down_) {
    report_.note("connected to " + info.address + (ever_connected_ ? " again after " : " after ") +
                 format_duration(rounded(now - down_since_)));
  } else if (report_.debugging()) {
    report_.debug("connected to " + info.address + " from " + info.local_address + ", MQTT " +
                  std::string(wire::name(info.version)));
  }
  ever_connected_ = true;
  down_ = false;
  last_reason_.clear();
}

void ConnectionLog::retry(const Error& why, Duration retry_in, TimePoint now) {
  if (!down_) down_since_ = now;
  const bool news = !down_ || why.message != last_reason_;
  const std::string_view what = down_ || !ever_connected_ ? "no connection" : "connection lost";
  down_ = true;
  last_reason_ = why.message;
  if (!news && !report_.debugging()) return;
  std::string line(what);
  line += " (" + why.message + "), next try in " + format_duration(rounded(retry_in));
  if (news) {
    report_.note(line);
  } else {
    report_.debug(line);
  }
}

/// A ping right behind another packet asks whether that has arrived: mosquitto's tools do not ask.
void ConnectionLog::drop_in_packet(PacketDirection direction, const wire::Packet& packet) {
  const bool sent = direction == PacketDirection::Sent;
  if (sent) {
    const TimePoint now = monotonic_now();
    asking_ = std::holds_alternative<wire::Pingreq>(packet) && now < last_sent_ + 1s;
    last_sent_ = now;
    if (asking_) return;
  } else if (asking_ && std::holds_alternative<wire::Pingresp>(packet)) {
    return;
  }
  const std::string lines = sent ? drop_in_text_.sent(packet) : drop_in_text_.received(packet);
  if (debug_output_) {
    debug_output_(lines);
  } else {
    write_to(STDOUT_FILENO, lines);
  }
}

void ConnectionLog::packet(PacketDirection direction, const wire::Packet& packet,
                           wire::ProtocolVersion version) {
  if (report_.dialect().debug_on_stdout) return drop_in_packet(direction, packet);
  if (report_.trace() != TraceForm::Lines) {
    const bool sent = direction == PacketDirection::Sent;
    write_to(STDERR_FILENO, packet_trace(sent, client_id_, packet, version, report_.trace()));
    return;
  }
  std::string line = direction == PacketDirection::Sent
                         ? sent_packet_text(client_id_, packet, version)
                         : received_packet_text(client_id_, packet, version);
  line += '\n';
  write_to(STDERR_FILENO, line);
}

void ConnectionLog::ended(const ClientConfig& config, const ClientCounts& counts) {
  if (report_.summary() == SummaryForm::None) return;
  const ConnectionSummary summary{last_.get(), &config, counts};
  write_to(STDERR_FILENO,
           report_.summary() == SummaryForm::Json ? summary_json(summary) : summary_text(summary));
}

int print_and_exit_code(const CommandLine& line) {
  write_to(STDERR_FILENO, line.complaint);
  const int code = print_and_exit_code(line.text.value_or(""));
  return line.dialect->drop_in() ? 1 : code;
}

int print_and_exit_code(std::string_view text) {
  ::signal(SIGPIPE, SIG_IGN);
  if (write_to(STDOUT_FILENO, text) || errno == EPIPE) return 0;
  say_plainly("cannot write standard output", std::strerror(errno));
  return exit_code(ErrorKind::OutputFailed);
}

}  // namespace mqtk
