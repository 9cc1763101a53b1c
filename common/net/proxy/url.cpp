#include <arpa/inet.h>

#include <array>
#include <charconv>

#include "net/http_response.hpp"
#include "net/proxy/dialogue.hpp"
#include "net/proxy/proxy.hpp"

namespace mqtk {

namespace {

constexpr std::uint16_t kSocksPort = 1080;
constexpr std::uint16_t kHttpPort = 8080;
constexpr std::size_t kMaxHostName = 255;
constexpr const char* kHintForm =
    "write socks5h://[USER:PASSWORD@]HOST[:PORT] or http://[USER:PASSWORD@]HOST[:PORT]";

/// The URL is never shown: it may hold a password.
Unexpected<Error> wrong(const std::string& what, std::string hint = {}) {
  return fail(ErrorKind::Usage, "proxy URL: " + what, std::move(hint));
}

bool percent_decode(std::string_view text, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string decoded(1, text[i]);
    if (text[i] == '%') {
      if (!from_hex(text.substr(i + 1, 2), decoded) || decoded.size() != 1 || decoded[0] == '\0') {
        return false;
      }
      i += 2;
    }
    out += decoded;
  }
  return true;
}

bool is_v6(const std::string& text) {
  std::array<unsigned char, 16> address;
  const std::string literal = text.substr(0, text.find('%'));
  return inet_pton(AF_INET6, literal.c_str(), address.data()) == 1 && text.back() != '%';
}

Result<void> parse_user(std::string_view user, ProxyConfig& proxy) {
  const std::size_t colon = user.find(':');
  std::string decoded;
  if (!percent_decode(user.substr(0, colon), decoded)) {
    return wrong("a % in the user name is not followed by two hexadecimal digits");
  }
  proxy.username = decoded;
  if (colon != std::string_view::npos) {
    if (!percent_decode(user.substr(colon + 1), decoded)) {
      return wrong("a % in the password is not followed by two hexadecimal digits");
    }
    proxy.password = decoded;
  }
  if (const char* unfit = check_proxy_credentials(proxy)) return wrong(unfit);
  return {};
}

Result<void> parse_port(std::string_view text, ProxyConfig& proxy) {
  if (text.empty()) return wrong("there is no port behind the colon");
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), proxy.port);
  if (error != std::errc() || end != text.data() + text.size() || proxy.port == 0) {
    return wrong("the port is not a number from 1 to 65535");
  }
  return {};
}

Result<void> parse_host_port(std::string_view text, ProxyConfig& proxy) {
  std::string_view host = text;
  std::string_view behind;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos)
      return wrong("the bracket of the IPv6 address is not closed");
    host = text.substr(1, close - 1);
    behind = text.substr(close + 1);
    if (!percent_decode(host, proxy.host) || proxy.host.empty() || !is_v6(proxy.host)) {
      return wrong("there is no IPv6 address between the brackets");
    }
    if (!behind.empty() && behind[0] != ':') {
      return wrong("only a port may follow the bracket of the IPv6 address");
    }
  } else {
    const std::size_t colon = text.find(':');
    host = text.substr(0, colon);
    if (colon != std::string_view::npos) behind = text.substr(colon);
    if (behind.find(':', 1) != std::string_view::npos) {
      return wrong("there is more than one colon behind the host",
                   "an IPv6 address stands in [brackets]");
    }
    if (!percent_decode(host, proxy.host)) {
      return wrong("a % in the host is not followed by two hexadecimal digits");
    }
    if (proxy.host.empty()) return wrong("there is no host", kHintForm);
    for (const char c : proxy.host) {
      if (u8(c) <= 0x20 || u8(c) == 0x7F ||
          std::string_view("/@:[]?#\\").find(c) != std::string_view::npos) {
        return wrong("the host has characters that no host name has");
      }
    }
    if (proxy.host.size() > kMaxHostName) return wrong("the host is longer than 255 octets");
  }
  if (behind.empty()) return {};
  return parse_port(behind.substr(1), proxy);
}

}  // namespace

const char* check_proxy_credentials(const ProxyConfig& proxy) {
  if (!proxy.username) return proxy.password ? "there is a password without a user name" : nullptr;
  if (proxy.kind == ProxyKind::HttpConnect) {
    if (proxy.username->find(':') != std::string::npos) {
      return "the user name for an HTTP proxy cannot hold a colon";
    }
    return nullptr;
  }
  if (proxy.username->empty() || proxy.username->size() > 255) {
    return "a SOCKS5 proxy takes user names of 1 to 255 octets only";
  }
  if (!proxy.password || proxy.password->empty() || proxy.password->size() > 255) {
    return "a SOCKS5 proxy takes a password of 1 to 255 octets with the user name";
  }
  return nullptr;
}

Result<ProxyConfig> parse_proxy_url(std::string_view url) {
  for (const char c : url) {
    if (u8(c) <= 0x20 || u8(c) == 0x7F) {
      return wrong("it has a space or a control character", "write it as %XX");
    }
  }
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return wrong("it names no kind of proxy", kHintForm);
  const std::string_view scheme = url.substr(0, scheme_end);
  ProxyConfig proxy;
  if (same_ignoring_case(scheme, "socks5h") || same_ignoring_case(scheme, "socks5")) {
    proxy.kind = ProxyKind::Socks5;
    proxy.port = kSocksPort;
  } else if (same_ignoring_case(scheme, "http")) {
    proxy.kind = ProxyKind::HttpConnect;
    proxy.port = kHttpPort;
  } else if (same_ignoring_case(scheme, "https")) {
    return wrong("proxies that want TLS themselves are not supported",
                 "http:// carries TLS to the broker through the proxy as well");
  } else if (same_ignoring_case(scheme.substr(0, 5), "socks")) {
    return wrong("of the SOCKS versions only 5 is supported", kHintForm);
  } else {
    return wrong("the kind of proxy is not known", kHintForm);
  }

  std::string_view authority = url.substr(scheme_end + 3);
  const std::size_t path = authority.find_first_of("/?#");
  if (path != std::string_view::npos) {
    if (authority.substr(path) != "/") {
      return wrong("nothing may follow host and port",
                   "write / ? and # in a password as %2F %3F %23");
    }
    authority = authority.substr(0, path);
  }
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    if (const auto user = parse_user(authority.substr(0, at), proxy); !user)
      return fail(user.error());
    authority.remove_prefix(at + 1);
  }
  if (const auto place = parse_host_port(authority, proxy); !place) return fail(place.error());
  return proxy;
}

}  // namespace mqtk
