#include "net/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "base/platform.hpp"
#include "base/units.hpp"
#include "net/tcp_transport.hpp"

namespace mqtk {

namespace {

struct PhaseTimeout {
  ErrorKind kind;
  Cause cause;
  const char* what;
  const char* hint;
};

PhaseTimeout timeout_of(Phase phase) {
  switch (phase) {
    case Phase::Resolve:
      return {ErrorKind::Unreachable, Cause::DnsTimeout, "the name server did not answer", ""};
    case Phase::Tcp:
      return {ErrorKind::Unreachable, Cause::TcpTimeout, "no answer to the connection attempt",
              "a firewall may drop the packets, or the address is wrong"};
    case Phase::Proxy:
      return {ErrorKind::Unreachable, Cause::ProxyTimeout, "the proxy did not answer", ""};
    case Phase::Tls:
      return {ErrorKind::Unreachable, Cause::TlsTimeout, "the TLS handshake did not finish",
              "does this port speak TLS? plain MQTT ports wait in silence"};
    case Phase::WebSocket:
      return {ErrorKind::Unreachable, Cause::WsTimeout, "the WebSocket upgrade was not answered",
              "does this port speak HTTP?"};
    case Phase::Mqtt:
    case Phase::Count_:
      break;
  }
  return {ErrorKind::Unreachable, Cause::MqttNoAnswer, "the peer did not answer", ""};
}

}  // namespace

Connection::Connection(EventLoop& loop, ConnectionListener& listener)
    : loop_(loop), listener_(listener), resolver_(loop), dialer_(loop) {}

Connection::~Connection() {
  close();
}

void Connection::open(const ConnectPlan& plan) {
  close();
  plan_ = plan;
  timings_ = {};
  out_.clear();
  bytes_read_ = 0;
  started_ = monotonic_now();
  connect_deadline_ = plan.timeouts.connect > 0ns ? started_ + plan.timeouts.connect : kNever;
  state_ = State::Resolving;
  begin_phase(Phase::Resolve, plan.timeouts.resolve);

  if (plan_.endpoint.scheme == Scheme::Unix) {
    const auto address = unix_address(plan_.endpoint.host);
    if (!address) {
      lose({ErrorKind::Usage,
            Cause::TcpLocal,
            "the path of the Unix socket is empty or too long: " + plan_.endpoint.host,
            {}});
      return;
    }
    resolved(std::vector{*address});
    return;
  }
  const std::string& host = plan_.proxy != nullptr ? plan_.proxy->host : plan_.endpoint.host;
  const std::uint16_t port = plan_.proxy != nullptr ? plan_.proxy->port : plan_.endpoint.port;
  if (auto known = resolve_now(host, port, plan_.family)) {
    resolved(std::move(*known));
    return;
  }
  timer_ = std::make_unique<Timer>(loop_, [this] { timed_out(); });
  timer_->at(std::min(connect_deadline_, phase_deadline_));
  resolver_.resolve(host, port, plan_.family, [this](Result<std::vector<SocketAddress>> result) {
    resolved(std::move(result));
  });
}

void Connection::close(bool reset) {
  if (state_ == State::Idle) return;
  state_ = State::Idle;
  lifetime_.end();
  resolver_.cancel();
  dialer_.cancel();
  watcher_.reset();
  timer_.reset();
  read_again_.reset();
  if (reset && fd_ >= 0) {
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  transport_.reset();
  tls_ = nullptr;
  websocket_ = nullptr;
  fd_ = -1;
  finished_ = nullptr;
  reading_paused_ = false;
  above_high_water_ = false;
  write_blocked_ = false;
  serving_ = false;
}

void Connection::lose(Error why) {
  listener_.on_losing();
  close();
  listener_.on_lost(why);
}

void Connection::begin_phase(Phase phase, Duration limit) {
  phase_ = phase;
  phase_started_ = monotonic_now();
  phase_deadline_ = limit > 0ns ? phase_started_ + limit : kNever;
}

void Connection::end_phase() {
  timings_.phase[static_cast<int>(phase_)] = monotonic_now() - phase_started_;
}

void Connection::timed_out() {
  const TimePoint now = monotonic_now();
  if (now < std::min(connect_deadline_, phase_deadline_)) {
    timer_->at(std::min(connect_deadline_, phase_deadline_));
    return;
  }
  const PhaseTimeout why = timeout_of(phase_);
  lose({why.kind, why.cause,
        std::string(why.what) + " within " + format_duration(now - phase_started_) + " (" +
            to_string(plan_.endpoint) + ")",
        why.hint});
}

void Connection::resolved(Result<std::vector<SocketAddress>> addresses) {
  end_phase();
  if (!addresses) {
    if (obtain_tls()) lose(addresses.error());
    return;
  }
  const std::string what = plan_.proxy != nullptr
                               ? "the proxy " + host_and_port(plan_.proxy->host, plan_.proxy->port)
                           : plan_.endpoint.scheme == Scheme::Unix
                               ? plan_.endpoint.host
                               : host_and_port(plan_.endpoint.host, plan_.endpoint.port);
  if (addresses->empty()) {
    lose({ErrorKind::HostNotFound,
          Cause::DnsNotFound,
          what + " has no address of the family that was asked for",
          {}});
    return;
  }
  state_ = State::Dialing;
  begin_phase(Phase::Tcp, 0ns);  // each attempt has its own limit
  if (timer_) timer_->at(connect_deadline_);
  DialOptions options;
  options.bind_address = plan_.bind_address;
  options.attempt_timeout = plan_.timeouts.tcp;
  const Life life(lifetime_);
  dialer_.dial(std::move(*addresses), what, options,
               [this](Result<Dialed> result) { dialed(std::move(result)); });
  if (life.over() || state_ != State::Dialing || timer_) return;
  timer_ = std::make_unique<Timer>(loop_, [this] { timed_out(); });
  timer_->at(connect_deadline_);
}

// What is wrong with the configuration is said before what is wrong with the network: this comes
// before any failure to resolve or dial is reported.
bool Connection::obtain_tls() {
  if (!plan_.endpoint.uses_tls()) return true;
  auto context = plan_.tls();
  if (!context) {
    phase_ = Phase::Tls;
    lose(std::move(context.error()));
    return false;
  }
  tls_context_ = *context;
  return true;
}

void Connection::dialed(Result<Dialed> result) {
  end_phase();
  if (!obtain_tls()) return;
  if (!result) {
    lose(result.error());
    return;
  }
  peer_address_ = to_string(result->address);
  fd_ = result->fd.get();
  if (plan_.tcp_nodelay && result->address.family() != AF_UNIX) set_tcp_nodelay(fd_);
  transport_ = std::make_unique<TcpTransport>(std::move(result->fd));
  state_ = State::Handshaking;
  next_layer();
}

void Connection::next_layer() {
  const Phase done = phase_;
  const Endpoint& endpoint = plan_.endpoint;
  if (done < Phase::Proxy && plan_.proxy != nullptr) {
    begin_phase(Phase::Proxy, plan_.timeouts.proxy);
    transport_ =
        make_proxy_transport(std::move(transport_), *plan_.proxy, endpoint.host, endpoint.port);
  } else if (done < Phase::Tls && endpoint.uses_tls()) {
    begin_phase(Phase::Tls, plan_.timeouts.tls);
    auto layer = tls_context_->client(std::move(transport_), endpoint.verified_name.empty()
                                                                 ? endpoint.host
                                                                 : endpoint.verified_name);
    tls_ = layer.get();
    transport_ = std::move(layer);
  } else if (done < Phase::WebSocket && endpoint.uses_websocket()) {
    begin_phase(Phase::WebSocket, plan_.timeouts.websocket);
    std::string authority = host_and_port(endpoint.host, endpoint.port);
    if (endpoint.port == default_port(endpoint.scheme)) authority.resize(authority.rfind(':'));
    auto layer = make_websocket_client(std::move(transport_), *plan_.websocket, authority);
    if (!layer) {
      lose(layer.error());
      return;
    }
    websocket_ = layer->get();
    transport_ = std::move(*layer);
  } else {
    timer_.reset();
    timings_.total = monotonic_now() - started_;
    phase_ = Phase::Mqtt;
    state_ = State::Open;
    const Life life(lifetime_);
    listener_.on_open();
    if (life.over() || state_ != State::Open) return;
    if (!watcher_) {
      watcher_ = std::make_unique<FdWatcher>(loop_, fd_, [this](unsigned mask) { ready(mask); });
    }
    flush();
    return;
  }
  if (!timer_) timer_ = std::make_unique<Timer>(loop_, [this] { timed_out(); });
  timer_->at(std::min(connect_deadline_, phase_deadline_));
  drive_handshake();
}

void Connection::drive_handshake() {
  const HandshakeStatus status = transport_->handshake();
  switch (status) {
    case HandshakeStatus::Done:
      end_phase();
      next_layer();
      return;
    case HandshakeStatus::Failed:
      lose(transport_->error());
      return;
    case HandshakeStatus::WantRead:
    case HandshakeStatus::WantWrite:
      break;
  }
  if (!watcher_) {
    watcher_ = std::make_unique<FdWatcher>(loop_, fd_, [this](unsigned mask) { ready(mask); });
  }
  watcher_->watch(status == HandshakeStatus::WantWrite || transport_->wants_write()
                      ? FdWatcher::kReadable | FdWatcher::kWritable
                      : FdWatcher::kReadable);
}

std::uint64_t Connection::octets_taken() const {
  const std::uint64_t written = out_.consumed_total();
  if (fd_ < 0) return written;
  return written - std::min<std::uint64_t>(written, unacknowledged_octets(fd_));
}

std::string Connection::local_address() const {
  SocketAddress address;
  address.length = sizeof address.storage;
  if (fd_ < 0 ||
      ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address.storage), &address.length) != 0) {
    return {};
  }
  return to_string(address);
}

std::optional<TlsInfo> Connection::tls_info() const {
  return tls_ != nullptr ? std::optional(tls_->info()) : std::nullopt;
}

std::optional<WebSocketInfo> Connection::websocket_info() const {
  return websocket_ != nullptr ? std::optional(websocket_->info()) : std::nullopt;
}

}  // namespace mqtk
