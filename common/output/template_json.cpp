#include <nlohmann/json.hpp>

#include "output/message_template.hpp"
#include "wire/utf8.hpp"

namespace mqtk {

namespace {

using wire::PropertyId;
using wire::PropertyType;

constexpr std::string_view kWhite = " \t\n\r";

void append_key(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  out.append("\"").append(name).append("\":");
}

void append_octets(std::string& out, std::string_view name, Bytes value) {
  if (wire::is_utf8(value)) {
    append_key(out, name);
    append_json_string(out, value);
  } else {
    append_key(out, std::string(name) + "_base64");
    out.append("\"").append(to_base64(value)).append("\"");
  }
}

std::size_t count(wire::PropertiesView properties, PropertyId id) {
  std::size_t found = 0;
  for (const wire::Property& property : properties) found += property.info->id == id ? 1 : 0;
  return found;
}

// One number alone, several as an array: a key is never repeated.
void append_subscriptions(std::string& out, wire::PropertiesView properties) {
  append_key(out, "subscription-identifier");
  const bool several = count(properties, PropertyId::SubscriptionIdentifier) > 1;
  if (several) out += '[';
  for (const wire::Property& property : properties) {
    if (property.info->id != PropertyId::SubscriptionIdentifier) continue;
    if (out.back() != '[' && out.back() != ':') out += ',';
    out += std::to_string(property.number);
  }
  if (several) out += ']';
}

void append_user_properties(std::string& out, wire::PropertiesView properties) {
  append_key(out, "user-properties");
  out += '[';
  for (const wire::Property& property : properties) {
    if (property.info->id != PropertyId::UserProperty) continue;
    if (out.back() != '[') out += ',';
    out += '{';
    append_json_string(out, property.key);
    out += ':';
    append_json_string(out, property.value);
    out += '}';
  }
  out += ']';
}

// In the order of the packet; what may be repeated stands where its first one does.
void append_properties(std::string& out, wire::PropertiesView properties) {
  bool subscriptions = false;
  bool pairs = false;
  out += '{';
  for (const wire::Property& property : properties) {
    if (property.info->id == PropertyId::SubscriptionIdentifier) {
      if (!subscriptions) append_subscriptions(out, properties);
      subscriptions = true;
    } else if (property.info->type == PropertyType::Utf8Pair) {
      if (!pairs) append_user_properties(out, properties);
      pairs = true;
    } else if (property.info->type == PropertyType::Utf8) {
      append_key(out, property.info->name);
      append_json_string(out, property.value);
    } else if (property.info->type == PropertyType::Binary) {
      append_octets(out, property.info->name, property.value);
    } else {
      append_key(out, property.info->name);
      out += std::to_string(property.number);
    }
  }
  out += '}';
}

// Octets of the token at the front: a string, or what stands up to the next structural character.
std::size_t token_size(std::string_view json) {
  if (json.front() != '"') {
    const std::size_t end = json.find_first_of("{}[],:\" \t\n\r");
    return end == 0 ? 1 : std::min(end, json.size());
  }
  std::size_t at = 1;
  while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2U : 1U;
  return std::min(at + 1, json.size());
}

template <typename Each>
void for_each_token(std::string_view json, Each each) {
  for (;;) {
    const std::size_t begin = json.find_first_not_of(kWhite);
    if (begin == std::string_view::npos) return;
    json.remove_prefix(begin);
    const std::size_t size = token_size(json);
    each(json.substr(0, size));
    json.remove_prefix(size);
  }
}

}  // namespace

void append_compact_json(std::string& out, std::string_view json) {
  for_each_token(json, [&out](std::string_view token) { out.append(token); });
}

void append_pretty_json(std::string& out, std::string_view json) {
  std::string open;  // the brackets around the place, '{' and '['
  const auto new_line = [&] { out.append("\n").append(open.size(), '\t'); };
  char before = 0;
  for_each_token(json, [&](std::string_view token) {
    const char c = token.front();
    if (c == '}' || c == ']') {
      open.pop_back();
      if (c == '}') new_line();
    } else if (before == '{' || (before == ',' && open.back() == '{')) {
      new_line();
    } else if (before == ',') {
      out += ' ';
    } else if (before == ':') {
      out += '\t';
    }
    out.append(token);
    if (c == '{' || c == '[') open += c;
    before = c;
  });
}

bool append_template_json(std::string& out, const MessageRecord& message, std::string_view tst,
                          bool embed, bool pretty) {
  std::string line = "{\"tst\":\"";
  line.append(tst).append("\",\"topic\":");
  append_json_string(line, message.topic);
  line.append(",\"qos\":").append(std::to_string(static_cast<int>(message.qos)));
  line.append(message.retain ? ",\"retain\":true" : ",\"retain\":false");
  line.append(",\"payloadlen\":").append(std::to_string(message.payload.size()));
  if (message.qos != wire::Qos::AtMostOnce) {
    line.append(",\"mid\":").append(std::to_string(message.packet_id));
  }
  if (!message.properties.empty()) {
    line += ",\"properties\":";
    append_properties(line, message.properties);
  }
  if (message.payload.empty()) {
    line += ",\"payload\":null";
  } else if (!embed) {
    append_octets(line, "payload", message.payload);
  } else if (nlohmann::json::accept(message.payload)) {
    line += ",\"payload\":";
    append_compact_json(line, message.payload);
  } else {
    return false;
  }
  line += '}';
  if (pretty) {
    append_pretty_json(out, line);
  } else {
    out += line;
  }
  return true;
}

}  // namespace mqtk
