// Two transports joined in memory, for tests of layers: each direction can be cut into small
// pieces, be given a capacity, be closed or be broken, and the test may read and write the octets
// itself.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "net/transport.hpp"

namespace mqtk::test {

/// One direction.
struct PipeState {
  std::string octets;
  std::size_t chunk = std::string::npos;     ///< octets moved by one read or write at most
  std::size_t capacity = std::string::npos;  ///< octets held at most
  bool closed = false;
  bool broken = false;
  Error error;
  std::size_t reads = 0;
  std::size_t writes = 0;
};

struct PipeEnds {
  std::shared_ptr<PipeState> to_peer = std::make_shared<PipeState>();
  std::shared_ptr<PipeState> from_peer = std::make_shared<PipeState>();
};

class PipeTransport final : public Transport {
 public:
  explicit PipeTransport(PipeEnds ends) : ends_(std::move(ends)) {}

  IoResult read(char* buffer, std::size_t size) override {
    PipeState& pipe = *ends_.from_peer;
    ++pipe.reads;
    if (pipe.broken) return {IoStatus::Failed, 0};
    if (pipe.octets.empty()) return {pipe.closed ? IoStatus::Closed : IoStatus::WouldBlock, 0};
    const std::size_t part = std::min({size, pipe.octets.size(), pipe.chunk});
    std::memcpy(buffer, pipe.octets.data(), part);
    pipe.octets.erase(0, part);
    return {IoStatus::Ok, part};
  }

  IoResult write(Bytes data) override {
    PipeState& pipe = *ends_.to_peer;
    ++pipe.writes;
    if (pipe.broken) return {IoStatus::Failed, 0};
    const std::size_t room = pipe.capacity - std::min(pipe.capacity, pipe.octets.size());
    const std::size_t part = std::min({data.size(), room, pipe.chunk});
    if (part == 0 && !data.empty()) return {IoStatus::WouldBlock, 0};
    pipe.octets.append(data.substr(0, part));
    return {IoStatus::Ok, part};
  }

  void shutdown() override { ends_.to_peer->closed = true; }
  const Error& error() const override { return ends_.from_peer->error; }

 private:
  PipeEnds ends_;
};

/// The two ends of one connection.
inline std::pair<PipeEnds, PipeEnds> make_pipe() {
  PipeEnds one;
  PipeEnds other{one.from_peer, one.to_peer};
  return {one, other};
}

inline std::unique_ptr<Transport> over(const PipeEnds& ends) {
  return std::make_unique<PipeTransport>(ends);
}

}  // namespace mqtk::test
