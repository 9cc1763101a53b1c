// The border between OpenSSL and the transport below: a BIO that reads ahead in large blocks and
// collects what OpenSSL writes into few large writes. Blocks are lent by a store that all
// connections of a context share, so that a quiet connection holds none.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "net/tls/openssl.hpp"
#include "net/transport.hpp"

namespace mqtk {

/// At most one idle block per direction, handed from connection to connection. Not thread-safe.
struct SpareBlocks {
  std::unique_ptr<char[]> in;
  std::unique_ptr<char[]> out;
};

class TlsStream {
 public:
  static constexpr std::size_t kReadBlock = 64 * 1024;
  /// The largest piece of plaintext that becomes one record, and the room that record needs.
  static constexpr std::size_t kRecord = 16 * 1024;
  static constexpr std::size_t kRecordRoom = kRecord + 512;
  static constexpr std::size_t kWriteBlock = 4 * kRecordRoom;

  TlsStream(std::unique_ptr<Transport> lower, std::shared_ptr<SpareBlocks> spare);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  /// A BIO over this stream, which must outlive it; nullptr when memory is short.
  BIO* make_bio();

  /// A turn is one call from outside: the lower transport may have something new.
  void begin_turn() { dry_ = false; }
  /// Gives back the blocks that are empty.
  void end_turn();

  /// Writes out what is held. Ok: nothing is held any more.
  IoStatus push();
  bool holding() const { return out_begin_ < out_end_; }
  /// Room for one more record, after pushing if need be.
  bool make_room();

  Transport& lower() { return *lower_; }
  const Transport& lower() const { return *lower_; }

  /// The peer has ended its direction, of what came all is read.
  bool closed() const { return closed_; }
  bool read_failed() const { return read_failed_; }
  bool write_failed() const { return write_failed_; }
  /// After read_failed() or write_failed().
  const Error& error() const { return error_; }

  /// The first octets that ever came, up to 15; empty when nothing has come.
  const std::string& first_octets() const { return first_; }
  /// Something came, and it does not begin like a TLS record.
  bool foreign() const;

 private:
  friend struct TlsStreamBio;
  enum class Refill { Filled, Later, End };

  Refill refill();
  int take(char* buffer, int size, bool& retry);
  int hold(const char* data, int size, bool& retry);
  void compact();

  std::unique_ptr<Transport> lower_;
  std::shared_ptr<SpareBlocks> spare_;
  std::unique_ptr<char[]> in_;
  std::unique_ptr<char[]> out_;
  std::size_t in_begin_ = 0;
  std::size_t in_end_ = 0;
  std::size_t out_begin_ = 0;
  std::size_t out_end_ = 0;
  bool dry_ = false;
  bool closed_ = false;
  bool read_failed_ = false;
  bool write_failed_ = false;
  std::string first_;
  Error error_;
};

}  // namespace mqtk
