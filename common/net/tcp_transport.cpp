#include "net/tcp_transport.hpp"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace mqtk {

namespace {
#ifdef MSG_NOSIGNAL
constexpr int kSendFlags = MSG_NOSIGNAL;
#else
constexpr int kSendFlags = 0;
#endif
}  // namespace

void prepare_socket(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
#ifdef SO_NOSIGPIPE
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
}

void set_tcp_nodelay(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Error socket_error(int code, const std::string& doing) {
  const std::string failed = "cannot " + doing + ": ";
  switch (code) {
    case ECONNREFUSED:
      return {ErrorKind::Unreachable, Cause::TcpRefused, failed + "connection refused",
              "nothing listens there: is the broker running, and is the port right?"};
    case ETIMEDOUT:
      return {ErrorKind::Unreachable, Cause::TcpTimeout, failed + "no answer",
              "a firewall may drop the packets"};
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
      return {ErrorKind::Unreachable, Cause::TcpUnreachable, failed + ::strerror(code), {}};
    case ECONNRESET:
    case EPIPE:
      return {ErrorKind::Unreachable, Cause::TcpReset, failed + "the connection was reset", {}};
    case ENOENT:
      return {ErrorKind::Unreachable, Cause::TcpRefused, failed + "no such socket",
              "is the broker running, and does it listen on this Unix socket?"};
    default:
      return {ErrorKind::Unreachable, Cause::TcpLocal, failed + ::strerror(code), {}};
  }
}

TcpTransport::TcpTransport(UniqueFd fd) : fd_(std::move(fd)) {
  prepare_socket(fd_.get());
}

IoResult TcpTransport::fail_with(int code, const char* doing) {
  error_ = socket_error(code, doing);
  return {IoStatus::Failed, 0};
}

IoResult TcpTransport::read(char* buffer, std::size_t size) {
  while (true) {
    const ssize_t n = ::recv(fd_.get(), buffer, size, 0);
    if (n > 0) return {IoStatus::Ok, static_cast<std::size_t>(n)};
    if (n == 0) {
      error_ = {ErrorKind::Unreachable, Cause::MqttLost, "the peer closed the connection", {}};
      return {IoStatus::Closed, 0};
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return {IoStatus::WouldBlock, 0};
    return fail_with(errno, "read from the peer");
  }
}

IoResult TcpTransport::write(Bytes data) {
  while (true) {
    const ssize_t n = ::send(fd_.get(), data.data(), data.size(), kSendFlags);
    if (n >= 0) return {IoStatus::Ok, static_cast<std::size_t>(n)};
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return {IoStatus::WouldBlock, 0};
    return fail_with(errno, "write to the peer");
  }
}

void TcpTransport::shutdown() {
  if (std::exchange(write_closed_, true)) return;
  ::shutdown(fd_.get(), SHUT_WR);
}

}  // namespace mqtk
