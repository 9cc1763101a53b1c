// The subscriptions a client wants to have, with what the server said of each; sent in requests of
// at most eight filters, which is what the strictest servers allow.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "client/client.hpp"

namespace mqtk {

class SubscriptionList {
 public:
  static constexpr std::size_t kFiltersPerRequest = 8;

  struct Group {
    Token token = 0;
    std::vector<Subscription> subscriptions;
    std::vector<SubscribeOutcome> outcomes;
    std::string properties;      ///< encoded
    std::size_t unanswered = 0;  ///< filters without an answer yet
    bool told = false;           ///< the outcome was reported once
    bool confirmed = false;      ///< every filter has been answered
  };
  /// One SUBSCRIBE: some filters of one group.
  struct Request {
    std::uint32_t group;
    std::uint32_t first;
    std::uint32_t count;
  };

  std::uint32_t add(std::vector<Subscription> subscriptions, Token token, std::string properties);
  /// The requests that renew a group, with names to give to the protocol.
  std::vector<std::uint64_t> requests(std::uint32_t group);
  std::size_t groups() const { return groups_.size(); }
  Group& group(std::uint32_t index) { return groups_[index]; }
  const Request& request(std::uint64_t name) const { return requests_[name]; }
  std::vector<wire::SubscriptionRequest> filters(const Request& request) const;
  /// Takes the codes of a SUBACK. The group when it is now complete.
  Group* answer(std::uint64_t name, Bytes codes);
  /// The likeliest to be refused of those that never had an answer; empty when all had one.
  std::string unanswered_filter() const;
  /// Forgets filters that were unsubscribed.
  void remove(const std::string& filter);

 private:
  std::vector<Group> groups_;
  std::vector<Request> requests_;
};

}  // namespace mqtk
