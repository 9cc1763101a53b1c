// The life of a connection of our own engine.
#include "bench/load/direct_client.hpp"

#include <algorithm>
#include <utility>

#include "session/explain.hpp"
#include "session/session_settings.hpp"

namespace mqtk::bench {

namespace {

SessionSettings settings_for(const Scenario& scenario, Identity identity) {
  SessionSettings settings = session_settings(scenario.client);
  settings.client_id = std::move(identity.client_id);
  settings.username = std::move(identity.username);
  settings.password = std::move(identity.password);
  settings.max_inflight = scenario.inflight;
  settings.topic_alias_maximum = 0;
  settings.connack_timeout = scenario.client.timeouts.mqtt;
  settings.publish_timeout = 0ns;  // what is not acknowledged is counted
  return settings;
}

Error never_answered(const Endpoint& endpoint) {
  return {ErrorKind::Unreachable,
          Cause::MqttNoAnswer,
          "no SUBACK came from " + to_string(endpoint),
          {}};
}

}  // namespace

DirectClient::DirectClient(Workplace& place, Role role, std::uint32_t index)
    : LoadClient(place, role, index),
      connection_(place.loop, *this),
      state_(settings_for(place.scenario, place.scenario.identity(role, index)), *this,
             connection_.out()) {
  state_.trace(place.scenario.ping);
}

DirectClient::~DirectClient() = default;

void DirectClient::connect() {
  const Scenario& scenario = place_.scenario;
  const ClientConfig& config = scenario.client;
  stage_ = Stage::Connecting;
  server_said_.reset();
  if (config.credentials && !scenario.username_template && scenario.credentials.empty()) {
    auto credentials = config.credentials();
    if (!credentials) {
      fail(credentials.error());
      return;
    }
    state_.set_credentials(std::move(credentials->username), std::move(credentials->password));
  }
  ConnectPlan plan = connect_plan(config, scenario.endpoint_of(role_, index_), place_.tls);
  if (!scenario.sources.empty()) {
    const std::size_t turn = index_ + (role_ == Role::Publisher ? scenario.subscribers : 0);
    plan.bind_address = scenario.sources[turn % scenario.sources.size()];
  }
  connection_.open(plan);
}

void DirectClient::on_open() {
  const ConnectTimings& timings = connection_.timings();
  const auto record = [&](Latency which, Phase phase) {
    const Duration took = timings.phase[static_cast<int>(phase)];
    if (took >= 0ns) place_.tally.latency(which).corrected.record(took);
  };
  record(Latency::Connect, Phase::Tcp);
  record(Latency::Tls, Phase::Tls);
  asked_ = monotonic_now();
  state_.connection_opened(asked_);
}

void DirectClient::on_data(Bytes data) {
  const bool fine = state_.feed(data, now());
  if (fine && !server_said_) return;
  const Error why = server_said_
                        ? *server_said_
                        : explain_fault(*state_.fault(), place_.scenario.endpoint_of(role_, index_),
                                        data.substr(0, 16));
  if (!fine) connection_.flush();
  connection_.close();
  fail(why);
}

Duration DirectClient::on_data_end(TimePoint) {
  if (publish_ && stage_ == Stage::Stands && wants_to_send()) pump(now());
  if (now() >= std::max(place_.clock_due, place_.others_until)) place_.clock_is_due(now());
  return 0ns;
}

void DirectClient::on_connack(const wire::Connack& connack) {
  if (!state_.connected()) {
    server_said_ = std::make_unique<Error>(explain_refusal(connack, state_.settings()));
    return;
  }
  place_.tally.latency(Latency::Connack).corrected.record(now() - asked_);
  connected_at_ = now();
  packets_before_ = static_cast<std::uint32_t>(state_.message_packets());
  if (persistence_) persistence_->accepted();
  count_opened(state_.settings().client_id);
  // What was not written before a loss has just been queued once more.
  for (Unwritten& each : unwritten_) each.end = connection_.out().appended_total();
  if (receive_) {
    subscribe();
  } else {
    stage_ = Stage::Stands;
    stand();
  }
}

void DirectClient::subscribe() {
  const Scenario& scenario = place_.scenario;
  stage_ = Stage::Subscribing;
  wire::SubscriptionRequest request;
  request.filter = receive_->filter;
  request.qos = scenario.sub_qos;
  asked_ = now();
  state_.subscribe({request}, 0, scenario.properties.subscribe, now());
}

void DirectClient::on_suback(std::uint64_t, Bytes codes) {
  place_.tally.latency(Latency::Suback).corrected.record(now() - asked_);
  constexpr unsigned kRefused = 0x80;
  if (!codes.empty() && u8(codes[0]) >= kRefused) {
    server_said_ = std::make_unique<Error>(
        Error{ErrorKind::Permission,
              Cause::SubDenied,
              "the broker denied the subscription to '" + receive_->filter + "'",
              {}});
    return;
  }
  stage_ = Stage::Stands;
  stand();
}

void DirectClient::on_message(const wire::Publish& message) {
  count_arrival(message, state_.settings().version, now());
}

void DirectClient::on_server_disconnect(const wire::Disconnect& disconnect) {
  server_said_ =
      std::make_unique<Error>(explain_disconnect(disconnect, state_.settings().client_id));
}

void DirectClient::on_lost(const Error& why) {
  const bool unanswered = stage_ == Stage::Connecting && connection_.phase() == Phase::Mqtt;
  if (server_said_) {
    fail(Error(*server_said_));
  } else if (unanswered) {
    fail(explain_closed_before_connack(why, place_.scenario.endpoint_of(role_, index_),
                                       state_.settings()));
  } else {
    fail(why);
  }
}

// Most clients never come here, so they do not have it from the beginning.
std::optional<Duration> DirectClient::next_try(const Error& why, TimePoint now) {
  if (!persistence_) {
    Random random(place_.scenario.seed + (std::uint64_t{index_} << 2U) +
                  static_cast<std::uint64_t>(role_));
    persistence_ =
        std::make_unique<Persistence>(place_.scenario.client.reconnect, 1, random.next());
    persistence_->started(place_.started);
    if (ever_stood_) persistence_->accepted();
  }
  const bool accepted = stage_ == Stage::Subscribing || stage_ == Stage::Stands;
  if (!accepted) return persistence_->attempt_failed(why, now).after;
  LostConnection connection;
  connection.lasted = now - connected_at_;
  connection.progress = static_cast<std::uint32_t>(state_.message_packets()) != packets_before_;
  connection.explained = server_said_ != nullptr;
  connection.unanswered = state_.inflight() > 0;
  return persistence_->lost(why, connection).after;
}

// The connection is closed by now.
void DirectClient::fail(const Error& why) {
  if (stage_ == Stage::Idle || stage_ == Stage::Over) return;
  const TimePoint now = monotonic_now();
  place_.tally.error(why, now - place_.started);
  const bool denied = why.cause == Cause::SubDenied;
  count_closed(!denied);
  count_failed_attempt();
  const std::optional<Duration> again = next_try(why, now);
  account_loss(!again);
  state_.connection_lost();
  stage_ = Stage::Idle;
  if (!std::exchange(stands_, false)) place_.attempt_over(*this);
  if (again) {
    place_.connect_again(*this, now + *again);
  } else {
    stage_ = Stage::Over;
    give_up();
  }
}

void DirectClient::cut() {
  if (stage_ == Stage::Over || stage_ == Stage::Idle) return;
  count_cut();
  connection_.close(true);
  account_loss(false);
  state_.connection_lost();
  stage_ = Stage::Idle;
  if (!std::exchange(stands_, false)) place_.attempt_over(*this);
}

void DirectClient::leave() {
  const bool open = opened_;
  count_left();
  stage_ = Stage::Over;
  stands_ = false;
  if (open && place_.scenario.disconnect != DisconnectMode::Abrupt) {
    const bool with_will = place_.scenario.disconnect == DisconnectMode::WithWill;
    const bool v5 = place_.scenario.client.version == wire::ProtocolVersion::V5;
    if (!with_will || v5) {
      state_.disconnect(
          with_will ? wire::ReasonCode::DisconnectWithWill : wire::ReasonCode::Success,
          place_.scenario.client.disconnect_properties);
      connection_.flush();
    }
  }
  connection_.close();
}

void DirectClient::tick(TimePoint now) {
  if (stage_ == Stage::Idle || stage_ == Stage::Over || !connection_.is_open()) return;
  if (now < state_.next_tick()) return take_care();
  if (!state_.tick(now, connection_.octets_taken())) {
    const Endpoint& endpoint = place_.scenario.endpoint_of(role_, index_);
    const Error why = stage_ == Stage::Connecting
                          ? explain_no_connack(now - asked_, endpoint, state_.settings())
                          : explain_fault(*state_.fault(), endpoint, {});
    connection_.close();
    fail(why);
    return;
  }
  take_care();
}

// What was appended meanwhile is written; a client that only stands gives its memory back.
void DirectClient::take_care() {
  if (stage_ != Stage::Stands) return;
  if (!connection_.out().empty()) {
    connection_.flush();
  } else if (role_ == Role::Idle) {
    connection_.out().release();
  }
}

void DirectClient::on_request_overdue(std::uint64_t, bool) {
  const Error why = never_answered(place_.scenario.endpoint_of(role_, index_));
  connection_.close();
  fail(why);
}

void DirectClient::ping(TimePoint due, TimePoint now) {
  if (stage_ != Stage::Stands || ping_due_ != kNever) {
    ++place_.tally.held_up;
    return;
  }
  ping_due_ = due;
  asked_ = now;
  state_.ping(now);
  connection_.flush();
}

void DirectClient::on_packet_received(const wire::Packet& packet) {
  if (ping_due_ == kNever || !std::holds_alternative<wire::Pingresp>(packet)) return;
  if (place_.order.measured) {
    LatencyPair& rtt = place_.tally.latency(Latency::RoundTrip);
    rtt.corrected.record(now() - ping_due_);
    rtt.uncorrected.record(now() - asked_);
  }
  ping_due_ = kNever;
}

}  // namespace mqtk::bench
