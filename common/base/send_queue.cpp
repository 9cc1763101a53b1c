#include "base/send_queue.hpp"

namespace mqtk {

namespace {
constexpr std::size_t kCompactAt = std::size_t{1} << 20;
constexpr std::size_t kCompactSharedAt = 256;
}  // namespace

void SendQueue::append_shared(std::shared_ptr<const std::string> owner, Bytes piece) {
  if (piece.empty()) return;
  shared_size_ += piece.size();
  shared_.push_back({std::move(owner), piece, buffer_.size()});
}

Bytes SendQueue::front() const {
  if (shared_head_ == shared_.size()) return Bytes(buffer_).substr(head_);
  const Shared& next = shared_[shared_head_];
  if (next.buffer_at == head_) return next.piece;
  return Bytes(buffer_).substr(head_, next.buffer_at - head_);
}

void SendQueue::consume(std::size_t n) {
  consumed_total_ += n;
  if (shared_head_ < shared_.size() && shared_[shared_head_].buffer_at == head_) {
    Shared& next = shared_[shared_head_];
    next.piece.remove_prefix(n);
    shared_size_ -= n;
    if (next.piece.empty()) {
      next.owner.reset();
      ++shared_head_;
    }
  } else {
    head_ += n;
  }
  if (head_ == buffer_.size() && shared_head_ == shared_.size()) {
    buffer_.clear();
    head_ = 0;
    shared_.clear();
    shared_head_ = 0;
  } else if (head_ >= kCompactAt || shared_head_ >= kCompactSharedAt) {
    compact();
  }
}

// A writer that keeps the queue from ever being empty must not make it grow.
void SendQueue::compact() {
  buffer_.erase(0, head_);
  shared_.erase(shared_.begin(), shared_.begin() + static_cast<std::ptrdiff_t>(shared_head_));
  for (Shared& shared : shared_) shared.buffer_at -= head_;
  head_ = 0;
  shared_head_ = 0;
}

void SendQueue::clear() {
  consumed_total_ += size();
  buffer_.clear();
  head_ = 0;
  shared_.clear();
  shared_head_ = 0;
  shared_size_ = 0;
}

void SendQueue::release() {
  if (!empty()) return;
  std::string().swap(buffer_);
  std::vector<Shared>().swap(shared_);
  head_ = 0;
  shared_head_ = 0;
}

}  // namespace mqtk
