#include "bench/measure/sys_counts.hpp"

#include <array>
#include <memory>
#include <utility>

#include "base/units.hpp"
#include "client/engine.hpp"
#include "net/event_loop.hpp"

namespace mqtk::bench {

namespace {

constexpr std::string_view kUptime = "$SYS/broker/uptime";
constexpr std::string_view kReceived = "$SYS/broker/publish/messages/received";
constexpr std::string_view kSent = "$SYS/broker/publish/messages/sent";
constexpr std::string_view kDropped = "$SYS/broker/publish/messages/dropped";
// All counters that change are published at once, the uptime first.
constexpr Duration kRestOfThem = 250ms;

class SysReader final : ClientListener {
 public:
  SysReader(const Scenario& scenario, Duration patience)
      : patience_(patience),
        deadline_(loop_, [this] { overdue(); }),
        settled_(loop_, [this] { client_->abort(); }) {
    ClientConfig config = scenario.client;
    config.endpoints = {scenario.endpoints.front()};
    config.will.reset();
    config.birth.reset();
    config.reconnect = {};
    config.clean_start = true;
    Identity identity = scenario.identity(Role::Idle, 0);
    config.client_id = "mqttbench-" + scenario.run_token() + "sys";
    if (identity.username || identity.password) {
      config.credentials = [identity]() -> Result<Credentials> {
        return Credentials{identity.username, identity.password};
      };
    }
    ClientListener& listener = *this;
    client_ = make_client(Engine::Native, loop_, std::move(config), listener);
  }

  Result<SysCounts> read() {
    deadline_.after(patience_);
    client_->start();
    loop_.run();
    if (error_) return fail(std::move(*error_));
    return counts_;
  }

 private:
  void on_connected(const ConnectionInfo&) override {
    std::vector<Subscription> wanted;
    for (const std::string_view topic : {kUptime, kReceived, kSent, kDropped}) {
      wanted.emplace_back().filter = std::string(topic);
    }
    client_->subscribe(std::move(wanted), 0);
  }
  void on_retry(const Error&, Duration) override {}
  void on_end(const Error* error) override {
    if (error != nullptr && !error_) error_ = *error;
    deadline_.cancel();
    settled_.cancel();
    loop_.stop();
  }

  void on_message(const MessageView& message) override {
    if (message.topic == kUptime && !message.retain) {
      settled_.after(kRestOfThem);
    }
    const auto number = parse_number(message.payload, 0, ~std::uint64_t{0});
    if (number && message.topic == kReceived) counts_.received = *number;
    if (number && message.topic == kDropped) counts_.dropped = *number;
    if (number && message.topic == kSent) {
      counts_.sent = *number;
      counts_.ours_before += std::exchange(counts_.ours_after, 0);
    }
    ++counts_.ours_after;
  }

  void overdue() {
    error_ = {ErrorKind::Failed,
              {},
              std::string(kUptime) + " did not come within " + format_duration(patience_),
              "mosquitto publishes it every sys_interval seconds, where clients may read it"};
    client_->abort();
  }

  EventLoop loop_;
  const Duration patience_;
  Timer deadline_;
  Timer settled_;
  SysCounts counts_;
  std::optional<Error> error_;
  std::unique_ptr<Client> client_;
};

}  // namespace

Result<SysCounts> read_sys_counts(const Scenario& scenario, Duration patience) {
  return SysReader(scenario, patience).read();
}

SysCheck sys_check(const SysCounts& before, const SysCounts& after) {
  SysCheck check;
  check.broker_received = after.received - before.received;
  const std::uint64_t to_us = before.ours_after + after.ours_before;
  const std::uint64_t sent = after.sent - before.sent;
  check.broker_sent = sent - std::min(sent, to_us);
  check.broker_dropped = after.dropped - before.dropped;
  return check;
}

}  // namespace mqtk::bench
