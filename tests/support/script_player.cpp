#include "support/script_player.hpp"

#include <algorithm>
#include <utility>

#include "wire/codec.hpp"

namespace mqtk {

namespace {

std::string describe(Bytes packet) {
  constexpr std::size_t kShown = 48;
  std::string text(wire::name(static_cast<wire::PacketType>(u8(packet[0]) >> 4U)));
  text += " (" + to_hex(packet.substr(0, kShown));
  if (packet.size() > kShown) text += "... " + std::to_string(packet.size()) + " octets";
  return text + ")";
}

wire::PacketType type_of_whole(Bytes packet) {
  return static_cast<wire::PacketType>(u8(packet[0]) >> 4U);
}

/// Gives `packet` the packet identifier of `other` if its own is 0.
void take_packet_id(std::string& packet, Bytes other) {
  const std::size_t at = packet_id_position(packet);
  const std::size_t from = other.empty() ? 0 : packet_id_position(other);
  if (at == 0 || from == 0 || read_u16(packet.data() + at) != 0) return;
  packet[at] = other[from];
  packet[at + 1] = other[from + 1];
}

}  // namespace

wire::Decoded<wire::Packet> decode_whole(Bytes packet, wire::ProtocolVersion version) {
  std::size_t header = 1;
  while (header < packet.size() && (u8(packet[header]) & 0x80U) != 0) ++header;
  ++header;
  return wire::decode({u8(packet[0]), packet.substr(header), packet.size()}, version);
}

ScriptPlayer::ScriptPlayer(EventLoop& loop, UniqueFd fd, const Script& script,
                           ScriptAudience& audience, std::size_t number, bool counts)
    : script_(script),
      audience_(audience),
      number_(number),
      counts_(counts),
      timer_(loop,
             [this] {
               waiting_ = false;
               ++step_;
               advance();
             }),
      peer_(loop, std::move(fd), *this) {}

ScriptPlayer::~ScriptPlayer() {
  if (over_ || !counts_) return;
  differ("the script is not at its end");
}

void ScriptPlayer::start(const PeerLayers& layers) {
  if (auto started = peer_.start(layers); !started) {
    differ(started.error().message);
    end();
  }
}

void ScriptPlayer::on_open(Peer&) {
  advance();
}

void ScriptPlayer::on_frame(Peer& peer, const wire::Frame& frame) {
  if (frame.type() == wire::PacketType::Connect) {
    const auto connect = wire::decode(frame, peer.version());
    if (connect) peer.set_version(std::get<wire::Connect>(*connect).version);
  }
  std::string whole(1, octet(frame.first));
  wire::append_varint(whole, static_cast<std::uint32_t>(frame.body.size()));
  whole += frame.body;
  audience_.received(number_, peer.version(), whole);
  inbox_.push_back(std::move(whole));
}

void ScriptPlayer::on_batch_end(Peer&) {
  advance();
}

void ScriptPlayer::on_end(Peer&, const Error& why) {
  timer_.cancel();
  if (over_) return;
  const bool expected = !at_end() && step().kind == ScriptStep::Kind::ExpectEnd;
  if (!expected) differ("the connection ended: " + why.message);
  end();
}

void ScriptPlayer::advance() {
  if (playing_) return;
  playing_ = true;
  while (!waiting_ && peer_.is_open() && !at_end() && play()) {
  }
  playing_ = false;
  if (!at_end()) return;
  end();
  // After its end, a script goes on answering pings.
  while (peer_.is_open() && !inbox_.empty()) {
    if (!answer_ping()) inbox_.pop_front();
  }
}

bool ScriptPlayer::play() {
  using Kind = ScriptStep::Kind;
  const ScriptStep& now = step();
  switch (now.kind) {
    case Kind::Expect:
      return play_expect();
    case Kind::ExpectEnd:
      return play_expect_end();
    case Kind::Serve:
      return play_serve();
    case Kind::Delay:
      waiting_ = true;
      timer_.after(now.delay);
      return false;
    case Kind::Send:
      send(now);
      break;
    case Kind::Run:
      call(now.action);
      break;
    case Kind::Finish:
      peer_.finish();
      break;
    case Kind::Close:
      peer_.flush();
      peer_.close();
      break;
    case Kind::Reset:
      peer_.flush();
      peer_.reset();
      break;
    case Kind::Stall:
      peer_.pause_reading(true);
      break;
  }
  ++step_;
  return true;
}

bool ScriptPlayer::play_expect() {
  const ScriptStep& now = step();
  while (!inbox_.empty() && now.type != wire::PacketType::Pingreq && answer_ping()) {
  }
  if (inbox_.empty()) return false;
  last_ = std::move(inbox_.front());
  inbox_.pop_front();
  std::string wrong;
  if (type_of_whole(last_) != now.type) {
    wrong = "expected " + std::string(wire::name(now.type));
  } else if (const auto packet = decode_whole(last_, peer_.version()); !packet) {
    wrong = "malformed, " + std::string(packet.error().what);
  } else if (now.exact) {
    std::string exactly = now.octets[version_index()];
    take_packet_id(exactly, last_);
    if (exactly != last_) wrong = "expected " + describe(exactly);
  } else if (now.check) {
    wrong = now.check(*packet);
  }
  if (wrong.empty()) {
    ++step_;
    return true;
  }
  differ(wrong + ", got " + describe(last_));
  peer_.close();
  end();
  return false;
}

bool ScriptPlayer::play_expect_end() {
  for (; !inbox_.empty(); inbox_.pop_front()) {
    const wire::PacketType type = type_of_whole(inbox_.front());
    if (type == wire::PacketType::Pingreq) peer_.send(wire::Pingresp{});
    if (type == wire::PacketType::Pingreq || type == wire::PacketType::Disconnect) continue;
    differ("expected the end of the connection, got " + describe(inbox_.front()));
  }
  return false;
}

bool ScriptPlayer::play_serve() {
  end();
  while (!inbox_.empty() && peer_.is_open()) {
    last_ = std::move(inbox_.front());
    inbox_.pop_front();
    call(step().action);
  }
  return false;
}

void ScriptPlayer::call(const ScriptStep::Action& action) {
  if (last_.empty()) return;
  const auto packet = decode_whole(last_, peer_.version());
  if (packet) {
    action(*packet, peer_);
  } else {
    differ("malformed, " + std::string(packet.error().what) + ", got " + describe(last_));
  }
}

void ScriptPlayer::send(const ScriptStep& step) {
  std::string octets = step.octets[version_index()];
  if (!step.exact) take_packet_id(octets, last_);
  peer_.out().tail() += octets;
  peer_.flush();
}

bool ScriptPlayer::answer_ping() {
  if (type_of_whole(inbox_.front()) != wire::PacketType::Pingreq) return false;
  inbox_.pop_front();
  peer_.send(wire::Pingresp{});
  return true;
}

std::size_t ScriptPlayer::version_index() const {
  return static_cast<std::size_t>(peer_.version()) -
         static_cast<std::size_t>(wire::ProtocolVersion::V31);
}

void ScriptPlayer::differ(const std::string& text) {
  audience_.mismatch("connection " + std::to_string(number_) + ", step " +
                     std::to_string(step_ + 1) + ": " + text);
}

void ScriptPlayer::end() {
  if (std::exchange(over_, true)) return;
  if (counts_) audience_.played();
}

}  // namespace mqtk
