// Bytes that wait to be written to a connection. Small pieces are copied into one buffer; a large
// payload is held by reference, so that it exists once. Not thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace mqtk {

class SendQueue {
 public:
  /// Encoders append here; valid until the next call of another member.
  std::string& tail() { return buffer_; }
  /// Queues `piece`, which lies inside *owner, without copying it.
  void append_shared(std::shared_ptr<const std::string> owner, Bytes piece);

  bool empty() const { return size() == 0; }
  /// Octets not yet consumed.
  std::size_t size() const { return buffer_.size() - head_ + shared_size_; }
  /// All octets ever consumed; with size() this dates a position in the stream.
  std::uint64_t consumed_total() const { return consumed_total_; }
  std::uint64_t appended_total() const { return consumed_total_ + size(); }

  /// The next contiguous run of octets; empty when the queue is.
  Bytes front() const;
  /// Drops n <= front().size() octets.
  void consume(std::size_t n);
  void clear();
  /// Gives memory back when the queue is empty.
  void release();

 private:
  void compact();
  struct Shared {
    std::shared_ptr<const std::string> owner;
    Bytes piece;            ///< what is left of it
    std::size_t buffer_at;  ///< comes before buffer_[buffer_at]
  };
  std::string buffer_;
  std::size_t head_ = 0;
  std::vector<Shared> shared_;
  std::size_t shared_head_ = 0;
  std::size_t shared_size_ = 0;
  std::uint64_t consumed_total_ = 0;
};

}  // namespace mqtk
