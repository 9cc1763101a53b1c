#include "protocol/inflight.hpp"

#include <set>

#include "support/catch.hpp"

namespace mqtk::test {

using wire::PacketType;

TEST_CASE("identifiers wrap around and skip those that are still in use") {
  Inflight inflight(100);
  const auto none = [](std::uint16_t) { return false; };
  InflightMessage* stuck = &inflight.add(none);
  const std::uint16_t stuck_id = stuck->packet_id;
  for (int i = 0; i < 140'000; ++i) {
    InflightMessage& message = inflight.add([](std::uint16_t id) { return id == 777; });
    REQUIRE(message.packet_id != 0);
    REQUIRE(message.packet_id != stuck_id);
    REQUIRE(message.packet_id != 777);
    REQUIRE(inflight.find(message.packet_id) == &message);
    inflight.remove(message);
  }
  CHECK(inflight.size() == 1);
  CHECK(inflight.find(stuck_id) != nullptr);
}

TEST_CASE("many messages at once are found, and come in the order of publishing") {
  Inflight inflight(65'535);
  const auto none = [](std::uint16_t) { return false; };
  std::set<std::uint16_t> ids;
  for (int i = 0; i < 65'535; ++i) ids.insert(inflight.add(none).packet_id);
  CHECK(ids.size() == 65'535);
  std::uint64_t last = 0;
  for (const InflightMessage* message : inflight.in_order()) {
    CHECK(message->sequence > last);
    last = message->sequence;
  }
}

TEST_CASE("every move of a publication is legal or refused") {
  int legal = 0;
  for (const auto phase : {PublishPhase::AwaitPuback, PublishPhase::AwaitPubrec,
                           PublishPhase::AwaitPubcomp, PublishPhase::Done}) {
    for (int type = 1; type <= 15; ++type) {
      for (const bool failure : {false, true}) {
        if (next_phase(phase, static_cast<PacketType>(type), failure)) ++legal;
      }
    }
  }
  CHECK(legal == 7);
  CHECK(next_phase(PublishPhase::AwaitPubrec, PacketType::Pubrec, true) == PublishPhase::Done);
  CHECK(next_phase(PublishPhase::AwaitPubrec, PacketType::Pubrec, false) ==
        PublishPhase::AwaitPubcomp);
}

}  // namespace mqtk::test
