// The properties of a message as a member of a JSON object, in the words of our records or of
// mosquitto_sub.
#pragma once

#include <string>

#include "wire/properties.hpp"

namespace mqtk {

enum class PropertyStyle : std::uint8_t {
  /// content_type; lists for what may be repeated: subscription_identifiers, user_properties with
  /// name and value. Without the topic alias, which belongs to the connection.
  Record,
  /// content-type; one subscription identifier is a number, several are a list; user properties are
  /// objects of one member.
  Mosquitto,
};

/// Appends `,"properties":{...}` in the order of the packet, what may be repeated where its first
/// one stands. Nothing when there are none.
void append_json_properties(std::string& out, wire::PropertiesView properties, PropertyStyle style);

}  // namespace mqtk
