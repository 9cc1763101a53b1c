// The lowest transport: a connected, non-blocking stream socket (TCP or Unix).
#pragma once

#include "base/unique_fd.hpp"
#include "net/transport.hpp"

namespace mqtk {

class TcpTransport : public Transport {
 public:
  /// `fd` is connected or connecting; it is made non-blocking and close-on-exec, and owned.
  explicit TcpTransport(UniqueFd fd);

  IoResult read(char* buffer, std::size_t size) override;
  IoResult write(Bytes data) override;
  void shutdown() override;
  const Error& error() const override { return error_; }
  int fd() const { return fd_.get(); }

 private:
  IoResult fail_with(int code, const char* doing);
  UniqueFd fd_;
  bool write_closed_ = false;
  Error error_;
};

/// Sets O_NONBLOCK and FD_CLOEXEC, and turns off SIGPIPE where that is a socket option.
void prepare_socket(int fd);
/// Sets TCP_NODELAY; harmless on other sockets.
void set_tcp_nodelay(int fd);

/// The sentence and cause for an errno of a connected or connecting socket; `doing` such as
/// "connect to a:1".
Error socket_error(int code, const std::string& doing);

}  // namespace mqtk
