#include "inspect/caps/run.hpp"

#include <algorithm>

namespace mqtk::inspect {

using wire::PropertyId;
using wire::ProtocolVersion;

namespace {

// With what comes before and after, the whole run stays below 15 s.
constexpr Duration kProbesLimit = 10s;
constexpr Duration kCleaningLimit = 3s;
// Longer than the run, and short enough for brokers that limit it, which is a probe of its own.
constexpr std::uint16_t kModestKeepAlive = 20;

struct Declared {
  std::string_view capability;
  PropertyId property;
  const char* absent;  ///< what MQTT 5 says when the property is missing
  bool flag;
};
constexpr Declared kDeclared[] = {
    {"qos", PropertyId::MaximumQos, "2", false},
    {"retained", PropertyId::RetainAvailable, "yes", true},
    {"wildcard_one_level", PropertyId::WildcardSubscriptionAvailable, "yes", true},
    {"wildcard_many_levels", PropertyId::WildcardSubscriptionAvailable, "yes", true},
    {"shared_subscriptions", PropertyId::SharedSubscriptionAvailable, "yes", true},
    {"subscription_identifiers", PropertyId::SubscriptionIdentifierAvailable, "yes", true},
    {"packet_size", PropertyId::MaximumPacketSize, "no limit", false},
    {"receive_maximum", PropertyId::ReceiveMaximum, "65535", false},
    {"topic_aliases", PropertyId::TopicAliasMaximum, "0", false},
    {"keep_alive", PropertyId::ServerKeepAlive, "as asked", false},
};

template <typename Each>
void for_each_name(std::string_view names, Each each) {
  while (!names.empty()) {
    const auto end = names.find(' ');
    each(names.substr(0, end));
    names = end == std::string_view::npos ? std::string_view() : names.substr(end + 1);
  }
}

}  // namespace

CapsRun::CapsRun(EventLoop& loop, CapsOptions options, std::function<void()> done)
    : laboratory_(loop, std::move(options)),
      done_(std::move(done)),
      next_(loop,
            [this] {
              if (const auto step = std::exchange(next_step_, nullptr)) step();
            }),
      limit_(loop, [this] {
        if (const auto step = std::exchange(next_step_, nullptr)) step();
      }) {}

void CapsRun::start() {
  started_ = monotonic_now();
  report_.prefix = laboratory_.root;
  ProbePlan plan;
  plan.checks = false;
  plan.debug = laboratory_.options.debug;
  probe_ = std::make_unique<Probe>(laboratory_.loop, laboratory_.options.config, plan, nullptr,
                                   [this] { reached(); });
  probe_->start();
}

void CapsRun::stop() {
  if (stage_ == Stage::Preparing) {
    probe_->abort();
    conclude();
  } else if (stage_ == Stage::Probing) {
    next_step_ = nullptr;
    probes_done();
  }
}

// The diagnosis says better than any probe why a broker cannot be talked to.
void CapsRun::reached() {
  const ConnectReport& connection = probe_->report();
  report_.target = connection.target;
  // To a client of 3.1.1 whose keep-alive is too long, mosquitto says since 2.0.12 what it says
  // about client ids, as that version has no better word for it; one of MQTT 5 is told how long.
  const bool other_version =
      connection.error && (connection.error->cause == Cause::MqttVersion ||
                           connection.error->cause == Cause::MqttClientId ||
                           connection.error->cause == Cause::MqttNoAnswer ||
                           connection.error->cause == Cause::MqttClosedAfterConnect);
  if (connection.error) report_.error = connection.error;
  if (connection.error && !other_version) return conclude();
  if (auto settled = settle(laboratory_.route, probe_->attempt().endpoint); !settled) {
    report_.error = settled.error();
    return conclude();
  }
  tasks_.push_back(prepare());
  tasks_.back().start();
}

Task<Capability> CapsRun::version(ProtocolVersion version) {
  std::string name = "mqtt_" + std::string(wire::name(version));
  std::ranges::replace(name, '.', '_');
  Capability out{std::move(name), Finding::No, "no answer", ""};
  PacketLink link(laboratory_.loop, laboratory_.route);
  wire::Connect hello;
  // MQTT 5 tells its limit in the answer, others can only refuse.
  hello.keep_alive_s = version == ProtocolVersion::V5 ? 65'535 : kModestKeepAlive;
  link.open(hello, laboratory_.id("V"), version);
  const Answer answer = co_await link.next(wire::PacketType::Connack, kPatience);
  if (answer.accepted()) {
    out.finding = Finding::Yes;
    out.observed = "accepted";
    laboratory_.route.version = version;
    declares_ = version == ProtocolVersion::V5;
    declared_ = answer.properties;
  } else if (answer.is_packet()) {
    out.observed = "refused";
  } else if (answer.kind == Answer::Kind::Closed) {
    out.observed = "the connection is closed";
  }
  link.leave();
  co_return out;
}

Task<bool> CapsRun::prepare() {
  // The highest that is accepted serves the probes.
  for (const auto each : {ProtocolVersion::V31, ProtocolVersion::V311, ProtocolVersion::V5}) {
    report_.capabilities.push_back(co_await version(each));
  }
  const bool any = std::ranges::any_of(
      report_.capabilities, [](const Capability& each) { return each.finding == Finding::Yes; });
  if (any) report_.error.reset();
  report_.version = wire::name(laboratory_.route.version);
  if (any && !laboratory_.options.safe) {
    const std::string topic = laboratory_.topic("base");
    const Delivery base = co_await loop_back(laboratory_, laboratory_.id("B"), topic, topic,
                                             laboratory_.nonce, wire::Qos::AtMostOnce);
    loopback_works_ = base.arrived;
    Capability loopback{"publish_and_subscribe", Finding::Yes, "a message came back", ""};
    if (!base.arrived) {
      loopback.finding = Finding::NotAllowed;
      loopback.observed = "below " + laboratory_.options.topic_prefix + ": " +
                          refusal_text(base.closed, base.code, wire::PacketType::Suback);
      report_.notes.push_back("nothing can be published and read below " +
                              laboratory_.options.topic_prefix +
                              " with these credentials: name a place with --topic-prefix");
    }
    report_.capabilities.push_back(std::move(loopback));
  }
  next_step_ = [this, any] { any ? run_probes() : conclude(); };
  next_.schedule();
  co_return true;
}

Capability CapsRun::reason_to_skip(const CapsProbe& probe) const {
  if (probe.publishes && laboratory_.options.safe) {
    return {"", Finding::NotTested, "publishes, which --safe forbids", ""};
  }
  if (probe.slow && !laboratory_.options.slow)
    return {"", Finding::NotTested, "only with --slow", ""};
  if (probe.mqtt5 && !laboratory_.v5()) return {"", Finding::NotTested, "part of MQTT 5", ""};
  if (probe.publishes && !loopback_works_) {
    return {"", Finding::NotAllowed, "nothing can be published and read here", ""};
  }
  return {};
}

void CapsRun::run_probes() {
  stage_ = Stage::Probing;
  for (const auto group : {session_probes(), topic_probes(), limit_probes()}) {
    probes_.insert(probes_.end(), group.begin(), group.end());
  }
  results_.resize(probes_.size());
  running_ = 1;  // this call
  tasks_.clear();
  tasks_.reserve(probes_.size());
  next_step_ = [this] { probes_done(); };
  limit_.after(kProbesLimit);
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    const Capability skip = reason_to_skip(probes_[i]);
    if (skip.finding != Finding::Unclear) {
      for_each_name(probes_[i].names, [&](std::string_view name) {
        if (!results_[i]) results_[i].emplace();
        results_[i]->push_back({std::string(name), skip.finding, skip.observed, ""});
      });
      continue;
    }
    ++running_;
    tasks_.push_back(supervise(i));
    tasks_.back().start();
  }
  if (--running_ == 0) next_.schedule();
}

