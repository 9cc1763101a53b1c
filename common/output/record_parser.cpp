#include "output/record_parser.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

#include "wire/topic.hpp"

namespace mqtk {

namespace {

using nlohmann::json;
using wire::PropertyId;
using wire::PropertyType;

Unexpected<Error> bad(std::string what, std::string hint = {}) {
  return fail(ErrorKind::BadInput, std::move(what), std::move(hint));
}

std::size_t skip_space(Bytes text, std::size_t at) {
  return std::min(text.find_first_not_of(" \t\r\n", at), text.size());
}

/// Behind the string that begins at `at`.
std::size_t skip_string(Bytes text, std::size_t at) {
  for (++at; text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

/// Behind the value that begins at `at`.
std::size_t skip_value(Bytes text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at;
    } else if (depth == 0 && (c == ',' || c == '}')) {
      break;
    } else {
      if (c == '}' || c == ']') --depth;
      ++at;
    }
    if (depth == 0 && (c == '"' || c == '}' || c == ']')) break;
  }
  return at;
}

/// How the value of the last member `name` is written in `object`, which is known to be one.
Bytes text_of_member(Bytes object, std::string_view name) {
  Bytes found;
  std::size_t at = skip_space(object, skip_space(object, 0) + 1);
  while (object[at] == '"') {
    const std::size_t key = at;
    at = skip_string(object, at);
    const bool wanted = json::parse(object.substr(key, at - key)) == name;
    at = skip_space(object, skip_space(object, at) + 1);
    const std::size_t value = at;
    at = skip_value(object, at);
    if (wanted) found = object.substr(value, at - value);
    while (!found.empty() && (found.back() == ' ' || found.back() == '\t')) found.remove_suffix(1);
    at = skip_space(object, at);
    if (object[at] == ',') at = skip_space(object, at + 1);
  }
  return found;
}

Result<std::string> octets_of(const json& value, const std::string& key) {
  std::string octets;
  if (!value.is_string() || !from_base64(value.get_ref<const std::string&>(), octets)) {
    return bad("'" + key + "' is no base64");
  }
  return octets;
}

Result<std::string> payload_of(const json& record, Bytes line) {
  if (record.contains("payload_base64")) {
    if (record.contains("payload")) return bad("both 'payload' and 'payload_base64'");
    return octets_of(record["payload_base64"], "payload_base64");
  }
  const auto payload = record.find("payload");
  if (payload == record.end()) return bad("no 'payload'");
  if (payload->is_string()) return payload->get<std::string>();
  return std::string(text_of_member(line, "payload"));
}

Result<void> add_user_properties(const json& value, wire::Properties& set) {
  if (!value.is_array()) return bad("'user_properties' is no list");
  for (const json& pair : value) {
    const auto text = [&](const char* key) -> const std::string* {
      const auto found = pair.is_object() ? pair.find(key) : pair.end();
      if (!pair.is_object() || found == pair.end() || !found->is_string()) return nullptr;
      return &found->get_ref<const std::string&>();
    };
    const std::string* name = text("name");
    const std::string* content = text("value");
    if (name == nullptr || content == nullptr || !set.add_user_property(*name, *content)) {
      return bad("a user property is {\"name\":TEXT,\"value\":TEXT}");
    }
  }
  return {};
}

Result<void> add_property(const std::string& key, const json& value, wire::Properties& set) {
  if (key == "user_properties") return add_user_properties(value, set);
  if (key == "subscription_identifiers") return {};  // of the one who received it
  std::string name = key;
  const bool encoded = name.ends_with("_base64");
  if (encoded) name.resize(name.size() - std::string_view("_base64").size());
  std::ranges::replace(name, '_', '-');
  const wire::PropertyInfo* info = wire::find_property(name);
  if (info == nullptr || !info->allowed_in(wire::PropertyPlace::Publish) ||
      info->id == PropertyId::UserProperty || info->id == PropertyId::SubscriptionIdentifier ||
      info->id == PropertyId::TopicAlias || (encoded && info->type != PropertyType::Binary)) {
    return bad("'" + key + "' is no property of a message");
  }
  bool added = false;
  if (info->type == PropertyType::Utf8 || info->type == PropertyType::Binary) {
    if (!value.is_string()) return bad("'" + key + "' is no text");
    std::string text = value.get<std::string>();
    if (encoded) {
      auto octets = octets_of(value, key);
      if (!octets) return fail(std::move(octets.error()));
      text = std::move(*octets);
    }
    added = set.add(info->id, text);
  } else {
    const bool fits = value.is_number_unsigned() && value.get<std::uint64_t>() >= info->minimum &&
                      value.get<std::uint64_t>() <= info->maximum;
    added = fits && set.add(info->id, value.get<std::uint32_t>());
  }
  if (!added) return bad("'" + key + "' has a value that cannot be sent");
  return {};
}

/// "2026-11-20T23:42:27.202606123Z", as mqtt-sub writes it.
std::optional<Duration> read_time(const std::string& text) {
  std::tm parts{};
  const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) return std::nullopt;
  Duration fraction = 0ns;
  if (*rest == '.') {
    Duration unit = 100ms;
    for (++rest; *rest >= '0' && *rest <= '9'; ++rest, unit /= 10) fraction += unit * (*rest - '0');
  }
  if (std::string_view(rest) != "Z") return std::nullopt;
  return std::chrono::seconds(::timegm(&parts)) + fraction;
}

std::optional<Duration> time_of(const json& record) {
  if (const auto ts = record.find("ts"); ts != record.end() && ts->is_number()) {
    const double seconds = ts->get<double>();
    constexpr double kLatest = 9e9;  // what nanoseconds can count
    if (seconds >= 0 && seconds <= kLatest) {
      return Duration(static_cast<Duration::rep>(seconds * 1e9));
    }
  }
  const auto time = record.find("time");
  if (time == record.end() || !time->is_string()) return std::nullopt;
  return read_time(time->get_ref<const std::string&>());
}

Result<void> read_flags(const json& record, ParsedRecord& out) {
  if (const auto qos = record.find("qos"); qos != record.end()) {
    if (!qos->is_number_unsigned() || qos->get<std::uint64_t>() > 2) {
      return bad("'qos' is not 0, 1 or 2");
    }
    out.qos = static_cast<wire::Qos>(qos->get<unsigned>());
  }
  if (const auto retain = record.find("retain"); retain != record.end()) {
    if (!retain->is_boolean()) return bad("'retain' is neither true nor false");
    out.retain = retain->get<bool>();
  }
  const auto properties = record.find("properties");
  if (properties == record.end()) return {};
  if (!properties->is_object()) return bad("'properties' is no object");
  for (const auto& [key, value] : properties->items()) {
    if (auto added = add_property(key, value, out.properties); !added) return added;
  }
  return {};
}

}  // namespace

Result<ParsedRecord> parse_record(Bytes line) {
  const json record = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (record.is_discarded()) return bad("this is no JSON");
  if (!record.is_object()) return bad("this is no JSON object");
  ParsedRecord out;
  const auto topic = record.find("topic");
  if (topic == record.end() || !topic->is_string()) return bad("no 'topic'");
  out.topic = topic->get<std::string>();
  if (const auto fault = wire::check_topic_name(out.topic)) {
    return bad("its topic: " + std::string(fault->what));
  }
  auto payload = payload_of(record, line);
  if (!payload) return fail(std::move(payload.error()));
  out.payload = std::move(*payload);
  out.time = time_of(record);
  if (auto read = read_flags(record, out); !read) return fail(std::move(read.error()));
  return out;
}

}  // namespace mqtk
