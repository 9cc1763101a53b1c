#include "interop/by_hand.hpp"

namespace mqtk::test {

namespace {

constexpr Duration kAnswer = 20s;
constexpr Duration kQuiet = 3s;  ///< then nothing more is expected

wire::Subscribe subscription(Bytes filter) {
  wire::Subscribe request;
  request.packet_id = 1;
  request.requests.push_back({.filter = filter, .qos = wire::Qos::AtLeastOnce});
  return request;
}

wire::Publish message(Bytes topic, wire::Qos qos) {
  wire::Publish publish;
  publish.topic = topic;
  publish.payload = "by hand";
  publish.qos = qos;
  publish.packet_id = 7;
  return publish;
}

bool granted(const std::string& suback) {
  return suback.size() > 4 && u8(suback[0]) >> 4U == 9U && u8(suback.back()) < 0x80U;
}

/// A PUBLISH comes before the connection ends or stays silent for so long.
bool is_delivered(RawClient& client, Duration silence) {
  for (std::string type = client.receive_type(silence); !type.empty();
       type = client.receive_type(silence)) {
    if (type == "PUBLISH") return true;
  }
  return false;
}

void leave(RawClient& client) {
  client.send(wire::Disconnect{});
  client.wait_end(kAnswer);
}

}  // namespace

wire::Connect ByHand::connect(const std::string& client_id) const {
  wire::Connect connect = plain_connect(client_id);
  connect.username = user_;
  connect.password = "secret";
  return connect;
}

RawClient ByHand::client(const std::string& client_id) const {
  RawClient client(port_);
  client.send(connect(client_id));
  client.receive_type(kAnswer);
  return client;
}

bool ByHand::accepts_client_id(std::size_t length) const {
  const std::string client_id(length, 'h');
  RawClient client(port_);
  client.send(connect(client_id));
  const std::string connack = client.receive(kAnswer);
  return connack.size() == 4 && connack[3] == '\0';
}

std::size_t ByHand::longest_client_id() const {
  return largest(65'535, [this](std::size_t length) { return accepts_client_id(length); });
}

bool ByHand::carries_levels(std::size_t levels) const {
  std::string topic = "hand";
  for (std::size_t i = 1; i < levels; ++i) topic += "/h";
  RawClient asking = client("handlevels");
  asking.send(subscription(topic));
  if (!granted(asking.receive(kAnswer))) return false;
  asking.send(message(topic, wire::Qos::AtMostOnce));
  return is_delivered(asking, kAnswer);
}

std::size_t ByHand::most_levels(std::size_t cap) const {
  return largest(cap, [this](std::size_t levels) { return carries_levels(levels); });
}

std::string ByHand::publishing_to(Bytes topic) const {
  RawClient asking = client("handtopic");
  asking.send(message(topic, wire::Qos::AtLeastOnce));
  return asking.receive_type(kAnswer) == "PUBACK" ? "taken" : "closed";
}

std::string ByHand::subscribing_to(Bytes filter) const {
  RawClient asking = client("handfilter");
  asking.send(subscription(filter));
  const std::string answer = asking.receive(kAnswer);
  return answer.empty() ? "closed" : granted(answer) ? "taken" : "refused";
}

std::string ByHand::answer_to_qos_2() const {
  RawClient asking = client("handqos");
  asking.send(message("hand/qos", wire::Qos::ExactlyOnce));
  return asking.receive_type(kAnswer);
}

void ByHand::keep_session(const std::string& client_id, const std::string& topic) const {
  wire::Connect kept = connect(client_id);
  kept.clean_start = false;
  RawClient owner(port_);
  owner.send(kept);
  owner.receive_type(kAnswer);
  owner.send(subscription(topic));
  owner.receive_type(kAnswer);
  leave(owner);
}

bool ByHand::has_session(const std::string& client_id, const std::string& topic) const {
  {
    RawClient writer = client("handwriter");
    writer.send(message(topic, wire::Qos::AtLeastOnce));
    writer.receive_type(kAnswer);
  }
  wire::Connect kept = connect(client_id);
  kept.clean_start = false;
  RawClient owner(port_);
  owner.send(kept);
  const std::string connack = owner.receive(kAnswer);
  const bool present = connack.size() != 4 || connack[2] != '\0';
  // ActiveMQ answers in an order of its own and never says that a session is present.
  const bool delivered = is_delivered(owner, kQuiet);
  // Only a session that nobody uses is certain to go.
  leave(owner);
  RawClient clean = client(client_id);
  leave(clean);
  return present || delivered;
}

}  // namespace mqtk::test
