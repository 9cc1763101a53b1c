// The head of an HTTP/1.1 message (RFC 9112), as a WebSocket server or a CONNECT proxy gives it:
// collected from pieces, bounded, parsed strictly. Also the few ways of showing what a stranger
// sent without harm.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/websocket/websocket.hpp"

namespace mqtk {

/// Octets of a head, the blank line included.
inline constexpr std::size_t kMaxHttpHead = 64 * 1024;

struct HttpResponse {
  int status = 0;
  std::string reason;
  std::vector<HttpHeader> headers;
};

struct HttpRequest {
  std::string method;
  std::string target;
  std::vector<HttpHeader> headers;
};

/// Collects octets up to the blank line that ends a head. A line may end with LF alone (RFC 9112,
/// section 2.2).
class HttpHeadReader {
 public:
  enum class Status : std::uint8_t { NeedMore, Complete, TooLong };

  Status feed(Bytes piece);
  /// What came so far; when Complete, the head with its blank line.
  Bytes head() const { return Bytes(buffer_).substr(0, end_ == 0 ? buffer_.size() : end_); }
  /// When Complete: forgets this head; feed() then looks for the one behind it.
  void next();
  /// When Complete: the octets behind the head.
  Bytes rest() const { return Bytes(buffer_).substr(end_); }

 private:
  std::string buffer_;
  std::size_t end_ = 0;   ///< 0: not found yet
  std::size_t seen_ = 0;  ///< where the search goes on
};

/// `head` ends with its blank line. The error says what is wrong, e.g. "a header line without a
/// colon".
Expected<HttpResponse, const char*> parse_http_response(Bytes head);
Expected<HttpRequest, const char*> parse_http_request(Bytes head);

/// False as soon as an answer cannot become "HTTP/1.x ..." any more; `start` may be incomplete.
bool may_be_http_response(Bytes start);
/// What the first octets of a stranger look like: "TLS", "MQTT without WebSocket", ...; empty:
/// nothing known.
std::string_view recognise(Bytes start);

bool same_ignoring_case(std::string_view a, std::string_view b);
/// A token of RFC 9110, as names of headers and subprotocols are.
bool is_http_token(std::string_view text);
/// Values of all headers of that name, in order.
std::vector<std::string_view> header_values(const std::vector<HttpHeader>& headers,
                                            std::string_view name);
/// True when one of those headers, a list with commas, holds `token` (in any case of letters).
bool header_has_token(const std::vector<HttpHeader>& headers, std::string_view name,
                      std::string_view token);

/// True for well-formed UTF-8 (no surrogates, nothing overlong).
bool is_utf8(Bytes text);
/// `text` for a message: control characters and what is no UTF-8 as \xNN, cut after `limit` octets.
std::string printable(Bytes text, std::size_t limit = 120);
/// A URL or request target without user information, query and fragment, which may hold secrets.
std::string without_secrets(std::string_view url);

}  // namespace mqtk
