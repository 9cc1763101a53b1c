#include "net/http_response.hpp"

#include <algorithm>
#include <utility>

namespace mqtk {

namespace {

constexpr std::string_view kVersionStart = "HTTP/1.";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (u8(c) < 0x20 && c != '\t') || u8(c) == 0x7F; });
}

bool is_version(std::string_view text) {
  return text.size() == kVersionStart.size() + 1 && text.starts_with(kVersionStart) &&
         is_digit(text.back());
}

/// Takes the line up to CRLF or LF off `rest`; the head is known to end with one.
std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

const char* parse_headers(std::string_view rest, std::vector<HttpHeader>& headers) {
  for (;;) {
    const std::string_view line = next_line(rest);
    if (line.empty()) return nullptr;
    if (line.front() == ' ' || line.front() == '\t') return "a folded header line";
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return "a header line without a colon";
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim(line.substr(colon + 1));
    if (!is_http_token(name)) return "a header name with characters that are not allowed";
    if (has_control(value)) return "control characters in a header";
    headers.push_back({std::string(name), std::string(value)});
  }
}

/// Octets of the UTF-8 sequence at the start of `text`, 0 when it is none.
std::size_t utf8_sequence(Bytes text) {
  const unsigned first = u8(text[0]);
  if (first < 0x80) return 1;
  std::size_t size = 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF) {
    size = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    size = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    size = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  }
  if (size == 0 || text.size() < size) return 0;
  if (u8(text[1]) < low || u8(text[1]) > high) return 0;
  for (std::size_t i = 2; i < size; ++i) {
    if (u8(text[i]) < 0x80 || u8(text[i]) > 0xBF) return 0;
  }
  return size;
}

/// Control characters and the marks that turn the direction of writing.
bool is_harmful(Bytes sequence) {
  if (sequence.size() == 1) return u8(sequence[0]) < 0x20 || u8(sequence[0]) == 0x7F;
  if (sequence.size() == 2) return u8(sequence[0]) == 0xC2 && u8(sequence[1]) < 0xA0;
  if (sequence.size() != 3 || u8(sequence[0]) != 0xE2) return false;
  const unsigned second = u8(sequence[1]);
  const unsigned third = u8(sequence[2]);
  return (second == 0x80 && ((third >= 0xA8 && third <= 0xAE) || third == 0x8E || third == 0x8F)) ||
         (second == 0x81 && third >= 0xA6 && third <= 0xA9);
}

}  // namespace

HttpHeadReader::Status HttpHeadReader::feed(Bytes piece) {
  std::size_t at = std::exchange(seen_, 0);
  buffer_.append(piece);
  while ((at = buffer_.find('\n', at)) != std::string::npos) {
    ++at;
    const std::size_t end = at + (buffer_.compare(at, 1, "\r") == 0 ? 1 : 0);
    if (buffer_.compare(end, 1, "\n") != 0) continue;
    if (end >= kMaxHttpHead) break;
    end_ = end + 1;
    return Status::Complete;
  }
  seen_ = buffer_.size() < 2 ? 0 : buffer_.size() - 2;
  return buffer_.size() >= kMaxHttpHead ? Status::TooLong : Status::NeedMore;
}

void HttpHeadReader::next() {
  buffer_.erase(0, std::exchange(end_, 0));
}

Expected<HttpResponse, const char*> parse_http_response(Bytes head) {
  std::string_view rest = head;
  const std::string_view line = next_line(rest);
  const std::size_t version = kVersionStart.size() + 1;
  if (line.size() < version + 4 || !is_version(line.substr(0, version)) || line[version] != ' ' ||
      !std::all_of(line.begin() + 9, line.begin() + 12, is_digit) || line[9] == '0' ||
      (line.size() > 12 && line[12] != ' ') || has_control(line)) {
    return Unexpected{"a malformed status line"};
  }
  HttpResponse response;
  response.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  response.reason = line.size() > 13 ? std::string(trim(line.substr(13))) : std::string();
  if (const char* wrong = parse_headers(rest, response.headers)) return Unexpected{wrong};
  return response;
}

