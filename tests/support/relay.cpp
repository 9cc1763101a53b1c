#include "support/relay.hpp"

#include <errno.h>

#include <cstdio>
#include <utility>

#include "net/tcp_transport.hpp"
#include "support/relay_connection.hpp"

namespace mqtk {

Relay::Relay(EventLoop& loop, RelayOptions options) : loop_(loop), options_(std::move(options)) {
  direction(RelayDirection::ToTarget).delay = options_.delay_to_target;
  direction(RelayDirection::ToClient).delay = options_.delay_to_client;
  sweep_ = std::make_unique<Deferred>(loop_, [this] {
    for (const std::uint64_t id : std::exchange(ended_, {})) connections_.erase(id);
  });
}

Relay::~Relay() = default;

Result<std::unique_ptr<Relay>> Relay::start(EventLoop& loop, RelayOptions options) {
  std::unique_ptr<Relay> relay(new Relay(loop, std::move(options)));
  if (auto opened = relay->open(); !opened) return fail(std::move(opened.error()));
  return relay;
}

Result<void> Relay::open() {
  if (!options_.log_file.empty()) {
    log_.reset(std::fopen(options_.log_file.c_str(), "w"));
    if (!log_) return fail(ErrorKind::OutputFailed, "cannot write " + options_.log_file);
  }
  auto listener = Listener::open(loop_, options_.listen,
                                 [this](UniqueFd client) { accept(std::move(client)); });
  if (!listener) return fail(std::move(listener.error()));
  listener_ = std::move(*listener);
  return {};
}

void Relay::accept(UniqueFd client) {
  const std::uint64_t id = ++accepted_;
  auto& connection = connections_[id];
  connection = std::make_unique<RelayConnection>(*this, id, std::move(client));
  connection->dial();
}

void Relay::ended(std::uint64_t id) {
  ended_.push_back(id);
  sweep_->schedule();
}

RelayCounts Relay::counts() const {
  return {accepted_, connections_.size() - ended_.size(), directions_[0].octets,
          directions_[1].octets};
}

void Relay::keep(RelayRecord record) {
  record.time = monotonic_now();
  if (observer_) observer_(record);
  if (log_) {
    const std::chrono::duration<double> since = record.time - started_;
    std::fprintf(log_.get(), "%.6f %s\n", since.count(), to_text(record).c_str());
    std::fflush(log_.get());
  }
  if (records_.size() < options_.max_records) records_.push_back(std::move(record));
}

void Relay::each_connection(const std::function<void(RelayConnection&)>& call) {
  for (const auto& [id, connection] : connections_) call(*connection);
}

void Relay::set_delay(RelayDirection which, Duration delay) {
  direction(which).delay = delay;
}

void Relay::stall(RelayDirection which, bool stalled) {
  direction(which).stalled = stalled;
  each_connection([](RelayConnection& connection) { connection.update(); });
}

void Relay::set_rate(RelayDirection which, std::uint64_t octets_a_second) {
  direction(which).rate = octets_a_second;
  each_connection([](RelayConnection& connection) { connection.update(); });
}

void Relay::black_hole(RelayDirection which, bool on) {
  direction(which).black_hole = on;
}

void Relay::cut(RelayEnding ending) {
  each_connection([ending](RelayConnection& connection) { connection.cut(ending); });
}

void Relay::half_close(RelayDirection which) {
  each_connection([which](RelayConnection& connection) { connection.half_close(which); });
}

void Relay::refuse(bool refused) {
  refusal_.reset();
  if (refused) {
    listener_->refuse();
  } else if (!listener_->resume()) {
    refuse_for(100ms);  // somebody has the port just now
  }
}

void Relay::refuse_for(Duration time) {
  refuse(true);
  refusal_ = std::make_unique<Timer>(loop_, [this] { refuse(false); });
  refusal_->after(time);
}

}  // namespace mqtk
