#include "net/dns/resolver.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/platform.hpp"

namespace mqtk {

namespace {

template <typename T>
SocketAddress make_address(const T& native) {
  SocketAddress address;
  static_assert(sizeof(T) <= sizeof address.storage);
  ::memcpy(&address.storage, &native, sizeof native);
  address.length = static_cast<socklen_t>(sizeof native);
  return address;
}

SocketAddress make_v4(in_addr ip, std::uint16_t port) {
  sockaddr_in native{};
  native.sin_family = AF_INET;
  native.sin_port = htons(port);
  native.sin_addr = ip;
  return make_address(native);
}

SocketAddress make_v6(const in6_addr& ip, std::uint16_t port) {
  sockaddr_in6 native{};
  native.sin6_family = AF_INET6;
  native.sin6_port = htons(port);
  native.sin6_addr = ip;
  return make_address(native);
}

bool is_localhost(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  constexpr std::string_view kName = "localhost";
  if (host.size() < kName.size()) return false;
  const std::string_view end = host.substr(host.size() - kName.size());
  const bool same = std::equal(end.begin(), end.end(), kName.begin(),
                               [](char a, char b) { return (a | 0x20) == b; });
  return same && (host.size() == kName.size() || host[host.size() - kName.size() - 1] == '.');
}

int native_family(IpFamily family) {
  switch (family) {
    case IpFamily::V4:
      return AF_INET;
    case IpFamily::V6:
      return AF_INET6;
    case IpFamily::Any:
      break;
  }
  return AF_UNSPEC;
}

Error resolve_error(const std::string& host, int status) {
  const std::string failed = "cannot resolve '" + host + "': ";
  if (status == UV_EAI_NONAME || status == UV_EAI_NODATA || status == UV_EAI_ADDRFAMILY) {
    return {ErrorKind::HostNotFound, Cause::DnsNotFound, failed + "no such host",
            "check the spelling, and that this machine's name server knows the host"};
  }
  const char* why =
      status == UV_EAI_AGAIN ? "the name server does not answer" : uv_strerror(status);
  return {ErrorKind::HostNotFound, Cause::DnsFailed, failed + why, {}};
}

}  // namespace

std::string to_string(const SocketAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.family() == AF_INET) {
    sockaddr_in native{};
    ::memcpy(&native, &address.storage, sizeof native);
    ::inet_ntop(AF_INET, &native.sin_addr, text.data(), text.size());
    return host_and_port(text.data(), ntohs(native.sin_port));
  }
  if (address.family() == AF_INET6) {
    sockaddr_in6 native{};
    ::memcpy(&native, &address.storage, sizeof native);
    ::inet_ntop(AF_INET6, &native.sin6_addr, text.data(), text.size());
    return host_and_port(text.data(), ntohs(native.sin6_port));
  }
  sockaddr_un native{};
  ::memcpy(&native, &address.storage, sizeof native);
  return native.sun_path;
}

std::optional<std::vector<SocketAddress>> resolve_now(const std::string& host, std::uint16_t port,
                                                      IpFamily family) {
  const bool v4 = family != IpFamily::V6;
  const bool v6 = family != IpFamily::V4;
  in_addr ip4{};
  in6_addr ip6{};
  if (::inet_pton(AF_INET, host.c_str(), &ip4) == 1) {
    return v4 ? std::vector{make_v4(ip4, port)} : std::vector<SocketAddress>{};
  }
  if (::inet_pton(AF_INET6, host.c_str(), &ip6) == 1) {
    return v6 ? std::vector{make_v6(ip6, port)} : std::vector<SocketAddress>{};
  }
  if (!is_localhost(host)) return std::nullopt;
  std::vector<SocketAddress> addresses;
  ip4.s_addr = htonl(INADDR_LOOPBACK);
  if (v6) addresses.push_back(make_v6(in6addr_loopback, port));
  if (v4) addresses.push_back(make_v4(ip4, port));
  return addresses;
}

std::optional<SocketAddress> unix_address(const std::string& path) {
  sockaddr_un native{};
  if (path.empty() || path.size() >= sizeof native.sun_path) return std::nullopt;
  native.sun_family = AF_UNIX;
  ::memcpy(native.sun_path, path.data(), path.size());
  return make_address(native);
}

void interleave_families(std::vector<SocketAddress>& addresses) {
  if (addresses.size() < 3) return;
  std::vector<SocketAddress> first;
  std::vector<SocketAddress> second;
  for (const SocketAddress& address : addresses) {
    (address.family() == addresses.front().family() ? first : second).push_back(address);
  }
  addresses.clear();
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) addresses.push_back(first[i]);
    if (i < second.size()) addresses.push_back(second[i]);
  }
}

struct Resolver::Request {
  uv_getaddrinfo_t native{};
  std::string host;
  Resolver* owner = nullptr;
  Callback done;

  void finish(int status, const addrinfo* list);
};

void Resolver::Request::finish(int status, const addrinfo* list) {
  if (owner == nullptr) return;
  owner->request_ = nullptr;
  std::vector<SocketAddress> addresses;
  for (; list != nullptr; list = list->ai_next) {
    if (list->ai_addrlen > sizeof(sockaddr_storage)) continue;
    SocketAddress address;
    ::memcpy(&address.storage, list->ai_addr, list->ai_addrlen);
    address.length = list->ai_addrlen;
    addresses.push_back(address);
  }
  if (status != 0 || addresses.empty()) {
    done(fail(resolve_error(host, status != 0 ? status : UV_EAI_NODATA)));
    return;
  }
  interleave_families(addresses);
  done(std::move(addresses));
}

void Resolver::resolve(const std::string& host, std::uint16_t port, IpFamily family,
                       Callback done) {
  cancel();
  use_own_name_services();
  auto request = std::make_unique<Request>();
  request->host = host;
  request->owner = this;
  request->done = std::move(done);
  request->native.data = request.get();
  addrinfo hints{};
  hints.ai_family = native_family(family);
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  const int status = uv_getaddrinfo(
      static_cast<uv_loop_t*>(loop_.native()), &request->native,
      [](uv_getaddrinfo_t* native, int result, addrinfo* list) {
        const std::unique_ptr<Request> finished(static_cast<Request*>(native->data));
        finished->finish(result, list);
        uv_freeaddrinfo(list);
      },
      host.c_str(), std::to_string(port).c_str(), &hints);
  if (status != 0) {
    request->done(fail(resolve_error(host, status)));
    return;
  }
  request_ = request.release();
}

void Resolver::cancel() {
  if (request_ == nullptr) return;
  request_->owner = nullptr;
  uv_cancel(reinterpret_cast<uv_req_t*>(&request_->native));
  request_ = nullptr;
}

}  // namespace mqtk
