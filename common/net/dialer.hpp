// Makes one TCP (or Unix) connection out of several addresses: attempts start staggered and race,
// the first that stands wins (RFC 8305, section 5).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "net/dns/resolver.hpp"

namespace mqtk {

/// How each address fared, in the order tried; for reports.
struct DialAttempt {
  SocketAddress address;
  Duration took = 0ns;
  std::string outcome;  ///< "connected", "connection refused", "given up" (another was faster), ...
};

struct DialOptions {
  std::string bind_address;        ///< empty: any
  Duration attempt_timeout = 10s;  ///< for each address; 0: the system's
  Duration stagger = 250ms;        ///< Connection Attempt Delay
};

struct Dialed {
  UniqueFd fd;
  SocketAddress address;
};

class Dialer {
 public:
  using Callback = std::function<void(Result<Dialed>)>;
  explicit Dialer(EventLoop& loop);
  ~Dialer();
  Dialer(const Dialer&) = delete;
  Dialer& operator=(const Dialer&) = delete;

  /// `what` names the target in errors ("localhost:1883"). May call back before it returns: a
  /// connection over loopback stands at once.
  void dial(std::vector<SocketAddress> addresses, const std::string& what,
            const DialOptions& options, Callback done);
  void cancel();
  const std::vector<DialAttempt>& attempts() const { return report_; }
  /// All of them, in the order in which they are tried.
  const std::vector<SocketAddress>& addresses() const { return addresses_; }

 private:
  struct Attempt;
  void start_next();
  bool begin(std::size_t index);
  void ask_again(std::size_t index);
  void attempt_ready(std::size_t index);
  void attempt_failed(std::size_t index, int code);
  void succeed(std::size_t index);
  void give_up();
  std::size_t running() const;
  std::string connecting_to(std::size_t index) const;

  EventLoop& loop_;
  std::vector<SocketAddress> addresses_;
  std::string what_;
  DialOptions options_;
  Callback done_;
  std::vector<std::unique_ptr<Attempt>> attempts_;
  std::vector<DialAttempt> report_;
  std::size_t next_ = 0;
  std::unique_ptr<Timer> stagger_;
  Error last_error_;
};

}  // namespace mqtk
