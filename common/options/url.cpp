#include "options/url.hpp"

#include <algorithm>
#include <array>

#include "base/units.hpp"
#include "options/words.hpp"
#include "wire/utf8.hpp"

namespace mqtk {

namespace {

constexpr std::string_view kEncodeHint =
    "in a user name or password, write @ / ? # : % as %40 %2F %3F %23 %3A %25";

struct SchemeName {
  std::string_view name;
  Scheme scheme;
};
constexpr std::array<SchemeName, 9> kSchemes = {{{"mqtt", Scheme::Mqtt},
                                                 {"tcp", Scheme::Mqtt},
                                                 {"mqtts", Scheme::Mqtts},
                                                 {"ssl", Scheme::Mqtts},
                                                 {"tls", Scheme::Mqtts},
                                                 {"tcps", Scheme::Mqtts},
                                                 {"ws", Scheme::Ws},
                                                 {"wss", Scheme::Wss},
                                                 {"unix", Scheme::Unix}}};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unprintable(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet <= 0x20 || octet == 0x7F;
}

class UrlParser {
 public:
  explicit UrlParser(std::string_view url) : url_(url) {}

  Result<BrokerUrl> run() {
    const auto mark = url_.find("://");
    if (mark == std::string_view::npos) {
      return refuse("it has no scheme",
                    "write mqtt://HOST, mqtts://HOST, ws://HOST/PATH or wss://HOST/PATH");
    }
    const std::string scheme = lower_case(url_.substr(0, mark));
    const auto* const known = std::ranges::find(kSchemes, scheme, &SchemeName::name);
    if (known == kSchemes.end()) {
      return refuse("its scheme is not known",
                    "known are mqtt, tcp, mqtts, ssl, tls, tcps, ws, wss and unix");
    }
    out_.endpoint.scheme = known->scheme;
    const std::string_view rest = url_.substr(mark + 3);
    return known->scheme == Scheme::Unix ? read_socket_path(rest) : read_authority(rest);
  }

 private:
  Unexpected<Error> refuse(std::string what, std::string_view hint = {}) const {
    return fail(ErrorKind::Usage, "URL '" + masked_url(url_) + "': " + std::move(what),
                std::string(hint));
  }

  Result<BrokerUrl> read_socket_path(std::string_view path) {
    if (!path.starts_with('/')) {
      return refuse("a Unix socket needs an absolute path", "write unix:///run/broker.sock");
    }
    if (!percent_decode(path, out_.endpoint.host)) return refuse_percent();
    if (out_.endpoint.host.find('\0') != std::string::npos) return refuse("its path holds a NUL");
    out_.endpoint.port = 0;
    return std::move(out_);
  }

  Result<BrokerUrl> read_authority(std::string_view rest) {
    const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
    std::string_view authority = rest.substr(0, end);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
      if (auto read = read_user(authority.substr(0, at)); !read) return fail(read.error());
      authority.remove_prefix(at + 1);
    }
    if (auto read = read_host(authority); !read) return fail(read.error());
    if (auto read = read_path(rest.substr(end)); !read) return fail(read.error());
    return std::move(out_);
  }

  Result<void> read_user(std::string_view user_info) {
    const auto colon = user_info.find(':');
    std::string user;
    if (!percent_decode(user_info.substr(0, colon), user)) return refuse_percent();
    if (!wire::is_mqtt_string(user)) return refuse("its user name is no UTF-8 text without NUL");
    if (!user.empty()) out_.username = std::move(user);
    if (colon != std::string_view::npos) {
      std::string password;
      if (!percent_decode(user_info.substr(colon + 1), password)) return refuse_percent();
      out_.password = std::move(password);
    }
    return {};
  }

