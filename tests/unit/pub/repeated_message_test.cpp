#include "pub/repeated_message.hpp"

#include "pub/delivery_gap.hpp"
#include "pub/rate_limit.hpp"
#include "support/catch.hpp"
#include "support/fake_client.hpp"

namespace mqtk::pub::test {

using Next = MessageSource::Next;
using mqtk::test::FakeHost;

namespace {

std::unique_ptr<MessageSource> repeated(std::uint64_t times) {
  OutgoingMessage message;
  message.topic = "t";
  message.payload = "x";
  return std::make_unique<RepeatedMessage>(message, times);
}

/// Only its alarm is wanted.
class NoJob final : public Job {
  void on_interrupt() override {}
  void on_deadline(Duration) override {}
};

}  // namespace

TEST_CASE("without a gap all are there at once") {
  const auto source = repeated(3);
  for (std::uint64_t n = 1; n <= 3; ++n) {
    REQUIRE(source->next() == Next::Message);
    CHECK(source->number() == n);
    CHECK(source->message().payload == "x");
    CHECK(source->fraction().value() == Catch::Approx(static_cast<double>(n - 1) / 3));
    source->advance();
  }
  CHECK(source->next() == Next::End);
  CHECK(source->due() == kNever);
}

TEST_CASE("a gap begins when the message before is delivered") {
  FakeHost host;
  DeliveryGap source(repeated(2), 10s, host);
  REQUIRE(source.next() == Next::Message);
  source.advance();
  CHECK(source.next() == Next::Wait);
  CHECK(source.due() == kNever);
  source.settled();
  CHECK(source.next() == Next::Wait);
  CHECK(source.due() == host.now() + 10s);
  NoJob job;
  host.pass(10s, job);
  CHECK(source.next() == Next::Message);
}

TEST_CASE("a gap gives no time for what the source behind it waits for") {
  class Waiting final : public MessageSource {
    Next next() override { return Next::Wait; }
    const OutgoingMessage& message() const override { return message_; }
    void advance() override {}
    std::uint64_t number() const override { return 1; }
    const Error& error() const override { return error_; }
    OutgoingMessage message_;
    Error error_;
  };
  FakeHost host;
  DeliveryGap source(std::make_unique<Waiting>(), 10s, host);
  CHECK(source.next() == Next::Wait);
  CHECK(source.due() == kNever);
}

TEST_CASE("delivery may be told before the message is taken away") {
  FakeHost host;
  DeliveryGap source(repeated(2), 10s, host);
  REQUIRE(source.next() == Next::Message);
  source.settled();
  source.advance();
  CHECK(source.next() == Next::Wait);
  CHECK(source.due() == host.now() + 10s);
}

TEST_CASE("nothing is waited for after the last one") {
  FakeHost host;
  DeliveryGap source(repeated(1), 10s, host);
  REQUIRE(source.next() == Next::Message);
  source.advance();
  CHECK(source.next() == Next::End);
}

TEST_CASE("a rate spreads messages evenly, and makes up for a short pause only") {
  FakeHost host;
  NoJob job;
  RateLimit source(repeated(1000), 100, host);
  int sent = 0;
  const auto run = [&](Duration time) {
    const TimePoint end = host.now() + time;
    for (;;) {
      while (source.next() == Next::Message) {
        source.advance();
        ++sent;
      }
      const TimePoint due = source.due();
      if (due > end) break;
      host.pass(due - host.now(), job);
    }
    host.pass(end - host.now(), job);
  };
  source.advance();
  sent = 1;
  run(1s);
  CHECK(sent >= 100);
  CHECK(sent <= 112);
  // Nobody asked for ten seconds: no burst of a thousand follows.
  host.pass(10s, job);
  const int before = sent;
  run(1s);
  CHECK(sent - before >= 100);
  CHECK(sent - before <= 112);
}

}  // namespace mqtk::pub::test
