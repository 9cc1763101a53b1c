// What the server's answers and silences mean, as errors with a cause, a sentence and a hint. One
// place for the words, used by every tool.
#pragma once

#include <string>

#include "base/error.hpp"
#include "net/endpoint.hpp"
#include "protocol/client_state.hpp"

namespace mqtk {

/// A CONNACK that refuses. `settings` is what was asked for.
Error explain_refusal(const wire::Connack& connack, const SessionSettings& settings);

/// A rule that the server broke. `first_bytes` are the first octets it ever sent on this
/// connection.
Error explain_fault(const ProtocolFault& fault, const Endpoint& endpoint, Bytes first_bytes);

/// The peer closed after CONNECT, without a CONNACK. `why` is what the transport says.
Error explain_closed_before_connack(const Error& why, const Endpoint& endpoint,
                                    const SessionSettings& settings);

/// No CONNACK came in time.
/// `heard`: the first octets that came all the same, which made no answer.
Error explain_no_connack(Duration waited, const Endpoint& endpoint, const SessionSettings& settings,
                         Bytes heard = {});

/// The server's DISCONNECT (MQTT 5).
Error explain_disconnect(const wire::Disconnect& disconnect, const std::string& client_id);

/// The newest message that was sent and not answered when the peer closed.
struct LastPublish {
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
  std::size_t size = 0;
  bool any_sent = false;
};
/// An accepted connection was closed. When it came in reply to a message, that is said.
Error explain_loss(const Error& why, const LastPublish& last);

/// The same while a first subscription waited for its answer; `filter` is the likeliest of its
/// filters.
Error explain_subscribe_loss(const Error& why, Bytes filter);

/// A PUBACK or PUBREC that refuses (MQTT 5).
Error explain_publish_refusal(wire::ReasonCode reason, Bytes topic_or_empty);

/// What ClientState::publish() refuses for the server's limits.
Error explain_limit(ClientState::Accept accept, const ClientState::Outgoing& message,
                    const ServerLimits& limits);

}  // namespace mqtk
