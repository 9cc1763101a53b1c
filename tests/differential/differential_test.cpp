// Random sequences of operations, the same through both engines against the same broker: what is
// delivered has to be the same. MQTK_DIFFERENTIAL_SEQUENCES says how many, MQTK_DIFFERENTIAL_SEED
// where to begin, MQTK_DIFFERENTIAL_CUTS that connections are cut as well; a failure names its
// seed.
#include <cstdlib>
#include <map>
#include <random>

#include "contract/contract.hpp"
#include "differential/octets.hpp"
#include "support/mosquitto.hpp"

using namespace mqtk;
using namespace mqtk::test;
using wire::Qos;

namespace {

// The differences that are no faults, and how the comparison looks past each.
struct ExplainedDifference {
  const char* what;
  const char* why;
  const char* compared_as;
};
constexpr ExplainedDifference kExplained[] = {
    {"how often a QoS 1 message comes whose acknowledgement was cut off",
     "at least once: it depends on which octets the cut met", "present or not"},
    {"order of messages of different QoS",
     "Paho hands over a QoS 2 message at PUBREL, we at PUBLISH", "each QoS by itself"},
    {"what the client itself receives around a cut", "QoS 0 is not kept for a client that is away",
     "the other side's view only"},
    {"how often a QoS 2 message comes that was in flight at a cut",
     "the Paho engine cannot go on with the session when the write of a PUBLISH failed, and begins "
     "a clean one",
     "present or not, where a session was not gone on with"},
};

enum class Step { Publish, Subscribe, Unsubscribe, CutIdle, CutInFlight };

struct Operation {
  Step step;
  Qos qos = Qos::AtMostOnce;
  unsigned topic = 0;
  std::size_t size = 0;
};

struct Sequence {
  wire::ProtocolVersion version;
  std::vector<Operation> operations;
  bool cut = false;
};

Sequence make_sequence(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  Sequence sequence;
  sequence.version = below(2) == 0 ? wire::ProtocolVersion::V311 : wire::ProtocolVersion::V5;
  const unsigned length = 6 + below(12);
  // Paho needs a second for a connection, and a client may take cuts for a broker that closes on
  // certain messages: at most two, and only in long runs.
  const bool with_cuts = std::getenv("MQTK_DIFFERENTIAL_CUTS") != nullptr;
  unsigned cuts = with_cuts && below(4) == 0 ? 2 : 0;
  for (unsigned i = 0; i < length; ++i) {
    Operation operation{Step::Publish, static_cast<Qos>(below(3)), below(4), 0};
    const unsigned dice = below(20);
    if (dice < 4) operation.step = Step::Subscribe;
    if (dice == 4) operation.step = Step::Unsubscribe;
    if (cuts > 0 && dice == 5) operation.step = Step::CutIdle;
    if (cuts > 0 && dice == 6) operation.step = Step::CutInFlight;
    if (operation.step == Step::CutIdle || operation.step == Step::CutInFlight) --cuts;
    operation.size = below(5) == 0 ? below(40'000) : below(50);
    sequence.cut =
        sequence.cut || operation.step == Step::CutIdle || operation.step == Step::CutInFlight;
    sequence.operations.push_back(operation);
  }
  return sequence;
}

using Counts = std::map<std::string, int>;  // "QoS topic number": how often

struct Delivered {
  Counts elsewhere;  ///< at another client that is subscribed to everything
  Counts here;       ///< at the client itself
  std::map<int, std::vector<std::string>> order;  ///< elsewhere, by QoS
};

class Run {
 public:
  Run(Engine engine, const Sequence& sequence, const Mosquitto& broker, const std::string& prefix)
      : relay_(recording_relay(broker.port())),
        sequence_(sequence),
        prefix_(prefix),
        observer_(other_side(broker.port(), {prefix + "/#"})) {
    ClientConfig config =
        config_for(sequence.version, relay_.call([](Relay& relay) { return relay.port(); }));
    config.reconnect.enabled = true;
    config.reconnect.minimum = 5ms;
    config.session_for_run = true;
    party_ = std::make_unique<Party>(engine, config);
  }

  bool play() {
    if (!party_->connect() || party_->subscribe({topic(kLast)}).empty()) return false;
    for (const Operation& operation : sequence_.operations) {
      if (!play(operation)) {
        UNSCOPED_INFO("operation " << int(operation.step) << " at QoS " << int(operation.qos));
        if (party_->end_error) UNSCOPED_INFO(party_->error().message);
        return false;
      }
    }
    // A message of its own comes round last, so that what came before it is complete.
    if (!publish({Step::Publish, Qos::ExactlyOnce, kLast, 0})) return false;
    const auto came_round = [&] {
      return std::any_of(party_->arrived.begin(), party_->arrived.end(),
                         [&](const Arrived& message) { return message.topic == topic(kLast); });
    };
    if (!party_->run_until(came_round)) {
      UNSCOPED_INFO("the last message did not come round");
      return false;
    }
    return settle() && party_->leave();
  }

  std::string passed() { return passed_through(relay_); }

  std::vector<std::string> odd_packets() {
    return other_octets(sent_through(relay_), sequence_.version);
  }

  Delivered delivered() const {
    Delivered out;
    const auto key = [&](const Arrived& message) {
      return message.topic.substr(prefix_.size()) + " " + message.payload.substr(0, 8) + " " +
             std::to_string(message.payload.size());
    };
    const bool session_ended =
        std::any_of(party_->connections.begin() + 1, party_->connections.end(),
                    [](const ConnectionInfo& info) { return !info.session_present; });
    for (const Arrived& message : observer_->arrived) {
      const std::string name = std::to_string(int(message.qos)) + " " + key(message);
      ++out.elsewhere[name];
      auto& order = out.order[int(message.qos)];
      if (std::find(order.begin(), order.end(), name) == order.end()) order.push_back(name);
      const bool any_number = message.qos == Qos::AtLeastOnce ||                   // kExplained[0]
                              (message.qos == Qos::ExactlyOnce && session_ended);  // kExplained[3]
      if (any_number) out.elsewhere[name] = 1;
    }
    if (sequence_.cut) return out;  // kExplained[2]
    for (const Arrived& message : party_->arrived) {
      ++out.here[std::to_string(int(message.qos)) + " " + key(message)];
    }
    return out;
  }

 private:
  static constexpr unsigned kLast = 99;
  std::string topic(unsigned number) const { return prefix_ + "/" + std::to_string(number); }

  bool publish(const Operation& operation) {
    std::string payload = "n" + std::to_string(sent_) + ".......";
    payload.resize(8);
    payload.resize(8 + operation.size, 'x');
    while (party_->publish(topic(operation.topic), payload, operation.qos) !=
           PublishStatus::Accepted) {
      const unsigned before = party_->writable;
      if (!party_->run_until([&] { return party_->writable > before || party_->ended > 0; })) {
        return false;
      }
      if (party_->ended > 0) return false;
    }
    ++sent_;
    return true;
  }

  bool cut() {
    const std::size_t before = party_->connections.size();
    relay_.call([](Relay& relay) { relay.cut(RelayEnding::Reset); });
    return party_->run_until([&] {
      return party_->connections.size() > before || party_->ended > 0;
    }) && party_->ended == 0;
  }

  // Everything has an outcome, and the other side has everything that was sent.
  bool settle() {
    if (!party_->run_until([&] { return party_->outcomes.size() == sent_ || party_->ended > 0; })) {
      UNSCOPED_INFO(party_->outcomes.size() << " outcomes of " << sent_);
      return false;
    }
    const auto distinct = [&] {
      Counts counts;
      for (const Arrived& message : observer_->arrived) ++counts[message.payload.substr(0, 8)];
      return counts.size();
    };
    if (observer_->run_until([&] { return distinct() == sent_; })) return true;
    UNSCOPED_INFO(distinct() << " arrived of " << sent_);
    return false;
  }

  bool play(const Operation& operation) {
    switch (operation.step) {
      case Step::Publish:
        return publish(operation);
      case Step::Subscribe:
        return settle() && !party_->subscribe({topic(operation.topic)}, operation.qos).empty();
      case Step::Unsubscribe: {
        if (!settle()) return false;
        const std::size_t before = party_->unsubscribed.size();
        party_->client().unsubscribe({topic(operation.topic)}, 1);
        return party_->run_until([&] { return party_->unsubscribed.size() > before; });
      }
      case Step::CutIdle:
        return settle() && cut();
      case Step::CutInFlight: {
        Operation message = operation;
        if (message.qos == Qos::AtMostOnce) message.qos = Qos::ExactlyOnce;
        return settle() && publish(message) && cut();
      }
    }
    return false;
  }

  Hosted<Relay> relay_;
  const Sequence& sequence_;
  std::string prefix_;
  std::unique_ptr<Party> observer_;
  std::unique_ptr<Party> party_;
  std::size_t sent_ = 0;
};

unsigned number_from(const char* variable, unsigned otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::atoi(text));
}

}  // namespace

