// Making a connection, losing it, making it again.
#include <algorithm>
#include <utility>

#include "client/native/client.hpp"
#include "session/attempt_inputs.hpp"
#include "session/session_settings.hpp"

namespace mqtk {

void NativeClient::start() {
  persistence_.started(monotonic_now());
  stage_ = Stage::Connecting;
  starting_ = true;
  turn_later_.schedule();
}

void NativeClient::attempt() {
  stage_ = stage_ == Stage::DeletingSession ? stage_ : Stage::Connecting;
  attempt_timer_.reset();
  server_said_.reset();
  first_bytes_.clear();
  attempt_reported_ = false;
  attempt_started_ = monotonic_now();
  lookup_time_ = 0ns;
  // Anew before the first of the brokers is tried; a session is deleted where it was kept.
  if (config_.service_records && persistence_.round_begins() && stage_ != Stage::DeletingSession) {
    find_service();
  } else {
    open_connection();
  }
}

void NativeClient::find_service() {
  if (!services_) services_ = std::make_unique<ServiceEndpoints>(loop_, config_.endpoints);
  const ConnectTimeouts& limits = config_.timeouts;
  const bool connect_first =
      limits.connect > 0ns && (limits.resolve <= 0ns || limits.connect < limits.resolve);
  services_->find(connect_first ? limits.connect : limits.resolve,
                  [this](Result<std::vector<Endpoint>> found) { service_found(std::move(found)); });
}

void NativeClient::service_found(Result<std::vector<Endpoint>> found) {
  lookup_time_ = monotonic_now() - attempt_started_;
  config_.endpoints = found ? std::move(*found) : std::vector{services_->domains().front()};
  persistence_.replace_endpoints(config_.endpoints.size());
  if (found) {
    open_connection();
    return;
  }
  if (reporting_) {
    AttemptReport report;
    report.endpoint = config_.endpoints.front();
    report.timings.phase[static_cast<int>(Phase::Resolve)] = lookup_time_;
    report.timings.total = lookup_time_;
    listener_.on_attempt(report);
  }
  attempt_failed(std::move(found.error()));
}

void NativeClient::open_connection() {
  auto credentials = ask_before_attempt(config_, persistence_);
  if (!credentials) {
    end_with(std::move(credentials.error()));
    return;
  }
  state_.set_credentials(std::move(credentials->username), std::move(credentials->password));
  octets_not_written_ += connection_.out().size();
  connection_.open(connect_plan(config_, endpoint(), tls_));
}

void NativeClient::on_open() {
  connack_asked_ = monotonic_now();
  Duration limit = config_.timeouts.mqtt;
  if (config_.timeouts.connect > 0ns) {
    const Duration left =
        std::max(Duration(1ms), config_.timeouts.connect - (connack_asked_ - attempt_started_));
    limit = limit > 0ns ? std::min(limit, left) : left;
  }
  state_.set_connack_timeout(limit);
  state_.connection_opened(connack_asked_);
  arm_tick();
}

void NativeClient::on_connack(const wire::Connack& connack) {
  if (!state_.connected()) {
    // Told once feed() has returned.
    server_said_ = explain_refusal(connack, state_.settings());
    return;
  }
  if (stage_ == Stage::DeletingSession) {
    leave(DisconnectMode::Normal);
    return;
  }
  accepted(connack);
}

void NativeClient::accepted(const wire::Connack&) {
  stage_ = Stage::Connected;
  mqtt_time_ = monotonic_now() - connack_asked_;
  connected_at_ = monotonic_now();
  const bool first = !persistence_.ever_accepted();
  persistence_.accepted();
  message_packets_before_ = state_.message_packets();
  last_publish_ = {};
  ++connections_;
  if (config_.session_for_run) state_.set_clean_start(false);
  connection_.pause_reading(receiving_paused_);
  send_birth();
  // What is asked for from inside on_connected() is sent at once and needs no renewal.
  const std::size_t known_groups = subscriptions_.groups();
  const std::size_t known_unsubscriptions = unsubscriptions_.size();
  report_attempt();
  listener_.on_connected(describe());
  if (stage_ != Stage::Connected) return;
  for (std::uint32_t i = 0; i < known_groups; ++i) {
    const bool renew = first || !state_.session_present() || config_.resubscribe_always ||
                       !subscriptions_.group(i).confirmed;
    if (renew) send_group(i);
  }
  for (std::size_t i = 0; i < known_unsubscriptions; ++i) {
    const Unsubscription& request = unsubscriptions_[i];
    if (request.done) continue;
    state_.unsubscribe({request.filters.begin(), request.filters.end()}, i,
                       wire::PropertiesView(request.properties), monotonic_now());
  }
  drain_queue();
  want_writable_ = true;
  turn_later_.schedule();
}

ConnectionInfo NativeClient::describe() const {
  ConnectionInfo info;
  info.endpoint = endpoint();
  info.address = connection_.peer_address();
  info.local_address = connection_.local_address();
  info.version = config_.version;
  info.client_id = state_.settings().client_id;
  info.session_present = state_.session_present();
  info.limits = negotiated(state_.limits());
  info.timings = connection_.timings();
  info.timings.phase[static_cast<int>(Phase::Mqtt)] = mqtt_time_;
  info.timings.phase[static_cast<int>(Phase::Resolve)] += lookup_time_;
  info.timings.total += mqtt_time_ + lookup_time_;
  ChainFacts facts = connection_.facts();
  info.tls = std::move(facts.tls);
  info.websocket = std::move(facts.websocket);
  info.attempt = connections_;
  return info;
}

// While the connection's layers still stand, once for each attempt.
void NativeClient::report_attempt() {
  if (!reporting_ || attempt_reported_) return;
  attempt_reported_ = true;
  AttemptReport report;
  report.endpoint = endpoint();
  report.accepted = stage_ == Stage::Connected;
  report.phase = connection_.phase();
  report.timings = connection_.timings();
  report.timings.phase[static_cast<int>(report.phase)] =
      report.phase != Phase::Mqtt ? connection_.phase_elapsed() : monotonic_now() - connack_asked_;
  report.timings.phase[static_cast<int>(Phase::Resolve)] += lookup_time_;
  report.timings.total = monotonic_now() - attempt_started_;
  if (report.phase != Phase::Resolve) describe_addresses(report.addresses);
  if (report.phase > Phase::Tcp) report.peer_address = connection_.peer_address();
  report.local_address = connection_.local_address();
  ChainFacts facts = connection_.facts();
  report.tls = std::move(facts.tls);
  report.websocket = std::move(facts.websocket);
  listener_.on_attempt(report);
}

void NativeClient::describe_addresses(std::vector<AddressReport>& out) const {
  const std::vector<DialAttempt>& tried = connection_.attempts();
  for (const SocketAddress& address : connection_.addresses()) {
    const std::size_t i = out.size();
    AddressReport& entry = out.emplace_back();
    entry.address = to_string(address);
    entry.outcome = i < tried.size() ? tried[i].outcome : "not tried";
    if (i < tried.size()) entry.took = tried[i].took;
  }
}

void NativeClient::on_server_disconnect(const wire::Disconnect& disconnect) {
  server_said_ = explain_disconnect(disconnect, state_.settings().client_id);
}

// The connection is closed already, or being closed for a reason of our own.
void NativeClient::connection_ended(Error why) {
  report_attempt();
  connection_.close();
  on_lost(why);
}

// QoS 0 messages have no acknowledgement: what the server has not confirmed by a later answer may
// be gone.
void NativeClient::account_loss() {
  confirm_written();
  counts_.unconfirmed += state_.unconfirmed_qos0();
  const std::size_t unsent = sent_qos0_.size() - sent_qos0_head_;
  counts_.unsent += unsent;
  PublishOutcome outcome;
  outcome.ok = false;
  outcome.error = {ErrorKind::Failed,
                   Cause::MqttLost,
                   "the connection was lost before the message was sent",
                   {}};
  for (; sent_qos0_head_ < sent_qos0_.size(); ++sent_qos0_head_) {
    ++counts_.failed;
    listener_.on_published(sent_qos0_[sent_qos0_head_].token, outcome);
  }
  sent_qos0_.clear();
  sent_qos0_head_ = 0;
}

void NativeClient::on_lost(const Error& transport_error) {
  const Error why = transport_error;
  if (stage_ == Stage::Ended) return;
  if (stage_ == Stage::DeletingSession) {
    end(nullptr);
    return;
  }
  if (stage_ == Stage::Leaving) {
    left_soon(false);
    return;
  }
  attempt_timer_.reset();
  tick_timer_.reset();
  tick_at_ = kNever;
  turn_later_.cancel();
  const bool was_connected = stage_ == Stage::Connected;
  const bool connack_awaited = stage_ == Stage::Connecting && connection_.phase() == Phase::Mqtt;
  account_loss();
  state_.connection_lost();
  if (stage_ == Stage::Ended) return;
  if (!was_connected) {
    attempt_failed(server_said_ ? *server_said_
                   : connack_awaited
                       ? explain_closed_before_connack(why, endpoint(), state_.settings())
                       : why);
    return;
  }

  // With a client id that was given, another client that has the same one is as likely.
  const std::string filter =
      config_.client_id_generated ? subscriptions_.unanswered_filter() : std::string();
  Error loss = server_said_                               ? *server_said_
               : filter.empty() || last_publish_.any_sent ? explain_loss(why, last_publish_)
                                                          : explain_subscribe_loss(why, filter);
  stage_ = Stage::Waiting;
  if (stopping_ && pending() == 0) {
    counts_.unanswered = loss.cause == Cause::MqttPingTimeout;
    left_soon(false);
    return;
  }
  LostConnection connection;
  connection.lasted = monotonic_now() - connected_at_;
  connection.progress = state_.message_packets() != message_packets_before_;
  connection.explained = server_said_.has_value();
  connection.unanswered = last_publish_.any_sent;
  if (!config_.client_id_generated) connection.given_id = state_.settings().client_id;
  try_again(persistence_.lost(std::move(loss), connection));
}

void NativeClient::attempt_failed(Error why) {
  try_again(persistence_.attempt_failed(std::move(why), monotonic_now()));
}

void NativeClient::try_again(NextTry next) {
  if (!next.after) {
    end_with(std::move(next.why));
    return;
  }
  stage_ = Stage::Waiting;
  listener_.on_retry(next.why, *next.after);
  if (stage_ != Stage::Waiting) return;
  attempt_timer_ = std::make_unique<Timer>(loop_, [this] { attempt(); });
  attempt_timer_->after(*next.after);
}

}  // namespace mqtk
