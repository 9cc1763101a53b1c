#include "pub/delivery.hpp"

#include <algorithm>

#include "base/units.hpp"

namespace mqtk::pub {

namespace {

std::string of_all(std::uint64_t some, std::uint64_t all, std::string_view noun) {
  if (all == 1) return "the " + std::string(noun);
  return std::to_string(some) + " of " + std::to_string(all) + " " + std::string(noun) + "s";
}

std::string_view were(std::uint64_t n) {
  return n == 1 ? "was" : "were";
}

Error not_delivered(const Delivery& delivery, std::string_view noun) {
  Error error = delivery.first_failure;
  if (delivery.taken > 1) {
    error.message = of_all(delivery.failed, delivery.taken, noun) + " " +
                    std::string(were(delivery.failed)) + " not delivered; the first was " +
                    std::string(noun) + " " + std::to_string(delivery.first_failed_number) + ": " +
                    error.message;
  }
  error.kind = delivery.denied > 0      ? ErrorKind::Permission
               : delivery.timed_out > 0 ? ErrorKind::Timeout
               : delivery.taken > 1     ? ErrorKind::Failed
                                        : error.kind;
  return error;
}

Error perhaps_lost(std::uint64_t lost, const Delivery& delivery, const ClientCounts& counts,
                   std::string_view noun) {
  std::string text = of_all(lost, delivery.taken, noun);
  const bool single = delivery.taken == 1;
  if (counts.unconfirmed == 0) {
    if (counts.dropped >= lost) {
      text += " " + std::string(were(lost)) + " dropped from the full queue";
    } else {
      text += " may not have arrived: no acknowledgement came";
    }
  } else if (counts.unanswered) {
    text += std::string(" may not have arrived: the broker did not answer a ping that followed ") +
            (single ? "it" : "them");
    return {ErrorKind::Failed, Cause::MqttPingTimeout, std::move(text), {}};
  } else if (counts.unsent >= lost) {
    text += single ? " was not sent: the connection was lost"
                   : " never left this machine: the connection was lost";
  } else {
    text += std::string(" may not have arrived: the connection was lost after ") +
            (single ? "it was" : "they were") + " handed to it";
    if (counts.unsent > 0)
      text += " (" + std::to_string(counts.unsent) + " never left this machine)";
  }
  return {ErrorKind::Failed, Cause::MqttLost, std::move(text), {}};
}

}  // namespace

void Delivery::settle(std::uint64_t number, const PublishOutcome& outcome) {
  if (outcome.ok) {
    ++delivered;
    return;
  }
  // What went down with a connection is counted by the client, with all that may have.
  if (outcome.error.cause == Cause::MqttLost) return;
  if (failed++ == 0) {
    first_failure = outcome.error;
    first_failed_number = number;
  }
  if (outcome.error.kind == ErrorKind::Permission) ++denied;
  if (outcome.error.kind == ErrorKind::Timeout) ++timed_out;
}

std::vector<Error> judge(const Delivery& delivery, const ClientCounts& counts,
                         std::string_view noun) {
  std::vector<Error> errors;
  if (delivery.failed > 0) errors.push_back(not_delivered(delivery, noun));
  const std::uint64_t open = delivery.taken - delivery.delivered - delivery.failed;
  const std::uint64_t lost = std::max(open, counts.unconfirmed);
  if (lost > 0) errors.push_back(perhaps_lost(lost, delivery, counts, noun));
  return errors;
}

std::string counters_text(const Delivery& delivery, const ClientCounts& counts, Duration elapsed) {
  const auto number = [](std::uint64_t n) { return std::to_string(n); };
  std::string text =
      number(delivery.taken) + (delivery.taken == 1 ? " message taken, " : " messages taken, ") +
      number(delivery.delivered) + " delivered, " + number(delivery.failed) + " failed, " +
      number(delivery.taken - delivery.delivered - delivery.failed) + " under way; " +
      format_size(delivery.bytes) + " of payload; " + number(counts.connections) +
      (counts.connections == 1 ? " connection; " : " connections; ");
  if (counts.retransmitted > 0) text += number(counts.retransmitted) + " sent again; ";
  return text + "running for " + format_duration(elapsed / 1ms * 1ms);
}

std::string summary(const Delivery& delivery, Duration elapsed) {
  const double seconds = std::chrono::duration<double>(elapsed).count();
  std::string text = std::to_string(delivery.taken) +
                     (delivery.taken == 1 ? " message, " : " messages, ") +
                     format_size(delivery.bytes) + " in " +
                     format_duration(elapsed < 10ms ? elapsed / 1us * 1us : elapsed / 1ms * 1ms);
  const double rate = seconds > 0 ? static_cast<double>(delivery.taken) / seconds : 0;
  if (delivery.taken > 1 && rate >= 1) {
    text += " (" + std::to_string(static_cast<std::uint64_t>(rate)) + " messages/s)";
  }
  return text;
}

}  // namespace mqtk::pub
