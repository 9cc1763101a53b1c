#include <utility>

#include "net/proxy/dialogue.hpp"

namespace mqtk {

HttpConnectDialogue::HttpConnectDialogue(const ProxyConfig& proxy, const std::string& host,
                                         std::uint16_t port)
    : proxy_(proxy) {
  const bool v6 = host.find(':') != std::string::npos;
  authority_ = (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Dialogue::Step HttpConnectDialogue::fail(ErrorKind kind, Cause cause, std::string message,
                                         std::string hint) {
  error_ = {kind, cause, std::move(message), std::move(hint)};
  return Step::Failed;
}

Dialogue::Step HttpConnectDialogue::open(std::string& out) {
  if (const char* wrong = check_proxy_credentials(proxy_)) {
    return fail(ErrorKind::Usage, Cause::None, wrong);
  }
  for (const char c : authority_) {
    if (u8(c) <= 0x20 || u8(c) == 0x7F) {
      return fail(ErrorKind::Usage, Cause::None,
                  "the broker's host name has a space or control character");
    }
  }
  out += "CONNECT " + authority_ + " HTTP/1.1\r\nHost: " + authority_ + "\r\n";
  if (proxy_.username) {
    out += "Proxy-Authorization: Basic " +
           to_base64(*proxy_.username + ":" + proxy_.password.value_or("")) + "\r\n";
  }
  out += "\r\n";
  return Step::Talk;
}

Dialogue::Step HttpConnectDialogue::not_http() {
  const std::string_view what = recognise(reader_.head());
  std::string message = "the proxy's answer is no HTTP";
  if (!what.empty()) message += ": it looks like " + std::string(what);
  return fail(ErrorKind::ProtocolViolation, Cause::ProxyNotProxy, std::move(message),
              what == "SOCKS5" ? "use socks5h:// for the proxy instead of http://" : "");
}

Dialogue::Step HttpConnectDialogue::feed(Bytes input, std::string& out) {
  const HttpHeadReader::Status status = reader_.feed(input);
  if (reader_.head().size() >= 2 && !may_be_http_response(reader_.head())) return not_http();
  if (status == HttpHeadReader::Status::NeedMore) return Step::Talk;
  if (status == HttpHeadReader::Status::TooLong) {
    return fail(ErrorKind::ProtocolViolation, Cause::ProxyNotProxy,
                "the headers of the proxy's answer exceed 64 KiB");
  }
  const auto response = parse_http_response(reader_.head());
  if (!response) {
    return fail(ErrorKind::ProtocolViolation, Cause::ProxyNotProxy,
                std::string("the proxy's HTTP answer is malformed: ") + response.error());
  }
  if (response->status / 100 == 1 && response->status != 101) {
    // An interim answer; the final one follows (RFC 9110, section 15.2).
    reader_.next();
    return feed({}, out);
  }
  return check(response->status);
}

Dialogue::Step HttpConnectDialogue::check(int status) {
  const std::string http = " (HTTP " + std::to_string(status) + ")";
  const auto refused = [&](ErrorKind kind, const char* words, const char* hint = "") {
    return fail(kind, Cause::ProxyRefused, words + http, hint);
  };
  if (status >= 200 && status < 300) return Step::Done;
  switch (status) {
    case 400:
      return refused(ErrorKind::ProtocolViolation,
                     "the proxy calls the request CONNECT a bad request");
    case 401:
    case 407:
      if (proxy_.username) {
        return fail(ErrorKind::Permission, Cause::ProxyAuth,
                    "the proxy does not accept the user name or the password" + http);
      }
      return fail(ErrorKind::Permission, Cause::ProxyAuth, "the proxy asks for credentials" + http,
                  "give them as http://USER:PASSWORD@HOST");
    case 403:
      return refused(ErrorKind::Permission, "the proxy does not allow the connection to the broker",
                     "many proxies allow port 443 only");
    case 404:
    case 405:
    case 501:
      return refused(ErrorKind::ProtocolViolation, "the proxy does not know the request CONNECT",
                     "is this an ordinary web server?");
    case 408:
      return refused(ErrorKind::Unreachable, "the proxy gave up waiting for the request");
    case 429:
      return refused(ErrorKind::TryAgain, "the proxy counts too many requests from here");
    case 500:
      return refused(ErrorKind::Unreachable,
                     "the proxy failed to connect to the broker by an error of its own");
    case 502:
      return refused(ErrorKind::Unreachable, "the proxy cannot reach the broker");
    case 503:
      return refused(ErrorKind::Unreachable, "the proxy or the broker behind it is unavailable");
    case 504:
      return refused(ErrorKind::Unreachable, "the proxy got no answer from the broker in time");
    default:
      break;
  }
  if (status >= 300 && status < 400) {
    return refused(ErrorKind::ProtocolViolation, "the proxy sends the request elsewhere",
                   "a network that asks to log in first does that");
  }
  if (status >= 500)
    return refused(ErrorKind::Unreachable, "the proxy reports an error of its own");
  return refused(ErrorKind::ProtocolViolation, "the proxy refused the connection to the broker");
}

Error HttpConnectDialogue::ended(const Error& lower) const {
  if (!merely_closed(lower)) return lower;
  if (!reader_.head().empty()) {
    return {ErrorKind::ProtocolViolation,
            Cause::ProxyNotProxy,
            "the connection ended within the proxy's HTTP answer",
            {}};
  }
  return {ErrorKind::Unreachable, Cause::ProxyRefused,
          "the proxy closed the connection instead of answering the request CONNECT",
          "check the kind of proxy and its port"};
}

}  // namespace mqtk
