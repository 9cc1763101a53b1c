// Proxies between us and the broker: SOCKS5 (RFC 1928, RFC 1929) and HTTP CONNECT (RFC
// 9110, 9.3.6). Each is a transport whose handshake asks for the way through; afterwards bytes pass
// unchanged.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/transport.hpp"

namespace mqtk {

enum class ProxyKind : std::uint8_t { Socks5, HttpConnect };

struct ProxyConfig {
  ProxyKind kind = ProxyKind::Socks5;
  std::string host;
  std::uint16_t port = 0;
  std::optional<std::string> username;
  std::optional<std::string> password;
};

/// socks5h://[user[:password]@]host[:port] (default 1080; socks5:// is the same: the proxy
/// resolves), http://[user[:password]@]host[:port] (default 8080). Percent-decoding, [v6].
Result<ProxyConfig> parse_proxy_url(std::string_view url);

/// `host` and `port` are the broker's; the proxy resolves names. The transport keeps passing bytes
/// after its handshake.
std::unique_ptr<Transport> make_proxy_transport(std::unique_ptr<Transport> lower,
                                                const ProxyConfig& proxy, const std::string& host,
                                                std::uint16_t port);

}  // namespace mqtk
