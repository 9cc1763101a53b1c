#include "contract/contract.hpp"

#include <unistd.h>

#include <utility>

#ifdef __SANITIZE_ADDRESS__
// When a connection is cut, Paho C 1.3.11 reads in one of its threads the host name that another
// one has just freed. What our code hands to the same functions is still checked.
extern "C" const char* __asan_default_suppressions();  // NOLINT: the name is the sanitizer's
extern "C" const char* __asan_default_suppressions() {
  return "interceptor_via_lib:libpaho-mqtt3as.so\n";
}
#endif

namespace mqtk::test {

Party& Party::start() {
  return start([this](EventLoop& loop, const ClientConfig& config, ClientListener& listener) {
    return make_client(engine_, loop, config, listener);
  });
}

Party& Party::start(const Maker& maker) {
  client_ = maker(loop_, config_, *this);
  client_->start();
  return *this;
}

bool Party::connect() {
  start();
  return run_until([this] { return !connections.empty() || ended > 0; }) && ended == 0;
}

bool Party::leave() {
  client_->stop();
  return run_until_ended() && !end_error;
}

PublishStatus Party::publish(const std::string& topic, const std::string& payload, wire::Qos qos,
                             bool retain, wire::PropertiesView properties) {
  OutgoingMessage message;
  message.topic = topic;
  message.payload = payload;
  message.qos = qos;
  message.retain = retain;
  message.properties = properties;
  const PublishStatus status = client_->publish(message, next_token_);
  if (status == PublishStatus::Accepted) ++next_token_;
  return status;
}

bool Party::deliver(const std::string& topic, const std::string& payload, wire::Qos qos,
                    bool retain, wire::PropertiesView properties) {
  if (publish(topic, payload, qos, retain, properties) != PublishStatus::Accepted) return false;
  const Token token = last_token();
  const auto known = [&] {
    return std::find_if(outcomes.begin(), outcomes.end(),
                        [&](const Outcome& outcome) { return outcome.token == token; });
  };
  return run_until([&] { return known() != outcomes.end() || ended > 0; }) &&
         known() != outcomes.end() && known()->outcome.ok;
}

std::string Party::subscribe(const std::vector<std::string>& filters, wire::Qos qos) {
  std::vector<Subscription> wanted;
  for (const std::string& filter : filters) {
    Subscription& subscription = wanted.emplace_back();
    subscription.filter = filter;
    subscription.qos = qos;
  }
  const std::size_t before = subscribed.size();
  client_->subscribe(std::move(wanted), 1);
  run_until([&] { return subscribed.size() > before || ended > 0; });
  std::string codes;
  if (subscribed.size() == before) return codes;
  for (const SubscribeOutcome& outcome : subscribed.back().outcomes) {
    codes.push_back(static_cast<char>(outcome.code));
  }
  return codes;
}

std::vector<std::string> Party::payloads() const {
  std::vector<std::string> out;
  for (const Arrived& message : arrived) out.push_back(message.payload);
  return out;
}

void Party::on_connected(const ConnectionInfo& info) {
  ++callbacks;
  connections.push_back(info);
}

void Party::on_retry(const Error& why, Duration) {
  ++callbacks;
  retries.push_back(why);
}

void Party::on_end(const Error* error) {
  ++callbacks;
  ++ended;
  if (error != nullptr) end_error = *error;
}

void Party::on_message(const MessageView& message) {
  ++callbacks;
  arrived.push_back({std::string(message.topic), std::string(message.payload), message.qos,
                     message.retain, std::string(message.properties.raw())});
}

void Party::on_published(Token token, const PublishOutcome& outcome) {
  ++callbacks;
  outcomes.push_back({token, outcome});
}

void Party::on_writable() {
  ++callbacks;
  ++writable;
}

void Party::on_subscribed(Token token, std::span<const SubscribeOutcome> answer) {
  ++callbacks;
  subscribed.push_back({token, {answer.begin(), answer.end()}});
}

void Party::on_unsubscribed(Token token, std::span<const SubscribeOutcome> answer) {
  ++callbacks;
  unsubscribed.push_back({token, {answer.begin(), answer.end()}});
}

ClientConfig config_for(wire::ProtocolVersion version, std::uint16_t port) {
  static unsigned number = 0;
  ClientConfig config;
  config.endpoints = {{Scheme::Mqtt, "127.0.0.1", port}};
  config.version = version;
  config.client_id = "contract-" + std::to_string(::getpid()) + "-" + std::to_string(++number);
  return config;
}

void add_all_that_connect_carries(ClientConfig& config) {
  config.credentials = [] {
    return Result<Credentials>(Credentials{"user", std::string("se\0cret", 7)});
  };
  config.will.emplace();
  config.will->topic = "w/t";
  config.will->payload = std::string("\0\1", 2);
  config.will->qos = wire::Qos::ExactlyOnce;
  config.will->retain = true;
  if (config.version != wire::ProtocolVersion::V5) return;
  config.connect_properties.add(wire::PropertyId::SessionExpiryInterval, 77);
  config.connect_properties.add(wire::PropertyId::ReceiveMaximum, 9);
  config.connect_properties.add_user_property("k", "v");
  config.will->properties.add(wire::PropertyId::WillDelayInterval, 3);
  config.will->properties.add(wire::PropertyId::ContentType, Bytes("x/y"));
}

std::unique_ptr<Party> other_side(std::uint16_t port, const std::vector<std::string>& filters) {
  auto party =
      std::make_unique<Party>(Engine::Native, config_for(wire::ProtocolVersion::V311, port));
  if (!party->connect()) throw std::runtime_error("the other side cannot connect");
  if (!filters.empty()) party->subscribe(filters);
  return party;
}

}  // namespace mqtk::test
