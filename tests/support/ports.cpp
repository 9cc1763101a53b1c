#include "support/ports.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <random>
#include <stdexcept>

#include "base/unique_fd.hpp"
#include "net/dns/resolver.hpp"

namespace mqtk::test {

namespace {

bool connects(const SocketAddress& address) {
  const UniqueFd fd(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  return fd && ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address.storage),
                         address.length) == 0;
}

// Below those that the system gives to outgoing connections, which come and go all the time.
constexpr std::uint16_t kLowest = 10'000;
constexpr std::uint16_t kPorts = 10'000;

// A socket that has a port of its own and does not listen; 0 chooses one.
class BoundSocket {
 public:
  explicit BoundSocket(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd_.get(), generic, length) == 0 &&
        ::getsockname(fd_.get(), generic, &length) == 0) {
      port_ = ntohs(address.sin_port);
    }
  }
  /// 0: that one is taken.
  std::uint16_t port() const { return port_; }

 private:
  UniqueFd fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::uint16_t port_ = 0;
};

}  // namespace

std::uint16_t free_port() {
  thread_local std::mt19937 random{std::random_device{}()};
  std::uniform_int_distribution<std::uint16_t> port(kLowest, kLowest + kPorts - 1);
  for (int i = 0; i < kPorts; ++i) {
    const BoundSocket socket(port(random));
    if (socket.port() != 0) return socket.port();
  }
  throw std::runtime_error("no free port");
}

std::uint16_t closed_port() {
  static const BoundSocket taken(0);
  return taken.port();
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
