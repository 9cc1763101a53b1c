#include "options/property_options.hpp"

#include <algorithm>
#include <array>

#include "base/units.hpp"
#include "options/words.hpp"

namespace mqtk {

namespace {

using wire::PropertyId;
using wire::PropertyPlace;
using wire::PropertyType;

struct Command {
  std::string_view name;
  PropertyPlace place;
  wire::Properties PropertySets::*set;
};
constexpr std::array<Command, 6> kCommands = {{
    {"connect", PropertyPlace::Connect, &PropertySets::connect},
    {"will", PropertyPlace::Will, &PropertySets::will},
    {"publish", PropertyPlace::Publish, &PropertySets::publish},
    {"subscribe", PropertyPlace::Subscribe, &PropertySets::subscribe},
    {"unsubscribe", PropertyPlace::Unsubscribe, &PropertySets::unsubscribe},
    {"disconnect", PropertyPlace::Disconnect, &PropertySets::disconnect},
}};

Unexpected<Error> refuse(std::string what, std::string hint = {}) {
  return fail(ErrorKind::Usage, "--property: " + std::move(what), std::move(hint));
}

bool is_number(PropertyType type) {
  return type == PropertyType::Byte || type == PropertyType::TwoByte ||
         type == PropertyType::FourByte || type == PropertyType::VarInt;
}

// A client may not send these although the packet has room for them.
bool only_servers_send(PropertyId id, PropertyPlace place) {
  return (id == PropertyId::SubscriptionIdentifier && place == PropertyPlace::Publish) ||
         (id == PropertyId::ServerReference && place == PropertyPlace::Disconnect);
}

std::string names_allowed_in(PropertyPlace place) {
  std::string out;
  for (const wire::PropertyInfo& info : wire::property_table()) {
    if (!info.allowed_in(place) || only_servers_send(info.id, place)) continue;
    if (!out.empty()) out += ", ";
    out += info.name;
  }
  return out;
}

bool is_unique(const wire::Properties& set, PropertyId id) {
  return !set.view().find(id).has_value();
}

Result<void> add(wire::Properties& set, const wire::PropertyInfo& info,
                 std::span<const std::string> values) {
  const std::string name(info.name);
  if (info.type == PropertyType::Utf8Pair) {
    if (values.size() != 2) return refuse(name + " takes a name and a value");
    if (set.add_user_property(values[0], values[1])) return {};
    return refuse(name + ": name and value are UTF-8 texts of at most 65535 octets");
  }
  if (values.size() != 1) return refuse(name + " takes one value");
  if (!is_unique(set, info.id)) return refuse(name + " may be given once for each packet");
  if (!is_number(info.type)) {
    if (set.add(info.id, values[0])) return {};
    return refuse(name + ": the value is not fit to be sent (too long, or no UTF-8 text)");
  }
  const auto number = parse_number(values[0], info.minimum, info.maximum);
  if (!number) {
    return refuse(name + ": '" + values[0] + "' is not a whole number from " +
                  std::to_string(info.minimum) + " to " + std::to_string(info.maximum));
  }
  if (set.add(info.id, static_cast<std::uint32_t>(*number))) return {};
  return refuse(name + ": the value is not fit to be sent");
}

Result<void> add_option(PropertySets& sets, std::span<const std::string> words) {
  if (words.size() < 3) return refuse("PACKET, NAME and VALUE are needed");
  const auto* const command = std::ranges::find(kCommands, lower_case(words[0]), &Command::name);
  if (command == kCommands.end()) {
    return refuse("'" + words[0] + "' is no packet that takes properties",
                  "connect, will, publish, subscribe, unsubscribe or disconnect");
  }
  const std::string packet(command->name);
  const wire::PropertyInfo* info = wire::find_property(lower_case(words[1]));
  if (info == nullptr) {
    return refuse("'" + words[1] + "' is no property",
                  "for " + packet + ": " + names_allowed_in(command->place));
  }
  if (!info->allowed_in(command->place)) {
    return refuse(std::string(info->name) + " is no property of " + packet,
                  "for " + packet + ": " + names_allowed_in(command->place));
  }
  if (only_servers_send(info->id, command->place)) {
    return refuse(std::string(info->name) + " in " + packet + " is sent by brokers only");
  }
  return add(sets.*(command->set), *info, words.subspan(2));
}

template <typename Value>
Result<void> add_checked(wire::Properties& set, PropertyId id, Value value,
                         std::string_view option) {
  if (!is_unique(set, id)) {
    return fail(ErrorKind::Usage, std::string(option) + ": " +
                                      std::string(wire::find_property(id)->name) +
                                      " is given by --property as well");
  }
  if (set.add(id, value)) return {};
  return fail(
      ErrorKind::Usage,
      std::string(option) + ": the value is not fit to be sent (too long, or no UTF-8 text)");
}

}  // namespace

std::size_t property_word_count(std::span<const std::string_view> rest) {
  return rest.size() >= 2 && lower_case(rest[1]) == "user-property" ? 4 : 3;
}

Result<PropertySets> resolve_properties(std::span<const std::vector<std::string>> options) {
  PropertySets sets;
  for (const std::vector<std::string>& words : options) {
    if (auto added = add_option(sets, words); !added) return fail(std::move(added.error()));
  }
  return sets;
}

Result<void> add_property(wire::Properties& set, wire::PropertyId id, std::uint32_t number,
                          std::string_view option) {
  return add_checked(set, id, number, option);
}

Result<void> add_property(wire::Properties& set, wire::PropertyId id, std::string_view value,
                          std::string_view option) {
  return add_checked(set, id, value, option);
}

Result<void> add_user_property(wire::Properties& set, std::string_view name_and_value) {
  const auto equals = name_and_value.find('=');
  if (equals == std::string_view::npos) {
    return fail(ErrorKind::Usage,
                "--user-property: '" + std::string(name_and_value) + "' is not NAME=VALUE");
  }
  if (set.add_user_property(name_and_value.substr(0, equals), name_and_value.substr(equals + 1))) {
    return {};
  }
  return fail(ErrorKind::Usage,
              "--user-property: name and value are UTF-8 texts of at most 65535 octets");
}

}  // namespace mqtk
