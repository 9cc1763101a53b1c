#include "base/send_queue.hpp"

#include <algorithm>
#include <random>

#include "support/catch.hpp"

namespace mqtk::test {

namespace {

std::shared_ptr<const std::string> shared(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// Takes everything out, as a writer would.
std::string drain(SendQueue& queue) {
  std::string out;
  while (!queue.empty()) {
    const Bytes front = queue.front();
    REQUIRE_FALSE(front.empty());
    out.append(front);
    queue.consume(front.size());
  }
  return out;
}

}  // namespace

TEST_CASE("an empty queue") {
  SendQueue queue;
  CHECK(queue.empty());
  CHECK(queue.size() == 0);
  CHECK(queue.front().empty());
  CHECK(queue.consumed_total() == 0);
  CHECK(queue.appended_total() == 0);
}

TEST_CASE("copied and shared pieces leave in order, the shared ones in place") {
  SendQueue queue;
  const auto payload = shared("PAYLOAD");
  queue.append_shared(payload, *payload);
  queue.tail() += "head";
  queue.append_shared(payload, Bytes(*payload).substr(3));
  queue.append_shared(payload, Bytes(*payload).substr(0, 3));
  queue.append_shared(payload, "");
  queue.tail() += "end";
  CHECK(queue.size() == 7 + 4 + 4 + 3 + 3);
  CHECK(queue.front().data() == payload->data());
  CHECK(drain(queue) == "PAYLOADheadLOADPAYend");
  CHECK(queue.consumed_total() == 21);
  CHECK(payload.use_count() == 1);
}

TEST_CASE("a shared piece can leave in parts and is let go at its end") {
  SendQueue queue;
  const auto payload = shared("0123456789");
  queue.tail() += "a";
  queue.append_shared(payload, *payload);
  queue.tail() += "b";
  queue.consume(1);
  queue.consume(4);
  CHECK(queue.front() == "456789");
  CHECK(queue.size() == 7);
  CHECK(payload.use_count() == 2);
  queue.consume(6);
  CHECK(payload.use_count() == 1);
  CHECK(queue.front() == "b");
}

TEST_CASE("clear counts what it drops as gone, release gives memory back") {
  SendQueue queue;
  const auto payload = shared("xyz");
  queue.tail().assign(100'000, 'a');
  queue.append_shared(payload, *payload);
  queue.consume(10);
  queue.release();
  CHECK(queue.size() == 99'993);
  queue.clear();
  CHECK(queue.empty());
  CHECK(payload.use_count() == 1);
  CHECK(queue.consumed_total() == 100'003);
  CHECK(queue.tail().capacity() >= 100'000);
  queue.release();
  CHECK(queue.tail().capacity() < 100);
  queue.tail() += "again";
  CHECK(drain(queue) == "again");
  CHECK(queue.appended_total() == 100'008);
}

TEST_CASE("a queue that is never empty does not grow") {
  SendQueue queue;
  const auto payload = shared("payload");
  const std::string block(64 * 1024, 'x');
  queue.tail() += block;
  for (int i = 0; i < 400; ++i) {
    queue.append_shared(payload, *payload);
    queue.tail() += block;
    queue.consume(queue.front().size());
    queue.consume(queue.front().size());
  }
  CHECK(queue.size() == block.size());
  CHECK(queue.tail().capacity() < 8U * 1024 * 1024);
  CHECK(drain(queue) == block);
}

TEST_CASE("random operations do as a plain string does") {
  for (std::uint32_t seed = 1; seed <= 8; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&random](std::size_t bound) { return random() % bound; };
    SendQueue queue;
    std::string model;
    std::uint64_t appended = 0;
    std::uint64_t consumed = 0;
    char next = 'a';
    const auto fresh = [&](std::size_t size) {
      next = next == 'z' ? 'a' : static_cast<char>(next + 1);
      appended += size;
      return std::string(size, next);
    };
    for (int step = 0; step < 2000; ++step) {
      const std::size_t large = below(50) == 0 ? 300'000 : 30;
      switch (below(6)) {
        case 0:
        case 1: {
          const std::string text = fresh(below(large));
          queue.tail() += text;
          model += text;
          break;
        }
        case 2: {
          const auto text = shared(fresh(below(large)));
          queue.append_shared(text, *text);
          model += *text;
          break;
        }
        case 3:
          if (below(200) == 0) {
            consumed += model.size();
            queue.clear();
            model.clear();
          }
          queue.release();
          break;
        default: {
          const Bytes front = queue.front();
          CAPTURE(seed, step);
          REQUIRE(front.empty() == model.empty());
          REQUIRE((front == Bytes(model).substr(0, front.size())));
          const std::size_t n = below(2) == 0 ? front.size() : below(front.size() + 1);
          queue.consume(n);
          model.erase(0, n);
          consumed += n;
          break;
        }
      }
      CAPTURE(seed, step);
      REQUIRE(queue.size() == model.size());
      REQUIRE(queue.empty() == model.empty());
      REQUIRE(queue.consumed_total() == consumed);
      REQUIRE(queue.appended_total() == appended);
    }
    REQUIRE((drain(queue) == model));
  }
}

}  // namespace mqtk::test
