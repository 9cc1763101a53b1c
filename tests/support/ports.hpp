// Ports of the loopback interface.
#pragma once

#include <cstdint>
#include <string>

namespace mqtk::test {

/// A port that was free a moment ago. Another program may take it before it is used, so whoever
/// starts a server on it tries again with another one.
std::uint16_t free_port();

/// A port of 127.0.0.1 that nobody can listen on while this program runs: connections to it are
/// refused. The same one at every call.
std::uint16_t closed_port();

/// Somebody accepts connections there; `address` is an IPv4 or IPv6 literal.
bool can_connect(std::uint16_t port, const std::string& address = "127.0.0.1");
bool can_connect_unix(const std::string& path);

}  // namespace mqtk::test
