// Client identifiers, sessions, wills.
#include <array>

#include "inspect/caps/probes.hpp"

namespace mqtk::inspect {

using wire::PacketType;
using wire::PropertyId;
using wire::Qos;

namespace {

Task<Capabilities> empty_id(Laboratory& laboratory) {
  PacketLink clean(laboratory.loop, laboratory.route);
  const Answer with_clean = co_await connect(clean, "");
  std::string assigned;
  if (const auto id = with_clean.view().text(PropertyId::AssignedClientIdentifier)) {
    assigned = ", assigns one of " + std::to_string(id->size()) + " octets";
  }
  clean.leave();
  wire::Connect kept;
  kept.clean_start = false;
  PacketLink other(laboratory.loop, laboratory.route);
  const Answer without = co_await connect(other, "", kept);
  other.leave();
  Capability out{"empty_client_id", Finding::No, "refused", ""};
  if (with_clean.accepted()) {
    out.finding = Finding::Yes;
    out.observed = without.accepted() ? "accepted" : "accepted with a clean session only";
    out.observed += assigned;
  } else if (with_clean.kind == Answer::Kind::Overdue) {
    out = {"empty_client_id", Finding::Unclear, "no answer", ""};
  }
  co_return Capabilities{out};
}

Task<Fit> takes_id_of(Laboratory& laboratory, std::size_t size) {
  std::string id = laboratory.id("L");
  id.resize(std::max(size, id.size()), 'x');
  PacketLink link(laboratory.loop, laboratory.route);
  const Answer answer = co_await connect(link, id);
  link.leave();
  co_return answer.accepted()            ? Fit::Yes
  : answer.kind == Answer::Kind::Overdue ? Fit::Silent
                                         : Fit::No;
}

Task<Capabilities> id_length(Laboratory& laboratory) {
  const Bisection found = co_await bisect(laboratory, takes_id_of, 23, wire::kMaxFieldSize);
  co_return Capabilities{
      {"client_id_length", found.at_cap ? Finding::Yes : Finding::Limited, text(found), ""}};
}

Task<Capabilities> id_characters(Laboratory& laboratory) {
  struct Group {
    const char* name;
    const char* characters;
  };
  constexpr std::array<Group, 5> kGroups = {{{"-._~", "-._~"},
                                             {"space", "a b"},
                                             {"punctuation", "!\"$%&'()*,:;<=>?@[\\]^`{|}"},
                                             {"/+#", "/+#"},
                                             {"letters beyond ASCII", "\u00e4\u65e5"}}};
  std::string refused;
  for (const Group& group : kGroups) {
    PacketLink link(laboratory.loop, laboratory.route);
    const Answer answer = co_await connect(link, laboratory.id("C") + group.characters);
    if (!answer.accepted()) refused += (refused.empty() ? "not " : ", ") + std::string(group.name);
    link.leave();
  }
  co_return Capabilities{{"client_id_characters", refused.empty() ? Finding::Yes : Finding::Limited,
                          refused.empty() ? "all" : refused, ""}};
}

Task<Capabilities> persistent_session(Laboratory& laboratory) {
  const std::string id = laboratory.id("P");
  const std::string topic = laboratory.topic("queue");
  laboratory.sessions.insert(id);
  wire::Properties properties;
  if (laboratory.v5()) properties.add(PropertyId::SessionExpiryInterval, 60);
  wire::Connect kept;
  kept.clean_start = false;
  kept.properties = properties.view();
  Capability session{"persistent_session", Finding::No, "refused", ""};
  Capability queueing{"offline_queueing", Finding::No, "no session is kept", ""};
  PacketLink first(laboratory.loop, laboratory.route);
  if (!(co_await connect(first, id, kept)).accepted()) co_return Capabilities{session, queueing};
  const bool granted = (co_await subscribe(first, topic, Qos::AtLeastOnce)).accepted();
  first.leave();
  PacketLink writer(laboratory.loop, laboratory.route);
  if (granted && (co_await connect(writer, laboratory.id("Pw"))).accepted()) {
    publish(writer, topic, laboratory.nonce, Qos::AtLeastOnce);
    co_await writer.next(PacketType::Puback, kPatience);
    writer.leave();
  }
  PacketLink second(laboratory.loop, laboratory.route);
  const Answer back = co_await connect(second, id, kept);
  // Some brokers keep a session and do not say so in their answer.
  Answer message;
  if (back.accepted()) message = co_await second.next(PacketType::Publish, kPatience);
  const bool queued = message.is_packet() && message.payload == laboratory.nonce;
  if (back.session_present || queued) {
    session = {"persistent_session", Finding::Yes,
               back.session_present ? "kept" : "kept, though the broker says it is new", ""};
    queueing = {"offline_queueing", Finding::No, "nothing was queued", ""};
    if (queued) {
      queueing = {"offline_queueing", Finding::Yes, "a message of QoS 1 was queued", ""};
    } else if (!granted) {
      queueing = {"offline_queueing", Finding::NotAllowed, "the subscription was refused", ""};
    }
  } else {
    session.observed = "not kept";
  }
  second.leave();
  co_return Capabilities{session, queueing};
}

Task<Capabilities> take_over(Laboratory& laboratory) {
  PacketLink older(laboratory.loop, laboratory.route);
  PacketLink newer(laboratory.loop, laboratory.route);
  Capability out{"take_over", Finding::Unclear, "no answer", ""};
  if ((co_await connect(older, laboratory.id("T"))).accepted()) {
    const bool accepted = (co_await connect(newer, laboratory.id("T"))).accepted();
    // No PINGRESP will come: what is waited for is the end.
    const Answer end = co_await older.next(PacketType::Pingresp, kPatience);
    if (!accepted) {
      out = {"take_over", Finding::No, "the newer connection is refused", ""};
    } else if (end.kind == Answer::Kind::Closed) {
      out = {"take_over", Finding::Yes, "the older connection is closed", ""};
      if (end.code != 0) {
        out.observed += " (" + code_text(end.code, PacketType::Disconnect) + ")";
      }
    } else {
      out = {"take_over", Finding::No, "both connections stay", ""};
    }
  }
  older.leave();
  newer.leave();
  co_return Capabilities{out};
}

Task<Capabilities> will(Laboratory& laboratory) {
  const std::string topic = laboratory.topic("will");
  Capability out{"will", Finding::No, "not published", ""};
  PacketLink reader(laboratory.loop, laboratory.route);
  PacketLink dying(laboratory.loop, laboratory.route);
  wire::Connect connect_with_will;
  connect_with_will.will = wire::Will{.topic = topic, .payload = laboratory.nonce};
  if (!(co_await connect(reader, laboratory.id("Wr"))).accepted() ||
      !(co_await subscribe(reader, topic)).accepted()) {
    out = {"will", Finding::Unclear, "no reader", ""};
  } else if (const Answer answer = co_await connect(dying, laboratory.id("W"), connect_with_will);
             !answer.accepted()) {
    out.observed =
        refusal_text(answer.kind == Answer::Kind::Closed, answer.code, PacketType::Connack);
  } else {
    dying.drop();
    const Answer message = co_await reader.next(PacketType::Publish, kPatience);
    if (message.is_packet()) out = {"will", Finding::Yes, "published after a lost connection", ""};
  }
  reader.leave();
  co_return Capabilities{out};
}

constexpr std::array<CapsProbe, 6> kSessionProbes = {{
    {"empty_client_id", empty_id},
    {"client_id_length", id_length},
    {"client_id_characters", id_characters},
    {"take_over", take_over},
    {"persistent_session offline_queueing", persistent_session, true},
    {"will", will, true},
}};

}  // namespace

std::span<const CapsProbe> session_probes() {
  return kSessionProbes;
}

}  // namespace mqtk::inspect
