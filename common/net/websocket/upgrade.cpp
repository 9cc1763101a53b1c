#include "net/websocket/upgrade.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mqtk {

namespace {

constexpr std::string_view kAcceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

bool is_ours(std::string_view name) {
  return same_ignoring_case(name, "Upgrade") || same_ignoring_case(name, "Connection") ||
         same_ignoring_case(name, "Transfer-Encoding") ||
         same_ignoring_case(name, "Content-Length") ||
         same_ignoring_case(name.substr(0, 14), "Sec-WebSocket-");
}

const char* check_header(const HttpHeader& header) {
  if (header.name.empty()) return "a header has no name";
  if (!is_http_token(header.name)) {
    return "a header's name has characters that are not allowed (a space, a colon or a line "
           "break?)";
  }
  if (is_ours(header.name)) {
    return "the headers of the upgrade itself (Upgrade, Connection, Sec-WebSocket-..., "
           "Content-Length, Transfer-Encoding) cannot be given";
  }
  for (const char c : header.value) {
    if (c == '\r' || c == '\n') return "a header's value has a line break";
    if (c == '\0') return "a header's value has a NUL";
    if ((u8(c) < 0x20 && c != '\t') || u8(c) == 0x7F)
      return "a header's value has a control character";
  }
  return nullptr;
}

/// Headers for reports: a value that may be a secret is left empty.
std::vector<HttpHeader> for_report(const std::vector<HttpHeader>& headers) {
  constexpr std::array<std::string_view, 20> kShown = {
      "Server",         "Date",   "Upgrade",          "Connection", "Content-Type",
      "Content-Length", "Via",    "WWW-Authenticate", "Age",        "Allow",
      "Cache-Control",  "Vary",   "Retry-After",      "X-Cache",    "Strict-Transport-Security",
      "Keep-Alive",     "CF-RAY", "X-Powered-By",     "Alt-Svc",    "Transfer-Encoding"};
  std::vector<HttpHeader> shown;
  for (const HttpHeader& header : headers) {
    const bool harmless =
        same_ignoring_case(std::string_view(header.name).substr(0, 14), "Sec-WebSocket-") ||
        std::any_of(kShown.begin(), kShown.end(),
                    [&](std::string_view name) { return same_ignoring_case(header.name, name); });
    std::string value = harmless ? header.value : std::string();
    if (same_ignoring_case(header.name, "Location")) value = without_secrets(header.value);
    shown.push_back({header.name, std::move(value)});
  }
  return shown;
}

std::string first_value(const HttpResponse& response, std::string_view name) {
  const auto values = header_values(response.headers, name);
  return values.empty() ? std::string() : std::string(values.front());
}

/// The realm of a challenge, or empty.
std::string realm(const HttpResponse& response) {
  const std::string challenge = first_value(response, "WWW-Authenticate");
  constexpr std::string_view kKey = "realm=\"";
  const auto found =
      std::search(challenge.begin(), challenge.end(), kKey.begin(), kKey.end(), [](char a, char b) {
        return same_ignoring_case(std::string_view(&a, 1), std::string_view(&b, 1));
      });
  if (found == challenge.end()) return {};
  const std::string_view rest(&*found + kKey.size(),
                              static_cast<std::size_t>(challenge.end() - found) - kKey.size());
  return printable(rest.substr(0, rest.find('"')), 80);
}

Error ws_status(ErrorKind kind, std::string message, std::string hint = {}) {
  return {kind, Cause::WsStatus, std::move(message), std::move(hint)};
}

constexpr const char* kHintPath = "brokers use /mqtt, /ws or /: check the path and the port";

}  // namespace

std::string websocket_accept(std::string_view key) {
  return to_base64(sha1(std::string(key) + std::string(kAcceptSuffix)));
}

const char* check_websocket_config(const WebSocketConfig& config) {
  if (config.target.empty() || config.target[0] != '/') return "the path must begin with a slash";
  for (const char c : config.target) {
    if (c == ' ') return "the path has a space: write it as %20";
    if (c == '\r' || c == '\n') return "the path has a line break";
    if (c == '\0') return "the path has a NUL";
    if (c == '#') return "the path has a #, which begins a fragment: write it as %23";
    if (u8(c) < 0x20 || u8(c) == 0x7F) return "the path has a control character";
    if (u8(c) >= 0x80) return "the path has characters beyond ASCII: write them as %XX";
  }
  if (!is_http_token(config.subprotocol)) {
    return "the subprotocol must be one word, such as mqtt";
  }
  for (const HttpHeader& header : config.headers) {
    if (const char* wrong = check_header(header)) return wrong;
  }
  if (header_values(config.headers, "Host").size() > 1) return "the header Host is given twice";
  if (header_values(config.headers, "Origin").size() > 1) return "the header Origin is given twice";
  return nullptr;
}

