#include "pub/repeated_message.hpp"

#include "support/catch.hpp"
#include "support/fake_client.hpp"

namespace mqtk::pub::test {

using Next = MessageSource::Next;
using mqtk::test::FakeHost;

namespace {

OutgoingMessage message() {
  OutgoingMessage message;
  message.topic = "t";
  message.payload = "x";
  return message;
}

}  // namespace

TEST_CASE("without a gap all are there at once") {
  FakeHost host;
  RepeatedMessage source(message(), 3, 0ns, host);
  for (std::uint64_t n = 1; n <= 3; ++n) {
    REQUIRE(source.next() == Next::Message);
    CHECK(source.number() == n);
    CHECK(source.message().payload == "x");
    source.advance();
  }
  CHECK(source.next() == Next::End);
  source.settled();
  CHECK(host.alarm == kNever);
}

TEST_CASE("a gap begins when the message before is delivered") {
  FakeHost host;
  RepeatedMessage source(message(), 2, 10s, host);
  REQUIRE(source.next() == Next::Message);
  source.advance();
  CHECK(source.next() == Next::Wait);
  CHECK(host.alarm == kNever);
  source.settled();
  CHECK(source.next() == Next::Wait);
  CHECK(host.alarm == host.now() + 10s);
}

TEST_CASE("delivery may be told before the message is taken away") {
  FakeHost host;
  RepeatedMessage source(message(), 2, 10s, host);
  REQUIRE(source.next() == Next::Message);
  source.settled();
  source.advance();
  CHECK(host.alarm == host.now() + 10s);
}

TEST_CASE("nothing is waited for after the last one") {
  FakeHost host;
  RepeatedMessage source(message(), 1, 10s, host);
  REQUIRE(source.next() == Next::Message);
  source.advance();
  CHECK(source.next() == Next::End);
  source.settled();
  CHECK(host.alarm == kNever);
}

}  // namespace mqtk::pub::test
