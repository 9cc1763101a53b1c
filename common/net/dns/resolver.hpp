// Host names to socket addresses, without blocking the loop. Literals, localhost and Unix paths
// need no thread.
#pragma once

#include <sys/socket.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/endpoint.hpp"
#include "net/event_loop.hpp"

namespace mqtk {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
  int family() const { return storage.ss_family; }
};

/// "127.0.0.1:1883", "[::1]:1883", "/run/m.sock".
std::string to_string(const SocketAddress& address);

/// The addresses of a literal, of localhost (RFC 6761: the loopback ones), or nullopt: ask the
/// Resolver.
std::optional<std::vector<SocketAddress>> resolve_now(const std::string& host, std::uint16_t port,
                                                      IpFamily family);
/// nullopt when the path does not fit a socket address.
std::optional<SocketAddress> unix_address(const std::string& path);

/// Orders addresses so that families alternate, keeping the first one first (RFC 8305, section 4).
void interleave_families(std::vector<SocketAddress>& addresses);

class Resolver {
 public:
  using Callback = std::function<void(Result<std::vector<SocketAddress>>)>;
  explicit Resolver(EventLoop& loop) : loop_(loop) {}
  ~Resolver() { cancel(); }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// Errors: HostNotFound with Cause DnsNotFound or DnsFailed. One request at a time.
  void resolve(const std::string& host, std::uint16_t port, IpFamily family, Callback done);
  /// The callback of a running request is not called any more.
  void cancel();

 private:
  struct Request;
  EventLoop& loop_;
  Request* request_ = nullptr;
};

}  // namespace mqtk