Error websocket_status_error(const HttpResponse& response, const std::string& target) {
  const std::string path = without_secrets(target);
  const std::string http = " (HTTP " + std::to_string(response.status) + ")";
  switch (response.status) {
    case 200:
      return ws_status(ErrorKind::ProtocolViolation,
                       "an ordinary web page is at " + path + ", no WebSocket" + http, kHintPath);
    case 301:
    case 302:
    case 303:
    case 307:
    case 308: {
      const std::string location = without_secrets(first_value(response, "Location"));
      return ws_status(ErrorKind::ProtocolViolation,
                       "the server sends the request for " + path + " elsewhere" +
                           (location.empty() ? std::string() : ": to " + location) + http,
                       "redirections are not followed: give that address if it can be trusted");
    }
    case 400:
      return ws_status(
          ErrorKind::ProtocolViolation,
          "the server calls the WebSocket request for " + path + " a bad request" + http,
          "the port may expect TLS (wss://), or not accept the subprotocol");
    case 401: {
      const std::string name = realm(response);
      return ws_status(ErrorKind::Permission,
                       "the web server asks for credentials" +
                           (name.empty() ? std::string() : " for \"" + name + "\"") + http,
                       "give them with --ws-header 'Authorization: ...'");
    }
    case 403:
      return ws_status(ErrorKind::Permission, "access to " + path + " is forbidden" + http,
                       "the server may want credentials or an Origin header");
    case 404:
    case 410:
      return ws_status(ErrorKind::ProtocolViolation, "there is no WebSocket at " + path + http,
                       kHintPath);
    case 405:
      return ws_status(ErrorKind::ProtocolViolation,
                       "the server does not accept a GET request for " + path + http, kHintPath);
    case 407:
      return ws_status(ErrorKind::Permission, "a proxy on the way asks for credentials" + http);
    case 408:
      return ws_status(ErrorKind::Unreachable, "the server gave up waiting for the request" + http);
    case 414:
    case 431:
      return ws_status(ErrorKind::ProtocolViolation,
                       "the path or the headers are too long for the server" + http);
    case 421:
      return ws_status(ErrorKind::ProtocolViolation,
                       "the server is not responsible for this host name" + http,
                       "check the host name, or the Host header");
    case 426:
      return ws_status(ErrorKind::ProtocolViolation,
                       "the server wants another protocol or WebSocket version at " + path + http);
    case 429:
      return ws_status(ErrorKind::TryAgain, "the server counts too many requests from here" + http);
    case 500:
      return ws_status(ErrorKind::ProtocolViolation,
                       "the web server failed on the WebSocket request" + http);
    case 501:
      return ws_status(ErrorKind::ProtocolViolation, "the web server knows no WebSocket" + http);
    case 502:
      return ws_status(ErrorKind::Unreachable, "the web server reaches no broker behind it" + http);
    case 503:
      return ws_status(ErrorKind::TryAgain,
                       "the server or the broker behind it is unavailable" + http);
    case 504:
      return ws_status(ErrorKind::Unreachable,
                       "the web server got no answer from the broker behind it" + http);
    default:
      break;
  }
  if (response.status >= 500) {
    return ws_status(ErrorKind::ProtocolViolation,
                     "the web server reports an error of its own" + http);
  }
  if (response.status >= 400) {
    return ws_status(ErrorKind::ProtocolViolation,
                     "the server refused the WebSocket request for " + path + http);
  }
  return ws_status(
      ErrorKind::ProtocolViolation,
      "the server answered the request for " + path + " without upgrading to WebSocket" + http,
      kHintPath);
}

