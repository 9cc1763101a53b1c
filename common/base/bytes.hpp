// Raw octets. A view of bytes is a string_view throughout: topics, payloads and buffers are handed
// to the same few functions, and nothing here assumes text. Use u8() to look at one octet as a
// number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mqtk {

/// Raw octets, not text; never NUL-terminated.
using Bytes = std::string_view;

inline std::uint8_t u8(char octet) {
  return static_cast<std::uint8_t>(octet);
}
inline char octet(unsigned value) {
  return static_cast<char>(static_cast<std::uint8_t>(value));
}

/// Big-endian reads and appends; the caller has checked the length.
inline std::uint16_t read_u16(const char* p) {
  return static_cast<std::uint16_t>((u8(p[0]) << 8) | u8(p[1]));
}
inline std::uint32_t read_u32(const char* p) {
  return (std::uint32_t{u8(p[0])} << 24) | (std::uint32_t{u8(p[1])} << 16) |
         (std::uint32_t{u8(p[2])} << 8) | u8(p[3]);
}
inline void append_u16(std::string& out, std::uint16_t value) {
  out.push_back(octet(value >> 8U));
  out.push_back(octet(value & 0xFFU));
}
inline void append_u32(std::string& out, std::uint32_t value) {
  append_u16(out, static_cast<std::uint16_t>(value >> 16));
  append_u16(out, static_cast<std::uint16_t>(value & 0xFFFF));
}

/// Lower-case hexadecimal, and back: pairs of digits in either case; false when `text` is not that.
std::string to_hex(Bytes bytes);
bool from_hex(std::string_view text, std::string& out);

/// RFC 4648 section 4 with padding; decoding accepts missing padding and refuses anything else.
std::string to_base64(Bytes bytes);
bool from_base64(std::string_view text, std::string& out);

/// SHA-1 (RFC 3174), 20 octets: only for the WebSocket handshake, where it is no security measure.
std::string sha1(Bytes bytes);
/// One in hexadecimal; nothing when `text` is not 40 digits.
std::optional<std::string> sha1_of_hex(std::string_view text);

}  // namespace mqtk
