// What is delivered, and to which filters.
#include <array>
#include <set>

#include "inspect/caps/probes.hpp"

namespace mqtk::inspect {

using wire::PacketType;
using wire::Qos;

namespace {

Finding finding_of(const Delivery& delivery) {
  return delivery.arrived ? Finding::Yes : delivery.denied ? Finding::NotAllowed : Finding::No;
}

Task<Capabilities> qos(Laboratory& laboratory) {
  std::string delivered;
  std::string rest;
  for (const Qos each : {Qos::AtMostOnce, Qos::AtLeastOnce, Qos::ExactlyOnce}) {
    const std::string number = std::to_string(static_cast<int>(each));
    const Delivery delivery = co_await loop_back(
        laboratory, laboratory.id("q" + number), laboratory.topic("qos" + number),
        laboratory.topic("qos" + number), laboratory.nonce, each);
    if (delivery.arrived && delivery.qos == each) {
      delivered += (delivered.empty() ? "" : ", ") + number;
    } else if (delivery.arrived) {
      rest += "; " + number + " comes as " + std::to_string(static_cast<int>(delivery.qos));
    } else {
      rest +=
          "; " + number + ": " + refusal_text(delivery.closed, delivery.code, PacketType::Puback);
    }
  }
  co_return Capabilities{
      {"qos", rest.empty() ? Finding::Yes : Finding::Limited, delivered + rest, ""}};
}

Task<Capabilities> retained(Laboratory& laboratory) {
  const std::string topic = laboratory.topic("retained/a");
  Capability exact{"retained", Finding::No, "not kept", ""};
  Capability wildcard{"retained_by_wildcard", Finding::No, "not delivered", ""};
  PacketLink writer(laboratory.loop, laboratory.route);
  if (!(co_await connect(writer, laboratory.id("Rw"))).accepted()) {
    co_return Capabilities{exact, wildcard};
  }
  laboratory.retained.insert(topic);
  publish(writer, topic, laboratory.nonce, Qos::AtMostOnce, true);
  writer.send(wire::Pingreq{});
  const Answer alive = co_await writer.next(PacketType::Pingresp, kPatience);
  writer.leave();
  if (!alive.is_packet()) {
    exact.observed =
        refusal_text(alive.kind == Answer::Kind::Closed, alive.code, PacketType::Disconnect);
    wildcard.observed = exact.observed;
    co_return Capabilities{exact, wildcard};
  }
  for (Capability* each : {&exact, &wildcard}) {
    const std::string filter = each == &exact ? topic : laboratory.topic("retained/+");
    PacketLink reader(laboratory.loop, laboratory.route);
    if (!(co_await connect(reader, laboratory.id("Rr"))).accepted()) continue;
    const Answer granted = co_await subscribe(reader, filter);
    const Answer message = co_await reader.next(PacketType::Publish, kPatience);
    if (message.is_packet() && message.payload == laboratory.nonce) {
      each->finding = Finding::Yes;
      each->observed = message.retain ? "delivered" : "delivered without the retain flag";
    } else if (!granted.accepted()) {
      each->observed =
          refusal_text(granted.kind == Answer::Kind::Closed, granted.code, PacketType::Suback);
    }
    reader.leave();
  }
  co_return Capabilities{exact, wildcard};
}

Task<Capabilities> wildcards(Laboratory& laboratory) {
  Capabilities out;
  for (const bool many : {false, true}) {
    const std::string name = many ? "wildcard_many_levels" : "wildcard_one_level";
    const std::string base = laboratory.topic(many ? "m" : "o");
    const Delivery delivery = co_await loop_back(laboratory, laboratory.id(many ? "wm" : "wo"),
                                                 base + (many ? "/#" : "/+"),
                                                 base + (many ? "/a/b" : "/a"), laboratory.nonce);
    out.push_back({name, finding_of(delivery),
                   delivery.arrived
                       ? "delivered"
                       : refusal_text(delivery.closed, delivery.code, PacketType::Suback),
                   ""});
  }
  co_return out;
}

/// The payloads that came, each once; how many in all.
Task<std::size_t> collect(PacketLink& link, std::set<std::string>& payloads) {
  std::size_t count = 0;
  for (;;) {
    const Answer message = co_await link.next(PacketType::Publish, kSilence);
    if (!message.is_packet()) co_return count;
    payloads.insert(message.payload);
    ++count;
  }
}

Task<Capabilities> shared(Laboratory& laboratory) {
  constexpr std::size_t kMessages = 6;
  const std::string topic = laboratory.topic("shared");
  Capability out{"shared_subscriptions", Finding::No, "", ""};
  PacketLink readers[2] = {{laboratory.loop, laboratory.route},
                           {laboratory.loop, laboratory.route}};
  for (PacketLink& reader : readers) {
    const std::string id = laboratory.id(&reader == &readers[0] ? "Sa" : "Sb");
    if (!(co_await connect(reader, id)).accepted()) co_return Capabilities{out};
    const Answer granted = co_await subscribe(reader, "$share/" + laboratory.nonce + "/" + topic);
    if (!granted.accepted()) {
      out.observed =
          refusal_text(granted.kind == Answer::Kind::Closed, granted.code, PacketType::Suback);
      co_return Capabilities{out};
    }
  }
  PacketLink writer(laboratory.loop, laboratory.route);
  if (!(co_await connect(writer, laboratory.id("Sw"))).accepted()) co_return Capabilities{out};
  for (std::size_t i = 0; i < kMessages; ++i) publish(writer, topic, std::to_string(i));
  writer.send(wire::Pingreq{});
  co_await writer.next(PacketType::Pingresp, kPatience);
  std::set<std::string> payloads;
  std::size_t count = co_await collect(readers[0], payloads);
  count += co_await collect(readers[1], payloads);
  if (payloads.size() == kMessages && count == kMessages) {
    out = {out.name, Finding::Yes, "each message goes to one of the group", ""};
  } else if (count == 0) {
    out.observed = "granted, and nothing is delivered";
  } else {
    out.observed =
        std::to_string(count) + " deliveries of " + std::to_string(kMessages) + " messages";
  }
  writer.leave();
  for (PacketLink& reader : readers) reader.leave();
  co_return Capabilities{out};
}

Task<Capabilities> fidelity(Laboratory& laboratory) {
  struct Case {
    const char* name;
    const char* levels;
  };
  constexpr std::array<Case, 7> kCases = {{{"dots", "a.b/c.d"},
                                           {"spaces", "a b/ c"},
                                           {"empty level", "a//b"},
                                           {"slash at the end", "a/"},
                                           {"dollar inside", "a/$b"},
                                           {"beyond ASCII", "\u00e4/\u65e5\u672c"},
                                           {"star and greater-than", "a/*/>"}}};
  std::string lost;
  for (const Case& each : kCases) {
    const std::string topic = laboratory.topic(each.levels);
    const Delivery delivery =
        co_await loop_back(laboratory, laboratory.id("F"), topic, topic, laboratory.nonce);
    if (!delivery.arrived) lost += (lost.empty() ? "not " : ", ") + std::string(each.name);
  }
  co_return Capabilities{{"topic_fidelity", lost.empty() ? Finding::Yes : Finding::Limited,
                          lost.empty() ? "all arrive as they were sent" : lost, ""}};
}

Task<Capabilities> sys(Laboratory& laboratory) {
  Capability out{"sys_topics", Finding::No, "nothing comes from $SYS/#", ""};
  PacketLink link(laboratory.loop, laboratory.route);
  if (!(co_await connect(link, laboratory.id("Y"))).accepted()) co_return Capabilities{out};
  const Answer granted = co_await subscribe(link, "$SYS/#");
  if (!granted.accepted()) {
    const bool closed = granted.kind == Answer::Kind::Closed;
    out = {out.name, closed ? Finding::No : Finding::NotAllowed,
           refusal_text(closed, granted.code, PacketType::Suback), ""};
    co_return Capabilities{out};
  }
  std::set<std::string> topics;
  const TimePoint end = monotonic_now() + 2s;
  for (;;) {
    const Answer message =
        co_await link.next(PacketType::Publish, topics.empty() ? kPatience : 2 * kSilence);
    if (!message.is_packet()) break;
    topics.insert(message.topic);
    if (monotonic_now() > end) break;
  }
  link.leave();
  if (!topics.empty()) {
    out = {out.name, Finding::Yes, std::to_string(topics.size()) + " topics", ""};
  }
  co_return Capabilities{out};
}

constexpr std::array<CapsProbe, 6> kTopicsProbes = {{
    {"qos", qos, true},
    {"retained retained_by_wildcard", retained, true},
    {"wildcard_one_level wildcard_many_levels", wildcards, true},
    {"shared_subscriptions", shared, true},
    {"topic_fidelity", fidelity, true},
    {"sys_topics", sys},
}};

}  // namespace

std::span<const CapsProbe> topic_probes() {
  return kTopicsProbes;
}

}  // namespace mqtk::inspect