Expected<HttpRequest, const char*> parse_http_request(Bytes head) {
  std::string_view rest = head;
  const std::string_view line = next_line(rest);
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || last == first || !is_version(line.substr(last + 1)) ||
      has_control(line)) {
    return Unexpected{"a malformed request line"};
  }
  HttpRequest request;
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, last - first - 1);
  if (!is_http_token(request.method) || request.target.empty() ||
      request.target.find_first_of(" \t") != std::string::npos) {
    return Unexpected{"a malformed request line"};
  }
  if (const char* wrong = parse_headers(rest, request.headers)) return Unexpected{wrong};
  return request;
}

bool may_be_http_response(Bytes start) {
  const std::size_t known = std::min(start.size(), kVersionStart.size());
  return start.substr(0, known) == kVersionStart.substr(0, known);
}

std::string_view recognise(Bytes start) {
  if (start.empty()) return {};
  const unsigned first = u8(start[0]);
  const unsigned second = start.size() > 1 ? u8(start[1]) : 0x100;
  if ((first == 0x15 || first == 0x16) && second == 0x03) return "TLS";
  // CONNACK, or DISCONNECT of MQTT 5, with a plausible length.
  if ((first == 0x20 || first == 0xE0) && second < 0x80) return "MQTT without WebSocket";
  if (start.substr(0, 2) == "HT") return "HTTP";
  if (start.starts_with("SSH-")) return "SSH";
  if (first == 0x05 && second <= 0xFF) return "SOCKS5";
  if (first == 0x00 && second >= 0x5A && second <= 0x5D) return "SOCKS4";
  if (start.size() >= 4 && is_digit(start[0]) && is_digit(start[1]) && is_digit(start[2]) &&
      (start[3] == ' ' || start[3] == '-')) {
    return "a mail or file server";
  }
  return {};
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_http_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

std::vector<std::string_view> header_values(const std::vector<HttpHeader>& headers,
                                            std::string_view name) {
  std::vector<std::string_view> values;
  for (const HttpHeader& header : headers) {
    if (same_ignoring_case(header.name, name)) values.push_back(header.value);
  }
  return values;
}

bool header_has_token(const std::vector<HttpHeader>& headers, std::string_view name,
                      std::string_view token) {
  for (std::string_view value : header_values(headers, name)) {
    while (!value.empty()) {
      const std::size_t comma = value.find(',');
      if (same_ignoring_case(trim(value.substr(0, comma)), token)) return true;
      value.remove_prefix(comma == std::string_view::npos ? value.size() : comma + 1);
    }
  }
  return false;
}

bool is_utf8(Bytes text) {
  while (!text.empty()) {
    const std::size_t size = utf8_sequence(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string printable(Bytes text, std::size_t limit) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = utf8_sequence(text);
    const Bytes part = text.substr(0, std::max<std::size_t>(size, 1));
    std::string shown(part);
    if (size == 0 || is_harmful(part)) {
      shown.clear();
      for (const char c : part) shown += "\\x" + to_hex(Bytes(&c, 1));
    }
    if (out.size() + shown.size() > limit) return out + "...";
    out += shown;
    text.remove_prefix(part.size());
  }
  return out;
}

std::string without_secrets(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t scheme = url.find("//");
  const std::size_t authority = scheme == std::string_view::npos ? 0 : scheme + 2;
  const bool has_authority = scheme != std::string_view::npos;
  const std::string_view host = url.substr(authority, url.find('/', authority) - authority);
  const std::size_t at = has_authority ? host.rfind('@') : std::string_view::npos;
  if (at == std::string_view::npos) return printable(url, 200);
  return printable(
      std::string(url.substr(0, authority)) + std::string(url.substr(authority + at + 1)), 200);
}

}  // namespace mqtk
