#include "server/peer.hpp"

#include <sys/socket.h>

#include <utility>

#include "net/tcp_transport.hpp"
#include "net/websocket/websocket.hpp"

namespace mqtk {

namespace {
constexpr int kReadsPerWakeUp = 8;
}  // namespace

Peer::Peer(EventLoop& loop, UniqueFd fd, PeerListener& listener)
    : loop_(loop), listener_(listener), fd_(fd.get()) {
  transport_ = std::make_unique<TcpTransport>(std::move(fd));
  watcher_ = std::make_unique<FdWatcher>(loop_, fd_, [this](unsigned mask) { ready(mask); });
}

Peer::~Peer() {
  close();
}

Result<void> Peer::start(const PeerLayers& layers) {
  layers_ = layers;
  if (auto added = add_layer(); !added) {
    close();
    return added;
  }
  drive();
  return {};
}

Result<void> Peer::add_layer() {
  if (layers_.tls != nullptr) {
    transport_ = layers_.tls->server(std::move(transport_));
    layers_.tls = nullptr;
  } else if (layers_.websocket) {
    auto layer = make_websocket_server(std::move(transport_));
    if (!layer) return fail(std::move(layer.error()));
    transport_ = std::move(*layer);
    layers_.websocket = false;
  }
  return {};
}

// Handshakes of all layers, from the lowest up.
void Peer::drive() {
  while (true) {
    handshake_ = transport_->handshake();
    if (handshake_ == HandshakeStatus::Failed) {
      const Error why = transport_->error();
      transport_->flush();
      lose(why);
      return;
    }
    if (handshake_ != HandshakeStatus::Done) break;
    if (layers_.tls == nullptr && !layers_.websocket) {
      const Life life(lifetime_);
      listener_.on_open(*this);
      if (life.over()) return;
      // The first packet may have come with the last octets of the handshake.
      ready(FdWatcher::kReadable);
      return;
    }
    if (auto added = add_layer(); !added) {
      lose(added.error());
      return;
    }
  }
  update_watch();
}

void Peer::ready(unsigned mask) {
  if (handshake_ != HandshakeStatus::Done) {
    drive();
    return;
  }
  const Life life(lifetime_);
  if ((mask & FdWatcher::kWritable) != 0) {
    write_blocked_ = false;
    write_some();
    if (life.over()) return;
  }
  if ((mask & FdWatcher::kReadable) != 0) {
    read_some();
    if (life.over()) return;
  }
  if (room_wanted_ && (mask & FdWatcher::kWritable) != 0 && out_.size() < kLowWater) {
    room_wanted_ = false;
    listener_.on_room(*this);
    if (life.over()) return;
  }
  update_watch();
}

void Peer::read_some() {
  char* const buffer = loop_.scratch();
  int reads = 0;
  for (; reads < kReadsPerWakeUp && !reading_paused_; ++reads) {
    const IoResult result = transport_->read(buffer, EventLoop::kScratchSize);
    if (result.status == IoStatus::WouldBlock) break;
    if (result.status != IoStatus::Ok) {
      lose(transport_->error());
      return;
    }
    if (!finishing_ && !handle(Bytes(buffer, result.bytes))) return;
    if (result.bytes < EventLoop::kScratchSize) break;
  }
  // More may wait inside a layer, where the descriptor does not tell.
  if (reads == kReadsPerWakeUp) read_again_soon();
}

void Peer::read_again_soon() {
  if (!read_again_) {
    read_again_ = std::make_unique<Timer>(loop_, [this] { ready(FdWatcher::kReadable); });
  }
  read_again_->after(0ns);
}

// False when the peer is closed.
bool Peer::handle(Bytes data) {
  const Life life(lifetime_);
  if (listener_.on_octets(*this, data)) return !life.over();
  in_batch_ = true;
  wire::Frame frame;
  wire::Framer::Status status = framer_.next(data, frame);
  while (status == wire::Framer::Status::Frame) {
    listener_.on_frame(*this, frame);
    if (life.over()) return false;
    if (finishing_) break;
    status = framer_.next(data, frame);
  }
  in_batch_ = false;
  listener_.on_batch_end(*this);
  if (life.over()) return false;
  flush();
  if (life.over()) return false;
  if (status == wire::Framer::Status::Malformed && !finishing_) {
    lose({ErrorKind::ProtocolViolation, Cause::MqttMalformed, std::string(framer_.malformed().what),
          ""});
    return false;
  }
  return true;
}

void Peer::send(const wire::Packet& packet) {
  wire::encode(packet, version_, out_.tail());
  flush();
}

void Peer::send_raw(Bytes bytes) {
  out_.tail().append(bytes);
  flush();
}

void Peer::flush() {
  if (in_batch_ || write_blocked_ || transport_ == nullptr || handshake_ != HandshakeStatus::Done) {
    return;
  }
  const Life life(lifetime_);
  write_some();
  if (!life.over()) update_watch();
}

void Peer::write_some() {
  while (!out_.empty()) {
    const IoResult result = transport_->write(out_.front());
    if (result.status == IoStatus::Ok) {
      out_.consume(result.bytes);
      continue;
    }
    if (result.status != IoStatus::WouldBlock) {
      // Reading tells how the connection ended, after what came before the end.
      out_.clear();
      watcher_->watch(FdWatcher::kReadable);
      return;
    }
    write_blocked_ = true;
    break;
  }
  if (finishing_ && out_.empty()) transport_->shutdown();
  if (transport_->flush().status == IoStatus::WouldBlock) write_blocked_ = true;
}

void Peer::update_watch() {
  if (!watcher_) return;
  unsigned mask = reading_paused_ ? 0 : FdWatcher::kReadable;
  const bool handshake_writes = handshake_ == HandshakeStatus::WantWrite;
  if (write_blocked_ || room_wanted_ || handshake_writes || transport_->wants_write()) {
    mask |= FdWatcher::kWritable;
  }
  watcher_->watch(mask);
}

void Peer::ask_for_room() {
  room_wanted_ = true;
  update_watch();
}

void Peer::pause_reading(bool paused) {
  if (reading_paused_ == paused || transport_ == nullptr) return;
  reading_paused_ = paused;
  update_watch();
  if (!paused) read_again_soon();
}

void Peer::finish() {
  if (finishing_ || transport_ == nullptr) return;
  finishing_ = true;
  reading_paused_ = false;
  flush();
}

void Peer::close() {
  watcher_.reset();
  read_again_.reset();
  transport_.reset();
  out_.clear();
  lifetime_.end();
}

void Peer::reset() {
  if (transport_ == nullptr) return;
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void Peer::lose(Error why) {
  close();
  listener_.on_end(*this, why);
}

}  // namespace mqtk
