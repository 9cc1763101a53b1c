// Two transports joined in memory, for tests of a layer above: with little room, octet by octet, or
// cut off.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "net/transport.hpp"

namespace mqtk::test {

/// One direction of a connection.
struct MemoryDirection {
  std::string octets;
  std::string history;  ///< all that was ever written
  bool closed = false;
  std::size_t writes = 0;
};

/// The connection itself; the test may look into it and cut it.
struct MemoryWire {
  std::size_t capacity = 1 << 20;  ///< octets that a direction holds
  std::size_t piece = 0;  ///< when not 0: octets per call at most, and every other call blocks
  bool reset = false;     ///< every call fails from now on
  MemoryDirection to_server;
  MemoryDirection to_client;
};

class MemoryTransport : public Transport {
 public:
  MemoryTransport(std::shared_ptr<MemoryWire> wire, bool client)
      : wire_(std::move(wire)),
        in_(client ? wire_->to_client : wire_->to_server),
        out_(client ? wire_->to_server : wire_->to_client) {}
  ~MemoryTransport() override { out_.closed = true; }

  IoResult read(char* buffer, std::size_t size) override {
    if (wire_->reset && in_.octets.empty()) return cut();
    if (in_.octets.empty()) return {in_.closed ? IoStatus::Closed : IoStatus::WouldBlock, 0};
    if (hiccup(read_hiccup_)) return {IoStatus::WouldBlock, 0};
    const std::size_t n = std::min({size, in_.octets.size(), limit()});
    std::memcpy(buffer, in_.octets.data(), n);
    in_.octets.erase(0, n);
    return {IoStatus::Ok, n};
  }

  IoResult write(Bytes data) override {
    if (wire_->reset) return cut();
    if (hiccup(write_hiccup_)) return {IoStatus::WouldBlock, 0};
    const std::size_t room = wire_->capacity - std::min(wire_->capacity, out_.octets.size());
    const std::size_t n = std::min({data.size(), room, limit()});
    if (n == 0 && !data.empty()) return {IoStatus::WouldBlock, 0};
    out_.octets.append(data.substr(0, n));
    out_.history.append(data.substr(0, n));
    ++out_.writes;
    return {IoStatus::Ok, n};
  }

  void shutdown() override { out_.closed = true; }
  const Error& error() const override { return error_; }

 private:
  std::size_t limit() const { return wire_->piece == 0 ? std::string::npos : wire_->piece; }
  bool hiccup(bool& state) const {
    if (wire_->piece == 0) return false;
    state = !state;
    return state;
  }
  IoResult cut() {
    error_ = {ErrorKind::Unreachable, Cause::TcpReset, "the connection was reset", ""};
    return {IoStatus::Failed, 0};
  }

  std::shared_ptr<MemoryWire> wire_;
  MemoryDirection& in_;
  MemoryDirection& out_;
  bool read_hiccup_ = false;
  bool write_hiccup_ = false;
  Error error_;
};

/// A connection's two ends and what is between them.
struct MemoryPair {
  std::shared_ptr<MemoryWire> wire = std::make_shared<MemoryWire>();
  std::unique_ptr<Transport> client = std::make_unique<MemoryTransport>(wire, true);
  std::unique_ptr<Transport> server = std::make_unique<MemoryTransport>(wire, false);
};

}  // namespace mqtk::test
