#include "wire/properties.hpp"

#include <set>

#include "support/catch.hpp"
#include "unit/wire/golden.hpp"

namespace mqtk::test {

namespace {

constexpr PropertyPlace kPlaces[] = {
    PropertyPlace::Will,       PropertyPlace::Connect,     PropertyPlace::Connack,
    PropertyPlace::Publish,    PropertyPlace::Puback,      PropertyPlace::Pubrec,
    PropertyPlace::Pubrel,     PropertyPlace::Pubcomp,     PropertyPlace::Subscribe,
    PropertyPlace::Suback,     PropertyPlace::Unsubscribe, PropertyPlace::Unsuback,
    PropertyPlace::Disconnect, PropertyPlace::Auth};

bool is_number(PropertyType type) {
  return type <= PropertyType::VarInt;
}

// Appends a legal value of any property.
bool add_sample(Properties& properties, const PropertyInfo& info) {
  if (is_number(info.type)) return properties.add(info.id, info.maximum);
  if (info.type == PropertyType::Utf8Pair) return properties.add_user_property("key", "value");
  return properties.add(info.id, "value");
}

// Table 2-4 of MQTT 5: identifier, type, places as letters (W will, c CONNECT, C CONNACK, P
// PUBLISH, r the four replies, s SUBSCRIBE, S SUBACK, u UNSUBSCRIBE, U UNSUBACK, D DISCONNECT, A
// AUTH).
struct Row {
  int id;
  PropertyType type;
  std::string_view places;
};
constexpr Row kTable24[] = {
    {0x01, PropertyType::Byte, "PW"},
    {0x02, PropertyType::FourByte, "PW"},
    {0x03, PropertyType::Utf8, "PW"},
    {0x08, PropertyType::Utf8, "PW"},
    {0x09, PropertyType::Binary, "PW"},
    {0x0B, PropertyType::VarInt, "Ps"},
    {0x11, PropertyType::FourByte, "cCD"},
    {0x12, PropertyType::Utf8, "C"},
    {0x13, PropertyType::TwoByte, "C"},
    {0x15, PropertyType::Utf8, "cCA"},
    {0x16, PropertyType::Binary, "cCA"},
    {0x17, PropertyType::Byte, "c"},
    {0x18, PropertyType::FourByte, "W"},
    {0x19, PropertyType::Byte, "c"},
    {0x1A, PropertyType::Utf8, "C"},
    {0x1C, PropertyType::Utf8, "CD"},
    {0x1F, PropertyType::Utf8, "CrSUDA"},
    {0x21, PropertyType::TwoByte, "cC"},
    {0x22, PropertyType::TwoByte, "cC"},
    {0x23, PropertyType::TwoByte, "P"},
    {0x24, PropertyType::Byte, "C"},
    {0x25, PropertyType::Byte, "C"},
    {0x26, PropertyType::Utf8Pair, "WcCPrsSuUDA"},
    {0x27, PropertyType::FourByte, "cC"},
    {0x28, PropertyType::Byte, "C"},
    {0x29, PropertyType::Byte, "C"},
    {0x2A, PropertyType::Byte, "C"},
};

char letter(PropertyPlace place) {
  constexpr std::string_view kLetters = "WcCPrrrrsSuU??DA";
  return kLetters[static_cast<std::size_t>(place)];
}

}  // namespace

TEST_CASE("the table is that of the specification") {
  REQUIRE(property_table().size() == std::size(kTable24));
  for (const Row& row : kTable24) {
    CAPTURE(row.id);
    const PropertyInfo* info = find_property(static_cast<PropertyId>(row.id));
    REQUIRE(info != nullptr);
    CHECK(info->type == row.type);
    for (const PropertyPlace place : kPlaces) {
      CHECK(info->allowed_in(place) == (row.places.find(letter(place)) != std::string_view::npos));
    }
  }
}

TEST_CASE("properties are found by identifier and by name") {
  std::set<std::string_view> names;
  for (const PropertyInfo& info : property_table()) {
    CAPTURE(info.name);
    CHECK(find_property(info.id) == &info);
    CHECK(find_property(info.name) == &info);
    CHECK(info.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
    CHECK(names.insert(info.name).second);
    if (is_number(info.type)) CHECK(info.minimum < info.maximum);
  }
  std::size_t known = 0;
  for (int id = 0; id <= 255; ++id)
    known += find_property(static_cast<PropertyId>(id)) == nullptr ? 0U : 1U;
  CHECK(known == 27);
  CHECK(find_property("session-expiry-interval")->id == PropertyId::SessionExpiryInterval);
  CHECK(find_property("Session-Expiry-Interval") == nullptr);
  CHECK(find_property("") == nullptr);
}

TEST_CASE(
    "each property is read back as it was added, in each place that allows it and in no other") {
  for (const PropertyInfo& info : property_table()) {
    CAPTURE(info.name);
    Properties properties;
    REQUIRE(add_sample(properties, info));
    const BodyCopy raw(properties.raw());
    for (const PropertyPlace place : kPlaces) {
      auto checked = PropertiesView::check(raw.bytes(), place);
      if (info.id == PropertyId::AuthenticationData && info.allowed_in(place)) {
        REQUIRE_FALSE(checked);
        CHECK(checked.error().reason == ReasonCode::ProtocolError);
        continue;
      }
      REQUIRE(checked.has_value() == info.allowed_in(place));
      if (!checked) CHECK(checked.error().rule == "MQTT-2.2.2-2");
    }
    const Property read = *properties.view().begin();
    CHECK(read.info == &info);
    CHECK(read.number == (is_number(info.type) ? info.maximum : 0));
    CHECK(read.value == (is_number(info.type) ? "" : "value"));
    CHECK(read.key == (info.type == PropertyType::Utf8Pair ? "key" : ""));
  }
}

TEST_CASE("every truncation of a property is refused") {
  for (const PropertyInfo& info : property_table()) {
    Properties properties;
    REQUIRE(add_sample(properties, info));
    for (const PropertyPlace place : kPlaces) {
      if (!info.allowed_in(place)) continue;
      for (std::size_t size = 1; size < properties.raw().size(); ++size) {
        CAPTURE(info.name, size);
        const BodyCopy cut(Bytes(properties.raw()).substr(0, size));
        CHECK_FALSE(PropertiesView::check(cut.bytes(), place));
      }
    }
  }
}

TEST_CASE(
    "a property may stand once, but for user properties, and subscription identifiers in PUBLISH") {
  for (const PropertyInfo& info : property_table()) {
    for (const PropertyPlace place : kPlaces) {
      if (!info.allowed_in(place)) continue;
      Properties properties;
      REQUIRE(add_sample(properties, info));
      REQUIRE(add_sample(properties, info));
      const bool repeatable =
          info.id == PropertyId::UserProperty ||
          (info.id == PropertyId::SubscriptionIdentifier && place == PropertyPlace::Publish);
      CAPTURE(info.name, static_cast<int>(place));
      const auto checked = PropertiesView::check(properties.raw(), place);
      CHECK(checked.has_value() == repeatable);
      if (!checked) CHECK(checked.error().reason == ReasonCode::ProtocolError);
    }
  }
}

TEST_CASE("values out of range can be neither added nor received") {
  for (const PropertyInfo& info : property_table()) {
    CAPTURE(info.name);
    Properties properties;
    if (!is_number(info.type)) {
      CHECK_FALSE(properties.add(info.id, std::uint32_t{1}));
      continue;
    }
    CHECK_FALSE(properties.add(info.id, "text"));
    CHECK(properties.add(info.id, info.minimum));
    if (info.minimum > 0) CHECK_FALSE(properties.add(info.id, info.minimum - 1));
    if (info.maximum < 0xFFFFFFFF) CHECK_FALSE(properties.add(info.id, info.maximum + 1));
  }
  for (const std::string_view raw :
       {"21 0000", "27 00000000", "24 02", "25 02", "28 02", "29 FF", "2A 02"}) {
    CAPTURE(raw);
    const std::string bytes = bytes_of(raw);
    const auto checked = PropertiesView::check(bytes, PropertyPlace::Connack);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().reason == ReasonCode::ProtocolError);
  }
  for (const std::string_view raw : {"17 02", "19 02"}) {
    CHECK_FALSE(PropertiesView::check(bytes_of(raw), PropertyPlace::Connect));
  }
}

TEST_CASE("strings that are none cannot be added") {
  Properties properties;
  CHECK_FALSE(properties.add(PropertyId::ContentType, "\xFF"));
  CHECK_FALSE(properties.add(PropertyId::ContentType, Bytes("\0", 1)));
  CHECK_FALSE(properties.add(PropertyId::ContentType, std::string(65536, 'x')));
  CHECK_FALSE(properties.add(PropertyId::CorrelationData, std::string(65536, 'x')));
  CHECK_FALSE(properties.add(PropertyId::ResponseTopic, "a/#"));
  CHECK_FALSE(properties.add(PropertyId::ResponseTopic, ""));
  CHECK_FALSE(properties.add(PropertyId::UserProperty, "one text"));
  CHECK_FALSE(properties.add(static_cast<PropertyId>(0x04), "x"));
  CHECK_FALSE(properties.add(static_cast<PropertyId>(0xFF), std::uint32_t{1}));
  CHECK_FALSE(properties.add_user_property("\xC3", "v"));
  CHECK_FALSE(properties.add_user_property("k", std::string(65536, 'x')));
  CHECK(properties.empty());
  CHECK(properties.add(PropertyId::CorrelationData, Bytes("\0\xFF", 2)));
  CHECK(properties.add(PropertyId::ContentType, std::string(65535, 'x')));
  CHECK(properties.add(PropertyId::ContentType, ""));
  CHECK(properties.add_user_property("", ""));
  properties.clear();
  CHECK(properties.empty());
}

TEST_CASE("walking and looking up") {
  Properties properties;
  REQUIRE(properties.add(PropertyId::SubscriptionIdentifier, 268435455U));
  REQUIRE(properties.add_user_property("a", "1"));
  REQUIRE(properties.add(PropertyId::ContentType, "text/plain"));
  REQUIRE(properties.add_user_property("a", "2"));
  REQUIRE(properties.add(PropertyId::SubscriptionIdentifier, 1U));
  const PropertiesView view = properties;

  std::string walked;
  for (const Property& property : view) {
    walked += std::string(property.info->name) + "=" + std::to_string(property.number) +
              std::string(property.key) + std::string(property.value) + " ";
  }
  CHECK(walked ==
        "subscription-identifier=268435455 user-property=0a1 content-type=0text/plain "
        "user-property=0a2 subscription-identifier=1 ");
  CHECK(view.number(PropertyId::SubscriptionIdentifier) == 268435455U);
  CHECK(view.text(PropertyId::ContentType) == Bytes("text/plain"));
  CHECK(view.find(PropertyId::UserProperty)->value == "1");
  CHECK_FALSE(view.find(PropertyId::TopicAlias));
  CHECK_FALSE(view.number(PropertyId::ContentType));
  CHECK_FALSE(view.text(PropertyId::SubscriptionIdentifier));
  CHECK(view.begin() != view.end());
  CHECK(PropertiesView().begin() == PropertiesView().end());
  CHECK(PropertiesView().empty());
}

TEST_CASE("walking over octets that were never checked ends") {
  for (const std::string_view raw : {"FF", "01", "01 01 02 00", "26 0001", "0B FF FF FF FF FF"}) {
    CAPTURE(raw);
    const BodyCopy body(bytes_of(raw));
    std::size_t count = 0;
    for (const Property& property : PropertiesView(body.bytes()))
      count += property.info != nullptr ? 1U : 2U;
    CHECK(count <= 1);
  }
}

}  // namespace mqtk::test
