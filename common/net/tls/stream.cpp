#include "net/tls/stream.hpp"

#include <algorithm>
#include <cstring>

namespace mqtk {

struct TlsStreamBio {
  static TlsStream& stream(BIO* bio) { return *static_cast<TlsStream*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* buffer, int size) {
    bool retry = false;
    BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
    const int n = stream(bio).take(buffer, size, retry);
    if (retry) BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY);
    return n;
  }

  static int write(BIO* bio, const char* data, int size) {
    bool retry = false;
    BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
    const int n = stream(bio).hold(data, size, retry);
    if (retry) BIO_set_flags(bio, BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY);
    return n;
  }

  static long control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
    if (command == BIO_CTRL_FLUSH) return 1;  // the transport pushes at the end of a turn
    if (command == BIO_CTRL_EOF) return stream(bio).closed() ? 1 : 0;
    return 0;
  }

  static BIO_METHOD* method() {
    static const Owned<BIO_METHOD, &BIO_meth_free> made = [] {
      Owned<BIO_METHOD, &BIO_meth_free> method(
          BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "transport"));
      if (method) {
        BIO_meth_set_read(method.get(), &read);
        BIO_meth_set_write(method.get(), &write);
        BIO_meth_set_ctrl(method.get(), &control);
      }
      return method;
    }();
    return made.get();
  }
};

TlsStream::TlsStream(std::unique_ptr<Transport> lower, std::shared_ptr<SpareBlocks> spare)
    : lower_(std::move(lower)), spare_(std::move(spare)) {}

TlsStream::~TlsStream() {
  in_begin_ = in_end_ = out_begin_ = out_end_ = 0;
  end_turn();
}

BIO* TlsStream::make_bio() {
  BIO* bio = TlsStreamBio::method() == nullptr ? nullptr : BIO_new(TlsStreamBio::method());
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  return bio;
}

void TlsStream::end_turn() {
  if (in_ && in_begin_ == in_end_) spare_->in = std::move(in_);
  if (out_ && !holding()) spare_->out = std::move(out_);
}

TlsStream::Refill TlsStream::refill() {
  if (closed_ || read_failed_) return Refill::End;
  if (dry_) return Refill::Later;
  if (!in_) in_ = std::move(spare_->in);
  if (!in_) in_ = std::make_unique_for_overwrite<char[]>(kReadBlock);
  const IoResult got = lower_->read(in_.get(), kReadBlock);
  switch (got.status) {
    case IoStatus::Ok:
      in_begin_ = 0;
      in_end_ = got.bytes;
      dry_ = got.bytes < kReadBlock;
      if (first_.size() < 5) {
        first_.append(in_.get(), std::min(got.bytes, std::size_t{15} - first_.size()));
      }
      return got.bytes > 0 ? Refill::Filled : Refill::Later;
    case IoStatus::WouldBlock:
      dry_ = true;
      return Refill::Later;
    case IoStatus::Closed:
      closed_ = true;
      return Refill::End;
    case IoStatus::Failed:
      break;
  }
  read_failed_ = true;
  error_ = lower_->error();
  return Refill::End;
}

int TlsStream::take(char* buffer, int size, bool& retry) {
  if (size <= 0) return 0;
  if (in_begin_ == in_end_) {
    switch (refill()) {
      case Refill::Filled:
        break;
      case Refill::Later:
        retry = true;
        return -1;
      case Refill::End:
        return closed_ ? 0 : -1;
    }
  }
  const std::size_t n = std::min(in_end_ - in_begin_, static_cast<std::size_t>(size));
  std::memcpy(buffer, in_.get() + in_begin_, n);
  in_begin_ += n;
  return static_cast<int>(n);
}

void TlsStream::compact() {
  if (out_begin_ == 0) return;
  std::memmove(out_.get(), out_.get() + out_begin_, out_end_ - out_begin_);
  out_end_ -= out_begin_;
  out_begin_ = 0;
}

int TlsStream::hold(const char* data, int size, bool& retry) {
  if (size <= 0) return 0;
  if (write_failed_) return size;  // lost either way; what the peer still says can be read
  if (!out_) out_ = std::move(spare_->out);
  if (!out_) out_ = std::make_unique_for_overwrite<char[]>(kWriteBlock);
  const auto wanted = static_cast<std::size_t>(size);
  if (kWriteBlock - out_end_ < wanted) {
    push();
    compact();
  }
  const std::size_t n = std::min(wanted, kWriteBlock - out_end_);
  if (n == 0) {
    retry = true;
    return -1;
  }
  std::memcpy(out_.get() + out_end_, data, n);
  out_end_ += n;
  return static_cast<int>(n);
}

IoStatus TlsStream::push() {
  if (write_failed_) return IoStatus::Failed;
  while (holding()) {
    const IoResult sent = lower_->write({out_.get() + out_begin_, out_end_ - out_begin_});
    if (sent.status == IoStatus::WouldBlock || (sent.status == IoStatus::Ok && sent.bytes == 0)) {
      return IoStatus::WouldBlock;
    }
    if (sent.status != IoStatus::Ok) {
      write_failed_ = true;
      if (!read_failed_) error_ = lower_->error();
      out_begin_ = out_end_ = 0;
      return IoStatus::Failed;
    }
    out_begin_ += sent.bytes;
  }
  out_begin_ = out_end_ = 0;
  return IoStatus::Ok;
}

bool TlsStream::make_room() {
  if (kWriteBlock - out_end_ >= kRecordRoom) return true;
  push();
  compact();
  return kWriteBlock - out_end_ >= kRecordRoom;
}

bool TlsStream::foreign() const {
  if (first_.empty()) return false;
  const bool known_type = u8(first_[0]) >= 20 && u8(first_[0]) <= 23;
  return !known_type || (first_.size() > 1 && first_[1] != 3);
}

}  // namespace mqtk
