// A stream of bytes to a peer, without waiting. Layers are stacked: a TLS or WebSocket transport
// owns the transport below it. Whoever drives a transport never asks what it is. Not thread-safe;
// one loop each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace mqtk {

enum class IoStatus : std::uint8_t {
  Ok,          ///< `bytes` octets were moved (at least one, unless none were asked for)
  WouldBlock,  ///< nothing now; wait for the descriptor
  Closed,      ///< the peer ended its direction in an orderly way; error() says how
  Failed,      ///< error() says why; the transport is of no further use
};

struct IoResult {
  IoStatus status = IoStatus::WouldBlock;
  std::size_t bytes = 0;
};

enum class HandshakeStatus : std::uint8_t { Done, WantRead, WantWrite, Failed };

struct ChainFacts;

class Transport {
 public:
  virtual ~Transport() = default;

  /// Drives this layer's own handshake (TLS, HTTP upgrade, proxy); called until it answers Done or
  /// Failed, each time the descriptor is ready as asked for. A transport without a handshake
  /// answers Done at once. After Done the layer may still hold octets of its own, which go out with
  /// the next write() or flush().
  virtual HandshakeStatus handshake() { return HandshakeStatus::Done; }

  /// Reads up to `size` octets and takes as many as are there: a short count means that nothing
  /// more is to be had before the descriptor is readable again (so the caller need not ask once
  /// more).
  virtual IoResult read(char* buffer, std::size_t size) = 0;

  /// Takes some of `data`, at least one octet unless WouldBlock. What was taken counts as sent even
  /// when a layer still holds it (see flush()). After WouldBlock or a short count the caller offers
  /// the same octets again, possibly more of them.
  virtual IoResult write(Bytes data) = 0;

  /// Pushes out what the layers still hold (TLS records, WebSocket frames). Ok: nothing is held any
  /// more; WouldBlock: wait until the descriptor is writable.
  virtual IoResult flush() { return {IoStatus::Ok, 0}; }

  /// True when a layer needs the descriptor to be writable before it can go on *reading* or
  /// flushing.
  virtual bool wants_write() const { return false; }

  /// Ends our direction in an orderly way (close frame, close_notify, FIN), once; call flush()
  /// afterwards.
  virtual void shutdown() = 0;

  /// After Closed or Failed, of this layer or one below.
  virtual const Error& error() const = 0;

  /// What this layer and those below know of the peer, for reports: each adds its own and asks the
  /// one below.
  virtual void describe(ChainFacts&) const {}

  /// Resident octets that this layer and those below hold for one idle connection are few: buffers
  /// are allocated on first use and given back here, when the connection is quiet.
  virtual void release_buffers() {}
};

}  // namespace mqtk
