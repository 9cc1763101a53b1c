// The end: everything is acknowledged first, the broker hears a DISCONNECT, and a session that was
// only kept for this run is deleted.
#include <utility>

#include "client/native/client.hpp"

namespace mqtk {

namespace {
// How long the peer may take to read what it was sent and to end its side, where that tells what
// became of messages, and where nothing depends on it: a peer may go on sending, or never end.
constexpr Duration kLinger = 5s;
constexpr Duration kShortLinger = 500ms;
}  // namespace

// Nothing here calls back before it returns: the rest happens in turn().
void NativeClient::stop(DisconnectMode mode) {
  stopping_ = true;
  stop_mode_ = mode;
  turn_later_.schedule();
}

void NativeClient::abort(DisconnectMode mode) {
  if (stage_ == Stage::Ended || stage_ == Stage::Leaving) return;
  stopping_ = true;
  if (stage_ == Stage::Connected) {
    leave(mode);
    return;
  }
  connection_.close();
  if (services_) services_->cancel();
  stage_ = Stage::Leaving;
  left_soon(true);
}

void NativeClient::leave_if_done() {
  if (!stopping_ || stage_ != Stage::Connected || pending() > 0) return;
  // A connection that ends after our DISCONNECT looks the same whether it was read or not: an
  // answer has to come first, which flush() asks for.
  if (state_.unconfirmed_qos0() > 0) return;
  leave(stop_mode_);
}

void NativeClient::leave(DisconnectMode mode) {
  stage_ = Stage::Leaving;
  tick_timer_.reset();
  tick_at_ = kNever;
  const bool v5 = config_.version == wire::ProtocolVersion::V5;
  bool at_once = mode == DisconnectMode::Abrupt || (mode == DisconnectMode::WithWill && !v5);
  if (!at_once) {
    wire::Properties properties = config_.disconnect_properties;
    if (v5 && config_.session_for_run && (config_.clean_start || pending() == 0)) {
      properties.add(wire::PropertyId::SessionExpiryInterval, 0);
    }
    state_.disconnect(mode == DisconnectMode::WithWill ? wire::ReasonCode::DisconnectWithWill
                                                       : wire::ReasonCode::Success,
                      properties);
    // Closing with unread input would make the system send a reset, which can overtake what was
    // sent.
    at_once = state_.unconfirmed_qos0() == 0 && subscriptions_.groups() == 0 && !config_.will &&
              pending() == 0;
  }
  connection_.flush();
  if (!connection_.is_open()) return;
  if (at_once && connection_.out().empty()) {
    connection_.close();
    left_soon(true);
    return;
  }
  const bool tells = pending() == 0 && state_.unconfirmed_qos0() > 0;
  connection_.finish(tells ? kLinger : kShortLinger, [this](bool orderly) { left_soon(orderly); });
}

void NativeClient::left_soon(bool orderly) {
  left_orderly_ = orderly;
  turn_later_.schedule();
}

void NativeClient::left(bool orderly) {
  if (!orderly) account_loss();
  sent_qos0_.clear();
  sent_qos0_head_ = 0;
  state_.connection_lost();
  const bool session_to_delete = config_.session_for_run && persistence_.ever_accepted() &&
                                 pending() == 0 && config_.version != wire::ProtocolVersion::V5;
  if (session_to_delete) {
    delete_session();
  } else {
    end(nullptr);
  }
}

// Before MQTT 5 a kept session can only be deleted by connecting once more, with a clean one.
void NativeClient::delete_session() {
  stage_ = Stage::DeletingSession;
  config_.session_for_run = false;
  config_.timeouts.connect = std::min(config_.timeouts.connect, Duration(kLinger));
  state_.set_clean_start(true);
  attempt();
}

void NativeClient::end(const Error* error) {
  if (std::exchange(stage_, Stage::Ended) == Stage::Ended) return;
  attempt_timer_.reset();
  tick_timer_.reset();
  if (services_) services_->cancel();
  listener_.on_end(error);
}

void NativeClient::end_with(Error error) {
  last_error_ = std::move(error);
  if (stage_ == Stage::Connected) {
    account_loss();
    state_.disconnect();
    connection_.flush();
  }
  connection_.close();
  state_.connection_lost();
  const Error why = last_error_;
  end(&why);
}

}  // namespace mqtk
