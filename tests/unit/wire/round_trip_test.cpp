// Random legal packets of every kind and version, encoded and decoded again.
#include <random>

#include "support/catch.hpp"
#include "unit/wire/golden.hpp"

namespace mqtk::test {

namespace {

constexpr ProtocolVersion kVersions[] = {ProtocolVersion::V31, ProtocolVersion::V311,
                                         ProtocolVersion::V5};

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}

  std::uint64_t number_below(std::uint64_t bound) { return engine_() % bound; }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(number_below(bound)); }
  bool coin() { return below(2) == 0; }
  std::uint16_t id() { return static_cast<std::uint16_t>(1 + below(65535)); }
  Qos qos() { return static_cast<Qos>(below(3)); }

  Bytes binary() {
    std::string out(below(below(8) == 0 ? 70'000 : 40), '\0');
    if (out.size() > kMaxFieldSize) out.resize(kMaxFieldSize);
    for (char& c : out) c = octet(static_cast<unsigned>(below(256)));
    return keep(std::move(out));
  }
  Bytes text() {
    static constexpr std::string_view kPieces[] = {
        "a", "/", "$", "sensor", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x8D\x95", " ", "0123456789"};
    std::string out;
    for (std::size_t n = below(12); n > 0; --n) out += kPieces[below(std::size(kPieces))];
    return keep(std::move(out));
  }
  Bytes topic() { return keep("t" + std::string(text())); }
  Bytes filter() {
    static constexpr std::string_view kFilters[] = {"#", "+/a", "a/+/b/#", "$SYS/#",
                                                    "$share/g/x/+"};
    return coin() ? kFilters[below(std::size(kFilters))] : topic();
  }

  /// Any of the properties that may stand there, some of them more than once.
  PropertiesView properties(PropertyPlace place) {
    Properties out;
    for (const PropertyInfo& info : property_table()) {
      if (!info.allowed_in(place) || info.id == PropertyId::AuthenticationData || below(3) == 0)
        continue;
      add(out, info);
      const bool again =
          info.id == PropertyId::UserProperty ||
          (info.id == PropertyId::SubscriptionIdentifier && place == PropertyPlace::Publish);
      if (again && coin()) add(out, info);
      if (info.id == PropertyId::AuthenticationMethod && coin()) {
        REQUIRE(out.add(PropertyId::AuthenticationData, binary()));
      }
    }
    return PropertiesView(keep(out.raw()));
  }
  ReasonCode reason(PacketType type) {
    for (;;) {
      const auto code = static_cast<ReasonCode>(below(256));
      if (allowed(code, type)) return code;
    }
  }

 private:
  Bytes keep(std::string text) {
    kept_.push_back(std::make_unique<std::string>(std::move(text)));
    return *kept_.back();
  }
  void add(Properties& out, const PropertyInfo& info) {
    bool added = false;
    if (info.type <= PropertyType::VarInt) {
      const std::uint64_t span = std::uint64_t{info.maximum} - info.minimum + 1;
      const std::uint64_t offset = coin() ? number_below(span) : (coin() ? 0 : span - 1);
      added = out.add(info.id, static_cast<std::uint32_t>(info.minimum + offset));
    } else if (info.type == PropertyType::Utf8Pair) {
      added = out.add_user_property(text(), text());
    } else if (info.type == PropertyType::Binary) {
      added = out.add(info.id, binary());
    } else {
      added = out.add(info.id, info.id == PropertyId::ResponseTopic ? topic() : text());
    }
    REQUIRE(added);
  }

  std::mt19937 engine_;
  std::vector<std::unique_ptr<std::string>> kept_;
};

// `random.properties` only where the version has them.
class Maker {
 public:
  Maker(Random& random, ProtocolVersion version) : random_(random), version_(version) {}

  Packet make(PacketType type) {
    switch (type) {
      case PacketType::Connect:
        return connect();
      case PacketType::Connack: {
        const auto code = v5() ? static_cast<std::uint8_t>(random_.reason(type))
                               : static_cast<std::uint8_t>(random_.below(6));
        const bool present = version_ != ProtocolVersion::V31 && code == 0 && random_.coin();
        return Connack{present, code, properties(PropertyPlace::Connack)};
      }
      case PacketType::Publish:
        return publish();
      case PacketType::Subscribe:
        return subscribe();
      case PacketType::Suback:
        return Suback{random_.id(), codes(type), properties(PropertyPlace::Suback)};
      case PacketType::Unsubscribe: {
        Unsubscribe packet{random_.id(), {}, properties(PropertyPlace::Unsubscribe)};
        for (std::size_t n = 1 + random_.below(5); n > 0; --n)
          packet.filters.push_back(random_.filter());
        return packet;
      }
      case PacketType::Unsuback:
        return Unsuback{random_.id(), v5() ? codes(type) : Bytes(),
                        properties(PropertyPlace::Unsuback)};
      case PacketType::Pingreq:
        return Pingreq{};
      case PacketType::Pingresp:
        return Pingresp{};
      case PacketType::Disconnect:
        return Disconnect{reason(type), properties(PropertyPlace::Disconnect)};
      case PacketType::Auth:
        return auth();
      default:
        return PublishReply{type, random_.id(), reason(type),
                            properties(static_cast<PropertyPlace>(type))};
    }
  }

 private:
  bool v5() const { return version_ == ProtocolVersion::V5; }
  PropertiesView properties(PropertyPlace place) {
    return v5() && random_.below(4) != 0 ? random_.properties(place) : PropertiesView();
  }
  ReasonCode reason(PacketType type) { return v5() ? random_.reason(type) : ReasonCode::Success; }

  Bytes codes(PacketType type) {
    static constexpr std::string_view kOld = std::string_view("\x00\x01\x02\x80\x8F", 5);
    static constexpr std::string_view kUnsuback = std::string_view("\x00\x11\x80\x83", 4);
    const std::string_view all = type == PacketType::Suback ? kOld : kUnsuback;
    const std::size_t at = random_.below(all.size());
    return all.substr(at, 1 + random_.below(all.size() - at));
  }
  Connect connect() {
    Connect packet{.version = version_,
                   .clean_start = random_.coin(),
                   .keep_alive_s = static_cast<std::uint16_t>(random_.below(65536)),
                   .client_id = random_.text()};
    if (random_.coin()) {
      packet.will = Will{random_.topic(), random_.binary(), random_.qos(), random_.coin(),
                         properties(PropertyPlace::Will)};
    }
    if (random_.coin()) packet.username = random_.text();
    if ((v5() || packet.username) && random_.coin()) packet.password = random_.binary();
    packet.properties = properties(PropertyPlace::Connect);
    return packet;
  }
  Publish publish() {
    Publish packet{.topic = random_.topic(),
                   .payload = random_.binary(),
                   .qos = random_.qos(),
                   .retain = random_.coin()};
    if (packet.qos != Qos::AtMostOnce) {
      packet.dup = random_.coin();
      packet.packet_id = random_.id();
    }
    packet.properties = properties(PropertyPlace::Publish);
    if (packet.properties.find(PropertyId::TopicAlias) && random_.coin()) packet.topic = "";
    return packet;
  }
  Subscribe subscribe() {
    Subscribe packet{random_.id(), {}, properties(PropertyPlace::Subscribe)};
    for (std::size_t n = 1 + random_.below(5); n > 0; --n) {
      SubscriptionRequest request{.filter = random_.filter(), .qos = random_.qos()};
      if (v5()) {
        request.no_local = !request.filter.starts_with("$share/") && random_.coin();
        request.retain_as_published = random_.coin();
        request.retain_handling = static_cast<RetainHandling>(random_.below(3));
      }
      packet.requests.push_back(request);
    }
    return packet;
  }
  Auth auth() {
    for (;;) {
      Auth packet{random_.reason(PacketType::Auth), random_.properties(PropertyPlace::Auth)};
      if (packet.properties.find(PropertyId::AuthenticationMethod)) return packet;
    }
  }

  Random& random_;
  ProtocolVersion version_;
};

}  // namespace

TEST_CASE("what is encoded is decoded to the same packet") {
  for (const ProtocolVersion version : kVersions) {
    for (int type = 1; type <= 15; ++type) {
      const auto packet_type = static_cast<PacketType>(type);
      if (packet_type == PacketType::Auth && version != ProtocolVersion::V5) continue;
      for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(name(version), name(packet_type), seed);
        Random random(seed);
        const Packet packet = Maker(random, version).make(packet_type);
        std::string out;
        encode(packet, version, out);
        REQUIRE(encoded_size(packet, version) == out.size());

        Bytes input = out;
        Framer framer;
        Frame frame;
        REQUIRE(framer.next(input, frame) == Framer::Status::Frame);
        REQUIRE(input.empty());
        REQUIRE(frame.type() == packet_type);
        const BodyCopy body(frame.body);
        const auto decoded = decode({frame.first, body.bytes(), frame.size}, version);
        INFO((decoded ? "" : decoded.error().what));
        REQUIRE(decoded);
        REQUIRE((*decoded == packet));
      }
    }
  }
}

