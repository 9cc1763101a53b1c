#include "server/peer.hpp"

#include <utility>

#include "net/tcp_transport.hpp"
#include "net/websocket/websocket.hpp"

namespace mqtk {

Peer::Peer(EventLoop& loop, UniqueFd fd, PeerListener& listener)
    : listener_(listener), stream_(loop, *this) {
  const int number = fd.get();
  stream_.attach(std::make_unique<TcpTransport>(std::move(fd)), number);
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
    stream_.set_chain(layers_.tls->server(stream_.take_chain()));
    layers_.tls = nullptr;
  } else if (layers_.websocket) {
    auto layer = make_websocket_server(stream_.take_chain());
    if (!layer) return fail(std::move(layer.error()));
    stream_.set_chain(std::move(*layer));
    layers_.websocket = false;
  }
  return {};
}

// Handshakes of all layers, from the lowest up.
void Peer::drive() {
  for (;;) {
    const HandshakeStatus status = stream_.handshake();
    if (status == HandshakeStatus::Failed) {
      const Error why = stream_.transport().error();
      stream_.transport().flush();
      lose(why);
      return;
    }
    if (status != HandshakeStatus::Done) return;
    if (layers_.tls == nullptr && !layers_.websocket) break;
    if (auto added = add_layer(); !added) {
      lose(added.error());
      return;
    }
  }
  stream_.open();
  const Life life(stream_.lifetime());
  listener_.on_open(*this);
  // The first packet may have come with the last octets of the handshake.
  if (!life.over()) stream_.read_now();
}

void Peer::on_stream_data(Bytes data) {
  if (stream_.finishing()) return;
  const Life life(stream_.lifetime());
  if (listener_.on_octets(*this, data)) return;
  in_batch_ = true;
  wire::Frame frame;
  wire::Framer::Status status = framer_.next(data, frame);
  while (status == wire::Framer::Status::Frame) {
    listener_.on_frame(*this, frame);
    if (life.over()) return;
    if (stream_.finishing()) break;
    status = framer_.next(data, frame);
  }
  in_batch_ = false;
  listener_.on_batch_end(*this);
  if (life.over()) return;
  flush();
  if (life.over()) return;
  if (status == wire::Framer::Status::Malformed && !stream_.finishing()) {
    lose({ErrorKind::ProtocolViolation, Cause::MqttMalformed, std::string(framer_.malformed().what),
          ""});
  }
}

void Peer::on_stream_writable() {
  if (!room_wanted_) return;
  if (stream_.out().size() >= kLowWater) {
    stream_.ask_writable();
    return;
  }
  room_wanted_ = false;
  listener_.on_room(*this);
}

void Peer::on_stream_end(StreamEnd, const Error& why) {
  lose(why);
}

void Peer::send(const wire::Packet& packet) {
  wire::encode(packet, version_, stream_.out().tail());
  flush();
}

void Peer::send_raw(Bytes bytes) {
  stream_.out().tail().append(bytes);
  flush();
}

void Peer::flush() {
  if (!in_batch_) stream_.flush();
}

void Peer::ask_for_room() {
  room_wanted_ = true;
  stream_.ask_writable();
}

void Peer::close() {
  stream_.close();
  stream_.out().clear();
}

void Peer::reset() {
  stream_.close(true);
  stream_.out().clear();
}

void Peer::lose(Error why) {
  close();
  listener_.on_end(*this, why);
}

}  // namespace mqtk