ClientUpgrade::ClientUpgrade(const WebSocketConfig& config, const std::string& authority,
                             Bytes nonce)
    : target_(config.target), subprotocol_(config.subprotocol) {
  const std::string key = to_base64(nonce);
  accept_ = websocket_accept(key);
  const auto line = [this](std::string_view name, std::string_view value) {
    request_.append(name).append(": ").append(value).append("\r\n");
  };
  request_.append("GET ").append(config.target).append(" HTTP/1.1\r\n");
  const auto hosts = header_values(config.headers, "Host");
  line("Host", hosts.empty() ? std::string_view(authority) : hosts.front());
  line("Upgrade", "websocket");
  line("Connection", "Upgrade");
  line("Sec-WebSocket-Key", key);
  line("Sec-WebSocket-Version", "13");
  line("Sec-WebSocket-Protocol", config.subprotocol);
  for (const HttpHeader& header : config.headers) {
    if (!same_ignoring_case(header.name, "Host")) line(header.name, header.value);
  }
  request_.append("\r\n");
}

Dialogue::Step ClientUpgrade::open(std::string& out) {
  out.append(request_);
  request_ = std::string();
  return Step::Talk;
}

Dialogue::Step ClientUpgrade::refuse(ErrorKind kind, Cause cause, std::string message,
                                     std::string hint) {
  error_ = {kind, cause, std::move(message), std::move(hint)};
  return Step::Failed;
}

Dialogue::Step ClientUpgrade::not_http() {
  const Bytes start = reader_.head();
  const std::string_view what = recognise(start);
  if (what == "TLS") {
    return refuse(ErrorKind::ProtocolViolation, Cause::WsHandshake,
                  "the port speaks TLS, not plain WebSocket", "use wss://");
  }
  if (what == "MQTT without WebSocket") {
    return refuse(ErrorKind::ProtocolViolation, Cause::WsHandshake,
                  "the port speaks MQTT without WebSocket", "use mqtt:// instead of ws://");
  }
  if (!what.empty()) {
    return refuse(ErrorKind::ProtocolViolation, Cause::WsHandshake,
                  "the answer is no HTTP: it looks like " + std::string(what));
  }
  return refuse(
      ErrorKind::ProtocolViolation, Cause::WsHandshake,
      "the answer is no HTTP: it begins with \"" + printable(start.substr(0, 16), 64) + "\"");
}

Dialogue::Step ClientUpgrade::feed(Bytes input, std::string& out) {
  const HttpHeadReader::Status status = reader_.feed(input);
  // Two octets tell the strangers apart.
  if (reader_.head().size() >= 2 && !may_be_http_response(reader_.head())) return not_http();
  if (status == HttpHeadReader::Status::NeedMore) return Step::Talk;
  if (status == HttpHeadReader::Status::TooLong) {
    return refuse(ErrorKind::ProtocolViolation, Cause::WsHandshake,
                  "the headers of the server's answer exceed 64 KiB");
  }
  const auto response = parse_http_response(reader_.head());
  if (!response) {
    return refuse(ErrorKind::ProtocolViolation, Cause::WsHandshake,
                  std::string("the server's HTTP answer is malformed: ") + response.error());
  }
  if (response->status / 100 == 1 && response->status != 101) {
    // An interim answer; the final one follows (RFC 9110, section 15.2).
    reader_.next();
    return feed({}, out);
  }
  return check(*response);
}

Dialogue::Step ClientUpgrade::check(const HttpResponse& response) {
  info_.status = response.status;
  info_.reason = response.reason;
  info_.headers = for_report(response.headers);
  if (response.status != 101) {
    error_ = websocket_status_error(response, target_);
    return Step::Failed;
  }
  const auto broken = [this](const char* what) {
    return refuse(ErrorKind::ProtocolViolation, Cause::WsHandshake,
                  std::string("the server's upgrade is not valid: ") + what);
  };
  if (!header_has_token(response.headers, "Upgrade", "websocket")) {
    return broken("it is not to WebSocket (header Upgrade)");
  }
  if (!header_has_token(response.headers, "Connection", "Upgrade")) {
    return broken("the header Connection does not say Upgrade");
  }
  const auto accepts = header_values(response.headers, "Sec-WebSocket-Accept");
  if (accepts.empty()) return broken("the header Sec-WebSocket-Accept is missing");
  if (accepts.size() > 1) return broken("the header Sec-WebSocket-Accept comes twice");
  if (accepts.front() != accept_) {
    return broken("Sec-WebSocket-Accept does not fit our key (an answer from a cache?)");
  }
  for (const std::string_view extensions :
       header_values(response.headers, "Sec-WebSocket-Extensions")) {
    if (!extensions.empty()) return broken("it turns on an extension that was not asked for");
  }
  const auto protocols = header_values(response.headers, "Sec-WebSocket-Protocol");
  if (protocols.size() > 1) return broken("the header Sec-WebSocket-Protocol comes twice");
  if (protocols.empty() || protocols.front().empty()) {
    return refuse(ErrorKind::ProtocolViolation, Cause::WsNotMqtt,
                  "there is a WebSocket at " + without_secrets(target_) +
                      ", but it did not agree to the subprotocol " + subprotocol_,
                  "a service other than an MQTT broker answers there");
  }
  info_.subprotocol = protocols.front();
  if (info_.subprotocol != subprotocol_) {
    return refuse(ErrorKind::ProtocolViolation, Cause::WsNotMqtt,
                  "the WebSocket at " + without_secrets(target_) + " chose the subprotocol \"" +
                      printable(info_.subprotocol, 40) + "\", not " + subprotocol_);
  }
  return Step::Done;
}

