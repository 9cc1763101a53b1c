#include "output/properties_json.hpp"

#include <algorithm>
#include <utility>

#include "output/json_text.hpp"

namespace mqtk {

namespace {

using wire::PropertyId;
using wire::PropertyType;

void append_subscriptions(std::string& out, wire::PropertiesView properties, bool always_list) {
  const std::size_t begin = out.size();
  std::size_t count = 0;
  for (const wire::Property& property : properties) {
    if (property.info->id != PropertyId::SubscriptionIdentifier) continue;
    if (++count > 1) out += ',';
    out += std::to_string(property.number);
  }
  if (!always_list && count == 1) return;
  out.insert(begin, 1, '[');
  out += ']';
}

void append_user_properties(std::string& out, wire::PropertiesView properties, bool named) {
  out += '[';
  for (const wire::Property& property : properties) {
    if (property.info->id != PropertyId::UserProperty) continue;
    if (out.back() != '[') out += ',';
    out += named ? "{\"name\":" : "{";
    append_json_string(out, property.key);
    out += named ? ",\"value\":" : ":";
    append_json_string(out, property.value);
    out += '}';
  }
  out += ']';
}

void append_single(std::string& out, const wire::Property& property, std::string_view name) {
  if (property.info->type == PropertyType::Binary)
    return append_json_octets(out, name, property.value);
  append_json_key(out, name);
  if (property.info->type == PropertyType::Utf8) {
    append_json_string(out, property.value);
  } else {
    out += std::to_string(property.number);
  }
}

}  // namespace

void append_json_properties(std::string& out, wire::PropertiesView properties,
                            PropertyStyle style) {
  const bool record = style == PropertyStyle::Record;
  bool any = false;
  bool subscriptions = false;
  bool pairs = false;
  for (const wire::Property& property : properties) {
    const PropertyId id = property.info->id;
    if (record && id == PropertyId::TopicAlias) continue;
    if (!any) out += ",\"properties\":{";
    any = true;
    if (id == PropertyId::SubscriptionIdentifier) {
      if (std::exchange(subscriptions, true)) continue;
      append_json_key(out, record ? "subscription_identifiers" : "subscription-identifier");
      append_subscriptions(out, properties, record);
    } else if (id == PropertyId::UserProperty) {
      if (std::exchange(pairs, true)) continue;
      append_json_key(out, record ? "user_properties" : "user-properties");
      append_user_properties(out, properties, record);
    } else {
      std::string name(property.info->name);
      if (record) std::replace(name.begin(), name.end(), '-', '_');
      append_single(out, property, name);
    }
  }
  if (any) out += '}';
}

}  // namespace mqtk
