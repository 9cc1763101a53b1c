#include "net/stream.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace mqtk {

namespace {

constexpr int kBlocksPerWakeUp = 8;

// Exists once a connection, and thousands may be idle.
static_assert(sizeof(void*) != 8 || sizeof(Stream) <= 208);

}  // namespace

void Stream::attach(std::unique_ptr<Transport> lowest, int fd) {
  transport_ = std::move(lowest);
  fd_ = fd;
  bytes_read_ = 0;
}

void Stream::close(bool reset) {
  lifetime_.end();
  if (!reset && open_ && !write_failed_ && transport_ != nullptr) {
    transport_->shutdown();
    transport_->flush();
  }
  watcher_.reset();
  read_again_.reset();
  if (reset && fd_ >= 0) {
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  transport_.reset();
  fd_ = -1;
  read_size_ = EventLoop::kScratchSize;
  open_ = above_high_water_ = write_blocked_ = write_failed_ = read_ended_ = false;
  writable_wanted_ = finishing_ = serving_ = telling_ = failure_due_ = false;
}

void Stream::watch(unsigned mask) {
  if (!watcher_) {
    watcher_ = std::make_unique<FdWatcher>(loop_, fd_, [this](unsigned bits) { ready(bits); });
  }
  watcher_->watch(mask);
}

HandshakeStatus Stream::handshake() {
  const HandshakeStatus status = transport_->handshake();
  if (status == HandshakeStatus::WantRead || status == HandshakeStatus::WantWrite) {
    watch(status == HandshakeStatus::WantWrite || transport_->wants_write()
              ? FdWatcher::kReadable | FdWatcher::kWritable
              : FdWatcher::kReadable);
  }
  return status;
}

void Stream::start() {
  if (!watcher_) watch(0);
  const Life life(lifetime_);
  flush();
  if (!life.over()) update_watch();
}

void Stream::read_now() {
  if (!watcher_) watch(0);
  ready(FdWatcher::kReadable);
}

void Stream::ready(unsigned mask) {
  if (!open_) {
    user_.on_stream_handshake();
    return;
  }
  const TimePoint woke = monotonic_now();
  const Life life(lifetime_);
  serving_ = true;
  if ((mask & FdWatcher::kWritable) != 0) {
    write_blocked_ = false;
    writable_wanted_ = false;
    write_some();
    if (life.over()) return;
    user_.on_stream_writable();
    if (life.over()) return;
  }
  if ((mask & FdWatcher::kReadable) != 0) {
    read_some(woke);
    if (life.over()) return;
  }
  serving_ = false;
  update_watch();
}

void Stream::read_some(TimePoint woke) {
  if (read_ended_) return;
  const Life life(lifetime_);
  char* const buffer = loop_.scratch();
  int blocks = 0;
  for (; blocks < kBlocksPerWakeUp && read_size_ > 0; ++blocks) {
    const std::size_t size = read_size_;
    const IoResult result = transport_->read(buffer, size);
    if (result.status == IoStatus::WouldBlock) break;
    if (result.status != IoStatus::Ok) {
      // What came before the end is handled before the end itself is told.
      const Error why = transport_->error();
      read_ended_ = true;
      user_.on_stream_pause(woke);
      if (life.over()) return;
      user_.on_stream_end(result.status == IoStatus::Closed ? StreamEnd::Closed : StreamEnd::Failed,
                          why);
      return;
    }
    bytes_read_ += result.bytes;
    arrived_ = blocks == 0 ? woke : monotonic_now();
    telling_ = true;
    user_.on_stream_data(Bytes(buffer, result.bytes));
    if (life.over()) return;
    telling_ = false;
    if (result.bytes < size) break;
  }
  if (std::exchange(failure_due_, false)) {
    fail_to_write();
    return;
  }
  // More may wait inside a layer, where the descriptor does not tell.
  if (blocks == kBlocksPerWakeUp) read_again_soon();
  const Duration rest = user_.on_stream_pause(woke);
  if (life.over()) return;
  if (!out_.empty()) flush();
  if (life.over() || write_blocked_ || rest <= 0ns) return;
  update_watch();
  watcher_->rest(rest);
}

void Stream::read_again_soon() {
  if (!read_again_) {
    read_again_ = std::make_unique<Timer>(loop_, [this] { ready(FdWatcher::kReadable); });
  }
  read_again_->after(0ns);
}

void Stream::flush() {
  if (!open_ || transport_ == nullptr) return;
  if (write_failed_) {
    if (!failure_due_) out_.clear();
    return;
  }
  if (write_blocked_) {
    // What has gathered meanwhile stops the source, so on_stream_drained() has to come.
    if (out_.size() >= kHighWater) above_high_water_ = true;
    return;
  }
  const Life life(lifetime_);
  write_some();
  if (!life.over() && !serving_) update_watch();
}

void Stream::write_some() {
  while (!out_.empty()) {
    const IoResult result = transport_->write(out_.front());
    if (result.status == IoStatus::Ok) {
      out_.consume(result.bytes);
      continue;
    }
    write_blocked_ = true;
    if (result.status == IoStatus::WouldBlock) break;
    write_failed_ = true;
    failure_due_ = telling_;
    if (!telling_) fail_to_write();
    return;
  }
  if (finishing_ && out_.empty()) transport_->shutdown();
  if (transport_->flush().status != IoStatus::Ok) write_blocked_ = true;
  if (out_.size() >= kHighWater) {
    above_high_water_ = true;
  } else if (above_high_water_ && out_.size() < kLowWater) {
    above_high_water_ = false;
    user_.on_stream_drained();
  }
}

// The peer may have said why before it closed: that is read first.
void Stream::fail_to_write() {
  const Life life(lifetime_);
  const Error why = transport_->error();
  if (!finishing_) read_some(monotonic_now());
  if (life.over()) return;
  user_.on_stream_end(StreamEnd::WriteFailed, why);
  if (!life.over()) out_.clear();
}

void Stream::update_watch() {
  if (!watcher_) return;
  unsigned mask = read_size_ == 0 || read_ended_ ? 0 : FdWatcher::kReadable;
  if ((write_blocked_ && !write_failed_) || writable_wanted_ || transport_->wants_write()) {
    mask |= FdWatcher::kWritable;
  }
  watcher_->watch(mask);
}

void Stream::ask_writable() {
  writable_wanted_ = true;
  if (!serving_) update_watch();
}

void Stream::limit_reading(std::size_t octets) {
  const std::uint32_t before = std::exchange(
      read_size_, static_cast<std::uint32_t>(std::min(octets, EventLoop::kScratchSize)));
  if ((before == 0) == (read_size_ == 0) || !open_) return;
  update_watch();
  if (read_size_ > 0 && !read_ended_) read_again_soon();
}

void Stream::finish() {
  finishing_ = true;
  read_size_ = EventLoop::kScratchSize;
  flush();
}

}  // namespace mqtk
