// The HTTP upgrade to WebSocket (RFC 6455, section 4), both sides, as dialogues without I/O.
// Sentences about a refusal name the path of the request, never its query or our headers, which may
// hold secrets.
#pragma once

#include <string>
#include <string_view>

#include "net/dialogue.hpp"
#include "net/http_response.hpp"
#include "net/websocket/websocket.hpp"

namespace mqtk {

/// The value of Sec-WebSocket-Accept for that Sec-WebSocket-Key.
std::string websocket_accept(std::string_view key);

/// What an answer other than 101 means. `target` is the request's.
Error websocket_status_error(const HttpResponse& response, const std::string& target);

class ClientUpgrade : public Dialogue {
 public:
  /// `nonce` are 16 random octets.
  ClientUpgrade(const WebSocketConfig& config, const std::string& authority, Bytes nonce);

  Step open(std::string& out) override;
  std::size_t wanted() const override { return kMaxHttpHead; }
  Step feed(Bytes input, std::string& out) override;
  Error ended(const Error& lower) const override;
  Bytes heard() const override { return reader_.head(); }
  const Error& error() const override { return error_; }
  std::string take_rest() override { return std::string(reader_.rest()); }

  const WebSocketInfo& info() const { return info_; }

 private:
  Step refuse(ErrorKind kind, Cause cause, std::string message, std::string hint = {});
  Step not_http();
  Step check(const HttpResponse& response);

  std::string request_;
  std::string target_;
  std::string subprotocol_;
  std::string accept_;
  HttpHeadReader reader_;
  WebSocketInfo info_;
  Error error_;
};

class ServerUpgrade : public Dialogue {
 public:
  Step open(std::string&) override { return Step::Talk; }
  std::size_t wanted() const override { return kMaxHttpHead; }
  Step feed(Bytes input, std::string& out) override;
  Error ended(const Error& lower) const override;
  const Error& error() const override { return error_; }
  std::string take_rest() override { return std::string(reader_.rest()); }

  /// status 101, the subprotocol and the names of the client's headers.
  const WebSocketInfo& info() const { return info_; }

 private:
  Step refuse(std::string& out, int status, const char* why);

  HttpHeadReader reader_;
  WebSocketInfo info_;
  Error error_;
};

}  // namespace mqtk
