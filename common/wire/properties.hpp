// Properties of MQTT 5 (2.2.2): one table says what each is called, how it is encoded and where it
// may stand. A set of properties is kept encoded, both when it was received (PropertiesView, into
// the caller's buffer) and when it is to be sent (Properties); nothing is allocated to read one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "wire/malformed.hpp"
#include "wire/types.hpp"

namespace mqtk::wire {

enum class PropertyId : std::uint8_t {
  PayloadFormatIndicator = 0x01,
  MessageExpiryInterval = 0x02,
  ContentType = 0x03,
  ResponseTopic = 0x08,
  CorrelationData = 0x09,
  SubscriptionIdentifier = 0x0B,
  SessionExpiryInterval = 0x11,
  AssignedClientIdentifier = 0x12,
  ServerKeepAlive = 0x13,
  AuthenticationMethod = 0x15,
  AuthenticationData = 0x16,
  RequestProblemInformation = 0x17,
  WillDelayInterval = 0x18,
  RequestResponseInformation = 0x19,
  ResponseInformation = 0x1A,
  ServerReference = 0x1C,
  ReasonString = 0x1F,
  ReceiveMaximum = 0x21,
  TopicAliasMaximum = 0x22,
  TopicAlias = 0x23,
  MaximumQos = 0x24,
  RetainAvailable = 0x25,
  UserProperty = 0x26,
  MaximumPacketSize = 0x27,
  WildcardSubscriptionAvailable = 0x28,
  SubscriptionIdentifierAvailable = 0x29,
  SharedSubscriptionAvailable = 0x2A,
};

enum class PropertyType : std::uint8_t { Byte, TwoByte, FourByte, VarInt, Utf8, Binary, Utf8Pair };

/// Where a property may stand: the packet types, and the will inside CONNECT as a place of its own.
enum class PropertyPlace : std::uint8_t {
  Will = 0,
  Connect = 1,
  Connack = 2,
  Publish = 3,
  Puback = 4,
  Pubrec = 5,
  Pubrel = 6,
  Pubcomp = 7,
  Subscribe = 8,
  Suback = 9,
  Unsubscribe = 10,
  Unsuback = 11,
  Disconnect = 14,
  Auth = 15,
};

struct PropertyInfo {
  PropertyId id;
  std::string_view name;  ///< as in the specification with dashes: "session-expiry-interval"
  PropertyType type;
  std::uint16_t places;   ///< bit 1 << PropertyPlace
  std::uint32_t minimum;  ///< of a number: receive-maximum 1, ...
  std::uint32_t maximum;  ///< of a number: 1 for flags, 65535, 268435455, ...

  bool allowed_in(PropertyPlace place) const {
    return ((places >> static_cast<unsigned>(place)) & 1U) != 0;
  }
};

std::span<const PropertyInfo> property_table();
/// nullptr when there is none.
const PropertyInfo* find_property(PropertyId id);
const PropertyInfo* find_property(std::string_view name);

/// One property as it stands in a packet; the views point into the packet.
struct Property {
  const PropertyInfo* info = nullptr;
  std::uint32_t number = 0;  ///< Byte to VarInt
  Bytes value;               ///< Utf8, Binary; the value of a pair
  Bytes key;                 ///< the name of a pair
};

/// A checked, encoded set of properties without its length prefix.
class PropertiesView {
 public:
  class Iterator {
   public:
    using value_type = Property;
    using difference_type = std::ptrdiff_t;
    explicit Iterator(Bytes rest);
    const Property& operator*() const { return current_; }
    const Property* operator->() const { return &current_; }
    Iterator& operator++();
    bool operator==(const Iterator& other) const {
      return rest_.data() == other.rest_.data() && at_end_ == other.at_end_;
    }

   private:
    void read();
    Bytes rest_;
    Property current_;
    bool at_end_ = false;
  };

  PropertiesView() = default;
  /// `raw` must have passed check().
  explicit PropertiesView(Bytes raw) : raw_(raw) {}
  /// Checks every identifier, length, value, place and repetition [MQTT-2.2.2-2], and that
  /// authentication data has a method.
  static Decoded<PropertiesView> check(Bytes raw, PropertyPlace place);

  Iterator begin() const { return Iterator(raw_); }
  Iterator end() const { return Iterator(raw_.substr(raw_.size())); }
  bool empty() const { return raw_.empty(); }
  Bytes raw() const { return raw_; }
  /// The same octets; order counts.
  bool operator==(const PropertiesView&) const = default;

  /// The first of that kind.
  std::optional<Property> find(PropertyId id) const;
  std::optional<std::uint32_t> number(PropertyId id) const;
  std::optional<Bytes> text(PropertyId id) const;

 private:
  Bytes raw_;
};

/// A set of properties under construction, kept encoded.
class Properties {
 public:
  /// The value must fit the property's type and range; false when it does not.
  bool add(PropertyId id, std::uint32_t number);
  bool add(PropertyId id, Bytes value);
  bool add_user_property(Bytes key, Bytes value);
  /// One that was read from another set.
  bool add(const Property& property);
  void clear() { raw_.clear(); }
  bool empty() const { return raw_.empty(); }
  PropertiesView view() const { return PropertiesView(raw_); }
  operator PropertiesView() const { return view(); }
  const std::string& raw() const { return raw_; }

 private:
  std::string raw_;
};

}  // namespace mqtk::wire
