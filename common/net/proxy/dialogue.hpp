// What is said to a proxy before it passes bytes, without I/O: SOCKS5 (RFC 1928, RFC 1929) and HTTP
// CONNECT. No sentence holds credentials.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "net/dialogue.hpp"
#include "net/http_response.hpp"
#include "net/proxy/proxy.hpp"

namespace mqtk {

/// nullptr when user name and password fit the kind of proxy; otherwise what is wrong.
const char* check_proxy_credentials(const ProxyConfig& proxy);

class Socks5Dialogue : public Dialogue {
 public:
  Socks5Dialogue(const ProxyConfig& proxy, std::string host, std::uint16_t port);

  Step open(std::string& out) override;
  std::size_t wanted() const override { return needed_ - input_.size(); }
  Step feed(Bytes input, std::string& out) override;
  Error ended(const Error& lower) const override;
  const Error& error() const override { return error_; }

 private:
  enum class Phase : std::uint8_t { Method, Password, Reply, ReplyLength, ReplyRest };

  Step fail(ErrorKind kind, Cause cause, std::string message, std::string hint = {});
  Step await(Phase phase, std::size_t octets);
  Step on_method(std::string& out);
  Step on_reply();
  Step request(std::string& out);

  ProxyConfig proxy_;
  std::string host_;
  std::uint16_t port_;
  Phase phase_ = Phase::Method;
  std::size_t needed_ = 2;
  std::string input_;  ///< of this phase
  Error error_;
};

class HttpConnectDialogue : public Dialogue {
 public:
  HttpConnectDialogue(const ProxyConfig& proxy, const std::string& host, std::uint16_t port);

  Step open(std::string& out) override;
  std::size_t wanted() const override { return kMaxHttpHead; }
  Step feed(Bytes input, std::string& out) override;
  Error ended(const Error& lower) const override;
  const Error& error() const override { return error_; }
  Bytes heard() const override { return reader_.head(); }
  std::string take_rest() override { return std::string(reader_.rest()); }

 private:
  Step fail(ErrorKind kind, Cause cause, std::string message, std::string hint = {});
  Step not_http();
  Step check(int status);

  ProxyConfig proxy_;
  std::string authority_;
  HttpHeadReader reader_;
  Error error_;
};

}  // namespace mqtk
