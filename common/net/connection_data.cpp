// An open connection: reading in large blocks, writing what is queued, and the orderly end.
#include <thread>
#include <utility>

#include "net/connection.hpp"

namespace mqtk {

namespace {
constexpr int kReadsPerWakeUp = 8;
}  // namespace

void Connection::ready(unsigned mask) {
  if (state_ == State::Handshaking) {
    drive_handshake();
    return;
  }
  const TimePoint woke = monotonic_now();
  const Life life(lifetime_);
  serving_ = true;
  if ((mask & FdWatcher::kWritable) != 0) {
    write_blocked_ = false;
    write_some();
    if (!life.over() && state_ == State::Open) listener_.on_writable();
    if (life.over()) return;
  }
  if ((mask & FdWatcher::kReadable) != 0) {
    read_some(woke);
    if (life.over()) return;
  }
  serving_ = false;
  update_watch();
}

void Connection::read_some(TimePoint woke) {
  const Life life(lifetime_);
  char* buffer = loop_.scratch();
  int reads = 0;
  for (; reads < kReadsPerWakeUp && !reading_paused_; ++reads) {
    const IoResult result = transport_->read(buffer, EventLoop::kScratchSize);
    if (result.status == IoStatus::WouldBlock) break;
    if (result.status != IoStatus::Ok) {
      if (state_ == State::Finishing) {
        finished(result.status == IoStatus::Closed && out_.empty());
        return;
      }
      // What came before the end is handled before the end itself is told.
      const Error why = transport_->error();
      listener_.on_data_end(woke);
      if (!life.over()) lose(why);
      return;
    }
    bytes_read_ += result.bytes;
    arrived_ = reads == 0 ? woke : monotonic_now();
    if (state_ == State::Open) {
      listener_.on_data(Bytes(buffer, result.bytes));
      if (life.over()) return;
    }
    if (result.bytes < EventLoop::kScratchSize) break;
  }
  // More may wait inside a layer, where the descriptor does not tell.
  if (reads == kReadsPerWakeUp) read_again_soon();
  if (state_ != State::Open) return;
  const Duration rest = listener_.on_data_end(woke);
  if (life.over()) return;
  if (!out_.empty()) flush();
  if (life.over() || write_blocked_) return;
  if (rest > 0ns) std::this_thread::sleep_for(rest);
}

void Connection::read_again_soon() {
  if (!read_again_) {
    read_again_ = std::make_unique<Timer>(loop_, [this] {
      if (state_ == State::Open || state_ == State::Finishing) ready(FdWatcher::kReadable);
    });
  }
  read_again_->after(0ns);
}

void Connection::flush() {
  if (state_ != State::Open && state_ != State::Finishing) return;
  if (write_blocked_) {
    // What has gathered meanwhile stops the source, so on_drained() has to come.
    if (out_.size() >= kHighWater) above_high_water_ = true;
    return;
  }
  const Life life(lifetime_);
  write_some();
  if (!life.over() && !serving_) update_watch();
}

void Connection::write_some() {
  while (!out_.empty()) {
    const Bytes next = out_.front();
    const IoResult result = transport_->write(next);
    if (result.status == IoStatus::Ok) {
      out_.consume(result.bytes);
      continue;
    }
    if (result.status == IoStatus::Failed || result.status == IoStatus::Closed) {
      // The peer may have said why before it closed: read that first.
      write_blocked_ = true;
      const Life life(lifetime_);
      const Error why = transport_->error();
      if (state_ == State::Open && !reading_paused_) read_some(monotonic_now());
      if (!life.over() && state_ == State::Open) lose(why);
      if (!life.over() && state_ == State::Finishing) finished(false);
      return;
    }
    write_blocked_ = true;
    break;
  }
  if (state_ == State::Finishing && out_.empty()) transport_->shutdown();
  if (transport_->flush().status != IoStatus::Ok) write_blocked_ = true;
  if (out_.size() >= kHighWater) {
    above_high_water_ = true;
  } else if (above_high_water_ && out_.size() < kLowWater) {
    above_high_water_ = false;
    if (state_ == State::Open) listener_.on_drained();
  }
}

void Connection::update_watch() {
  if (!watcher_) return;
  unsigned mask = reading_paused_ ? 0 : FdWatcher::kReadable;
  if (write_blocked_ || transport_->wants_write()) mask |= FdWatcher::kWritable;
  watcher_->watch(mask);
}

void Connection::pause_reading(bool paused) {
  if (reading_paused_ == paused) return;
  reading_paused_ = paused;
  if (state_ != State::Open) return;
  update_watch();
  if (!paused) read_again_soon();
}

void Connection::finish(Duration linger, std::function<void(bool)> done) {
  state_ = State::Finishing;
  reading_paused_ = false;
  finished_ = std::move(done);
  timer_ = std::make_unique<Timer>(loop_, [this] { finished(false); });
  timer_->after(linger);
  flush();
}

void Connection::finished(bool orderly) {
  const auto done = std::move(finished_);
  close();
  done(orderly);
}

}  // namespace mqtk
