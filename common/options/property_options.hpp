// -D/--property: properties of MQTT 5 from words, checked against wire's table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "wire/properties.hpp"

namespace mqtk {

/// The packets that take properties from the command line.
struct PropertySets {
  wire::Properties connect;
  wire::Properties will;
  wire::Properties publish;
  wire::Properties subscribe;
  wire::Properties unsubscribe;
  wire::Properties disconnect;
};

/// How many words follow -D: COMMAND NAME VALUE, and one more for user-property.
std::size_t property_word_count(std::span<const std::string_view> rest);

/// Wrong commands, names, places, ranges and repetitions are errors of kind Usage.
Result<PropertySets> resolve_properties(std::span<const std::vector<std::string>> options);

/// Adds a property that has an option of its own ("--expiry"); an error when it is there already or
/// the value is not fit for it.
Result<void> add_property(wire::Properties& set, wire::PropertyId id, std::uint32_t number,
                          std::string_view option);
Result<void> add_property(wire::Properties& set, wire::PropertyId id, std::string_view value,
                          std::string_view option);
/// --user-property NAME=VALUE
Result<void> add_user_property(wire::Properties& set, std::string_view name_and_value);

}  // namespace mqtk
