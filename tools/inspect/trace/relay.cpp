#include "inspect/trace/relay.hpp"

#include <unistd.h>

#include <charconv>
#include <utility>

#include "base/units.hpp"
#include "net/connection.hpp"
#include "wire/framer.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::size_t kHighWater = 256 * 1024;
constexpr Duration kLinger = 2s;

WallTime now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

}  // namespace

/// One client and its connection to the broker.
class RelayLink final : PeerListener, ConnectionListener {
 public:
  RelayLink(TraceRelay& relay, std::uint64_t number, UniqueFd client)
      : relay_(relay),
        number_(number),
        stream_(number, [&relay](const TracedPacket& packet) { relay.show(packet); }),
        capture_(number, 1883),
        peer_(relay.loop_, std::move(client), *this),
        connection_(relay.loop_, *this) {}

  void start() {
    record([this](std::string& out) { capture_.open(out, now()); });
    if (auto started = peer_.start(relay_.options_.layers); !started) {
      relay_.host_.report().error(started.error());
      gone();
    }
  }

  void hold(bool on) {
    held_ = on;
    update();
  }

 private:
  void on_open(Peer&) override {
    const ClientConfig& broker = relay_.broker_;
    connection_.open(connect_plan(broker, broker.endpoints.front(), relay_.broker_tls_));
  }
  void on_frame(Peer&, const wire::Frame&) override {}
  bool on_octets(Peer&, Bytes octets) override {
    const WallTime time = now();
    connection_.out().tail().append(octets);
    if (connection_.is_open()) connection_.flush();
    // What is passed on does not wait until it is shown.
    note(Side::Client, octets, time);
    update();
    return true;
  }
  void on_room(Peer&) override {
    peer_full_ = false;
    update();
  }
  void on_end(Peer&, const Error&) override {
    stream_.end(Side::Client, "the client ended the connection", now());
    record([this](std::string& out) { capture_.close(out, Side::Client, now()); });
    if (!connection_.is_open()) return gone();
    connection_.finish(kLinger, [this](bool) { gone(); });
  }

  void on_open() override {
    connection_.flush();
    update();
  }
  void on_data(Bytes data) override {
    const WallTime time = now();
    peer_.out().tail().append(data);
    if (peer_.is_open() && !peer_full_) peer_.flush();
    note(Side::Broker, data, time);
  }
  Duration on_data_end(TimePoint) override {
    if (!peer_.is_open()) return 0ns;
    peer_.flush();
    if (peer_.is_open() && peer_.out().size() > kHighWater) {
      peer_full_ = true;
      peer_.ask_for_room();
    }
    update();
    return 0ns;
  }
  void on_drained() override { update(); }
  void on_lost(const Error& why) override {
    stream_.end(Side::Broker, "the broker ended the connection", now());
    record([this](std::string& out) { capture_.close(out, Side::Broker, now()); });
    if (!opened_) relay_.host_.report().warning("#" + std::to_string(number_) + ": " + why.message);
    if (!peer_.is_open()) return gone();
    peer_.finish();
  }

  void update() {
    opened_ = opened_ || connection_.is_open();
    const bool broker_full = connection_.out().size() > kHighWater;
    if (peer_.is_open()) peer_.pause_reading(held_ || broker_full);
    if (connection_.is_open()) connection_.pause_reading(held_ || peer_full_);
  }
  void note(Side side, Bytes octets, WallTime time) {
    stream_.feed(side, octets, time);
    record([&](std::string& out) { capture_.say(out, side, octets, time); });
  }
  template <typename Write>
  void record(Write write) {
    if (!relay_.capture_) return;
    std::string blocks;
    write(blocks);
    relay_.captured(blocks);
  }
  void gone() { relay_.ended(number_); }

  TraceRelay& relay_;
  std::uint64_t number_;
  TraceStream stream_;
  CaptureStream capture_;
  bool held_ = false;
  bool peer_full_ = false;
  bool opened_ = false;
  Peer peer_;
  Connection connection_;
};

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  ListenAddress out;
  const auto colon = text.rfind(':');
  std::string_view host = colon == std::string_view::npos ? "" : text.substr(0, colon);
  const auto port =
      parse_number(colon == std::string_view::npos ? text : text.substr(colon + 1), 0, 65'535);
  if (!port) return std::nullopt;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (!host.empty()) out.host = host;
  out.port = static_cast<std::uint16_t>(*port);
  return out;
}

TraceRelay::TraceRelay(EventLoop& loop, Host& host, ClientConfig broker, TraceRelayOptions options)
    : loop_(loop),
      host_(host),
      broker_(std::move(broker)),
      options_(std::move(options)),
      writer_(STDOUT_FILENO, [&host] { host.wake(); }),
      turn_(loop, [this] { flush(); }) {}

TraceRelay::~TraceRelay() = default;

Result<void> TraceRelay::open() {
  auto listener = Listener::open(loop_, options_.listen,
                                 [this](UniqueFd client) { accept(std::move(client)); });
  if (!listener) return fail(std::move(listener.error()));
  listener_ = std::move(*listener);
  if (!options_.capture.empty()) {
    if (auto done = open_capture(); !done) return done;
  }
  host_.report().note("listening on " + listener_->text());
  return {};
}

// The old capture stays until this one has begun.
Result<void> TraceRelay::open_capture() {
  auto file = OutputFile::replace(options_.capture, FileAccess::Private);
  if (!file) return fail(std::move(file.error()));
  if (auto done = file->write(pcapng_head()); !done) return done;
  if (auto done = file->publish(); !done) return done;
  capture_.emplace(std::move(*file));
  host_.report().note("the capture " + options_.capture +
                      " holds passwords and payloads as they are sent");
  if (const std::string open = exposure(options_.capture); !open.empty()) {
    host_.report().warning(open);
  }
  return {};
}

void TraceRelay::accept(UniqueFd client) {
  const std::uint64_t number = ++accepted_;
  auto& link = links_[number];
  link = std::make_unique<RelayLink>(*this, number, std::move(client));
  link->start();
}

void TraceRelay::show(const TracedPacket& packet) {
  append_packet(writer_.buffer(), packet, options_.format);
  writer_.appended();
  turn_.schedule();
}

void TraceRelay::captured(std::string_view blocks) {
  constexpr std::size_t kMost = 256 * 1024;
  blocks_ += blocks;
  if (blocks_.size() >= kMost) write_capture();
  turn_.schedule();
}

void TraceRelay::write_capture() {
  if (!capture_ || blocks_.empty()) return;
  const auto written = capture_->write(blocks_);
  blocks_.clear();
  if (written) return;
  capture_.reset();
  host_.finish(host_.report().finish(written.error()));
}

void TraceRelay::flush() {
  for (const std::uint64_t number : std::exchange(ended_, {})) links_.erase(number);
  write_capture();
  writer_.flush();
  if (writer_.state() == Writer::State::Closed) return host_.finish(0);
  if (writer_.state() == Writer::State::Failed) {
    return host_.finish(host_.report().finish(writer_.error()));
  }
  if (writer_.congested() != held_) hold(writer_.congested());
}

void TraceRelay::hold(bool on) {
  held_ = on;
  for (auto& [number, link] : links_) link->hold(on);
}

void TraceRelay::on_wake() {
  writer_.resume();
  flush();
}

void TraceRelay::ended(std::uint64_t link) {
  ended_.push_back(link);
  turn_.schedule();
}

void TraceRelay::on_interrupt() {
  flush();
  host_.finish(0);
}

}  // namespace mqtk::inspect
