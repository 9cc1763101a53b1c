#include "client/offline_queue.hpp"

#include "support/catch.hpp"

using namespace mqtk;
using wire::Qos;

namespace {

struct Told final : ClientListener {
  void on_connected(const ConnectionInfo&) override {}
  void on_retry(const Error&, Duration) override {}
  void on_end(const Error*) override {}
  void on_published(Token token, const PublishOutcome& outcome) override {
    CHECK_FALSE(outcome.ok);
    failed.emplace_back(token, outcome.error.message);
  }
  std::vector<std::pair<Token, std::string>> failed;
};

struct Fixture {
  Fixture(std::size_t size, WhenFull when_full) {
    config.queue_size = size;
    config.when_full = when_full;
  }
  PublishStatus offer(Token token, Qos qos = Qos::AtLeastOnce) {
    const std::string payload = std::to_string(token);
    OutgoingMessage message;
    message.topic = "t";
    message.payload = payload;
    message.qos = qos;
    return queue.offer(message, token, why);
  }
  // Hands over up to so many; the payloads.
  std::string drain(std::size_t many, PublishStatus answer = PublishStatus::Accepted) {
    std::string sent;
    queue.drain([&](Qos) { return many > 0; },
                [&](const OutgoingMessage& message, Token token) {
                  --many;
                  CHECK(message.topic == "t");
                  CHECK(message.payload == std::to_string(token));
                  sent += std::string(message.payload) + " ";
                  why.message = "refused " + std::to_string(token);
                  return answer;
                },
                why);
    return sent;
  }

  ClientConfig config;
  Told told;
  ClientCounts counts;
  Error why;
  OfflineQueue queue{config, told, counts};
};

}  // namespace

TEST_CASE("what waited is handed over in order, however it is mixed with what comes") {
  Fixture f(1'000, WhenFull::Block);
  std::string sent;
  std::string expected;
  Token next = 0;
  for (std::size_t round = 1; round <= 40; ++round) {
    for (std::size_t i = 0; i < round % 7; ++i) {
      expected += std::to_string(next) + " ";
      REQUIRE(f.offer(next++) == PublishStatus::Accepted);
    }
    sent += f.drain(round % 5);
  }
  sent += f.drain(1'000);
  CHECK(sent == expected);
  CHECK(f.queue.empty());
  CHECK(f.counts.published == next);
  CHECK(f.told.failed.empty());
}

TEST_CASE("a full queue says so, refuses, or lets the oldest go") {
  Fixture block(2, WhenFull::Block);
  Fixture error(2, WhenFull::Error);
  Fixture drop(2, WhenFull::DropOldest);
  for (Fixture* f : {&block, &error, &drop}) {
    REQUIRE(f->offer(1) == PublishStatus::Accepted);
    REQUIRE(f->offer(2) == PublishStatus::Accepted);
  }
  CHECK(block.offer(3) == PublishStatus::Full);
  CHECK(block.drain(9) == "1 2 ");

  CHECK(error.offer(3) == PublishStatus::Refused);
  CHECK(error.why.message == "the queue for the time without a connection is full");
  CHECK(error.counts.published == 2);

  CHECK(drop.offer(3) == PublishStatus::Accepted);
  REQUIRE(drop.told.failed.size() == 1);
  CHECK(drop.told.failed[0].first == 1);
  CHECK(drop.counts.dropped == 1);
  CHECK(drop.counts.failed == 0);
  CHECK(drop.drain(9) == "2 3 ");

  Fixture none(0, WhenFull::DropOldest);
  CHECK(none.offer(1) == PublishStatus::Full);
}

TEST_CASE("what cannot be sent has failed; what is full for now stays first") {
  Fixture f(10, WhenFull::Block);
  for (Token token = 1; token <= 4; ++token) f.offer(token);
  CHECK(f.drain(1, PublishStatus::Refused) == "1 ");
  REQUIRE(f.told.failed.size() == 1);
  CHECK(f.told.failed[0] == std::pair<Token, std::string>(1, "refused 1"));
  CHECK(f.counts.failed == 1);
  CHECK(f.drain(9, PublishStatus::Full) == "2 ");
  CHECK(f.queue.size() == 3);
  CHECK(f.drain(9) == "2 3 4 ");
}

TEST_CASE("a payload with an owner is not copied, another one is") {
  const auto owner = std::make_shared<const std::string>("large");
  OutgoingMessage message;
  message.topic = "t";
  message.payload = *owner;
  message.owner = owner;
  CHECK(KeptMessage(message).payload == owner);
  message.payload = message.payload.substr(1);
  const KeptMessage part(message);
  CHECK(*part.payload == "arge");
  CHECK(part.view().payload == "arge");
}
