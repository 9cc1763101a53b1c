#include "net/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/platform.hpp"
#include "base/units.hpp"
#include "net/http_response.hpp"
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
    : listener_(listener), stream_(loop, *this), resolver_(loop), dialer_(loop) {}

void Connection::open(const ConnectPlan& plan) {
  close();
  plan_ = plan;
  timings_ = {};
  stream_.out().clear();
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
  timer_ = std::make_unique<Timer>(stream_.loop(), [this] { timed_out(); });
  timer_->at(std::min(connect_deadline_, phase_deadline_));
  resolver_.resolve(host, port, plan_.family, [this](Result<std::vector<SocketAddress>> result) {
    resolved(std::move(result));
  });
}

void Connection::close(bool reset) {
  if (state_ == State::Idle) return;
  state_ = State::Idle;
  resolver_.cancel();
  dialer_.cancel();
  timer_.reset();
  stream_.close(reset);
  finished_ = nullptr;
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
  std::string message = std::string(why.what) + " within " + format_duration(now - phase_started_) +
                        " (" + to_string(plan_.endpoint) + ")";
  const std::string heard = facts().heard;
  if (!heard.empty()) message += ": only '" + printable(heard, 64) + "' came";
  lose({why.kind, why.cause, std::move(message), heard.empty() ? why.hint : ""});
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
  const Life life(stream_.lifetime());
  dialer_.dial(std::move(*addresses), what, options,
               [this](Result<Dialed> result) { dialed(std::move(result)); });
  if (life.over() || state_ != State::Dialing || timer_) return;
  timer_ = std::make_unique<Timer>(stream_.loop(), [this] { timed_out(); });
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
  const int fd = result->fd.get();
  if (plan_.tcp_nodelay && result->address.family() != AF_UNIX) set_tcp_nodelay(fd);
  stream_.attach(std::make_unique<TcpTransport>(std::move(result->fd)), fd);
  state_ = State::Handshaking;
  next_link_ = 0;
  next_link();
}

// In the order in which they stand upon each other.
const Connection::Link Connection::kLinks[] = {
    {Phase::Proxy, &ConnectTimeouts::proxy,
     [](const ConnectPlan& plan) { return plan.proxy != nullptr; }, &Connection::put_proxy},
    {Phase::Tls, &ConnectTimeouts::tls,
     [](const ConnectPlan& plan) { return plan.endpoint.uses_tls(); }, &Connection::put_tls},
    {Phase::WebSocket, &ConnectTimeouts::websocket,
     [](const ConnectPlan& plan) { return plan.endpoint.uses_websocket(); },
     &Connection::put_websocket},
};

Result<std::unique_ptr<Transport>> Connection::put_proxy(std::unique_ptr<Transport> lower) {
  const Endpoint& endpoint = plan_.endpoint;
  return make_proxy_transport(std::move(lower), *plan_.proxy, endpoint.host, endpoint.port);
}

Result<std::unique_ptr<Transport>> Connection::put_tls(std::unique_ptr<Transport> lower) {
  const Endpoint& endpoint = plan_.endpoint;
  const std::string& name = endpoint.verified_name.empty() ? endpoint.host : endpoint.verified_name;
  return std::unique_ptr<Transport>(tls_context_->client(std::move(lower), name));
}

Result<std::unique_ptr<Transport>> Connection::put_websocket(std::unique_ptr<Transport> lower) {
  const Endpoint& endpoint = plan_.endpoint;
  std::string authority = host_and_port(endpoint.host, endpoint.port);
  if (endpoint.port == default_port(endpoint.scheme)) authority.resize(authority.rfind(':'));
  auto layer = make_websocket_client(std::move(lower), *plan_.websocket, authority);
  if (!layer) return fail(std::move(layer.error()));
  return std::unique_ptr<Transport>(std::move(*layer));
}

void Connection::next_link() {
  while (next_link_ < std::size(kLinks) && !kLinks[next_link_].wanted(plan_)) ++next_link_;
  if (next_link_ == std::size(kLinks)) {
    opened();
    return;
  }
  const Link& link = kLinks[next_link_++];
  begin_phase(link.phase, plan_.timeouts.*link.limit);
  auto layer = (this->*link.put)(stream_.take_chain());
  if (!layer) {
    lose(std::move(layer.error()));
    return;
  }
  stream_.set_chain(std::move(*layer));
  if (!timer_) timer_ = std::make_unique<Timer>(stream_.loop(), [this] { timed_out(); });
  timer_->at(std::min(connect_deadline_, phase_deadline_));
  drive_handshake();
}

void Connection::opened() {
  timer_.reset();
  timings_.total = monotonic_now() - started_;
  phase_ = Phase::Mqtt;
  state_ = State::Open;
  stream_.open();
  const Life life(stream_.lifetime());
  listener_.on_open();
  if (life.over() || state_ != State::Open) return;
  stream_.start();
}

void Connection::drive_handshake() {
  switch (stream_.handshake()) {
    case HandshakeStatus::Done:
      end_phase();
      next_link();
      return;
    case HandshakeStatus::Failed: {
      lose(stream_.transport().error());
      return;
    }
    case HandshakeStatus::WantRead:
    case HandshakeStatus::WantWrite:
      break;
  }
}

void Connection::on_stream_data(Bytes data) {
  if (state_ == State::Open) listener_.on_data(data);
}

Duration Connection::on_stream_pause(TimePoint woke) {
  return state_ == State::Open ? listener_.on_data_end(woke) : Duration(0);
}

void Connection::on_stream_writable() {
  if (state_ == State::Open) listener_.on_writable();
}

void Connection::on_stream_drained() {
  if (state_ == State::Open) listener_.on_drained();
}

void Connection::on_stream_end(StreamEnd how, const Error& why) {
  if (state_ == State::Finishing) {
    finished(how == StreamEnd::Closed && stream_.out().empty());
  } else {
    lose(why);
  }
}

void Connection::finish(Duration linger, std::function<void(bool)> done) {
  state_ = State::Finishing;
  finished_ = std::move(done);
  timer_ = std::make_unique<Timer>(stream_.loop(), [this] { finished(false); });
  timer_->after(linger);
  stream_.finish();
}

void Connection::finished(bool orderly) {
  const auto done = std::move(finished_);
  close();
  done(orderly);
}

std::uint64_t Connection::octets_taken() const {
  const std::uint64_t written = out().consumed_total();
  if (stream_.fd() < 0) return written;
  return written - std::min<std::uint64_t>(written, unacknowledged_octets(stream_.fd()));
}

std::string Connection::local_address() const {
  SocketAddress address;
  address.length = sizeof address.storage;
  if (stream_.fd() < 0 || ::getsockname(stream_.fd(), reinterpret_cast<sockaddr*>(&address.storage),
                                        &address.length) != 0) {
    return {};
  }
  return to_string(address);
}

ChainFacts Connection::facts() const {
  ChainFacts facts;
  if (stream_.attached()) stream_.transport().describe(facts);
  return facts;
}

}  // namespace mqtk
