#include "wire/properties.hpp"

#include <array>

#include "wire/fields.hpp"
#include "wire/reader.hpp"
#include "wire/topic.hpp"
#include "wire/utf8.hpp"

namespace mqtk::wire {

namespace {

using Id = PropertyId;
using Type = PropertyType;

constexpr std::uint32_t kAny = 0xFFFF'FFFF;

template <typename... Places>
constexpr std::uint16_t in(Places... places) {
  return static_cast<std::uint16_t>(((1U << static_cast<unsigned>(places)) | ...));
}

constexpr auto kWill = PropertyPlace::Will;
constexpr auto kConnect = PropertyPlace::Connect;
constexpr auto kConnack = PropertyPlace::Connack;
constexpr auto kPublish = PropertyPlace::Publish;
constexpr auto kSubscribe = PropertyPlace::Subscribe;
constexpr auto kDisconnect = PropertyPlace::Disconnect;
constexpr auto kAuth = PropertyPlace::Auth;
constexpr std::uint16_t kEverywhere = 0xCFFF;  // all but PINGREQ and PINGRESP
constexpr std::uint16_t kAnswers =
    in(kConnack, PropertyPlace::Puback, PropertyPlace::Pubrec, PropertyPlace::Pubrel,
       PropertyPlace::Pubcomp, PropertyPlace::Suback, PropertyPlace::Unsuback, kDisconnect, kAuth);

// Table 2-4 of MQTT 5, with the ranges that the sections of chapter 3 give.
constexpr PropertyInfo kTable[] = {
    {Id::PayloadFormatIndicator, "payload-format-indicator", Type::Byte, in(kPublish, kWill), 0, 1},
    {Id::MessageExpiryInterval, "message-expiry-interval", Type::FourByte, in(kPublish, kWill), 0,
     kAny},
    {Id::ContentType, "content-type", Type::Utf8, in(kPublish, kWill), 0, 0},
    {Id::ResponseTopic, "response-topic", Type::Utf8, in(kPublish, kWill), 0, 0},
    {Id::CorrelationData, "correlation-data", Type::Binary, in(kPublish, kWill), 0, 0},
    {Id::SubscriptionIdentifier, "subscription-identifier", Type::VarInt, in(kPublish, kSubscribe),
     1, kMaxRemainingLength},
    {Id::SessionExpiryInterval, "session-expiry-interval", Type::FourByte,
     in(kConnect, kConnack, kDisconnect), 0, kAny},
    {Id::AssignedClientIdentifier, "assigned-client-identifier", Type::Utf8, in(kConnack), 0, 0},
    {Id::ServerKeepAlive, "server-keep-alive", Type::TwoByte, in(kConnack), 0, 65535},
    {Id::AuthenticationMethod, "authentication-method", Type::Utf8, in(kConnect, kConnack, kAuth),
     0, 0},
    {Id::AuthenticationData, "authentication-data", Type::Binary, in(kConnect, kConnack, kAuth), 0,
     0},
    {Id::RequestProblemInformation, "request-problem-information", Type::Byte, in(kConnect), 0, 1},
    {Id::WillDelayInterval, "will-delay-interval", Type::FourByte, in(kWill), 0, kAny},
    {Id::RequestResponseInformation, "request-response-information", Type::Byte, in(kConnect), 0,
     1},
    {Id::ResponseInformation, "response-information", Type::Utf8, in(kConnack), 0, 0},
    {Id::ServerReference, "server-reference", Type::Utf8, in(kConnack, kDisconnect), 0, 0},
    {Id::ReasonString, "reason-string", Type::Utf8, kAnswers, 0, 0},
    {Id::ReceiveMaximum, "receive-maximum", Type::TwoByte, in(kConnect, kConnack), 1, 65535},
    {Id::TopicAliasMaximum, "topic-alias-maximum", Type::TwoByte, in(kConnect, kConnack), 0, 65535},
    {Id::TopicAlias, "topic-alias", Type::TwoByte, in(kPublish), 1, 65535},
    {Id::MaximumQos, "maximum-qos", Type::Byte, in(kConnack), 0, 1},
    {Id::RetainAvailable, "retain-available", Type::Byte, in(kConnack), 0, 1},
    {Id::UserProperty, "user-property", Type::Utf8Pair, kEverywhere, 0, 0},
    {Id::MaximumPacketSize, "maximum-packet-size", Type::FourByte, in(kConnect, kConnack), 1, kAny},
    {Id::WildcardSubscriptionAvailable, "wildcard-subscription-available", Type::Byte, in(kConnack),
     0, 1},
    {Id::SubscriptionIdentifierAvailable, "subscription-identifier-available", Type::Byte,
     in(kConnack), 0, 1},
    {Id::SharedSubscriptionAvailable, "shared-subscription-available", Type::Byte, in(kConnack), 0,
     1},
};

constexpr std::size_t kIds = 0x2B;

// Position in kTable plus one; 0 for identifiers that do not exist.
constexpr std::array<std::uint8_t, kIds> kIndex = [] {
  std::array<std::uint8_t, kIds> index{};
  std::uint8_t position = 0;
  for (const PropertyInfo& info : kTable) index[static_cast<std::size_t>(info.id)] = ++position;
  return index;
}();

// Reads one property; false when the octets are none, with the reason in `reader`.
bool read_property(Reader& reader, Property& out) {
  out = Property{};
  out.info = find_property(static_cast<PropertyId>(reader.byte()));
  if (out.info == nullptr) {
    reader.refuse("MQTT-2.2.2-2", "the property identifier does not exist");
    return false;
  }
  switch (out.info->type) {
    case Type::Byte:
      out.number = reader.byte();
      break;
    case Type::TwoByte:
      out.number = reader.u16();
      break;
    case Type::FourByte:
      out.number = reader.u32();
      break;
    case Type::VarInt:
      out.number = reader.varint();
      break;
    case Type::Utf8:
      out.value = reader.text();
      break;
    case Type::Binary:
      out.value = reader.binary();
      break;
    case Type::Utf8Pair:
      out.key = reader.text();
      out.value = reader.text();
      break;
  }
  return reader.ok();
}

bool is_number(PropertyType type) {
  return type <= Type::VarInt;
}

bool is_legal_value(const PropertyInfo& info, std::uint32_t number) {
  return number >= info.minimum && number <= info.maximum;
}

bool is_repeatable(PropertyId id, PropertyPlace place) {
  return id == Id::UserProperty || (id == Id::SubscriptionIdentifier && place == kPublish);
}

void check_value(Reader& reader, const Property& property) {
  const PropertyInfo& info = *property.info;
  if (is_number(info.type)) {
    if (is_legal_value(info, property.number)) return;
    if (info.id == Id::TopicAlias) {
      reader.refuse("MQTT-3.3.2-8", "the topic alias is 0", ReasonCode::TopicAliasInvalid);
    } else {
      reader.refuse("2.2.2.2", "the value of a property is out of its range",
                    ReasonCode::ProtocolError);
    }
  } else if (info.id == Id::ResponseTopic) {
    if (const auto fault = check_topic_name(property.value)) {
      reader.refuse(property.value.empty() ? fault->rule : "MQTT-3.3.2-14", fault->what,
                    ReasonCode::ProtocolError);
    }
  }
}

}  // namespace

std::span<const PropertyInfo> property_table() {
  return kTable;
}

const PropertyInfo* find_property(PropertyId id) {
  const auto value = static_cast<std::size_t>(id);
  const std::uint8_t position = value < kIds ? kIndex[value] : 0;
  return position == 0 ? nullptr : &kTable[position - 1];
}

const PropertyInfo* find_property(std::string_view name) {
  for (const PropertyInfo& info : kTable) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

Decoded<PropertiesView> PropertiesView::check(Bytes raw, PropertyPlace place) {
  Reader reader(raw, ProtocolVersion::V5);
  std::uint64_t seen = 0;
  const auto bit = [](PropertyId id) { return std::uint64_t{1} << static_cast<unsigned>(id); };
  Property property;
  while (reader.ok() && !reader.at_end()) {
    if (!read_property(reader, property)) break;
    const PropertyId id = property.info->id;
    if (!property.info->allowed_in(place)) {
      reader.refuse("MQTT-2.2.2-2", "the property is not allowed in this packet");
    } else if ((seen & bit(id)) != 0 && !is_repeatable(id, place)) {
      reader.refuse("2.2.2.2", "a property is given more than once", ReasonCode::ProtocolError);
    } else {
      check_value(reader, property);
    }
    seen |= bit(id);
  }
  if ((seen & bit(Id::AuthenticationData)) != 0 && (seen & bit(Id::AuthenticationMethod)) == 0) {
    reader.refuse("3.1.2.11.10", "authentication data without an authentication method",
                  ReasonCode::ProtocolError);
  }
  return reader.finish(PropertiesView(raw));
}

std::optional<Property> PropertiesView::find(PropertyId id) const {
  for (const Property& property : *this) {
    if (property.info->id == id) return property;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> PropertiesView::number(PropertyId id) const {
  const auto property = find(id);
  if (!property || !is_number(property->info->type)) return std::nullopt;
  return property->number;
}

std::optional<Bytes> PropertiesView::text(PropertyId id) const {
  const auto property = find(id);
  if (!property || is_number(property->info->type)) return std::nullopt;
  return property->value;
}

PropertiesView::Iterator::Iterator(Bytes rest) : rest_(rest) {
  read();
}

PropertiesView::Iterator& PropertiesView::Iterator::operator++() {
  read();
  return *this;
}

void PropertiesView::Iterator::read() {
  Reader reader(rest_, ProtocolVersion::V5);
  if (rest_.empty() || !read_property(reader, current_)) {
    at_end_ = true;
    rest_.remove_prefix(rest_.size());
  } else {
    rest_ = reader.left();
  }
}

bool Properties::add(PropertyId id, std::uint32_t number) {
  const PropertyInfo* info = find_property(id);
  if (info == nullptr || !is_number(info->type) || !is_legal_value(*info, number)) return false;
  raw_.push_back(octet(static_cast<unsigned>(id)));
  switch (info->type) {
    case Type::Byte:
      raw_.push_back(octet(number));
      break;
    case Type::TwoByte:
      append_u16(raw_, static_cast<std::uint16_t>(number));
      break;
    case Type::FourByte:
      append_u32(raw_, number);
      break;
    default:
      append_varint(raw_, number);
      break;
  }
  return true;
}

bool Properties::add(PropertyId id, Bytes value) {
  const PropertyInfo* info = find_property(id);
  if (info == nullptr || is_number(info->type) || info->type == Type::Utf8Pair) return false;
  if (value.size() > kMaxFieldSize) return false;
  if (info->type == Type::Utf8 && !is_mqtt_string(value)) return false;
  if (id == Id::ResponseTopic && check_topic_name(value)) return false;
  raw_.push_back(octet(static_cast<unsigned>(id)));
  append_field(raw_, value);
  return true;
}

bool Properties::add(const Property& property) {
  switch (property.info->type) {
    case PropertyType::Utf8:
    case PropertyType::Binary:
      return add(property.info->id, property.value);
    case PropertyType::Utf8Pair:
      return add_user_property(property.key, property.value);
    case PropertyType::Byte:
    case PropertyType::TwoByte:
    case PropertyType::FourByte:
    case PropertyType::VarInt:
      break;
  }
  return add(property.info->id, property.number);
}

bool Properties::add_user_property(Bytes key, Bytes value) {
  for (Bytes text : {key, value}) {
    if (text.size() > kMaxFieldSize || !is_mqtt_string(text)) return false;
  }
  raw_.push_back(octet(static_cast<unsigned>(Id::UserProperty)));
  append_field(raw_, key);
  append_field(raw_, value);
  return true;
}

}  // namespace mqtk::wire