Task<bool> CapsRun::supervise(std::size_t index) {
  results_[index] = co_await probes_[index].run(laboratory_);
  if (--running_ == 0) next_.schedule();
  co_return true;
}

void CapsRun::probes_done() {
  stage_ = Stage::Cleaning;
  limit_.cancel();
  next_.cancel();
  tasks_.clear();
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    if (!results_[i]) {
      for_each_name(probes_[i].names, [&](std::string_view name) {
        report_.capabilities.push_back(
            {std::string(name), Finding::Unclear, "no answer in time", ""});
      });
      continue;
    }
    for (Capability& each : *results_[i]) report_.capabilities.push_back(std::move(each));
  }
  if (declares_) {
    add_declared();
    add_contradictions();
  } else {
    report_.notes.push_back("MQTT 5 is not spoken here, so the broker declares nothing");
  }
  next_step_ = [this] { conclude(); };
  limit_.after(kCleaningLimit);
  tasks_.push_back(clean());
  tasks_.back().start();
}

Task<bool> CapsRun::clean() {
  report_.left_behind.push_back("perhaps: it could not be looked");
  PacketLink link(laboratory_.loop, laboratory_.route);
  const bool alive = (co_await connect(link, laboratory_.id("end"))).accepted();
  link.leave();
  if (alive) {
    report_.left_behind = co_await clean_up(laboratory_);
  } else {
    report_.error = Error{ErrorKind::Unreachable, Cause::MqttLost,
                          "the broker takes no connection any more since it was probed",
                          "is it still running? its log may tell what it did not bear"};
  }
  next_.schedule();
  co_return true;
}

void CapsRun::add_declared() {
  const wire::PropertiesView properties(declared_);
  for (const Declared& each : kDeclared) {
    const auto found = std::ranges::find(report_.capabilities, each.capability, &Capability::name);
    if (found == report_.capabilities.end()) continue;
    const auto number = properties.number(each.property);
    found->declared = !number     ? each.absent
                      : each.flag ? (*number != 0 ? "yes" : "no")
                                  : std::to_string(*number);
  }
}

void CapsRun::add_contradictions() {
  for (const Capability& each : report_.capabilities) {
    const bool denies = each.declared == "no" && each.finding == Finding::Yes;
    const bool promises = each.declared == "yes" && each.finding == Finding::No;
    if (denies || promises) {
      report_.notes.push_back(each.name + " is declared as " + each.declared +
                              ", and observed: " + each.observed);
    }
  }
}

void CapsRun::conclude() {
  if (std::exchange(stage_, Stage::Done) == Stage::Done) return;
  next_.cancel();
  limit_.cancel();
  tasks_.clear();
  report_.total = monotonic_now() - started_;
  done_();
}

}  // namespace mqtk::inspect
