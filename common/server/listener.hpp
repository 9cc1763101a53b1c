// Accepts connections on a TCP port or a Unix socket. One loop; not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/life.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "net/event_loop.hpp"

namespace mqtk {

struct ListenAddress {
  std::string host = "127.0.0.1";  ///< an IPv4 or IPv6 literal, or localhost
  std::uint16_t port = 0;          ///< 0: a free one
  std::string unix_path{};         ///< a Unix socket instead; removed at the end
};

class Listener {
 public:
  /// Gets a connected, non-blocking descriptor.
  using Accepted = std::function<void(UniqueFd)>;

  static Result<std::unique_ptr<Listener>> open(EventLoop& loop, const ListenAddress& address,
                                                Accepted accepted);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// 0 for a Unix socket.
  std::uint16_t port() const { return address_.port; }
  /// "127.0.0.1:1883", "[::1]:1883", "/run/m.sock".
  std::string text() const;

  /// Refuses new connections, and keeps the address for resume().
  void refuse();
  Result<void> resume();
  /// Leaves new connections waiting in the system's queue: they stand, and nothing answers.
  void pause_accepting(bool paused);

 private:
  Listener(EventLoop& loop, ListenAddress address, Accepted accepted);
  Result<UniqueFd> bind_socket();
  Result<void> listen();
  void accept_some();

  EventLoop& loop_;
  ListenAddress address_;
  Accepted accepted_;
  UniqueFd fd_;
  std::unique_ptr<FdWatcher> watcher_;
  std::unique_ptr<Timer> retry_;  ///< while there are no descriptors left
  Lifetime lifetime_;
};

}  // namespace mqtk
