// What every program does around its client at run time: the loop, signals, the deadline of -W,
// lines about connections that are lost and return, and the way out. The tool's policy is a Job and
// sees only a Host, so that tests can play one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/client.hpp"
#include "net/event_loop.hpp"
#include "options/command_line.hpp"
#include "options/report.hpp"
#include "output/drop_in_packet_text.hpp"

namespace mqtk {

/// What a policy may ask of the program around it.
class Host {
 public:
  virtual ~Host() = default;
  virtual TimePoint now() const = 0;
  /// Job::on_alarm() at `when`. There is one alarm, a new time replaces the old one; kNever: none.
  virtual void set_alarm(TimePoint when) = 0;
  /// Job::on_wake() soon, in the loop's thread. The one call that any thread may make.
  virtual void wake() = 0;
  virtual Report& report() = 0;
  /// Ends the run; the first call decides the exit code.
  virtual void finish(int exit_code) = 0;
};

/// A tool's policy. It ends with Host::finish().
class Job {
 public:
  virtual ~Job() = default;
  virtual void on_alarm() {}
  virtual void on_wake() {}
  /// SIGUSR1: say on stderr how far it has come.
  virtual void on_progress_wanted() {}
  /// Is SIGHUP asked for on purpose, so that it counts also where the caller (nohup) has it
  /// ignored?
  virtual bool wants_hangup() const { return false; }
  /// SIGHUP: false when it shall interrupt.
  virtual bool on_hangup() { return false; }
  /// SIGINT, SIGTERM or SIGHUP: disconnect and finish at once. The process then dies by the signal.
  virtual void on_interrupt() = 0;
  /// -W has passed: say so, disconnect and finish at once.
  virtual void on_deadline(Duration limit) = 0;
};

class Runner final : public Host {
 public:
  explicit Runner(Report& report);
  ~Runner() override;
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  EventLoop& loop() { return loop_; }
  /// When -W began to count: the construction of this.
  TimePoint started() const { return started_; }

  TimePoint now() const override { return monotonic_now(); }
  void set_alarm(TimePoint when) override;
  void wake() override;
  Report& report() override { return report_; }
  void finish(int exit_code) override;

  /// Runs the loop until finish(), then ends the process: with the exit code, or by the signal that
  /// interrupted it. `limit` is that of -W; 0: none.
  [[noreturn]] void run(Job& job, Duration limit);

 private:
  void watch_signals();
  void interrupted(int number);
  void deadline_passed(Duration limit);
  [[noreturn]] void leave() const;

  Report& report_;
  EventLoop loop_;
  TimePoint started_;
  Job* job_ = nullptr;
  bool finished_ = false;
  int exit_code_ = 0;
  int signal_ = 0;
  Timer alarm_;
  Waker waker_;
  std::unique_ptr<Timer> deadline_;
  std::unique_ptr<Timer> patience_;  ///< with a policy that was told to finish at once
  std::vector<std::unique_ptr<SignalWatcher>> signals_;
};

/// What is said on stderr about the connection: one line per loss and one per return, with -d every
/// packet.
class ConnectionLog {
 public:
  ConnectionLog(Report& report, std::string client_id)
      : report_(report),
        client_id_(std::move(client_id)),
        drop_in_text_(client_id_, report.dialect().tool == DropIn::Sub && !report.quiet()) {}

  /// Where the lines of -d go under a drop-in name, so that they stand among the messages; by
  /// default straight to stdout.
  void set_debug_output(std::function<void(std::string_view)> output) {
    debug_output_ = std::move(output);
  }

  void connected(const ConnectionInfo& info, TimePoint now);
  void retry(const Error& why, Duration retry_in, TimePoint now);
  void packet(PacketDirection direction, const wire::Packet& packet, wire::ProtocolVersion version);
  /// At the end of the run: the summary that --summary asks for.
  void ended(const ClientConfig& config, const ClientCounts& counts);

 private:
  void drop_in_packet(PacketDirection direction, const wire::Packet& packet);

  Report& report_;
  std::string client_id_;
  DropInPacketText drop_in_text_;
  TimePoint last_sent_{};
  bool asking_ = false;  ///< a ping that is not shown has no answer yet
  std::function<void(std::string_view)> debug_output_;
  std::unique_ptr<ConnectionInfo> last_;  ///< only when there will be a summary
  bool ever_connected_ = false;
  bool down_ = false;
  TimePoint down_since_{};
  std::string last_reason_;
};

/// Writes all of `text` to stdout, for what is printed instead of a run (--help). Says it on stderr
/// when that fails; a reader that has seen enough is no failure.
int print_and_exit_code(std::string_view text);
/// The same for the text of a command line, with the complaint beside it.
int print_and_exit_code(const CommandLine& line);

}  // namespace mqtk
