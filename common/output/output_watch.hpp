// Waits in a thread of its own until a descriptor can be written to or its reader has gone. The
// event loop cannot watch stdout itself: that would make it non-blocking for every process that
// shares it.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "base/unique_fd.hpp"

namespace mqtk {

class OutputWatch {
 public:
  /// `fd` stays the caller's and outlives this. `wake` is called in the watching thread: once for
  /// each wait_writable() and once when the reader goes.
  OutputWatch(int fd, std::function<void()> wake);
  ~OutputWatch();
  OutputWatch(const OutputWatch&) = delete;
  OutputWatch& operator=(const OutputWatch&) = delete;

  /// false: no thread or descriptor was to be had, and wake() will never come.
  bool running() const { return thread_.joinable(); }
  /// Asks for one wake() when `fd` can be written to; asking again before that changes nothing.
  void wait_writable();
  /// The other end is closed, or the descriptor is broken.
  bool broken() const { return broken_.load(); }

 private:
  void run();

  int fd_;
  std::function<void()> wake_;
  UniqueFd requests_read_;  ///< a pipe: an octet asks to look at the flags again
  UniqueFd requests_write_;
  std::atomic<bool> wanted_ = false;
  std::atomic<bool> ending_ = false;
  std::atomic<bool> broken_ = false;
  std::thread thread_;
};

}  // namespace mqtk