TEST_CASE("random sequences deliver the same through both engines") {
  const unsigned count = number_from("MQTK_DIFFERENTIAL_SEQUENCES", 8);
  const unsigned first = number_from("MQTK_DIFFERENTIAL_SEED", 1);
  const Mosquitto broker;
  unsigned compared = 0;
  for (unsigned seed = first; seed < first + count; ++seed) {
    INFO("seed " << seed << ": MQTK_DIFFERENTIAL_SEQUENCES=1 MQTK_DIFFERENTIAL_SEED=" << seed);
    const Sequence sequence = make_sequence(seed);
    Run native(Engine::Native, sequence, broker, "native" + std::to_string(seed));
    Run paho(Engine::Paho, sequence, broker, "paho" + std::to_string(seed));
    REQUIRE(native.play());
    const bool played = paho.play();
    INFO((played ? "" : paho.passed()));
    REQUIRE(played);
    for (const std::string& odd : paho.odd_packets()) FAIL_CHECK(odd);
    const Delivered a = native.delivered();
    const Delivered b = paho.delivered();
    CHECK(a.elsewhere == b.elsewhere);
    CHECK(a.order == b.order);  // kExplained[1]
    CHECK(a.here == b.here);
    ++compared;
  }
  CHECK(compared == count);
  CHECK(std::size(kExplained) == 4);
}
