// What the probes of mqtt-inspect caps share: the way to the broker, names that nobody else uses,
// and the list of everything that has to be removed again.
#pragma once

#include <set>
#include <string>

#include "inspect/caps/report.hpp"
#include "inspect/shared/packet_link.hpp"
#include "inspect/shared/probe.hpp"
#include "inspect/shared/task.hpp"

namespace mqtk::inspect {

struct CapsOptions {
  ClientConfig config;
  std::string topic_prefix{kTopicPrefix};
  bool safe = false;
  bool slow = false;
  std::size_t max_probe_size = 1024 * 1024;
  Report* debug = nullptr;  ///< every packet is shown there; nullptr: none is
};

struct Laboratory {
  Laboratory(EventLoop& the_loop, CapsOptions the_options);

  /// "PREFIX RANDOM/name"
  std::string topic(std::string_view name) const { return root + "/" + std::string(name); }
  /// A client id of our own; `name` tells them apart.
  std::string id(std::string_view name) const;
  bool v5() const { return route.version == wire::ProtocolVersion::V5; }

  EventLoop& loop;
  CapsOptions options;
  Route route;
  std::string nonce;
  std::string root;                ///< of all topics of this run, without a slash at its end
  std::set<std::string> retained;  ///< topics that may hold a message of ours
  std::set<std::string> sessions;  ///< client ids that may have a stored session
};

/// For answers that come at once or never.
inline constexpr Duration kPatience = 1500ms;
/// For silence that is expected.
inline constexpr Duration kSilence = 400ms;

/// Connects with a clean session; the CONNACK, or why there was none.
Task<Answer> connect(PacketLink& link, std::string id, wire::Connect connect = {});
/// The SUBACK.
Task<Answer> subscribe(PacketLink& link, std::string filter, wire::Qos qos = wire::Qos::AtMostOnce);
void publish(PacketLink& link, Bytes topic, Bytes payload, wire::Qos qos = wire::Qos::AtMostOnce,
             bool retain = false, wire::PropertiesView properties = {});

/// What became of a message that somebody subscribed to.
struct Delivery {
  bool arrived = false;
  bool denied = false;  ///< the broker said so
  bool closed = false;  ///< it ended the connection
  std::uint8_t code = 0;
  wire::Qos qos = wire::Qos::AtMostOnce;
};
/// Subscribes with `filter` over a link of its own, publishes to `topic`, waits for it.
Task<Delivery> loop_back(Laboratory& laboratory, std::string id, std::string filter,
                         std::string topic, std::string payload,
                         wire::Qos qos = wire::Qos::AtMostOnce);

/// Deletes a stored session; false when it could not be, or is still there.
Task<bool> delete_session(Laboratory& laboratory, std::string id);

/// Clears and deletes what the probes left, and looks whether it is gone; what is not.
Task<std::vector<std::string>> clean_up(Laboratory& laboratory);

}  // namespace mqtk::inspect
