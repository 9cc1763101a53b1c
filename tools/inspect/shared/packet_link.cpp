#include "inspect/shared/packet_link.hpp"

#include <algorithm>
#include <utility>

namespace mqtk::inspect {

using wire::PacketType;

Result<void> settle(Route& route, const Endpoint& endpoint) {
  route.config.endpoints = {endpoint};
  if (endpoint.uses_tls()) {
    if (auto context = route.tls.get(route.config.tls); !context) {
      return fail(std::move(context.error()));
    }
  }
  if (route.config.credentials) {
    auto credentials = route.config.credentials();
    if (!credentials) return fail(std::move(credentials.error()));
    route.credentials = std::move(*credentials);
  }
  return {};
}

PacketLink::PacketLink(EventLoop& loop, Route& route)
    : route_(route),
      connection_(loop, *this),
      version_(route.version),
      wake_(loop, [this] { resume(); }),
      overdue_(loop, [this] { resume(); }) {}

PacketLink::~PacketLink() = default;

void PacketLink::open(wire::Connect connect, std::string client_id,
                      std::optional<wire::ProtocolVersion> version) {
  version_ = version.value_or(route_.version);
  if (route_.debug != nullptr) log_.emplace(*route_.debug, client_id);
  connect.version = version_;
  connect.client_id = client_id;
  if (route_.credentials.username) connect.username = *route_.credentials.username;
  if (route_.credentials.password) connect.password = *route_.credentials.password;
  greeting_.clear();
  wire::encode(connect, greeting_);
  if (log_) log_->packet(PacketDirection::Sent, connect, version_);
  closed_ = false;
  disconnect_code_ = 0;
  answers_.clear();
  framer_.reset();
  connection_.open(connect_plan(route_.config, route_.config.endpoints.front(), route_.tls));
}

void PacketLink::on_open() {
  send_raw(greeting_);
}

void PacketLink::send(const wire::Packet& packet) {
  if (log_) log_->packet(PacketDirection::Sent, packet, version_);
  wire::encode(packet, version_, connection_.out().tail());
  connection_.flush();
}

void PacketLink::send_raw(Bytes octets) {
  connection_.out().tail().append(octets);
  connection_.flush();
}

void PacketLink::leave() {
  if (connection_.is_open()) send(wire::Disconnect{});
  drop();
}

void PacketLink::drop() {
  connection_.close();
  closed_ = true;
}

void PacketLink::on_lost(const Error&) {
  closed_ = true;
  if (waiting_) wake_.schedule();
}

void PacketLink::on_data(Bytes data) {
  wire::Frame frame;
  while (framer_.next(data, frame) == wire::Framer::Status::Frame) handle(frame);
  if (waiting_ && ready_for(awaited_)) wake_.schedule();
}

void PacketLink::reply(PacketType type, std::uint16_t packet_id) {
  wire::PublishReply reply;
  reply.type = type;
  reply.packet_id = packet_id;
  send(reply);
}

void PacketLink::handle(const wire::Frame& frame) {
  const auto packet = wire::decode(frame, version_);
  if (!packet) return;
  if (log_) log_->packet(PacketDirection::Received, *packet, version_);
  Answer answer;
  answer.kind = Answer::Kind::Packet;
  answer.type = wire::type_of(*packet);
  if (const auto* connack = std::get_if<wire::Connack>(&*packet)) {
    answer.code = connack->code;
    answer.session_present = connack->session_present;
    answer.properties = connack->properties.raw();
    // Before MQTT 5 every code but 0 is a refusal.
    if (connack->code != 0 && connack->code < 0x80) answer.code = 0x80;
  } else if (const auto* suback = std::get_if<wire::Suback>(&*packet)) {
    answer.code = suback->codes.empty() ? 0x80 : u8(suback->codes.front());
  } else if (const auto* reply_to = std::get_if<wire::PublishReply>(&*packet)) {
    answer.code = static_cast<std::uint8_t>(reply_to->reason);
    if (answer.type == PacketType::Pubrec && answer.code < 0x80) {
      reply(PacketType::Pubrel, reply_to->packet_id);
    } else if (answer.type == PacketType::Pubrel) {
      reply(PacketType::Pubcomp, reply_to->packet_id);
    }
  } else if (const auto* publish = std::get_if<wire::Publish>(&*packet)) {
    answer.topic = publish->topic;
    answer.payload = publish->payload;
    answer.qos = publish->qos;
    answer.retain = publish->retain;
    answer.properties = publish->properties.raw();
    if (acknowledging_ && publish->qos != wire::Qos::AtMostOnce) {
      reply(publish->qos == wire::Qos::AtLeastOnce ? PacketType::Puback : PacketType::Pubrec,
            publish->packet_id);
    }
  } else if (const auto* disconnect = std::get_if<wire::Disconnect>(&*packet)) {
    disconnect_code_ = static_cast<std::uint8_t>(disconnect->reason);
  }
  answers_.push_back(std::move(answer));
}

bool PacketLink::ready_for(PacketType type) const {
  return closed_ || std::ranges::find(answers_, type, &Answer::type) != answers_.end();
}

void PacketLink::wait_for(PacketType type, Duration limit, std::coroutine_handle<> handle) {
  awaited_ = type;
  waiting_ = handle;
  overdue_.after(limit);
}

void PacketLink::resume() {
  overdue_.cancel();
  wake_.cancel();
  if (const auto handle = std::exchange(waiting_, nullptr)) handle.resume();
}

Answer PacketLink::take(PacketType type) {
  const auto found = std::ranges::find(answers_, type, &Answer::type);
  if (found != answers_.end()) {
    Answer answer = std::move(*found);
    answers_.erase(found);
    return answer;
  }
  Answer none;
  none.kind = closed_ ? Answer::Kind::Closed : Answer::Kind::Overdue;
  none.code = disconnect_code_;
  return none;
}

}  // namespace mqtk::inspect
