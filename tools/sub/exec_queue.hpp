// --exec: a program for each message, so many at once; the messages that wait are bounded by
// pausing the connection.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/message.hpp"
#include "net/child_process.hpp"
#include "options/report.hpp"

namespace mqtk::sub {

struct ExecOptions {
  std::vector<std::string> command;  ///< empty: no --exec
  std::size_t jobs = 1;
  bool stop_at_failure = false;
};

/// Starts a child; tests start none.
using ChildStarter =
    std::function<Result<std::unique_ptr<Child>>(ChildCommand command, ChildExit on_exit)>;
ChildStarter child_starter(EventLoop& loop);

class ExecQueue {
 public:
  /// `changed` is called when a program has ended.
  ExecQueue(const ExecOptions& options, ChildStarter starter, Report& report,
            std::function<void()> changed);

  void add(const MessageView& message);
  /// So many messages wait that no more should be received.
  bool full() const { return waiting_bytes_ > kMaxWaitingBytes || waiting_.size() > kMaxWaiting; }
  bool idle() const { return running_.empty() && waiting_.empty(); }
  /// A program has failed, and --exec-fail stop was given.
  bool stopped() const { return stopped_; }
  /// Starts nothing more. What runs goes on.
  void drop_waiting();
  std::uint64_t failed() const { return failed_; }
  /// "3 of 10 programs failed"; empty: none did.
  std::string verdict() const;

 private:
  static constexpr std::size_t kMaxWaiting = 64;
  static constexpr std::size_t kMaxWaitingBytes = 8 * 1024 * 1024;
  static constexpr std::uint64_t kToldOneByOne = 5;

  void start_some();
  void start(ChildCommand command);
  void ended(std::uint64_t number, const ChildStatus& status);
  void failure(const std::string& what, const std::string& topic);

  const ExecOptions& options_;
  ChildStarter starter_;
  Report& report_;
  std::function<void()> changed_;
  struct Waiting {
    ChildCommand command;
    std::string topic;
  };
  struct Running {
    std::uint64_t number;
    std::unique_ptr<Child> child;
    std::string topic;
  };
  std::deque<Waiting> waiting_;
  std::vector<Running> running_;
  std::size_t waiting_bytes_ = 0;
  std::uint64_t started_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t dropped_ = 0;
  bool stopped_ = false;
};

}  // namespace mqtk::sub
