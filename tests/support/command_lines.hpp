// Lines that a program is given on its standard input while its loop runs.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/event_loop.hpp"

namespace mqtk::test {

class CommandLines {
 public:
  /// Both are called in the loop. The end of a pipe counts as an end; that of a file or of
  /// /dev/null does not, since programs in the background have nothing else.
  CommandLines(EventLoop& loop, std::function<void(const std::string&)> line,
               std::function<void()> end);
  ~CommandLines();
  CommandLines(const CommandLines&) = delete;
  CommandLines& operator=(const CommandLines&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Lets the process have as many descriptors as the system allows.
void raise_descriptor_limit();

}  // namespace mqtk::test
