// Runs another program without a shell and gives it its standard input, in an EventLoop. Its
// standard output and error are ours.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/event_loop.hpp"

namespace mqtk {

struct ChildCommand {
  std::vector<std::string> words;        ///< the program, looked up in PATH, and its arguments
  std::vector<std::string> environment;  ///< "NAME=value", set besides ours
  std::string input;                     ///< all of its standard input
};

struct ChildStatus {
  int exit_code = 0;
  int signal = 0;  ///< not 0: it was ended by this one
};

/// Called once in the loop when the program has ended.
using ChildExit = std::function<void(const ChildStatus& status)>;

class Child {
 public:
  virtual ~Child() = default;
};

/// A child that is destroyed before its end goes on without us. Errors say why the program cannot
/// be run.
Result<std::unique_ptr<Child>> start_child(EventLoop& loop, ChildCommand command,
                                           ChildExit on_exit);

}  // namespace mqtk
