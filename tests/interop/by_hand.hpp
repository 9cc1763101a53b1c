// What a broker does with packets that are sent to it by hand, to compare our programs with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/raw_client.hpp"

namespace mqtk::test {

/// Speaks MQTT 3.1.1 over TCP, each question on a connection of its own.
class ByHand {
 public:
  ByHand(std::uint16_t port, std::string user) : port_(port), user_(std::move(user)) {}

  /// Of a client id; 65,535 when there is no limit.
  std::size_t longest_client_id() const;
  /// Of a topic that is subscribed to and comes back; at most `cap` are tried.
  std::size_t most_levels(std::size_t cap) const;
  /// "taken" when a message to this topic is acknowledged, else "closed".
  std::string publishing_to(Bytes topic) const;
  /// "taken", "refused" or "closed".
  std::string subscribing_to(Bytes filter) const;
  /// The type of the packet that answers a message of QoS 2; "" when the connection is closed.
  std::string answer_to_qos_2() const;
  /// Leaves a session with a subscription behind.
  void keep_session(const std::string& client_id, const std::string& topic) const;
  /// A kept session exists, or still gets messages for `topic`; it is gone afterwards.
  bool has_session(const std::string& client_id, const std::string& topic) const;

 private:
  wire::Connect connect(const std::string& client_id) const;
  /// Connected with a clean session.
  RawClient client(const std::string& client_id) const;
  bool accepts_client_id(std::size_t length) const;
  bool carries_levels(std::size_t levels) const;
  std::uint16_t port_;
  std::string user_;
};

/// The largest number in [1, cap] that `fits`; what is smaller fits as well.
template <typename Fits>
std::size_t largest(std::size_t cap, Fits fits) {
  if (fits(cap)) return cap;
  std::size_t good = 1;
  std::size_t bad = cap;
  while (bad - good > 1) {
    const std::size_t middle = good + (bad - good) / 2;
    (fits(middle) ? good : bad) = middle;
  }
  return good;
}

}  // namespace mqtk::test
