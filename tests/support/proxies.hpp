// Proxies that clients connect through: microsocks (SOCKS5) and tinyproxy (HTTP CONNECT), and one
// that stands before brokers: haproxy. On free ports of the loopback interface.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace mqtk::test {

struct ProxyUser {
  std::string name{};  ///< empty: everybody may use it
  std::string password{};
};

class Microsocks {
 public:
  static bool available();
  /// Started and ready; throws std::runtime_error when it does not come up.
  explicit Microsocks(const ProxyUser& user = {});
  std::uint16_t port() const { return port_; }
  /// It names every connection that it makes.
  std::string log() const { return process_->err_so_far(); }

 private:
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

class Tinyproxy {
 public:
  static bool available();
  /// Started and ready; throws std::runtime_error when it does not come up.
  explicit Tinyproxy(const ProxyUser& user = {});
  std::uint16_t port() const { return port_; }
  std::string log() const { return process_->out_so_far() + process_->err_so_far(); }

 private:
  TempDir folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

struct HaproxyConfig {
  std::uint16_t target = 0;          ///< on 127.0.0.1
  std::string bind{};                ///< further words of its bind line, e.g. "accept-proxy"
  std::vector<std::string> lines{};  ///< of its section, e.g. "tcp-request connection reject"
};

/// One TCP port of haproxy, with one server behind it.
class Haproxy {
 public:
  static bool available();
  /// Started and ready; throws std::runtime_error when it does not come up.
  explicit Haproxy(const HaproxyConfig& config);
  std::uint16_t port() const { return port_; }

 private:
  TempDir folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace mqtk::test
