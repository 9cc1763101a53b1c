#include "inspect/shared/laboratory.hpp"

#include "options/resolve.hpp"

namespace mqtk::inspect {

using wire::PacketType;
using wire::Qos;

namespace {

bool is_denial(std::uint8_t code) {
  return code == static_cast<std::uint8_t>(wire::ReasonCode::NotAuthorized);
}

}  // namespace

Laboratory::Laboratory(EventLoop& the_loop, CapsOptions the_options)
    : loop(the_loop), options(std::move(the_options)), nonce(generate_client_id("", 10)) {
  route.config = options.config;
  route.debug = options.debug;
  root = options.topic_prefix + nonce;
}

std::string Laboratory::id(std::string_view name) const {
  // At most 23 octets of letters and digits, which every broker takes.
  return (nonce + std::string(name)).substr(0, 23);
}

Task<Answer> connect(PacketLink& link, std::string id, wire::Connect connect) {
  link.open(connect, std::move(id));
  co_return co_await link.next(PacketType::Connack, kPatience);
}

Task<Answer> subscribe(PacketLink& link, std::string filter, Qos qos) {
  wire::Subscribe request;
  request.packet_id = 1;
  request.requests.push_back({.filter = filter, .qos = qos});
  link.send(request);
  co_return co_await link.next(PacketType::Suback, kPatience);
}

void publish(PacketLink& link, Bytes topic, Bytes payload, Qos qos, bool retain,
             wire::PropertiesView properties) {
  wire::Publish message;
  message.topic = topic;
  message.payload = payload;
  message.qos = qos;
  message.retain = retain;
  message.packet_id = qos == Qos::AtMostOnce ? 0 : 2;
  message.properties = properties;
  link.send(message);
}

Task<Delivery> loop_back(Laboratory& laboratory, std::string id, std::string filter,
                         std::string topic, std::string payload, Qos qos) {
  Delivery out;
  PacketLink reader(laboratory.loop, laboratory.route);
  PacketLink writer(laboratory.loop, laboratory.route);
  if (!(co_await connect(reader, id + "r")).accepted()) co_return out;
  const Answer granted = co_await subscribe(reader, filter, qos);
  if (!granted.accepted()) {
    out.denied = is_denial(granted.code);
    out.closed = granted.kind == Answer::Kind::Closed;
    out.code = granted.code;
    reader.leave();
    co_return out;
  }
  if (!(co_await connect(writer, id + "w")).accepted()) co_return out;
  publish(writer, topic, payload, qos);
  if (qos != Qos::AtMostOnce) {
    Answer answer = co_await writer.next(
        qos == Qos::AtLeastOnce ? PacketType::Puback : PacketType::Pubrec, kPatience);
    // Some brokers answer QoS 2 as if it had been 1.
    if (answer.kind == Answer::Kind::Overdue && qos == Qos::ExactlyOnce) {
      answer = co_await writer.next(PacketType::Puback, Duration(1ms));
    }
    out.denied = is_denial(answer.code);
    out.closed = answer.kind == Answer::Kind::Closed;
    out.code = answer.code;
    if (!answer.accepted()) co_return out;
  }
  for (;;) {
    const Answer message = co_await reader.next(PacketType::Publish, kPatience);
    if (!message.is_packet()) break;
    if (message.topic != topic || message.payload != payload) continue;
    out.arrived = true;
    out.qos = message.qos;
    break;
  }
  if (!out.arrived && writer.closed()) out.closed = true;
  writer.leave();
  reader.leave();
  co_return out;
}

namespace {

Task<bool> clear_retained(Laboratory& laboratory) {
  PacketLink link(laboratory.loop, laboratory.route);
  if (!(co_await connect(link, laboratory.id("clear"))).accepted()) co_return false;
  for (const std::string& topic : laboratory.retained) {
    publish(link, topic, {}, Qos::AtMostOnce, true);
  }
  link.send(wire::Pingreq{});
  co_await link.next(PacketType::Pingresp, kPatience);
  link.leave();
  co_return true;
}

Task<bool> is_retained(Laboratory& laboratory, std::string id, std::string topic) {
  PacketLink link(laboratory.loop, laboratory.route);
  if (!(co_await connect(link, std::move(id))).accepted()) co_return false;
  co_await subscribe(link, topic);
  const bool found = (co_await link.next(PacketType::Publish, kSilence)).is_packet();
  link.leave();
  co_return found;
}

}  // namespace

// A clean connection deletes the session; whether it is gone shows in the next CONNACK.
Task<bool> delete_session(Laboratory& laboratory, std::string id) {
  PacketLink link(laboratory.loop, laboratory.route);
  const Answer cleaned = co_await connect(link, id);
  if (!cleaned.accepted()) co_return false;
  link.leave();
  wire::Connect look;
  look.clean_start = false;
  PacketLink again(laboratory.loop, laboratory.route);
  const Answer found = co_await connect(again, id, look);
  const bool gone = found.is_packet() && !found.session_present;
  again.leave();
  // Looking has made an empty one before MQTT 5.
  PacketLink last(laboratory.loop, laboratory.route);
  co_await connect(last, id);
  last.leave();
  co_return gone;
}

Task<std::vector<std::string>> clean_up(Laboratory& laboratory) {
  std::vector<std::string> left;
  if (!laboratory.retained.empty()) {
    co_await clear_retained(laboratory);
    for (const std::string& topic : laboratory.retained) {
      if (co_await is_retained(laboratory, laboratory.id("look"), topic)) {
        left.push_back("a retained message at " + topic);
      }
    }
  }
  for (const std::string& id : laboratory.sessions) {
    if (!co_await delete_session(laboratory, id)) left.push_back("a session of " + id);
  }
  co_return left;
}

}  // namespace mqtk::inspect
