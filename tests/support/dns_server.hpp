// A name server on port 53 of 127.0.0.1, for a network of the test's own (own_network.hpp). It
// answers from a table that the test may change at any time, over UDP and TCP, also wrongly.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace mqtk::test {

/// What is answered to the questions of one name and type.
struct DnsAnswer {
  enum class Manner : std::uint8_t {
    Ordinary,
    OverTcpOnly,    ///< UDP gets the mark that the answer did not fit
    Broken,         ///< the last octets are missing
    Silence,        ///< no answer at all
    ServerFailure,  ///< code 2
  };
  std::vector<std::string> data{};  ///< of each record, in wire form (dns_message.hpp)
  Manner manner = Manner::Ordinary;
};

class DnsServer {
 public:
  /// Throws std::runtime_error when the port cannot be had.
  DnsServer();
  ~DnsServer();
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;

  /// What is not in the table does not exist (code 3), but an A record of any other name below
  /// .test is 127.0.0.1.
  void set(const std::string& name, std::uint16_t type, DnsAnswer answer);
  /// How often that was asked, over UDP or TCP.
  std::size_t asked(const std::string& name, std::uint16_t type) const;
  bool wait_asked(const std::string& name, std::uint16_t type, Duration deadline = 30s) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mqtk::test
