#include "support/ports.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>

#include "base/unique_fd.hpp"
#include "net/resolver.hpp"

namespace mqtk::test {

namespace {

bool connects(const SocketAddress& address) {
  const UniqueFd fd(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  return fd && ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address.storage),
                         address.length) == 0;
}

// A socket that has a port of its own and does not listen.
struct BoundSocket {
  UniqueFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::uint16_t port = 0;

  BoundSocket() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd.get(), generic, length) != 0 || ::getsockname(fd.get(), generic, &length) != 0) {
      throw std::runtime_error("no free port");
    }
    port = ntohs(address.sin_port);
  }
};

}  // namespace

std::uint16_t free_port() {
  return BoundSocket().port;
}

std::uint16_t closed_port() {
  static const BoundSocket taken;
  return taken.port;
}

bool can_connect(std::uint16_t port, const std::string& address) {
  const auto addresses = resolve_now(address, port, IpFamily::Any);
  return addresses && !addresses->empty() && connects(addresses->front());
}

bool can_connect_unix(const std::string& path) {
  const auto address = unix_address(path);
  return address && connects(*address);
}

}  // namespace mqtk::test