Error ClientUpgrade::ended(const Error& lower) const {
  if (!merely_closed(lower)) return lower;
  if (!reader_.head().empty()) {
    return {ErrorKind::ProtocolViolation,
            Cause::WsHandshake,
            "the connection ended within the server's HTTP answer",
            {}};
  }
  const bool reset = lower.cause == Cause::TcpReset;
  return {ErrorKind::Unreachable, reset ? Cause::TcpReset : Cause::TcpClosed,
          reset ? "the server reset the connection instead of answering the WebSocket request"
                : "the server closed the connection instead of answering the WebSocket request",
          "the port may speak MQTT without WebSocket (mqtt://), or expect TLS (wss://)"};
}

Dialogue::Step ServerUpgrade::refuse(std::string& out, int status, const char* why) {
  out = status == 426 ? "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\n"
                        "Sec-WebSocket-Version: 13\r\n"
                      : "HTTP/1.1 400 Bad Request\r\n";
  out += "Connection: close\r\nContent-Length: 0\r\n\r\n";
  info_.status = status;
  error_ = {ErrorKind::ProtocolViolation,
            Cause::WsHandshake,
            std::string("the client's request is no upgrade to MQTT over WebSocket: ") + why,
            {}};
  return Step::Failed;
}

Dialogue::Step ServerUpgrade::feed(Bytes input, std::string& out) {
  const HttpHeadReader::Status status = reader_.feed(input);
  // A method is letters: anything else need not be waited for.
  if (u8(reader_.head()[0]) < 'A' || u8(reader_.head()[0]) > 'Z') {
    return refuse(out, 400, "it is no HTTP");
  }
  if (status == HttpHeadReader::Status::NeedMore) return Step::Talk;
  if (status == HttpHeadReader::Status::TooLong) return refuse(out, 400, "it exceeds 64 KiB");
  const auto request = parse_http_request(reader_.head());
  if (!request) return refuse(out, 400, request.error());
  const std::vector<HttpHeader>& headers = request->headers;
  for (const HttpHeader& header : headers) info_.headers.push_back({header.name, {}});
  if (request->method != "GET") return refuse(out, 400, "the method is not GET");
  if (header_values(headers, "Host").size() != 1) return refuse(out, 400, "not one Host header");
  if (!header_has_token(headers, "Upgrade", "websocket") ||
      !header_has_token(headers, "Connection", "Upgrade")) {
    return refuse(out, 426, "it asks for no upgrade");
  }
  const auto versions = header_values(headers, "Sec-WebSocket-Version");
  if (versions.size() != 1 || versions.front() != "13")
    return refuse(out, 426, "the version is not 13");
  const auto keys = header_values(headers, "Sec-WebSocket-Key");
  std::string nonce;
  if (keys.size() != 1 || keys.front().size() != 24 || !from_base64(keys.front(), nonce) ||
      nonce.size() != 16) {
    return refuse(out, 400, "the key is not 16 octets in base64");
  }
  if (!header_has_token(headers, "Sec-WebSocket-Protocol", "mqtt")) {
    return refuse(out, 400, "it does not offer the subprotocol mqtt");
  }
  info_.status = 101;
  info_.reason = "Switching Protocols";
  info_.subprotocol = "mqtt";
  out =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: " +
      websocket_accept(keys.front()) + "\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
  return Step::Done;
}

Error ServerUpgrade::ended(const Error& lower) const {
  if (!merely_closed(lower)) return lower;
  return {ErrorKind::Unreachable,
          Cause::TcpClosed,
          "the client closed the connection before its upgrade request was complete",
          {}};
}

}  // namespace mqtk
