#include "output/record_parser.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

#include "output/json_reader.hpp"
#include "wire/topic.hpp"

namespace mqtk {

namespace {

using nlohmann::json;
using wire::PropertyId;
using wire::PropertyType;

Unexpected<Error> bad(std::string what, std::string hint = {}) {
  return fail(ErrorKind::BadInput, std::move(what), std::move(hint));
}

constexpr std::string_view kTooDeep = "it is nested too deep (more than 512 lists and objects)";

/// A record's text, cut to what a record has: other members may hold what no library can.
struct RecordText {
  std::string members;  ///< an object
  Bytes payload;        ///< as it is written; the last one, as all members
};

Unexpected<Error> no_json(const JsonReader& reader) {
  return bad(reader.too_deep() ? std::string(kTooDeep) : "this is no JSON");
}

bool is_known(std::string_view key) {
  static constexpr std::array<std::string_view, 8> kKnown = {
      "topic", "payload", "payload_base64", "time", "ts", "qos", "retain", "properties"};
  return std::ranges::find(kKnown, key) != kKnown.end();
}

Result<RecordText> read_members(Bytes line) {
  using Kind = JsonReader::Kind;
  JsonReader reader(line);
  const JsonReader::Token first = reader.next();
  if (first.kind != Kind::ObjectBegin) {
    if (first.kind == Kind::Fault || !reader.skip(first) || reader.next().kind != Kind::End) {
      return no_json(reader);
    }
    return bad("this is no JSON object");
  }
  RecordText out;
  out.members = '{';
  JsonReader::Token key = reader.next();
  for (; key.kind == Kind::Key; key = reader.next()) {
    const JsonReader::Token value = reader.next();
    if (value.kind == Kind::Fault || !reader.skip(value)) return no_json(reader);
    const std::string name = json_string_text(key.text);
    if (!is_known(name)) continue;
    const auto begin = static_cast<std::size_t>(value.text.data() - line.data());
    const Bytes text = line.substr(begin, reader.at() - begin);
    const bool payload = name == "payload";
    if (payload) out.payload = text;
    if (out.members.size() > 1) out.members += ',';
    out.members.append(key.text).append(":");
    // Sent as it is written, so that no number is too large.
    out.members += payload && value.kind != Kind::String ? Bytes("null") : text;
  }
  if (key.kind != Kind::ObjectEnd || reader.next().kind != Kind::End) return no_json(reader);
  out.members += '}';
  return out;
}

Result<json> parse_members(const std::string& members) {
  try {
    return json::parse(members);
  } catch (const json::out_of_range&) {
    return bad("a number in it is out of range");
  } catch (const json::exception&) {
    return bad("this is no JSON");
  }
}

Result<std::string> octets_of(const json& value, const std::string& key) {
  std::string octets;
  if (!value.is_string() || !from_base64(value.get_ref<const std::string&>(), octets)) {
    return bad("'" + key + "' is no base64");
  }
  return octets;
}

Result<std::string> payload_of(const json& record, Bytes written) {
  if (record.contains("payload_base64")) {
    if (record.contains("payload")) return bad("both 'payload' and 'payload_base64'");
    return octets_of(record["payload_base64"], "payload_base64");
  }
  const auto payload = record.find("payload");
  if (payload == record.end()) return bad("no 'payload'");
  if (payload->is_string()) return payload->get<std::string>();
  return std::string(written);
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
  const auto text = read_members(line);
  if (!text) return fail(text.error());
  const auto parsed = parse_members(text->members);
  if (!parsed) return fail(parsed.error());
  const json& record = *parsed;
  ParsedRecord out;
  const auto topic = record.find("topic");
  if (topic == record.end() || !topic->is_string()) return bad("no 'topic'");
  out.topic = topic->get<std::string>();
  if (const auto fault = wire::check_topic_name(out.topic)) {
    return bad("its topic: " + std::string(fault->what));
  }
  auto payload = payload_of(record, text->payload);
  if (!payload) return fail(std::move(payload.error()));
  out.payload = std::move(*payload);
  out.time = time_of(record);
  if (auto read = read_flags(record, out); !read) return fail(std::move(read.error()));
  return out;
}

}  // namespace mqtk
