#include "net/dialogue.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mqtk {

bool merely_closed(const Error& lower) {
  switch (lower.cause) {
    case Cause::None:
    case Cause::TcpClosed:
    case Cause::TcpReset:
    case Cause::MqttLost:
      return true;
    default:
      return false;
  }
}

HandshakeStatus DialogueRunner::fail(Error error) {
  error_ = std::move(error);
  failed_ = true;
  return HandshakeStatus::Failed;
}

HandshakeStatus DialogueRunner::run(Dialogue& dialogue, Transport& lower) {
  if (failed_) return HandshakeStatus::Failed;
  if (!opened_) {
    opened_ = true;
    step_ = dialogue.open(out_);
    flushed_ = out_.empty();
  }
  for (;;) {
    if (sent_ < out_.size()) {
      const IoResult wrote = lower.write(Bytes(out_).substr(sent_));
      if (wrote.status == IoStatus::WouldBlock) return HandshakeStatus::WantWrite;
      if (wrote.status == IoStatus::Ok) {
        sent_ += wrote.bytes;
        continue;
      }
      return fail(step_ == Dialogue::Step::Failed ? dialogue.error()
                                                  : dialogue.ended(lower.error()));
    }
    if (!flushed_) {
      const IoResult flushed = lower.flush();
      if (flushed.status == IoStatus::WouldBlock) return HandshakeStatus::WantWrite;
      if (flushed.status != IoStatus::Ok) return fail(dialogue.ended(lower.error()));
      flushed_ = true;
      out_.clear();
      sent_ = 0;
    }
    if (step_ == Dialogue::Step::Done) return HandshakeStatus::Done;
    if (step_ == Dialogue::Step::Failed) return fail(dialogue.error());

    std::array<char, 4096> input;
    const IoResult got = lower.read(input.data(), std::min(input.size(), dialogue.wanted()));
    if (got.status == IoStatus::WouldBlock) {
      return lower.wants_write() ? HandshakeStatus::WantWrite : HandshakeStatus::WantRead;
    }
    if (got.status != IoStatus::Ok) return fail(dialogue.ended(lower.error()));
    step_ = dialogue.feed(Bytes(input.data(), got.bytes), out_);
    flushed_ = out_.empty();
  }
}

}  // namespace mqtk