TEST_CASE("before MQTT 5 properties and reasons are left out") {
  Properties properties;
  REQUIRE(properties.add_user_property("k", "v"));
  std::string out;
  encode(Packet(Disconnect{ReasonCode::ServerMoved, properties}), ProtocolVersion::V311, out);
  CHECK(out == bytes_of("E0 00"));
  out.clear();
  encode(PublishReply{PacketType::Puback, 1, ReasonCode::NotAuthorized, properties},
         ProtocolVersion::V311, out);
  CHECK(out == bytes_of("40 02 0001"));
  out.clear();
  encode(Publish{.topic = "a", .properties = properties}, ProtocolVersion::V31, out);
  CHECK(out == bytes_of("30 03 0001 'a'"));
  out.clear();
  const Packet subscribe =
      Subscribe{1, {{.filter = "a", .no_local = true, .retain_as_published = true}}, {}};
  encode(subscribe, ProtocolVersion::V311, out);
  CHECK(out == bytes_of("82 06 0001 0001 'a' 00"));
}

TEST_CASE("sizes beyond what a packet can hold are counted, not wrapped") {
  // Never touched: only the size of the view counts.
  const std::string small = "x";
  const Bytes huge(small.data(), std::size_t{300} * 1024 * 1024);
  CHECK(publish_size({.topic = "t", .payload = huge}, ProtocolVersion::V311) > kMaxPacketSize);
  CHECK(encoded_size(Publish{.topic = "t", .payload = huge}, ProtocolVersion::V5) ==
        1 + 4 + 3 + 1 + huge.size());
  const Bytes largest(small.data(), kMaxRemainingLength - 3);
  CHECK(publish_size({.topic = "t", .payload = largest}, ProtocolVersion::V311) == kMaxPacketSize);
}

}  // namespace mqtk::test
