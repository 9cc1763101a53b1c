// Making a connection, losing it, making it again, and leaving.
#include <algorithm>
#include <utility>

#include "client/paho/client.hpp"
#include "client/paho/limits.hpp"
#include "session/attempt_inputs.hpp"
#include "session/session_settings.hpp"

namespace mqtk {

namespace {

constexpr Duration kFarewell = 5s;  // for the DISCONNECT to be written

}  // namespace

bool PahoClient::prepare(PahoAttempt& attempt) {
  auto credentials = ask_before_attempt(config_, persistence_);
  if (!credentials) {
    end_with(std::move(credentials.error()));
    return false;
  }
  attempt.credentials = std::move(*credentials);
  if (config_.endpoint_source) link_.reset();  // it has the old target
  if (auto possible = check_paho(config_, stop_mode_); !possible) {
    end_with(possible.error());
    return false;
  }
  attempt.endpoint = endpoint();
  if (attempt.endpoint.uses_tls()) {
    // Reads and checks all files: Paho would only say that it failed.
    if (auto context = tls_.get(config_.tls); !context) {
      end_with(std::move(context.error()));
      return false;
    }
  }
  settings_.username = attempt.credentials.username;
  attempt.properties = settings_.all_connect_properties();
  return true;
}

Result<void> PahoClient::make_link() {
  if (link_) return {};
  auto module = paho_module();
  if (!module) return fail(std::move(module.error()));
  auto link = (*module)->create(config_, [this] { waker_.wake(); });
  if (!link) return fail(std::move(link.error()));
  link_ = std::move(*link);
  events_.clear();
  event_ = 0;
  link_lives_ = 0;
  for (auto& [request, message] : sent_) {
    // It numbers its messages from 1 again, and the broker may still hold some of QoS 2 by number.
    if (message.with_paho && message.kept.qos == wire::Qos::ExactlyOnce) fresh_session_ = true;
    message.with_paho = false;
  }
  fail_qos0();
  return {};
}

void PahoClient::attempt() {
  attempt_timer_.reset();
  server_said_.reset();
  attempt_started_ = monotonic_now();
  PahoAttempt attempt;
  if (!prepare(attempt)) return;
  if (auto made = make_link(); !made) {
    end_with(std::move(made.error()));
    return;
  }
  attempt.clean_start = settings_.clean_start || fresh_session_;
  if (auto begun = link_->connect(attempt); !begun) {
    // It is not over the last connection yet; its client stays for a while, since it holds the
    // session.
    if (monotonic_now() - lost_at_ > kFarewell) link_.reset();
    begun.error().kind = ErrorKind::Unreachable;
    attempt_failed(std::move(begun.error()));
    return;
  }
  silence_.begin(handed_over_, attempt_started_);
  hand_over(settings_.client_id.size() + (config_.will ? config_.will->payload.size() : 0) +
            attempt.credentials.password.value_or(std::string()).size());
  if (config_.timeouts.connect <= 0ns) return;
  attempt_timer_ = std::make_unique<Timer>(loop_, [this] { overdue(); });
  attempt_timer_->at(silence_.deadline({handed_over_, attempt_started_}, config_.timeouts.connect));
}

void PahoClient::accepted(const PahoEvent& event) {
  attempt_timer_.reset();
  if (stage_ == Stage::DeletingSession) {
    leave(DisconnectMode::Normal);
    return;
  }
  if (stage_ != Stage::Connecting) return;
  stage_ = Stage::Connected;
  limits_ = {};
  limits_.keep_alive_s = config_.keep_alive_s;
  for (const wire::Property& property : wire::PropertiesView(event.properties)) {
    limits_.take(property);
    if (property.info->id == wire::PropertyId::AssignedClientIdentifier) {
      settings_.client_id.assign(property.value);
    }
  }
  connected_at_ = monotonic_now();
  const bool first = !persistence_.ever_accepted();
  persistence_.accepted();
  silence_.answered(handed_over_);
  last_publish_ = {};
  progress_ = false;
  subscribe_requests_.clear();
  unsubscribe_requests_.clear();
  ++connections_;
  if (config_.session_for_run) settings_.clean_start = false;
  fresh_session_ = false;
  // What belonged to a session that is gone Paho forgets.
  if (!event.session_present) {
    for (auto& [request, message] : sent_) message.with_paho = false;
  }
  send_birth();
  const std::size_t known_groups = subscriptions_.groups();
  const std::size_t known_unsubscriptions = unsubscriptions_.size();
  listener_.on_connected(describe(event.session_present));
  if (stage_ != Stage::Connected) return;
  for (std::uint32_t i = 0; i < known_groups; ++i) {
    const bool renew = first || !event.session_present || config_.resubscribe_always ||
                       !subscriptions_.group(i).confirmed;
    if (renew) send_group(i);
  }
  for (std::size_t i = 0; i < known_unsubscriptions; ++i) {
    if (!unsubscriptions_[i].done) send_unsubscription(i);
  }
  resend();
  drain_waiting();
  want_writable_ = true;
  ++link_lives_;
  watch_link();
}

// Now and then a Paho client forgets what it was asked, above all when it has lost a connection: it
// sends nothing and calls nobody back. Then it goes, and another one is asked anew.
void PahoClient::watch_link() {
  if (!link_timer_) link_timer_ = std::make_unique<Timer>(loop_, [this] { look_at_link(); });
  answers_seen_ = answers_;
  answers_seen_at_ = monotonic_now();
  link_timer_->after(link_lives_ > 1 ? patience_.answer_after_loss : patience_.answer);
}

void PahoClient::drop_link() {
  link_.reset();
  if (stage_ == Stage::Connected || stage_ == Stage::Leaving) {
    lost();
  } else if (stage_ == Stage::Connecting) {
    attempt();
  } else if (stage_ == Stage::DeletingSession) {
    end(nullptr);
  }
}

void PahoClient::look_at_link() {
  if (!connected()) return;
  const bool answer_due =
      !sent_.empty() || !subscribe_requests_.empty() || !unsubscribe_requests_.empty();
  if (answer_due && !paused_ && answers_ == answers_seen_) {
    const TimePoint deadline =
        silence_.deadline({handed_over_, answers_seen_at_},
                          link_lives_ > 1 ? patience_.answer_after_loss : patience_.answer);
    if (monotonic_now() < deadline) {
      link_timer_->at(deadline);
    } else {
      drop_link();
    }
    return;
  }
  watch_link();
}

ConnectionInfo PahoClient::describe(bool session_present) const {
  ConnectionInfo info;
  info.endpoint = endpoint();
  info.address = host_and_port(info.endpoint.host, info.endpoint.port);
  info.local_address = "an address that Paho does not tell";
  info.version = config_.version;
  info.client_id = settings_.client_id;
  info.session_present = session_present;
  info.limits = negotiated(limits_);
  info.timings.total = connected_at_ - attempt_started_;
  info.attempt = connections_;
  return info;
}

void PahoClient::refused(const PahoEvent& event) {
  attempt_timer_.reset();
  if (stage_ == Stage::DeletingSession) {
    end(nullptr);
    return;
  }
  if (stage_ != Stage::Connecting) return;
  if (event.text == "CONNACK return code") {
    const wire::Connack connack{false, static_cast<std::uint8_t>(event.code),
                                wire::PropertiesView(event.properties)};
    attempt_failed(explain_refusal(connack, settings_));
    return;
  }
  const Error closed{ErrorKind::Unreachable, Cause::MqttLost, "closed", {}};
  diagnose(server_said_ ? *server_said_
                        : explain_closed_before_connack(closed, endpoint(), settings_));
}

// Paho cannot be told to give an attempt up; it goes with its client, and another one is made.
void PahoClient::overdue() {
  attempt_timer_.reset();
  link_.reset();
  if (stage_ == Stage::DeletingSession) {
    end(nullptr);
    return;
  }
  diagnose(explain_no_connack(monotonic_now() - attempt_started_, endpoint(), settings_));
}

void PahoClient::diagnose(Error fallback) {
  stage_ = Stage::Diagnosing;
  diagnosis_ = std::make_unique<PahoDiagnosis>(
      loop_, connect_plan(config_, endpoint(), tls_), [this, fallback](std::optional<Error> found) {
        const std::unique_ptr<PahoDiagnosis> over = std::move(diagnosis_);
        attempt_failed(found ? std::move(*found) : fallback);
      });
}

// Of a server's DISCONNECT Paho makes nothing by itself: straight behind CONNACK it closes and
// tells nobody, and later it keeps the connection until the broker closes it, which it may not
// notice.
void PahoClient::dismissed() {
  if (!link_->disconnect(wire::ReasonCode::Success, {})) {
    lost();
    return;
  }
  attempt_timer_ = std::make_unique<Timer>(loop_, [this] { drop_link(); });
  attempt_timer_->after(kFarewell);
}

void PahoClient::lost() {
  if (stage_ == Stage::Leaving) {
    left_ = true;
    turn_later_.schedule();
    return;
  }
  if (stage_ != Stage::Connected) return;
  stage_ = Stage::Waiting;
  lost_at_ = monotonic_now();
  attempt_timer_.reset();
  if (publish_timer_) publish_timer_->cancel();
  const Error closed{ErrorKind::Unreachable, Cause::MqttLost, "closed", {}};
  Error why = server_said_ ? *server_said_ : explain_loss(closed, last_publish_);
  if (stopping_ && pending() == 0) {
    left_ = true;
    turn_later_.schedule();
    return;
  }
  LostConnection connection;
  connection.lasted = lost_at_ - connected_at_;
  connection.progress = progress_;
  connection.explained = server_said_.has_value();
  connection.unanswered = last_publish_.any_sent;
  if (!config_.client_id_generated) connection.given_id = settings_.client_id;
  try_again(persistence_.lost(std::move(why), connection));
}

void PahoClient::attempt_failed(Error why) {
  try_again(persistence_.attempt_failed(std::move(why), monotonic_now()));
}

void PahoClient::try_again(NextTry next) {
  if (!next.after) {
    end_with(std::move(next.why));
    return;
  }
  stage_ = Stage::Waiting;
  listener_.on_retry(next.why, *next.after);
  if (stage_ != Stage::Waiting) return;
  attempt_timer_ = std::make_unique<Timer>(loop_, [this] {
    stage_ = Stage::Connecting;
    attempt();
  });
  attempt_timer_->after(*next.after);
}

void PahoClient::stop(DisconnectMode mode) {
  stopping_ = true;
  stop_mode_ = mode;
  turn_later_.schedule();
}

void PahoClient::abort(DisconnectMode mode) {
  if (stage_ == Stage::Ended || stage_ == Stage::Leaving) return;
  stopping_ = true;
  paused_ = false;
  starting_ = false;
  if (stage_ == Stage::Connected) {
    leave(mode);
    return;
  }
  attempt_timer_.reset();
  diagnosis_.reset();
  stage_ = Stage::Leaving;
  left_ = true;
  turn_later_.schedule();
}

void PahoClient::leave_if_done() {
  if (stopping_ && stage_ == Stage::Connected && pending() == 0) leave(stop_mode_);
}

void PahoClient::leave(DisconnectMode mode) {
  stage_ = Stage::Leaving;
  if (publish_timer_) publish_timer_->cancel();
  const bool v5 = config_.version == wire::ProtocolVersion::V5;
  wire::Properties properties = config_.disconnect_properties;
  if (v5 && config_.session_for_run) {
    properties.add(wire::PropertyId::SessionExpiryInterval, 0);
  }
  const auto reason = mode == DisconnectMode::Normal ? wire::ReasonCode::Success
                                                     : wire::ReasonCode::DisconnectWithWill;
  if (!link_->disconnect(reason, properties)) {
    left_ = true;
    turn_later_.schedule();
    return;
  }
  attempt_timer_ = std::make_unique<Timer>(loop_, [this] { left(); });
  attempt_timer_->after(kFarewell);
}

void PahoClient::left() {
  attempt_timer_.reset();
  const bool session_to_delete = config_.session_for_run && persistence_.ever_accepted() &&
                                 pending() == 0 && config_.clean_start &&
                                 config_.version != wire::ProtocolVersion::V5;
  if (!session_to_delete) {
    end(nullptr);
    return;
  }
  stage_ = Stage::DeletingSession;
  config_.session_for_run = false;
  config_.timeouts.connect = std::min(config_.timeouts.connect, Duration(kFarewell));
  settings_.clean_start = true;
  attempt();
}

void PahoClient::end(const Error* error) {
  if (stage_ == Stage::Ended) return;
  attempt_timer_.reset();
  publish_timer_.reset();
  link_timer_.reset();
  fail_qos0();
  stage_ = Stage::Ended;
  link_.reset();
  listener_.on_end(error);
}

void PahoClient::end_with(Error error) {
  last_error_ = std::move(error);
  const Error why = last_error_;
  end(&why);
}

}  // namespace mqtk
