#include "client/subscription_list.hpp"

#include <algorithm>
#include <utility>

namespace mqtk {

std::uint32_t SubscriptionList::add(std::vector<Subscription> subscriptions, Token token,
                                    std::string properties) {
  Group group;
  group.token = token;
  group.subscriptions = std::move(subscriptions);
  group.properties = std::move(properties);
  groups_.push_back(std::move(group));
  return static_cast<std::uint32_t>(groups_.size() - 1);
}

std::vector<std::uint64_t> SubscriptionList::requests(std::uint32_t index) {
  Group& group = groups_[index];
  group.outcomes.clear();
  for (const Subscription& subscription : group.subscriptions) {
    group.outcomes.push_back({subscription.filter, false, 0});
  }
  group.unanswered = group.subscriptions.size();
  group.confirmed = false;
  std::vector<std::uint64_t> names;
  for (std::size_t first = 0; first < group.subscriptions.size(); first += kFiltersPerRequest) {
    const std::size_t count = std::min(kFiltersPerRequest, group.subscriptions.size() - first);
    names.push_back(requests_.size());
    requests_.push_back(
        {index, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(count)});
  }
  return names;
}

std::vector<wire::SubscriptionRequest> SubscriptionList::filters(const Request& request) const {
  std::vector<wire::SubscriptionRequest> filters;
  const Group& group = groups_[request.group];
  for (std::size_t i = request.first; i < request.first + request.count; ++i) {
    const Subscription& subscription = group.subscriptions[i];
    filters.push_back({subscription.filter, subscription.qos, subscription.no_local,
                       subscription.retain_as_published, subscription.retain_handling});
  }
  return filters;
}

SubscriptionList::Group* SubscriptionList::answer(std::uint64_t name, Bytes codes) {
  const Request& request = requests_[name];
  Group& group = groups_[request.group];
  for (std::size_t i = 0; i < codes.size() && request.first + i < group.outcomes.size(); ++i) {
    SubscribeOutcome& outcome = group.outcomes[request.first + i];
    outcome.code = u8(codes[i]);
    outcome.ok = outcome.code < 0x80;
    --group.unanswered;
  }
  if (group.unanswered > 0) return nullptr;
  group.confirmed = true;
  return &group;
}

std::string SubscriptionList::unanswered_filter() const {
  std::string found;
  for (const Group& group : groups_) {
    if (group.told || group.unanswered == 0) continue;
    for (const Subscription& subscription : group.subscriptions) {
      const bool shared = subscription.filter.starts_with("$share/");
      if (found.empty() || (shared && !found.starts_with("$share/"))) found = subscription.filter;
    }
  }
  return found;
}

void SubscriptionList::remove(const std::string& filter) {
  for (Group& group : groups_) {
    if (group.unanswered > 0) continue;
    std::erase_if(group.subscriptions,
                  [&](const Subscription& subscription) { return subscription.filter == filter; });
  }
}

}  // namespace mqtk
