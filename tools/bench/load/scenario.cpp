#include "bench/load/scenario.hpp"

#include "bench/load/name_template.hpp"

namespace mqtk::bench {

std::string_view name(Work work) {
  static constexpr std::string_view kNames[] = {"connect", "publish", "subscribe", "pubsub"};
  return kNames[static_cast<std::size_t>(work)];
}

std::string_view name(Topology topology) {
  static constexpr std::string_view kNames[] = {"pair", "fan-in", "fan-out", "shared"};
  return kNames[static_cast<std::size_t>(topology)];
}

std::uint32_t Scenario::of_role(Role role) const {
  return role == Role::Idle ? idle : role == Role::Publisher ? publishers : subscribers;
}

std::uint32_t Scenario::here(Role role) const {
  const std::uint32_t all = of_role(role);
  return all / shards + (shard < all % shards ? 1 : 0);
}

std::string Scenario::run_token() const {
  static constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string token;
  for (std::uint32_t rest = run; token.size() < 5; rest /= 36) token += kDigits[rest % 36];
  return token;
}

Identity Scenario::identity(Role role, std::uint32_t index) const {
  Identity out;
  const std::string token = run_token();
  TemplateValues values;
  values.index = first_index + index;
  values.run = token;
  if (!credentials.empty()) out = credentials[index % credentials.size()];
  if (username_template) out.username = fill_template(*username_template, values);
  values.username = out.username ? std::string_view(*out.username) : std::string_view();
  if (password_template) out.password = fill_template(*password_template, values);
  if (id_template) {
    out.client_id = fill_template(*id_template, values);
    // The same template for both sides must not make two clients of one id.
    if (role == Role::Subscriber && publishers > 0) out.client_id += "-sub";
  } else if (out.client_id.empty()) {
    constexpr std::string_view kLetters = "cps";
    out.client_id = "mqttbench-" + token;
    out.client_id += kLetters[static_cast<std::size_t>(role)];
    out.client_id += std::to_string(values.index);
  }
  return out;
}

std::string Scenario::topic_of(std::uint32_t publisher, const Identity& identity) const {
  const std::string token = run_token();
  TemplateValues values;
  values.index = first_index + publisher;
  values.client_id = identity.client_id;
  values.username = identity.username ? std::string_view(*identity.username) : std::string_view();
  values.run = token;
  return fill_template(topic, values);
}

std::string Scenario::filter_of(std::uint32_t subscriber, const Identity& identity) const {
  const std::string token = run_token();
  TemplateValues values;
  values.index = first_index + subscriber;
  values.client_id = identity.client_id;
  values.username = identity.username ? std::string_view(*identity.username) : std::string_view();
  values.run = token;
  if (filter) return fill_template(*filter, values);
  if (topology == Topology::Pair) {
    const Identity sender = this->identity(Role::Publisher, subscriber);
    return topic_of(subscriber, sender);
  }
  std::string all = filter_for_all(topic, values);
  if (topology != Topology::Shared) return all;
  return "$share/" + fill_template(share_group, values) + "/" + all;
}

const Endpoint& Scenario::endpoint_of(Role role, std::uint32_t index) const {
  const auto& list = role == Role::Subscriber && !sub_endpoints.empty() ? sub_endpoints : endpoints;
  return list[index % list.size()];
}

}  // namespace mqtk::bench
