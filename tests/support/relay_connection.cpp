#include "support/relay_connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace mqtk {

namespace {

/// How finely a rate is kept.
constexpr std::uint64_t kRestsASecond = 50;
/// Octets of a packet that are kept to be read, besides the payload's.
constexpr std::size_t kCapture = 1024;
/// The first octet of every MQTT connection; a TLS greeting has flags there that MQTT has not.
constexpr std::uint8_t kConnectOctet = 0x10;
/// How long a connection that is being cut may take to get rid of what is queued.
constexpr Duration kLinger = 2s;

}  // namespace

RelayConnection::RelayConnection(Relay& relay, std::uint64_t id, UniqueFd client)
    : relay_(relay),
      id_(id),
      flows_{Flow(RelayDirection::ToTarget, client_, target_,
                  kCapture + relay.options_.payload_octets),
             Flow(RelayDirection::ToClient, target_, client_,
                  kCapture + relay.options_.payload_octets)} {
  attach(client_, std::move(client));
}

RelayConnection::~RelayConnection() = default;

RelayConnection::Side::Side(RelayConnection& whose)
    : owner(whose), stream(whose.relay_.loop_, *this) {}

Duration RelayConnection::Side::on_stream_pause(TimePoint) {
  owner.update();
  return 0ns;
}

