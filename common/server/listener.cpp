#include "server/listener.hpp"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "net/dns/resolver.hpp"
#include "net/tcp_transport.hpp"

namespace mqtk {

namespace {

constexpr int kBacklog = 4096;
constexpr int kAcceptsPerWakeUp = 256;

std::uint16_t port_of(int fd) {
  SocketAddress address;
  address.length = sizeof address.storage;
  auto* const generic = reinterpret_cast<sockaddr*>(&address.storage);
  if (::getsockname(fd, generic, &address.length) != 0) return 0;
  const void* const bytes = &address.storage;
  if (address.family() == AF_INET) return ntohs(static_cast<const sockaddr_in*>(bytes)->sin_port);
  if (address.family() == AF_INET6) {
    return ntohs(static_cast<const sockaddr_in6*>(bytes)->sin6_port);
  }
  return 0;
}

}  // namespace

Listener::Listener(EventLoop& loop, ListenAddress address, Accepted accepted)
    : loop_(loop), address_(std::move(address)), accepted_(std::move(accepted)) {}

Listener::~Listener() {
  watcher_.reset();
  if (fd_ && !address_.unix_path.empty()) ::unlink(address_.unix_path.c_str());
}

Result<std::unique_ptr<Listener>> Listener::open(EventLoop& loop, const ListenAddress& address,
                                                 Accepted accepted) {
  std::unique_ptr<Listener> listener(new Listener(loop, address, std::move(accepted)));
  auto bound = listener->bind_socket();
  if (!bound) return fail(std::move(bound.error()));
  listener->fd_ = std::move(*bound);
  if (auto listening = listener->listen(); !listening) return fail(std::move(listening.error()));
  return listener;
}

std::string Listener::text() const {
  return address_.unix_path.empty() ? host_and_port(address_.host, address_.port)
                                    : address_.unix_path;
}

Result<UniqueFd> Listener::bind_socket() {
  SocketAddress address;
  if (!address_.unix_path.empty()) {
    const auto path = unix_address(address_.unix_path);
    if (!path) return fail(ErrorKind::Usage, "the path of the Unix socket is too long");
    address = *path;
  } else {
    const auto found = resolve_now(address_.host, address_.port, IpFamily::Any);
    if (!found || found->empty()) {
      return fail(ErrorKind::Usage, "'" + address_.host + "' is no address to listen on");
    }
    address = found->front();
  }
  UniqueFd fd(::socket(address.family(), SOCK_STREAM, 0));
  if (!fd) return fail(socket_error(errno, "listen on " + text()));
  prepare_socket(fd.get());
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.length) != 0) {
    return fail(socket_error(errno, "listen on " + text()));
  }
  if (address_.unix_path.empty()) address_.port = port_of(fd.get());
  return fd;
}

Result<void> Listener::listen() {
  if (::listen(fd_.get(), kBacklog) != 0) return fail(socket_error(errno, "listen on " + text()));
  watcher_ = std::make_unique<FdWatcher>(loop_, fd_.get(), [this](unsigned) { accept_some(); });
  watcher_->watch(FdWatcher::kReadable);
  return {};
}

void Listener::refuse() {
  if (!watcher_) return;
  watcher_.reset();
  retry_.reset();
  // A socket that is bound but does not listen keeps the port for us and refuses everybody.
  if (!address_.unix_path.empty()) ::unlink(address_.unix_path.c_str());
  fd_.reset();
  if (auto bound = bind_socket()) fd_ = std::move(*bound);
}

Result<void> Listener::resume() {
  if (watcher_) return {};
  if (!fd_) {
    auto bound = bind_socket();
    if (!bound) return fail(std::move(bound.error()));
    fd_ = std::move(*bound);
  }
  return listen();
}

void Listener::pause_accepting(bool paused) {
  if (watcher_) watcher_->watch(paused ? 0 : FdWatcher::kReadable);
}

void Listener::accept_some() {
  const Life life(lifetime_);
  for (int i = 0; i < kAcceptsPerWakeUp && watcher_ && watcher_->mask() != 0; ++i) {
    UniqueFd fd(::accept(fd_.get(), nullptr, nullptr));
    if (!fd) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno != EAGAIN) {
        // No descriptors or memory: asking at once again would only keep the loop busy.
        watcher_->watch(0);
        retry_ = std::make_unique<Timer>(loop_, [this] { pause_accepting(false); });
        retry_->after(100ms);
      }
      return;
    }
    prepare_socket(fd.get());
    if (address_.unix_path.empty()) set_tcp_nodelay(fd.get());
    accepted_(std::move(fd));
    if (life.over()) return;
  }
}

}  // namespace mqtk
