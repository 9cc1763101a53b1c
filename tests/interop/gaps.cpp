#include "interop/gaps.hpp"

#include <array>

#include "interop/features.hpp"

namespace mqtk::test {

namespace {

/// "" is any.
struct Gap {
  const char* broker;
  const char* transport;
  const char* version;
  const char* feature;
  const char* outcome;
};

constexpr const char* kClosedAtConnect5 =
    "the broker closed the connection instead of answering CONNECT (hint: does it speak MQTT 5? "
    "try -V 3.1.1)";
constexpr const char* kRefuses5 =
    "the broker refused the connection: it does not speak MQTT 5 (hint: try MQTT 3.1.1 with -V "
    "3.1.1)";
constexpr const char* kWebSocketViolation =
    "the server closed the WebSocket: 1002, protocol error (\"Protocol Violation\") (hint: does it "
    "speak MQTT 3.1? try -V 3.1.1)";
constexpr const char* kWebSocketUnexpected =
    "the server closed the WebSocket: 1011, unexpected condition (hint: does it speak MQTT 5? try "
    "-V 3.1.1)";
// No program can tell that from a subscription without messages; mqtt-inspect caps can.
constexpr const char* kGranted = "granted, and nothing is delivered";

// The first one that fits is meant.
constexpr std::array kGaps = {
    // Its documentation: MQTT 3.1.1 with QoS 0 and 1; $share/ is a topic like others.
    Gap{"NATS", "WebSocket", "3.1", "connection", kWebSocketViolation},
    Gap{"NATS", "WSS", "3.1", "connection", kWebSocketViolation},
    Gap{"NATS", "", "3.1", "connection",
        "the broker closed the connection instead of answering CONNECT (hint: does it speak MQTT "
        "3.1? try -V 3.1.1)"},
    Gap{"NATS", "", "5", "connection", kRefuses5},
    Gap{"NATS", "", "3.1.1", "QoS 2",
        "the broker closed the connection in reply to a message of QoS 2 (hint: some brokers have "
        "no QoS 2: try -q 1)"},
    Gap{"NATS", "", "3.1.1", "shared subscription", kGranted},
    // Its documentation: no MQTT 5 before 3.13, QoS 2 is treated as QoS 1, retained messages are
    // found by their exact topic only.
    Gap{"RabbitMQ", "WebSocket", "5", "connection", kWebSocketUnexpected},
    Gap{"RabbitMQ", "WSS", "5", "connection", kWebSocketUnexpected},
    Gap{"RabbitMQ", "", "5", "connection", kClosedAtConnect5},
    Gap{"RabbitMQ", "", "", "QoS 2",
        "the broker broke the protocol: the server answered a QoS 2 message with PUBACK, as if it "
        "were QoS 1 [MQTT-4.3.3-2] (hint: it has no QoS 2: try -q 1)"},
    Gap{"RabbitMQ", "", "", "retained, by wildcard", "not delivered"},
    Gap{"RabbitMQ", "", "", "shared subscription", kGranted},
    Gap{"ejabberd", "", "3.1", "connection",
        "the broker refused the connection: it does not speak MQTT 3.1 (hint: try another version "
        "with -V)"},
    // What its CONNACK of MQTT 5 says: no shared subscriptions.
    Gap{"ejabberd", "", "3.1.1", "shared subscription",
        "the broker closed the connection in reply to the subscription to '$share/g/TOPIC/shared' "
        "(hint: it may have no shared subscriptions)"},
    Gap{"ejabberd", "", "5", "shared subscription",
        "the broker ended the connection: shared subscriptions not supported (Protocol error: "
        "Shared Subscriptions not supported) (hint: subscribe without $share/)"},
    Gap{"ActiveMQ", "", "5", "connection", kClosedAtConnect5},
    Gap{"ActiveMQ", "", "", "shared subscription", kGranted},
    Gap{"aedes", "", "5", "connection", kRefuses5},
    Gap{"aedes", "", "", "shared subscription", kGranted},
};

bool covers(const char* pattern, const std::string& value) {
  return pattern[0] == '\0' || value == pattern;
}

}  // namespace

std::string expected_outcome(const std::string& broker, const std::string& transport,
                             const std::string& version, const std::string& feature) {
  for (const Gap& gap : kGaps) {
    if (covers(gap.broker, broker) && covers(gap.transport, transport) &&
        covers(gap.version, version) && covers(gap.feature, feature)) {
      return gap.outcome;
    }
  }
  return kYes;
}

}  // namespace mqtk::test