  Result<void> read_host(std::string_view text) {
    std::string_view port;
    bool has_port = false;
    if (text.starts_with('[')) {
      const auto close = text.find(']');
      if (close == std::string_view::npos) return refuse("']' is missing after the IPv6 address");
      const std::string_view tail = text.substr(close + 1);
      has_port = tail.starts_with(':');
      if (!has_port && !tail.empty()) return refuse("only a port may follow the IPv6 address");
      port = has_port ? tail.substr(1) : tail;
      if (!percent_decode(text.substr(1, close - 1), out_.endpoint.host)) return refuse_percent();
      if (!is_v6_literal(out_.endpoint.host))
        return refuse("what stands in brackets is no IPv6 address");
    } else {
      const auto colon = text.find(':');
      has_port = colon != std::string_view::npos;
      port = has_port ? text.substr(colon + 1) : std::string_view();
      if (port.find(':') != std::string_view::npos) {
        return refuse("its host has more than one colon",
                      "write an IPv6 address in brackets: [::1]");
      }
      if (!percent_decode(text.substr(0, colon), out_.endpoint.host)) return refuse_percent();
      if (!is_host_name(out_.endpoint.host)) {
        return out_.endpoint.host.empty() ? refuse("it names no host")
                                          : refuse("its host has characters that no host name has");
      }
    }
    out_.port_given = has_port;
    out_.endpoint.port = default_port(out_.endpoint.scheme);
    if (has_port) {
      const auto number = parse_number(port, 1, 65535);
      if (!number) return refuse("its port is not a whole number from 1 to 65535", kEncodeHint);
      out_.endpoint.port = static_cast<std::uint16_t>(*number);
    }
    return {};
  }

  Result<void> read_path(std::string_view path) {
    if (path.empty()) return {};
    if (out_.endpoint.uses_websocket()) {
      if (std::ranges::any_of(path, is_unprintable)) {
        return refuse("its path or query has a space or a control character",
                      "percent-encode it: %20");
      }
      if (path.find('#') != std::string_view::npos) {
        return refuse("a fragment (#...) has no meaning here", "give the topic with -t");
      }
      out_.target = path.starts_with('?') ? "/mqtt" + std::string(path) : std::string(path);
      return {};
    }
    if (!path.starts_with('/')) return refuse("only /TOPIC may follow the host");
    if (!percent_decode(path.substr(1), out_.topic)) {
      return refuse("a % in its topic is not followed by two hexadecimal digits",
                    "write a % as %25");
    }
    if (!wire::is_mqtt_string(out_.topic)) return refuse("its topic is no UTF-8 text without NUL");
    return {};
  }

  Unexpected<Error> refuse_percent() const {
    return refuse("a % is not followed by two hexadecimal digits", kEncodeHint);
  }

  static bool is_v6_literal(std::string_view host) {
    const std::string_view address = host.substr(0, host.find('%'));
    const bool zone_is_sound = host.size() == address.size() || host.size() > address.size() + 1;
    return address.find(':') != std::string_view::npos && zone_is_sound &&
           std::ranges::all_of(address,
                               [](char c) { return hex_digit(c) >= 0 || c == ':' || c == '.'; }) &&
           std::ranges::none_of(host, is_unprintable);
  }

  static bool is_host_name(std::string_view host) {
    return !host.empty() && host.find_first_of("/?#@[]\\<>\"") == std::string_view::npos &&
           std::ranges::none_of(host, is_unprintable);
  }

  std::string_view url_;
  BrokerUrl out_;
};

}  // namespace

bool percent_decode(std::string_view text, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return false;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return false;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return true;
}

std::vector<UrlSecret> url_secrets(std::string_view url) {
  const auto scheme = url.find("://");
  const std::size_t colon = url.find(':', scheme == std::string_view::npos ? 0 : scheme + 3);
  const std::size_t at = url.rfind('@');
  const std::size_t query = url.find('?');
  const bool has_password =
      colon != std::string_view::npos && at != std::string_view::npos && colon < at;
  if (query == std::string_view::npos) {
    if (has_password) return {{colon + 1, at}};
    return {};
  }
  // A '?' before the '@' may belong to either: nothing from there on is shown.
  if (has_password && query < at) return {{std::min(colon, query) + 1, url.size()}};
  if (has_password) return {{colon + 1, at}, {query + 1, url.size()}};
  return {{query + 1, url.size()}};
}

std::string masked_url(std::string_view url) {
  std::string out;
  std::size_t shown = 0;
  for (const UrlSecret& secret : url_secrets(url)) {
    out.append(url.substr(shown, secret.begin - shown)).append("***");
    shown = secret.end;
  }
  return out.append(url.substr(shown));
}

Result<BrokerUrl> parse_broker_url(std::string_view url) {
  return UrlParser(url).run();
}

}  // namespace mqtk
