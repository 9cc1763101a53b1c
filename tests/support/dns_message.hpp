// DNS messages as bytes (RFC 1035, section 4), for what answers questions in tests and for what
// reads the answers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mqtk::test {

inline constexpr std::uint16_t kTypeA = 1;
inline constexpr std::uint16_t kTypeCname = 5;
inline constexpr std::uint16_t kTypeSrv = 33;

inline std::string dns_number(std::uint32_t value, int octets = 2) {
  std::string out;
  for (int i = octets - 1; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  return out;
}

/// "a.b" as labels with the empty one at the end; "" is the root.
inline std::string dns_name(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const auto dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    out.append(1, static_cast<char>(label.size())).append(label);
    name = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
  }
  return out + '\0';
}

/// A resource record of class IN; `name` and `data` are wire form.
inline std::string dns_record(const std::string& name, std::uint16_t type,
                              const std::string& data) {
  constexpr std::uint32_t kTimeToLive = 60;
  return name + dns_number(type) + dns_number(1) + dns_number(kTimeToLive, 4) +
         dns_number(static_cast<std::uint32_t>(data.size())) + data;
}

inline std::string srv_data(std::uint16_t priority, std::uint16_t weight, std::uint16_t port,
                            std::string_view target) {
  return dns_number(priority) + dns_number(weight) + dns_number(port) + dns_name(target);
}

/// An answer to one question of class IN that asks for `type`.
inline std::string dns_answer(std::uint16_t id, std::uint16_t flags, std::string_view question,
                              std::uint16_t type, std::uint16_t count, const std::string& records) {
  return dns_number(id) + dns_number(flags) + dns_number(1) + dns_number(count) + dns_number(0) +
         dns_number(0) + dns_name(question) + dns_number(type) + dns_number(1) + records;
}

}  // namespace mqtk::test
