#include "support/script.hpp"

#include <utility>

#include "wire/codec.hpp"

namespace mqtk {

namespace {

std::array<std::string, 3> encode_all(const wire::Packet& packet) {
  std::array<std::string, 3> result;
  wire::encode(packet, wire::ProtocolVersion::V31, result[0]);
  wire::encode(packet, wire::ProtocolVersion::V311, result[1]);
  wire::encode(packet, wire::ProtocolVersion::V5, result[2]);
  return result;
}

ScriptStep step_of(ScriptStep::Kind kind) {
  ScriptStep step;
  step.kind = kind;
  return step;
}

}  // namespace

std::size_t packet_id_position(Bytes packet) {
  std::size_t at = 1;
  while (at < packet.size() && (u8(packet[at]) & 0x80U) != 0) ++at;
  ++at;
  const unsigned type = u8(packet.empty() ? '\0' : packet[0]) >> 4U;
  if (type == static_cast<unsigned>(wire::PacketType::Publish)) {
    if ((u8(packet[0]) & 6U) == 0 || packet.size() < at + 2) return 0;
    at += std::size_t{2} + read_u16(packet.data() + at);
  } else if (type < static_cast<unsigned>(wire::PacketType::Puback) ||
             type > static_cast<unsigned>(wire::PacketType::Unsuback)) {
    return 0;
  }
  return at + 2 <= packet.size() ? at : 0;
}

Script& Script::add(ScriptStep step) {
  steps_.push_back(std::move(step));
  return *this;
}

Script& Script::expect(wire::PacketType type, ScriptStep::Check check) {
  ScriptStep step = step_of(ScriptStep::Kind::Expect);
  step.type = type;
  step.check = std::move(check);
  return add(std::move(step));
}

Script& Script::expect(const wire::Packet& packet) {
  ScriptStep step = step_of(ScriptStep::Kind::Expect);
  step.type = wire::type_of(packet);
  step.octets = encode_all(packet);
  step.exact = true;
  return add(std::move(step));
}

Script& Script::expect_end() {
  return add(step_of(ScriptStep::Kind::ExpectEnd));
}

Script& Script::reply(const wire::Packet& packet) {
  ScriptStep step = step_of(ScriptStep::Kind::Send);
  step.octets = encode_all(packet);
  return add(std::move(step));
}

Script& Script::send_raw(std::string octets) {
  ScriptStep step = step_of(ScriptStep::Kind::Send);
  step.octets.fill(octets);
  step.exact = true;
  return add(std::move(step));
}

Script& Script::delay(Duration time) {
  ScriptStep step = step_of(ScriptStep::Kind::Delay);
  step.delay = time;
  return add(std::move(step));
}

Script& Script::run(ScriptStep::Action action) {
  ScriptStep step = step_of(ScriptStep::Kind::Run);
  step.action = std::move(action);
  return add(std::move(step));
}

Script& Script::serve(ScriptStep::Action action) {
  ScriptStep step = step_of(ScriptStep::Kind::Serve);
  step.action = std::move(action);
  return add(std::move(step));
}

Script& Script::finish() {
  return add(step_of(ScriptStep::Kind::Finish));
}

Script& Script::close() {
  return add(step_of(ScriptStep::Kind::Close));
}

Script& Script::reset() {
  return add(step_of(ScriptStep::Kind::Reset));
}

Script& Script::stall() {
  return add(step_of(ScriptStep::Kind::Stall));
}

}  // namespace mqtk
