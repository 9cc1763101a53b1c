#include "pub/delivery.hpp"

#include "support/catch.hpp"

namespace mqtk::pub::test {

namespace {

PublishOutcome failure(ErrorKind kind, Cause cause, std::string message) {
  PublishOutcome outcome;
  outcome.ok = false;
  outcome.error = {kind, cause, std::move(message), "a hint"};
  return outcome;
}

Delivery taken(std::uint64_t n) {
  Delivery delivery;
  delivery.taken = n;
  return delivery;
}

}  // namespace

TEST_CASE("all has arrived") {
  Delivery delivery = taken(2);
  delivery.settle(1, {});
  delivery.settle(2, {});
  CHECK(judge(delivery, {}, "line").empty());
  CHECK(judge({}, {}, "line").empty());
}

TEST_CASE("a denied message is an error of its own kind") {
  Delivery delivery = taken(1);
  delivery.settle(1, failure(ErrorKind::Permission, Cause::PubDenied, "not authorized"));
  const auto errors = judge(delivery, {}, "message");
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].message == "not authorized");
  CHECK(errors[0].kind == ErrorKind::Permission);
  CHECK(errors[0].hint == "a hint");
}

TEST_CASE("failures among many are counted, the first is named") {
  Delivery delivery = taken(5);
  delivery.settle(1, {});
  delivery.settle(2, failure(ErrorKind::Failed, Cause::PubQuota, "quota exceeded"));
  delivery.settle(3, {});
  delivery.settle(4, failure(ErrorKind::Failed, Cause::PubQuota, "something else"));
  delivery.settle(5, {});
  const auto errors = judge(delivery, {}, "line");
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].message ==
        "2 of 5 lines were not delivered; the first was line 2: quota exceeded");
  CHECK(errors[0].kind == ErrorKind::Failed);
}

TEST_CASE("one denial among failures is a denial") {
  Delivery delivery = taken(2);
  delivery.settle(1, failure(ErrorKind::Timeout, Cause::PubTimeout, "too slow"));
  delivery.settle(2, failure(ErrorKind::Permission, Cause::PubDenied, "not authorized"));
  CHECK(judge(delivery, {}, "line").front().kind == ErrorKind::Permission);
}

TEST_CASE("QoS 0 messages that a broken connection may have swallowed") {
  Delivery delivery = taken(1000);
  for (std::uint64_t n = 1; n <= 997; ++n) delivery.settle(n, {});
  for (std::uint64_t n = 998; n <= 1000; ++n) {
    delivery.settle(n, failure(ErrorKind::Failed, Cause::MqttLost, "lost"));
  }
  ClientCounts counts;
  counts.unconfirmed = 12;
  counts.unsent = 3;
  const auto errors = judge(delivery, counts, "line");
  REQUIRE(errors.size() == 1);
  CHECK(
      errors[0].message ==
      "12 of 1000 lines may not have arrived: the connection was lost after they were handed to it "
      "(3 never left this machine)");
  CHECK(errors[0].kind == ErrorKind::Failed);
  counts.unconfirmed = 3;
  CHECK(judge(delivery, counts, "line").front().message ==
        "3 of 1000 lines never left this machine: the connection was lost");
}

TEST_CASE("messages without an outcome") {
  Delivery delivery = taken(3);
  delivery.settle(1, {});
  CHECK(judge(delivery, {}, "message").front().message ==
        "2 of 3 messages may not have arrived: no acknowledgement came");
  CHECK(judge(taken(1), {}, "message").front().message ==
        "the message may not have arrived: no acknowledgement came");
  ClientCounts counts;
  counts.dropped = 2;
  CHECK(judge(delivery, counts, "message").front().message ==
        "2 of 3 messages were dropped from the full queue");
}

TEST_CASE("the summary") {
  Delivery delivery = taken(1);
  delivery.bytes = 5;
  CHECK(summary(delivery, 250ms) == "1 message, 5 B in 250ms");
  delivery.taken = 1000;
  delivery.bytes = 64'000;
  CHECK(summary(delivery, 2s) == "1000 messages, 62.5 KiB in 2s (500 messages/s)");
}

}  // namespace mqtk::pub::test