void RelayConnection::attach(Side& side, UniqueFd fd) {
  const int number = fd.get();
  if (const int size = relay_.options_.socket_buffer; size > 0) {
    ::setsockopt(number, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    ::setsockopt(number, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  }
  side.stream.attach(std::make_unique<TcpTransport>(std::move(fd)), number);
}

void RelayConnection::dial() {
  const RelayOptions& options = relay_.options_;
  dialer_ = std::make_unique<Dialer>(relay_.loop_);
  std::optional<std::vector<SocketAddress>> addresses;
  if (!options.target_unix_path.empty()) {
    if (const auto path = unix_address(options.target_unix_path)) addresses = {*path};
  } else {
    addresses = resolve_now(options.target_host, options.target_port, IpFamily::Any);
  }
  const auto connect = [this](std::vector<SocketAddress> found) {
    dialer_->dial(std::move(found), "the relay's target", {},
                  [this](Result<Dialed> result) { dialed(std::move(result)); });
  };
  if (addresses) {
    connect(std::move(*addresses));
    return;
  }
  resolver_ = std::make_unique<Resolver>(relay_.loop_);
  resolver_->resolve(options.target_host, options.target_port, IpFamily::Any,
                     [this, connect](Result<std::vector<SocketAddress>> found) {
                       if (found) {
                         connect(std::move(*found));
                       } else {
                         gone();
                       }
                     });
}

void RelayConnection::dialed(Result<Dialed> result) {
  if (state_ != State::Dialing) return;
  if (!result) {
    gone();
    return;
  }
  if (relay_.options_.target_unix_path.empty()) set_tcp_nodelay(result->fd.get());
  attach(target_, std::move(result->fd));
  state_ = State::Open;
  for (Flow& each : flows_) limit_reading(each);
  for (Side* side : {&client_, &target_}) {
    side->stream.open();
    side->stream.start();
  }
  update();
}

std::size_t RelayConnection::room(const Flow& flow) const {
  const std::size_t held = flow.to.stream.out().size() + flow.delayed_size;
  const std::size_t free =
      relay_.options_.buffer_limit - std::min(relay_.options_.buffer_limit, held);
  const std::uint64_t rate = relay_.direction(flow.direction).rate;
  if (rate == 0) return free;
  return std::min<std::size_t>(free, std::max<std::uint64_t>(1, rate / kRestsASecond));
}

// At a rate, a little is read and then nothing for as long as that takes on such a line.
void RelayConnection::rest(Flow& flow, std::size_t octets) {
  const std::uint64_t rate = relay_.direction(flow.direction).rate;
  if (rate == 0) return;
  constexpr Duration kLate = 100ms;  // what a late turn of the loop missed is caught up with
  flow.rests_until =
      std::max(flow.rests_until, monotonic_now() - kLate) +
      Duration(1s) * static_cast<std::int64_t>(octets) / static_cast<std::int64_t>(rate);
  if (!flow.rest) flow.rest = std::make_unique<Timer>(relay_.loop_, [this] { update(); });
  flow.rest->at(flow.rests_until);
}

bool RelayConnection::reads(const Flow& flow) const {
  if (state_ == State::Gone || state_ == State::Dialing || flow.end) return false;
  if (state_ == State::Cutting || flow.discard) return true;
  const Relay::Direction& way = relay_.direction(flow.direction);
  if (way.rate > 0 && monotonic_now() < flow.rests_until) return false;
  return !way.stalled && room(flow) > 0;
}

void RelayConnection::limit_reading(Flow& flow) {
  const bool dropped = state_ == State::Cutting || flow.discard;
  const std::size_t most = dropped ? EventLoop::kScratchSize : room(flow);
  flow.from.stream.limit_reading(reads(flow) ? most : 0);
}

void RelayConnection::came(Flow& flow, Bytes octets) {
  if (state_ != State::Cutting && !flow.discard) {
    rest(flow, octets.size());
    forward(flow, octets);
  }
  if (state_ != State::Gone) limit_reading(flow);
}

void RelayConnection::side_ended(Side& side, StreamEnd how) {
  if (how != StreamEnd::Closed) side.broken = true;
  if (how != StreamEnd::WriteFailed) {
    flow_from(side).end = how == StreamEnd::Closed ? RelayEnding::Fin : RelayEnding::Reset;
  }
  update();
}

// Passes octets on, packet by packet, until a rule says that the connection is cut here.
void RelayConnection::forward(Flow& flow, Bytes octets) {
  while (!octets.empty() && state_ == State::Open) {
    const PacketScanner::Piece piece = flow.scanner.next(octets);
    if (piece.begins && !begin_packet(flow)) return;
    if (!flow.scanner.is_mqtt()) flow.verdict = {};
    const bool later = flow.verdict.later;
    if (!flow.verdict.swallow && !later && !relay_.direction(flow.direction).black_hole) {
      const RelayRules::Passage passage = relay_.rules_.pass(flow.direction, piece.octets.size());
      queue(flow, piece.octets.substr(0, passage.octets));
      if (passage.cut) {
        const bool whole = piece.ends && passage.octets == piece.octets.size();
        if (whole && flow.scanner.is_mqtt()) end_packet(flow);
        cut_when_sent(*passage.cut);
        return;
      }
    }
    disorder(flow, piece);
    if (piece.ends && flow.scanner.is_mqtt()) end_packet(flow);
  }
}

// What is to pass once more, or after another packet, is kept until then.
void RelayConnection::disorder(Flow& flow, const PacketScanner::Piece& piece) {
  if (flow.verdict.twice || flow.verdict.later) flow.copy.append(piece.octets);
  if (!piece.ends) return;
  if (flow.verdict.later) {
    flow.held += std::exchange(flow.copy, {});
    return;
  }
  if (flow.verdict.twice) queue(flow, std::exchange(flow.copy, {}));
  if (!flow.held.empty()) queue(flow, std::exchange(flow.held, {}));
}

// False when the connection is cut before this packet.
bool RelayConnection::begin_packet(Flow& flow) {
  if (flow.direction == RelayDirection::ToTarget && !std::exchange(greeted_, true) &&
      flow.scanner.first() != kConnectOctet) {
    for (Flow& each : flows_) each.scanner.give_up();
  }
  if (!flow.scanner.is_mqtt()) return true;
  flow.verdict = relay_.rules_.packet(flow.direction, flow.scanner.type());
  if (!flow.verdict.cut_before) return true;
  cut_when_sent(*flow.verdict.cut_before);
  return false;
}

void RelayConnection::end_packet(Flow& flow) {
  if (flow.scanner.type() == wire::PacketType::Connect) {
    // Protocol name, then the version's octet.
    Bytes body = flow.scanner.captured().substr(flow.scanner.header_size());
    const std::size_t level_at = body.size() < 2 ? 0 : std::size_t{2} + read_u16(body.data());
    if (level_at != 0 && level_at < body.size()) {
      version_ = static_cast<wire::ProtocolVersion>(u8(body[level_at]));
    }
  }
  RelayRecord record = read_record(flow.scanner, version_, relay_.options_.payload_octets);
  if (relay_.options_.keep_octets) record.octets = flow.scanner.captured();
  record.connection = id_;
  record.direction = flow.direction;
  record.swallowed = flow.verdict.swallow || relay_.direction(flow.direction).black_hole;
  relay_.keep(std::move(record));
  if (flow.verdict.cut_after) cut_when_sent(*flow.verdict.cut_after);
}

void RelayConnection::queue(Flow& flow, Bytes octets) {
  relay_.direction(flow.direction).octets += octets.size();
  const Duration delay = relay_.direction(flow.direction).delay;
  if (delay <= 0ns && flow.delayed.empty()) {
    flow.to.stream.out().tail().append(octets);
    return;
  }
  TimePoint due = monotonic_now() + delay;
  if (!flow.delayed.empty()) due = std::max(due, flow.delayed.back().due);
  flow.delayed.push_back({due, std::string(octets)});
  flow.delayed_size += octets.size();
}

void RelayConnection::release_due(Flow& flow) {
  const TimePoint now = monotonic_now();
  while (!flow.delayed.empty() && flow.delayed.front().due <= now) {
    flow.to.stream.out().tail().append(flow.delayed.front().octets);
    flow.delayed_size -= flow.delayed.front().octets.size();
    flow.delayed.pop_front();
  }
  if (flow.delayed.empty()) return;
  if (!flow.timer) flow.timer = std::make_unique<Timer>(relay_.loop_, [this] { update(); });
  flow.timer->at(flow.delayed.front().due);
}

void RelayConnection::write(Side& side) {
  // Reading from a broken one tells how it ended, after what it still had to say.
  if (side.broken || side.shut) side.stream.out().clear();
  side.stream.flush();
}

// When all that came before an end has been passed on, the end itself is.
void RelayConnection::pass_on_end(Flow& flow) {
  if (!flow.end || !flow.delayed.empty() || !flow.to.stream.out().empty()) return;
  if (*flow.end == RelayEnding::Reset) {
    flow.to.stream.close(true);
    gone();
  } else if (!flow.to.shut) {
    flow.to.shut = true;
    flow.to.stream.transport().shutdown();
  }
}

void RelayConnection::update() {
  if (state_ == State::Gone || state_ == State::Dialing || updating_) return;
  // Writing may tell that a side ended.
  updating_ = true;
  for (Flow& each : flows_) {
    release_due(each);
    write(each.to);
  }
  updating_ = false;
  if (state_ == State::Open) {
    for (Flow& each : flows_) {
      pass_on_end(each);
      if (state_ == State::Gone) return;
    }
  } else {
    finish();
    if (state_ == State::Gone) return;
  }
  if (flows_[0].end && flows_[1].end && client_.stream.out().empty() &&
      target_.stream.out().empty() && flows_[0].delayed.empty() && flows_[1].delayed.empty()) {
    gone();
    return;
  }
  for (Flow& each : flows_) limit_reading(each);
}

void RelayConnection::cut_when_sent(RelayEnding ending) {
  if (state_ != State::Open) return;
  state_ = State::Cutting;
  ending_ = ending;
  linger_ = std::make_unique<Timer>(relay_.loop_, [this] { gone(); });
  linger_->after(kLinger);
}

// Ends both sides once they have what was queued for them; in an orderly end, what they still send
// is read, since closing over unread octets would make a reset of it.
void RelayConnection::finish() {
  for (const Flow& each : flows_) {
    if (!each.delayed.empty() || !each.to.stream.out().empty()) return;
  }
  if (ending_ == RelayEnding::Reset) {
    client_.stream.close(true);
    target_.stream.close(true);
    gone();
    return;
  }
  for (Side* side : {&client_, &target_}) {
    if (!std::exchange(side->shut, true)) side->stream.transport().shutdown();
  }
}

void RelayConnection::cut(RelayEnding ending) {
  if (state_ == State::Gone) return;
  if (state_ == State::Dialing) {
    if (ending == RelayEnding::Reset) client_.stream.close(true);
    gone();
    return;
  }
  for (Flow& each : flows_) {
    each.delayed.clear();
    each.delayed_size = 0;
    each.to.stream.out().clear();
  }
  cut_when_sent(ending);
  ending_ = ending;
  update();
}

void RelayConnection::half_close(RelayDirection direction) {
  if (state_ != State::Open) return;
  Flow& half = flow(direction);
  half.discard = true;
  half.to.shut = true;
  half.to.stream.transport().shutdown();
  update();
}

void RelayConnection::gone() {
  if (state_ == State::Gone) return;
  state_ = State::Gone;
  dialer_.reset();
  resolver_.reset();
  client_.stream.close();
  target_.stream.close();
  relay_.ended(id_);
}

}  // namespace mqtk
