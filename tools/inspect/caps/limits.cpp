// How much, how long, how many; and what becomes of what is not legal.
#include <array>
#include <cstdio>

#include "inspect/caps/probes.hpp"

namespace mqtk::inspect {

using wire::PacketType;
using wire::PropertyId;
using wire::Qos;

namespace {

// A bisection that only meets silence would take too long to be exact.
constexpr Duration kBisectionLimit = 7s;
constexpr std::size_t kMostLevels = 1000;
/// Of a topic, unless --slow asks for all that MQTT allows: nats-server 2.9 dies of 64 KiB.
constexpr std::size_t kUsualTopicSize = 16 * 1024;

Fit fit_of(const Delivery& delivery) {
  if (delivery.arrived) return Fit::Yes;
  return delivery.closed || delivery.denied || delivery.code >= 0x80 ? Fit::No : Fit::Silent;
}

Task<Fit> takes_topic(Laboratory& laboratory, std::string id, std::string topic) {
  const Delivery delivery = co_await loop_back(laboratory, std::move(id), topic, topic,
                                               laboratory.nonce, Qos::AtLeastOnce);
  co_return fit_of(delivery);
}

Task<Fit> takes_topic_of(Laboratory& laboratory, std::size_t size) {
  std::string topic = laboratory.topic("l");
  topic.resize(std::max(size, topic.size()), 'x');
  co_return co_await takes_topic(laboratory, laboratory.id("tl"), std::move(topic));
}

Task<Capabilities> topic_length(Laboratory& laboratory) {
  const Bisection found =
      co_await bisect(laboratory, takes_topic_of, laboratory.topic("l").size(),
                      laboratory.options.slow ? wire::kMaxFieldSize : kUsualTopicSize);
  co_return Capabilities{
      {"topic_length", found.at_cap ? Finding::Yes : Finding::Limited, text(found), ""}};
}

std::size_t levels_of(std::string_view topic) {
  std::size_t levels = 1;
  for (const char c : topic) levels += c == '/' ? 1U : 0U;
  return levels;
}

Task<Fit> takes_levels(Laboratory& laboratory, std::size_t levels) {
  std::string topic = laboratory.topic("v");
  while (levels_of(topic) < levels) topic += "/v";
  co_return co_await takes_topic(laboratory, laboratory.id("tv"), std::move(topic));
}

Task<Capabilities> topic_levels(Laboratory& laboratory) {
  const Bisection found =
      co_await bisect(laboratory, takes_levels, levels_of(laboratory.topic("v")), kMostLevels);
  co_return Capabilities{
      {"topic_levels", found.at_cap ? Finding::Yes : Finding::Limited, text(found), ""}};
}

std::uint64_t packet_size(const Laboratory& laboratory, std::size_t payload) {
  const std::string topic = laboratory.topic("z");
  const std::string octets(payload, '.');
  wire::Publish packet;
  packet.topic = topic;
  packet.payload = octets;
  packet.qos = Qos::AtLeastOnce;
  packet.packet_id = 2;
  return wire::publish_size(packet, laboratory.route.version);
}

/// `size` is that of the whole PUBLISH.
Task<Fit> takes_packet_of(Laboratory& laboratory, std::size_t size) {
  std::size_t payload = size - std::min<std::size_t>(size, packet_size(laboratory, 0));
  while (payload > 0 && packet_size(laboratory, payload) > size) --payload;
  const std::string topic = laboratory.topic("z");
  const Delivery delivery = co_await loop_back(laboratory, laboratory.id("tz"), topic, topic,
                                               std::string(payload, '.'), Qos::AtLeastOnce);
  co_return fit_of(delivery);
}

Task<Capabilities> largest_packet(Laboratory& laboratory) {
  const Bisection found =
      co_await bisect(laboratory, takes_packet_of, packet_size(laboratory, 0) + 1,
                      laboratory.options.max_probe_size);
  co_return Capabilities{
      {"packet_size", found.at_cap ? Finding::Yes : Finding::Limited, text(found), ""}};
}

Task<Capabilities> receive_maximum(Laboratory& laboratory) {
  const std::string topic = laboratory.topic("window");
  Capability out{"receive_maximum", Finding::Unclear, "no answer", ""};
  wire::Properties properties;
  properties.add(PropertyId::ReceiveMaximum, 1);
  wire::Connect narrow;
  narrow.properties = properties.view();
  PacketLink reader(laboratory.loop, laboratory.route);
  PacketLink writer(laboratory.loop, laboratory.route);
  reader.acknowledge(false);
  if ((co_await connect(reader, laboratory.id("Mr"), narrow)).accepted() &&
      (co_await subscribe(reader, topic, Qos::AtLeastOnce)).accepted() &&
      (co_await connect(writer, laboratory.id("Mw"))).accepted()) {
    for (int i = 0; i < 3; ++i) {
      publish(writer, topic, laboratory.nonce, Qos::AtLeastOnce);
      co_await writer.next(PacketType::Puback, kPatience);
    }
    int count = 0;
    while ((co_await reader.next(PacketType::Publish, kSilence)).is_packet()) ++count;
    if (count > 0) {
      out = {out.name, count == 1 ? Finding::Yes : Finding::No,
             count == 1 ? "ours is kept to" : "ours of 1 is not kept to", ""};
    }
  }
  reader.leave();
  writer.leave();
  co_return Capabilities{out};
}

Task<Capabilities> topic_alias(Laboratory& laboratory) {
  const std::string topic = laboratory.topic("alias");
  Capability out{"topic_aliases", Finding::No, "not taken", ""};
  PacketLink reader(laboratory.loop, laboratory.route);
  PacketLink writer(laboratory.loop, laboratory.route);
  const bool listening = (co_await connect(reader, laboratory.id("Ar"))).accepted() &&
                         (co_await subscribe(reader, topic)).accepted();
  const Answer connack = co_await connect(writer, laboratory.id("Aw"));
  const auto maximum = connack.view().number(PropertyId::TopicAliasMaximum).value_or(0);
  if (listening && connack.accepted()) {
    wire::Properties properties;
    properties.add(PropertyId::TopicAlias, std::max<std::uint32_t>(maximum, 1));
    publish(writer, topic, "1", Qos::AtMostOnce, false, properties.view());
    publish(writer, "", "2", Qos::AtMostOnce, false, properties.view());
    int count = 0;
    Answer message;
    do {
      message = co_await reader.next(PacketType::Publish, count == 0 ? kPatience : kSilence);
      if (message.is_packet() && message.topic == topic) ++count;
    } while (message.is_packet() && count < 2);
    if (count == 2) {
      out = {out.name, Finding::Yes, "alias " + std::to_string(std::max(maximum, 1U)) + " works",
             ""};
    } else if (writer.closed()) {
      out.observed = "the connection is closed";
    }
  }
  reader.leave();
  writer.leave();
  co_return Capabilities{out};
}

Task<Capabilities> subscription_identifier(Laboratory& laboratory) {
  const std::string topic = laboratory.topic("identifier");
  Capability out{"subscription_identifiers", Finding::No, "not given back", ""};
  PacketLink link(laboratory.loop, laboratory.route);
  if (!(co_await connect(link, laboratory.id("I"))).accepted()) co_return Capabilities{out};
  wire::Properties properties;
  properties.add(PropertyId::SubscriptionIdentifier, 7);
  wire::Subscribe request;
  request.packet_id = 1;
  request.requests.push_back({.filter = topic});
  request.properties = properties.view();
  link.send(request);
  const Answer granted = co_await link.next(PacketType::Suback, kPatience);
  if (granted.accepted()) {
    publish(link, topic, laboratory.nonce);
    const Answer message = co_await link.next(PacketType::Publish, kPatience);
    if (message.view().number(PropertyId::SubscriptionIdentifier) == 7U) {
      out = {out.name, Finding::Yes, "given back with the message", ""};
    }
  } else {
    out.observed =
        refusal_text(granted.kind == Answer::Kind::Closed, granted.code, PacketType::Suback);
  }
  link.leave();
  co_return Capabilities{out};
}

Task<Capabilities> keep_alive(Laboratory& laboratory) {
  PacketLink link(laboratory.loop, laboratory.route);
  wire::Connect long_silence;
  long_silence.keep_alive_s = 65'535;
  const Answer connack = co_await connect(link, laboratory.id("K"), long_silence);
  link.leave();
  Capability out{"keep_alive", Finding::Yes, "65535 s is accepted", ""};
  const auto server = connack.view().number(PropertyId::ServerKeepAlive);
  if (!connack.accepted()) {
    out = {out.name, Finding::Limited,
           refusal_text(connack.kind == Answer::Kind::Closed, connack.code, PacketType::Connack) +
               " to 65535 s",
           ""};
  } else if (server && *server < long_silence.keep_alive_s) {
    out.finding = Finding::Limited;
    out.observed = "cut to " + std::to_string(*server) + " s";
  }
  co_return Capabilities{out};
}

// Half as long again as promised is how long a broker waits [MQTT-3.1.2-22].
Task<Capabilities> keep_alive_enforcement(Laboratory& laboratory) {
  constexpr std::uint16_t kSeconds = 2;
  constexpr Duration kObserved = 9s;
  Capability out{"keep_alive_enforced", Finding::No, "a silent client of 2 s stays for 9 s", ""};
  PacketLink link(laboratory.loop, laboratory.route);
  wire::Connect promise;
  promise.keep_alive_s = kSeconds;
  if ((co_await connect(link, laboratory.id("E"), promise)).accepted()) {
    const TimePoint begin = monotonic_now();
    const Answer end = co_await link.next(PacketType::Pingresp, kObserved);
    if (end.kind == Answer::Kind::Closed) {
      std::array<char, 64> text{};
      std::snprintf(text.data(), text.size(), "a silent client of 2 s is closed after %.1f s",
                    std::chrono::duration<double>(monotonic_now() - begin).count());
      out = {out.name, Finding::Yes, text.data(), ""};
    }
  }
  link.leave();
  co_return Capabilities{out};
}

enum class Misdeed : std::uint8_t { PublishWildcard, PublishNul, FilterMisplaced };

Task<Capability> misdeed(Laboratory& laboratory, std::string name, Misdeed which) {
  Capability out{std::move(name), Finding::Unclear, "no answer", ""};
  PacketLink link(laboratory.loop, laboratory.route);
  if (!(co_await connect(link, laboratory.id("X" + std::to_string(static_cast<int>(which)))))
           .accepted())
    co_return out;
  PacketType expected = PacketType::Puback;
  switch (which) {
    case Misdeed::PublishWildcard:
      publish(link, laboratory.topic("#"), laboratory.nonce, Qos::AtLeastOnce);
      break;
    case Misdeed::PublishNul:
      publish(link, laboratory.topic(std::string_view("a\0b", 3)), laboratory.nonce,
              Qos::AtLeastOnce);
      break;
    case Misdeed::FilterMisplaced: {
      expected = PacketType::Suback;
      const std::string filter = laboratory.topic("#/a");
      wire::Subscribe request;
      request.packet_id = 1;
      request.requests.push_back({.filter = filter});
      link.send(request);
      break;
    }
  }
  const Answer answer = co_await link.next(expected, kPatience);
  if (answer.accepted()) {
    out.finding = Finding::No;
    out.observed = "taken";
  } else if (answer.kind != Answer::Kind::Overdue) {
    out.finding = Finding::Yes;
    out.observed =
        refusal_text(answer.kind == Answer::Kind::Closed, answer.code,
                     answer.kind == Answer::Kind::Closed ? PacketType::Disconnect : expected);
  }
  link.leave();
  co_return out;
}

Task<Capabilities> invalid_publishes(Laboratory& laboratory) {
  Capabilities out;
  out.push_back(co_await misdeed(laboratory, "rejects_wildcard_publish", Misdeed::PublishWildcard));
  out.push_back(co_await misdeed(laboratory, "rejects_nul_in_topic", Misdeed::PublishNul));
  co_return out;
}

Task<Capabilities> invalid_filter(Laboratory& laboratory) {
  Capabilities out;
  out.push_back(
      co_await misdeed(laboratory, "rejects_misplaced_wildcard", Misdeed::FilterMisplaced));
  co_return out;
}

constexpr std::array<CapsProbe, 10> kLimitsProbes = {{
    {"packet_size", largest_packet, true},
    {"topic_length", topic_length, true},
    {"topic_levels", topic_levels, true},
    {"keep_alive", keep_alive},
    {"keep_alive_enforced", keep_alive_enforcement, false, false, true},
    {"receive_maximum", receive_maximum, true, true},
    {"topic_aliases", topic_alias, true, true},
    {"subscription_identifiers", subscription_identifier, true, true},
    {"rejects_wildcard_publish rejects_nul_in_topic", invalid_publishes, true},
    {"rejects_misplaced_wildcard", invalid_filter},
}};

}  // namespace

std::span<const CapsProbe> limit_probes() {
  return kLimitsProbes;
}

Task<Bisection> bisect(Laboratory& laboratory, Trial fits, std::size_t low, std::size_t high) {
  const TimePoint end = monotonic_now() + kBisectionLimit;
  Fit last = co_await fits(laboratory, high);
  if (last == Fit::Yes) co_return Bisection{high, true, true};
  if (co_await fits(laboratory, low) != Fit::Yes) co_return Bisection{0, true, false};
  Bisection out{low, last == Fit::No, false};
  bool growing = true;  // small ones first: they are the quick ones where size means time
  while (high - out.largest > 1) {
    if (monotonic_now() > end) {
      out.exact = false;
      break;
    }
    std::size_t next = out.largest + (high - out.largest) / 2;
    if (growing) next = std::min(next, out.largest * 8);
    last = co_await fits(laboratory, next);
    if (last == Fit::Yes) {
      out.largest = next;
    } else {
      growing = false;
      high = next;
      out.exact = last == Fit::No;
    }
  }
  co_return out;
}

std::string text(const Bisection& bisection) {
  const std::string number = std::to_string(bisection.largest);
  if (bisection.at_cap) return "at least " + number;
  return bisection.exact ? number : number + "; more met with silence";
}

std::string code_text(std::uint8_t code, PacketType in) {
  std::array<char, 8> number{};
  std::snprintf(number.data(), number.size(), "0x%02x", static_cast<unsigned>(code));
  return number.data() + std::string(", ") +
         std::string(wire::name(static_cast<wire::ReasonCode>(code), in));
}

std::string refusal_text(bool closed, std::uint8_t code, PacketType in) {
  const std::string out = closed      ? "the connection is closed"
                          : code == 0 ? "nothing comes"
                                      : "refused";
  if (code == 0) return out;
  return out + " (" + code_text(code, closed ? PacketType::Disconnect : in) + ")";
}

}  // namespace mqtk::inspect
