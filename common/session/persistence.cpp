#include "session/persistence.hpp"

#include <string>
#include <utility>

namespace mqtk {

namespace {

bool closed_for_packet(const Error& why) {
  return why.cause == Cause::PubClosedQos || why.cause == Cause::PubClosedSize ||
         why.cause == Cause::PubClosedRetain || why.cause == Cause::SubDenied;
}

NextTry give_up(Error why) {
  return {std::nullopt, std::move(why)};
}

}  // namespace

bool retryable(const Error& error) {
  // The old server says the same again.
  if (error.cause == Cause::MqttUseAnother) return false;
  switch (error.kind) {
    case ErrorKind::HostNotFound:
    case ErrorKind::Unreachable:
    case ErrorKind::TryAgain:
    case ErrorKind::Timeout:
      return true;
    case ErrorKind::Failed:
    case ErrorKind::Usage:
    case ErrorKind::BadInput:
    case ErrorKind::NoInput:
    case ErrorKind::OutputFailed:
    case ErrorKind::ProtocolViolation:
    case ErrorKind::Permission:
    case ErrorKind::Configuration:
    case ErrorKind::Tls:
      break;
  }
  return false;
}

Persistence::Persistence(const ReconnectPolicy& policy, std::size_t endpoints, std::uint64_t seed)
    : policy_(policy),
      endpoints_(static_cast<std::uint32_t>(endpoints)),
      backoff_(policy.minimum, policy.maximum, seed) {}

void Persistence::replace_endpoints(std::size_t count) {
  endpoints_ = static_cast<std::uint32_t>(count);
  endpoint_ = 0;
  failed_ = 0;
}

void Persistence::accepted() {
  ever_accepted_ = true;
  failed_ = 0;
}

NextTry Persistence::again(Error why, Duration delay) {
  last_delay_ = delay;
  return {delay, std::move(why)};
}

bool Persistence::wanted(TimePoint now) const {
  if (ever_accepted_) return policy_.enabled;
  const Duration limit = policy_.retry_first_for;
  return policy_.retry_first && (limit == 0ns || now - started_ < limit);
}

NextTry Persistence::attempt_failed(Error why, TimePoint now) {
  if (why.kind == ErrorKind::Configuration) return give_up(std::move(why));
  endpoint_ = (endpoint_ + 1) % endpoints_;
  if (++failed_ < endpoints_) return again(std::move(why), 0ns);
  failed_ = 0;
  if (!wanted(now) || !retryable(why)) return give_up(std::move(why));
  return again(std::move(why), backoff_.next());
}

void Persistence::count_short_lives(const LostConnection& connection) {
  // Two clients that throw each other out wait alike, so each is thrown out again when the other's
  // wait is over.
  const bool soon = connection.lasted < last_delay_ + last_delay_ / 2 + Duration(1s);
  const bool counts = soon && (!connection.progress || connection.lasted < 2s);
  short_lives_ = counts ? short_lives_ + 1 : 0;
  short_idle_lives_ = counts ? short_idle_lives_ + (connection.progress ? 0 : 1) : 0;
}

NextTry Persistence::lost(Error why, const LostConnection& connection) {
  if (connection.progress || connection.lasted >= kLongLife) backoff_.reset();
  count_short_lives(connection);
  if (!policy_.enabled || why.cause == Cause::MqttTakenOver) return give_up(std::move(why));
  if (why.cause == Cause::MqttUseAnother) {
    if (endpoints_ == 1) return give_up(std::move(why));
    endpoint_ = (endpoint_ + 1) % endpoints_;
    return again(std::move(why), backoff_.next());
  }
  const bool for_packet = closed_for_packet(why);
  if (connection.explained ? why.cause == Cause::SubDenied : !retryable(why) && !for_packet) {
    return give_up(std::move(why));
  }
  // It may be chance that the broker went just then, as often as not.
  if (for_packet && !connection.progress && short_lives_ >= kShortLivesUntilRefusal) {
    return give_up(std::move(why));
  }
  const bool id_may_be_shared = short_lives_ >= kShortIdleLivesUntilTakenOver &&
                                !connection.given_id.empty() && !connection.explained &&
                                !connection.unanswered;
  if (id_may_be_shared) {
    const std::string id(connection.given_id);
    if (short_idle_lives_ >= kShortIdleLivesUntilTakenOver ||
        short_lives_ >= kShortLivesUntilTakenOver) {
      return give_up({ErrorKind::TryAgain, Cause::MqttTakenOver,
                      "the broker closed the connection " + std::to_string(short_lives_) +
                          " times soon after accepting it: another client probably uses the "
                          "client id '" +
                          id + "'",
                      "give each client its own id with -i"});
    }
    why.message += "; another client may be using the client id '" + id + "'";
  }
  return again(std::move(why), backoff_.next());
}

}  // namespace mqtk
