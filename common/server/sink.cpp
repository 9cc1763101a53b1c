#include "server/sink.hpp"

#include <algorithm>
#include <utility>

#include "server/sink_feed.hpp"

namespace mqtk {

struct Sink::Client {
  explicit Client(EventLoop& loop, UniqueFd fd, PeerListener& listener)
      : peer(loop, std::move(fd), listener) {}
  Peer peer;
  std::unique_ptr<SinkFeed> feed;
  std::uint16_t receive_maximum = 65535;
  bool connected = false;
};

namespace {

void append_reply(Peer& peer, unsigned first, const char* packet_id) {
  // Type, Remaining Length 2 and the identifier: the same in all versions when all is well.
  const char reply[4] = {octet(first), 2, packet_id[0], packet_id[1]};
  peer.out().tail().append(reply, sizeof reply);
}

std::string field(const char* name, std::uint64_t value) {
  return std::string("\"") + name + "\":" + std::to_string(value);
}

}  // namespace

std::string to_json(const SinkCounts& counts) {
  const std::chrono::duration<double> span = counts.last_publish - counts.first_publish;
  return "{" + field("connections", counts.connections) + "," + field("open", counts.open) + "," +
         field("connects", counts.connects) + "," + field("messages", counts.all_publishes()) +
         "," + field("qos0", counts.publishes[0]) + "," + field("qos1", counts.publishes[1]) + "," +
         field("qos2", counts.publishes[2]) + "," + field("duplicates", counts.duplicates) + "," +
         field("octets", counts.publish_octets) + "," + field("pubrels", counts.pubrels) + "," +
         field("subscribes", counts.subscribes) + "," + field("pings", counts.pings) + "," +
         field("disconnects", counts.disconnects) + "," + field("fed", counts.fed) + "," +
         field("fed_acknowledged", counts.fed_acknowledged) + "," +
         field("malformed", counts.malformed) + ",\"span_s\":" + std::to_string(span.count()) + "}";
}

Sink::Sink(EventLoop& loop, SinkOptions options) : loop_(loop), options_(std::move(options)) {}
Sink::~Sink() = default;

Result<std::unique_ptr<Sink>> Sink::start(EventLoop& loop, SinkOptions options) {
  std::unique_ptr<Sink> sink(new Sink(loop, std::move(options)));
  Sink* const self = sink.get();
  auto listener = Listener::open(loop, self->options_.listen,
                                 [self](UniqueFd fd) { self->accept(std::move(fd)); });
  if (!listener) return fail(std::move(listener.error()));
  sink->listener_ = std::move(*listener);
  return sink;
}

void Sink::accept(UniqueFd fd) {
  PeerListener& listener = *this;
  auto client = std::make_unique<Client>(loop_, std::move(fd), listener);
  Peer& peer = client->peer;
  ++counts_.connections;
  ++counts_.open;
  clients_.emplace(&peer, std::move(client));
  if (!peer.start(options_.layers)) drop(peer);
}

void Sink::drain() {
  std::uint64_t before = 0;
  do {
    before = counts_.publish_octets + counts_.disconnects;
    loop_.run_once(false);
    loop_.run_once(false);
  } while (counts_.publish_octets + counts_.disconnects != before);
}

void Sink::drop(Peer& peer) {
  --counts_.open;
  clients_.erase(&peer);
}

void Sink::on_end(Peer& peer, const Error& why) {
  if (why.cause == Cause::MqttMalformed) ++counts_.malformed;
  drop(peer);
}

void Sink::on_frame(Peer& peer, const wire::Frame& frame) {
  if (frame.type() == wire::PacketType::Publish) {
    publish(peer, frame);
  } else {
    other(peer, frame);
  }
}

void Sink::publish(Peer& peer, const wire::Frame& frame) {
  const unsigned qos = (frame.first >> 1U) & 3U;
  if (qos == 3) {
    ++counts_.malformed;
    drop(peer);
    return;
  }
  ++counts_.publishes[qos];
  counts_.publish_octets += frame.size;
  if (qos == 0) return;
  if ((frame.first & 8U) != 0) ++counts_.duplicates;
  const std::size_t id_at =
      frame.body.size() < 2 ? 0 : std::size_t{2} + read_u16(frame.body.data());
  if (id_at == 0 || frame.body.size() < id_at + 2) {
    ++counts_.malformed;
    drop(peer);
    return;
  }
  append_reply(peer, qos == 1 ? 0x40 : 0x50, frame.body.data() + id_at);
}

void Sink::on_batch_end(Peer&) {
  const std::uint64_t published = counts_.all_publishes();
  if (published == published_before_) return;
  counts_.last_publish = monotonic_now();
  if (published_before_ == 0) counts_.first_publish = counts_.last_publish;
  published_before_ = published;
}

void Sink::other(Peer& peer, const wire::Frame& frame) {
  using wire::PacketType;
  bool legal = true;
  switch (frame.type()) {
    case PacketType::Connect:
      legal = connect(peer, frame);
      break;
    case PacketType::Subscribe:
      legal = subscribe(peer, frame);
      break;
    case PacketType::Unsubscribe:
      legal = unsubscribe(peer, frame);
      break;
    case PacketType::Pubrel:
      legal = frame.body.size() >= 2;
      if (legal) append_reply(peer, 0x70, frame.body.data());
      ++counts_.pubrels;
      break;
    case PacketType::Puback:
    case PacketType::Pubrec:
    case PacketType::Pubcomp: {
      const auto& feed = clients_.at(&peer)->feed;
      legal = feed != nullptr && frame.body.size() >= 2;
      if (!legal) break;
      if (feed->acknowledge(peer, frame.type(), read_u16(frame.body.data()))) {
        ++counts_.fed_acknowledged;
      }
      counts_.fed += feed->fill(peer);
      if (feed->wants_room()) peer.ask_for_room();
      break;
    }
    case PacketType::Pingreq:
      ++counts_.pings;
      peer.send(wire::Pingresp{});
      break;
    case PacketType::Disconnect:
      ++counts_.disconnects;
      peer.finish();
      break;
    default:
      legal = false;
  }
  if (legal) return;
  ++counts_.malformed;
  drop(peer);
}

bool Sink::connect(Peer& peer, const wire::Frame& frame) {
  const auto decoded = wire::decode(frame, peer.version());
  if (!decoded || std::exchange(clients_.at(&peer)->connected, true)) return false;
  const auto& packet = std::get<wire::Connect>(*decoded);
  ++counts_.connects;
  peer.set_version(packet.version);
  if (const auto maximum = packet.properties.number(wire::PropertyId::ReceiveMaximum)) {
    clients_.at(&peer)->receive_maximum = static_cast<std::uint16_t>(*maximum);
  }
  wire::Connack answer;
  wire::Properties properties;
  if (packet.version == wire::ProtocolVersion::V5 && packet.client_id.empty()) {
    properties.add(wire::PropertyId::AssignedClientIdentifier,
                   "sink-" + std::to_string(counts_.connects));
    answer.properties = properties;
  }
  peer.send(answer);
  if (options_.stall) peer.pause_reading(true);
  return true;
}

bool Sink::subscribe(Peer& peer, const wire::Frame& frame) {
  const auto decoded = wire::decode(frame, peer.version());
  if (!decoded) return false;
  const auto& packet = std::get<wire::Subscribe>(*decoded);
  ++counts_.subscribes;
  std::string codes;
  for (const wire::SubscriptionRequest& request : packet.requests) {
    codes.push_back(static_cast<char>(request.qos));
  }
  wire::Suback answer;
  answer.packet_id = packet.packet_id;
  answer.codes = codes;
  peer.send(answer);
  Client& client = *clients_.at(&peer);
  auto& feed = client.feed;
  if (options_.feed == 0 || feed != nullptr) return true;
  const wire::SubscriptionRequest& first = packet.requests.front();
  feed = std::make_unique<SinkFeed>(first.filter, first.qos, peer.version(), options_.feed,
                                    options_.feed_size,
                                    std::min(options_.feed_window, client.receive_maximum));
  peer.ask_for_room();
  return true;
}

bool Sink::unsubscribe(Peer& peer, const wire::Frame& frame) {
  const auto decoded = wire::decode(frame, peer.version());
  if (!decoded) return false;
  const auto& packet = std::get<wire::Unsubscribe>(*decoded);
  const std::string codes(packet.filters.size(), '\0');
  wire::Unsuback answer;
  answer.packet_id = packet.packet_id;
  if (peer.version() == wire::ProtocolVersion::V5) answer.codes = codes;
  peer.send(answer);
  return true;
}

void Sink::on_room(Peer& peer) {
  const auto& feed = clients_.at(&peer)->feed;
  if (feed == nullptr) return;
  counts_.fed += feed->fill(peer);
  if (feed->wants_room()) peer.ask_for_room();
  peer.flush();
}

}  // namespace mqtk
