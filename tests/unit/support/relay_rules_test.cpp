#include "support/relay_rules.hpp"

#include "support/catch.hpp"

using namespace mqtk;
using wire::PacketType;

namespace {
constexpr RelayDirection kUp = RelayDirection::ToTarget;
constexpr RelayDirection kDown = RelayDirection::ToClient;
}  // namespace

TEST_CASE("rules: without any, everything passes") {
  RelayRules rules;
  const RelayRules::Verdict verdict = rules.packet(kUp, PacketType::Publish);
  CHECK_FALSE(verdict.swallow);
  CHECK_FALSE(verdict.cut_before);
  CHECK_FALSE(verdict.cut_after);
  CHECK(rules.pass(kUp, 1000).octets == 1000);
  CHECK_FALSE(rules.pass(kUp, 1000).cut);
}

TEST_CASE("rules: the n-th packet of a type, once") {
  RelayRules rules;
  rules.add(RelayCut{.type = PacketType::Publish, .at = 2, .ending = RelayEnding::Reset});
  CHECK_FALSE(rules.packet(kUp, PacketType::Publish).cut_before);
  CHECK_FALSE(rules.packet(kUp, PacketType::Puback).cut_before);
  CHECK_FALSE(rules.packet(kDown, PacketType::Publish).cut_before);
  CHECK(rules.packet(kUp, PacketType::Publish).cut_before == RelayEnding::Reset);
  for (int i = 0; i < 5; ++i) CHECK_FALSE(rules.packet(kUp, PacketType::Publish).cut_before);
}

TEST_CASE("rules: again and again, and after the packet") {
  RelayRules rules;
  rules.add(RelayCut{.type = PacketType::Publish, .at = 3, .forward = true, .repeat = true});
  for (int i = 1; i <= 9; ++i) {
    const RelayRules::Verdict verdict = rules.packet(kUp, PacketType::Publish);
    CHECK_FALSE(verdict.cut_before);
    CHECK(verdict.cut_after.has_value() == (i % 3 == 0));
  }
  rules.clear();
  for (int i = 0; i < 4; ++i) CHECK_FALSE(rules.packet(kUp, PacketType::Publish).cut_after);
}

TEST_CASE("rules: a number of octets") {
  RelayRules rules;
  rules.add(RelayCut{.at = 10});
  CHECK(rules.pass(kDown, 100).octets == 100);
  CHECK(rules.pass(kUp, 9).octets == 9);
  const RelayRules::Passage passage = rules.pass(kUp, 5);
  CHECK(passage.octets == 1);
  CHECK(passage.cut == RelayEnding::Fin);
  CHECK_FALSE(rules.pass(kUp, 100).cut);

  rules.add(RelayCut{.at = 10});
  CHECK(rules.pass(kUp, 10).cut);
}

TEST_CASE("rules: some packets of a type vanish") {
  RelayRules rules;
  rules.add(RelaySwallow{.type = PacketType::Puback, .after = 1, .count = 2});
  const bool expected[] = {false, true, true, false, false};
  for (const bool swallowed : expected) {
    CHECK(rules.packet(kDown, PacketType::Puback).swallow == swallowed);
    CHECK_FALSE(rules.packet(kUp, PacketType::Puback).swallow);
  }
}
