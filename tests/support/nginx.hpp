// nginx as a WebSocket reverse proxy in front of a broker, on free ports of the loopback interface.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace mqtk::test {

struct NginxConfig {
  std::uint16_t broker_port = 0;  ///< a WebSocket listener on 127.0.0.1
  std::string cert_file{};        ///< with key_file: https besides http
  std::string key_file{};
};

/// What it answers, by path:
///   /mqtt                the broker
///   /auth/mqtt           401, or the broker for alice:secret (basic authentication)
///   /token/mqtt          401, or the broker with "X-Token: secret"
///   /signed/mqtt         the broker with ?expires=E&md5=M, 410 after E, 403 with another M;
///                        M is the MD5 of "E/signed/mqtt secret" in base64url
///   /redir 302 to /mqtt, /forbidden 403, /noupgrade 502, /plain 200 without an upgrade
///   anything else        404
class Nginx {
 public:
  static bool available();

  /// Started and ready. Throws std::runtime_error with its errors when it does not come up.
  explicit Nginx(NginxConfig config);
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  std::uint16_t http_port() const { return http_port_; }
  /// 0 without a certificate.
  std::uint16_t https_port() const { return https_port_; }
  std::string log() const;

 private:
  std::string config_text() const;

  TempDir folder_;
  NginxConfig config_;
  std::uint16_t http_port_ = 0;
  std::uint16_t https_port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace mqtk::test
