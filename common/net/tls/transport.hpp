// One TLS connection, client or server, as a filter over the transport below.
#pragma once

#include <memory>
#include <string>

#include "net/tls/shared.hpp"
#include "net/tls/stream.hpp"
#include "net/tls/tls.hpp"
#include "net/tls/verdict.hpp"

namespace mqtk {

class OpenSslTransport : public TlsTransport {
 public:
  /// `host` as for TlsContext::client(); not looked at by a server.
  OpenSslTransport(std::shared_ptr<TlsShared> shared, std::unique_ptr<Transport> lower,
                   const std::string& host);

  HandshakeStatus handshake() override;
  IoResult read(char* buffer, std::size_t size) override;
  IoResult write(Bytes data) override;
  IoResult flush() override;
  bool wants_write() const override;
  void shutdown() override;
  const Error& error() const override { return error_; }
  void release_buffers() override;
  TlsInfo info() const override;
  void describe(ChainFacts& facts) const override;

 private:
  enum class State : std::uint8_t { Handshake, Open, Closed, Failed };

  void verify_as(const std::string& host);
  HandshakeStatus after_step(int outcome);
  HandshakeStatus fail_handshake();
  IoResult end_of_read(int outcome, std::size_t got);
  IoResult fail_write();
  Error explain(bool in_handshake);

  // Declared before ssl_: the BIO and the callbacks point here until it is gone.
  std::shared_ptr<TlsShared> shared_;
  TlsStream stream_;
  TlsFacts facts_;
  OwnedSsl ssl_;
  std::string asked_for_;
  Error error_;
  State state_ = State::Handshake;
  bool established_ = false;  ///< octets of the application have come
  bool shut_ = false;
  bool lower_shut_ = false;
};

}  // namespace mqtk
