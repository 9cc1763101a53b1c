#include "net/dialer.hpp"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "net/tcp_transport.hpp"

namespace mqtk {

namespace {
// How long to wait before a Unix socket whose queue was full is asked again: doubles.
constexpr Duration kFirstPause = 1ms;
constexpr Duration kLongestPause = 50ms;
}  // namespace

struct Dialer::Attempt {
  UniqueFd fd;
  TimePoint started;
  std::unique_ptr<FdWatcher> watcher;
  std::unique_ptr<Timer> timeout;
  std::unique_ptr<Timer> again;
  Duration pause = kFirstPause;
  bool running = false;
};

Dialer::Dialer(EventLoop& loop) : loop_(loop) {}
Dialer::~Dialer() = default;

void Dialer::dial(std::vector<SocketAddress> addresses, const std::string& what,
                  const DialOptions& options, Callback done) {
  cancel();
  addresses_ = std::move(addresses);
  what_ = what;
  options_ = options;
  done_ = std::move(done);
  next_ = 0;
  report_.clear();
  last_error_ = {
      ErrorKind::HostNotFound, Cause::DnsNotFound, "no address of " + what_ + " can be used", {}};
  start_next();
}

void Dialer::cancel() {
  done_ = nullptr;
  attempts_.clear();
  stagger_.reset();
}

std::string Dialer::connecting_to(std::size_t index) const {
  const std::string where = to_string(addresses_[index]);
  return "connect to " + what_ + (what_ == where ? "" : " (" + where + ")");
}

std::size_t Dialer::running() const {
  std::size_t n = 0;
  for (const auto& attempt : attempts_) n += attempt->running ? 1U : 0U;
  return n;
}

void Dialer::start_next() {
  while (next_ < addresses_.size()) {
    const std::size_t index = next_++;
    attempts_.push_back(std::make_unique<Attempt>());
    report_.push_back({addresses_[index], 0ns, "connecting"});
    if (!begin(index)) {
      if (!done_) return;
      continue;
    }
    if (!done_) return;
    if (next_ < addresses_.size()) {
      if (!stagger_) stagger_ = std::make_unique<Timer>(loop_, [this] { start_next(); });
      stagger_->after(options_.stagger);
    }
    return;
  }
  if (running() == 0) give_up();
}

// Returns false when the attempt failed at once (and the next one is due).
bool Dialer::begin(std::size_t index) {
  Attempt& attempt = *attempts_[index];
  const SocketAddress& address = addresses_[index];
  attempt.started = monotonic_now();
  attempt.fd.reset(::socket(address.family(), SOCK_STREAM, 0));
  const auto fail_at_once = [&](int code) {
    report_[index].outcome = ::strerror(code);
    last_error_ = socket_error(code, connecting_to(index));
    attempt.fd.reset();
    return false;
  };
  if (!attempt.fd) return fail_at_once(errno);
  prepare_socket(attempt.fd.get());
  if (!options_.bind_address.empty() && address.family() != AF_UNIX) {
    const auto local = resolve_now(options_.bind_address, 0, IpFamily::Any);
    if (!local || local->empty() || local->front().family() != address.family()) {
      return fail_at_once(EADDRNOTAVAIL);
    }
    const SocketAddress& from = local->front();
#ifdef IP_BIND_ADDRESS_NO_PORT
    // The port is chosen once the target is known, so that each target has all of them.
    const int on = 1;
    ::setsockopt(attempt.fd.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
#endif
    if (::bind(attempt.fd.get(), reinterpret_cast<const sockaddr*>(&from.storage), from.length) !=
        0) {
      const int code = errno;
      report_[index].outcome = ::strerror(code);
      last_error_ = {
          ErrorKind::Unreachable,
          Cause::TcpLocal,
          "cannot use the local address " + options_.bind_address + ": " + ::strerror(code),
          {}};
      attempt.fd.reset();
      return false;
    }
  }
  const int status = ::connect(attempt.fd.get(),
                               reinterpret_cast<const sockaddr*>(&address.storage), address.length);
  if (status != 0 && errno == EAGAIN && address.family() == AF_UNIX) {
    ask_again(index);
    return true;
  }
  if (status != 0 && errno != EINPROGRESS && errno != EINTR) return fail_at_once(errno);
  attempt.running = true;
  if (status != 0) {
    // Over loopback the outcome is known already; asking saves a turn of the loop.
    pollfd probe{attempt.fd.get(), POLLOUT, 0};
    if (::poll(&probe, 1, 0) == 0) {
      attempt.watcher = std::make_unique<FdWatcher>(
          loop_, attempt.fd.get(), [this, index](unsigned) { attempt_ready(index); });
      attempt.watcher->watch(FdWatcher::kWritable);
      if (options_.attempt_timeout > 0ns) {
        attempt.timeout =
            std::make_unique<Timer>(loop_, [this, index] { attempt_failed(index, ETIMEDOUT); });
        attempt.timeout->after(options_.attempt_timeout);
      }
      return true;
    }
    int code = 0;
    socklen_t length = sizeof code;
    ::getsockopt(attempt.fd.get(), SOL_SOCKET, SO_ERROR, &code, &length);
    if (code != 0) {
      attempt.running = false;
      return fail_at_once(code);
    }
  }
  succeed(index);
  return true;
}

// A Unix socket does not wait for room in the listener's queue as TCP does: asking again is how to
// wait. Nothing can be watched meanwhile.
void Dialer::ask_again(std::size_t index) {
  Attempt& attempt = *attempts_[index];
  attempt.running = true;
  attempt.again = std::make_unique<Timer>(loop_, [this, index] {
    Attempt& waiting = *attempts_[index];
    const SocketAddress& address = addresses_[index];
    const int status = ::connect(
        waiting.fd.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.length);
    const int code = status == 0 ? 0 : errno;
    if (code == 0) {
      succeed(index);
    } else if (code != EAGAIN) {
      attempt_failed(index, code);
    } else if (options_.attempt_timeout > 0ns &&
               monotonic_now() - waiting.started >= options_.attempt_timeout) {
      attempt_failed(index, ETIMEDOUT);
    } else {
      waiting.pause = std::min(waiting.pause * 2, kLongestPause);
      waiting.again->after(waiting.pause);
    }
  });
  attempt.again->after(attempt.pause);
}

void Dialer::attempt_ready(std::size_t index) {
  int code = 0;
  socklen_t length = sizeof code;
  ::getsockopt(attempts_[index]->fd.get(), SOL_SOCKET, SO_ERROR, &code, &length);
  if (code != 0) {
    attempt_failed(index, code);
  } else {
    succeed(index);
  }
}

void Dialer::attempt_failed(std::size_t index, int code) {
  Attempt& attempt = *attempts_[index];
  attempt.running = false;
  attempt.watcher.reset();
  attempt.timeout.reset();
  attempt.again.reset();
  attempt.fd.reset();
  report_[index].took = monotonic_now() - attempt.started;
  report_[index].outcome = code == ETIMEDOUT ? "no answer" : ::strerror(code);
  last_error_ = socket_error(code, connecting_to(index));
  start_next();
}

void Dialer::succeed(std::size_t index) {
  Attempt& attempt = *attempts_[index];
  attempt.watcher.reset();
  for (std::size_t i = 0; i < attempts_.size(); ++i) {
    if (i != index && attempts_[i]->running) report_[i].outcome = "given up";
  }
  report_[index].took = monotonic_now() - attempt.started;
  report_[index].outcome = "connected";
  Dialed dialed{std::move(attempt.fd), addresses_[index]};
  Callback done = std::move(done_);
  cancel();
  done(std::move(dialed));
}

void Dialer::give_up() {
  Error error = last_error_;
  if (report_.size() > 1) {
    error.message = "cannot connect to " + what_ + ": ";
    for (std::size_t i = 0; i < report_.size(); ++i) {
      error.message +=
          (i == 0 ? "" : ", ") + to_string(report_[i].address) + " " + report_[i].outcome;
    }
  }
  Callback done = std::move(done_);
  cancel();
  done(fail(std::move(error)));
}

}  // namespace mqtk
