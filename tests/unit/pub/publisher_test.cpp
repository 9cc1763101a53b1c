#include "pub/publisher.hpp"

#include "pub/delivery_gap.hpp"
#include "pub/repeated_message.hpp"
#include "support/catch.hpp"
#include "support/fake_client.hpp"

namespace mqtk::pub::test {

using mqtk::test::FakeClient;
using mqtk::test::FakeHost;

namespace {

/// Lines that the test lets come.
class FakeLines final : public MessageSource {
 public:
  FakeLines() { message_.topic = "t"; }
  void come(std::vector<std::string> lines) {
    lines_.insert(lines_.end(), lines.begin(), lines.end());
  }
  void end() { ended_ = true; }
  void fail(Error error) {
    failed_ = true;
    error_ = std::move(error);
  }

  Next next() override {
    if (at_ < lines_.size()) {
      message_.payload = lines_[at_];
      return Next::Message;
    }
    if (failed_) return Next::Failed;
    return ended_ ? Next::End : Next::Wait;
  }
  const OutgoingMessage& message() const override { return message_; }
  void advance() override { ++at_; }
  std::uint64_t number() const override { return at_ + 1; }
  const Error& error() const override { return error_; }
  std::string_view noun() const override { return "line"; }
  bool numbered() const override { return true; }
  TimePoint due() const override { return at_ == 0 ? due_at : kNever; }

  TimePoint due_at = kNever;

 private:
  std::vector<std::string> lines_;
  std::size_t at_ = 0;
  bool ended_ = false;
  bool failed_ = false;
  OutgoingMessage message_;
  Error error_;
};

struct Rig {
  explicit Rig(PublisherOptions options = {})
      : publisher(std::move(options), lines, host), client(publisher) {
    publisher.start(client);
  }
  FakeLines lines;
  FakeHost host;
  Publisher publisher;
  FakeClient client;
};

Error denied() {
  return {ErrorKind::Permission, Cause::PubDenied, "not authorized", {}};
}

}  // namespace

TEST_CASE("lines are sent as they come, and the end waits for acknowledgements") {
  Rig rig;
  CHECK(rig.client.started);
  rig.lines.come({"one", "two"});
  CHECK(rig.client.published.empty());
  rig.client.connect();
  REQUIRE(rig.client.published.size() == 2);
  CHECK(rig.client.published[1].payload == "two");
  CHECK(rig.client.published[1].token == 2);
  rig.lines.come({"three"});
  rig.publisher.on_wake();
  CHECK(rig.client.published.size() == 3);
  CHECK_FALSE(rig.client.stopped);
  rig.lines.end();
  rig.publisher.on_wake();
  CHECK(rig.client.stopped);
  CHECK_FALSE(rig.host.exit_code);
  rig.client.acknowledge(3);
  rig.client.end();
  CHECK(rig.host.exit_code == 0);
  CHECK(rig.host.said().empty());
}

TEST_CASE("a full client is offered the same line again") {
  Rig rig;
  rig.client.set_room(1);
  rig.lines.come({"one", "two", "three"});
  rig.client.connect();
  CHECK(rig.client.published.size() == 1);
  rig.client.set_room(2);
  REQUIRE(rig.client.published.size() == 3);
  CHECK(rig.client.published[1].payload == "two");
}

TEST_CASE("at QoS 0 nothing is taken without a connection") {
  Rig rig;
  rig.client.connect();
  rig.client.lose();
  rig.lines.come({"one"});
  rig.publisher.on_wake();
  CHECK(rig.client.published.empty());
  rig.client.connect();
  CHECK(rig.client.published.size() == 1);
}

TEST_CASE("a loss and a return are told once each") {
  Rig rig;
  rig.client.connect();
  rig.client.lose("reset by peer");
  rig.host.pass(2s, rig.publisher);
  rig.client.lose("reset by peer");
  rig.client.connect();
  CHECK(rig.host.said() ==
        "tool: connection lost (reset by peer), next try in 1s\n"
        "tool: connected to 127.0.0.1:1883 again after 2s\n");
}

TEST_CASE("denied lines decide the exit code") {
  Rig rig;
  rig.lines.come({"one", "two"});
  rig.lines.end();
  rig.client.connect();
  rig.client.refuse(denied());
  rig.client.acknowledge();
  rig.client.end();
  CHECK(rig.host.exit_code == 77);
  CHECK(rig.host.said() ==
        "tool: error: 1 of 2 lines was not delivered; the first was line 1: not authorized\n");
}

TEST_CASE("unconfirmed QoS 0 lines are a failure") {
  Rig rig;
  rig.lines.come({"one", "two"});
  rig.lines.end();
  rig.client.connect();
  rig.client.acknowledge(2);
  rig.client.client_counts.unconfirmed = 2;
  rig.client.end();
  CHECK(rig.host.exit_code == 1);
  CHECK(rig.host.said().starts_with("tool: error: 2 of 2 lines may not have arrived"));
}

TEST_CASE("bad input stops, names the line, and lets the earlier ones go") {
  Rig rig;
  rig.lines.come({"one"});
  rig.lines.fail({ErrorKind::BadInput, Cause::None, "no separator", {}});
  rig.client.connect();
  CHECK(rig.client.published.size() == 1);
  CHECK(rig.client.stopped);
  rig.client.acknowledge();
  rig.client.end();
  CHECK(rig.host.exit_code == 65);
  CHECK(rig.host.said() == "tool: error: line 2: no separator\n");
}

TEST_CASE("a line that the client refuses is bad input when it is too large") {
  Rig rig;
  rig.client.refuse_next = true;
  rig.client.refusal = {ErrorKind::Failed, Cause::PubTooLarge, "too large", {}};
  rig.lines.come({"one"});
  rig.client.connect();
  rig.client.end();
  CHECK(rig.host.exit_code == 65);
  CHECK(rig.host.said() == "tool: error: line 1: too large\n");
}

TEST_CASE("an end with an error tells what has not arrived") {
  Rig rig;
  rig.lines.come({"one", "two", "three"});
  rig.client.connect();
  rig.client.acknowledge();
  const Error taken_over{ErrorKind::TryAgain, Cause::MqttTakenOver, "taken over", {}};
  rig.client.end(&taken_over);
  CHECK(rig.host.exit_code == 75);
  CHECK(rig.host.said() ==
        "tool: error: taken over\n"
        "tool: error: 2 of 3 lines may not have arrived: no acknowledgement came\n"
        "tool: error: nothing after line 3 was sent\n");
}

TEST_CASE("a first connection that fails says only that") {
  Rig rig;
  rig.lines.come({"one"});
  const Error refused{ErrorKind::Unreachable, Cause::TcpRefused, "connection refused", {}};
  rig.client.end(&refused);
  CHECK(rig.host.exit_code == 69);
  CHECK(rig.host.said() == "tool: error: connection refused\n");
}

TEST_CASE("the deadline ends the run with what is known") {
  Rig rig;
  rig.lines.come({"one", "two"});
  rig.client.connect();
  rig.client.acknowledge();
  rig.publisher.on_deadline(5s);
  CHECK(rig.client.aborted);
  rig.client.end();
  CHECK(rig.host.exit_code == 124);
  CHECK(rig.host.said() ==
        "tool: error: timed out after 5s\n"
        "tool: error: 1 of 2 lines may not have arrived: no acknowledgement came\n"
        "tool: error: nothing after line 2 was sent\n");
}

TEST_CASE("a deadline before the connection") {
  Rig rig;
  rig.publisher.on_deadline(5s);
  rig.client.end();
  CHECK(rig.host.exit_code == 124);
  CHECK(rig.host.said() == "tool: error: timed out after 5s: no connection yet\n");
}

TEST_CASE("an interrupt disconnects without a word") {
  Rig rig;
  rig.lines.come({"one"});
  rig.client.connect();
  rig.publisher.on_interrupt();
  CHECK(rig.client.aborted);
  rig.client.end();
  CHECK(rig.host.exit_code);
  CHECK(rig.host.said().empty());
}

TEST_CASE("a single message that is denied") {
  FakeHost host;
  OutgoingMessage message;
  message.topic = "t";
  RepeatedMessage source(message, 1);
  Publisher publisher({}, source, host);
  FakeClient client(publisher);
  publisher.start(client);
  client.connect();
  CHECK(client.stopped);
  client.refuse(denied());
  client.end();
  CHECK(host.exit_code == 77);
  CHECK(host.said() == "tool: error: not authorized\n");
}

TEST_CASE("a single message whose connection is lost") {
  FakeHost host;
  OutgoingMessage message;
  message.topic = "t";
  RepeatedMessage source(message, 1);
  Publisher publisher({}, source, host);
  FakeClient client(publisher);
  publisher.start(client);
  client.connect();
  const Error lost{ErrorKind::Unreachable, Cause::MqttLost, "the connection was lost", {}};
  client.end(&lost);
  CHECK(host.exit_code == 69);
  CHECK(host.said() == "tool: error: the connection was lost\n");
}

TEST_CASE("repetitions with a gap follow deliveries") {
  FakeHost host;
  OutgoingMessage message;
  message.topic = "t";
  DeliveryGap source(std::make_unique<RepeatedMessage>(message, 3), 10s, host);
  PublisherOptions options;
  options.verbose = true;
  Publisher publisher(options, source, host);
  FakeClient client(publisher);
  publisher.start(client);
  client.connect();
  CHECK(client.published.size() == 1);
  host.pass(60s, publisher);
  CHECK(client.published.size() == 1);
  client.acknowledge();
  host.pass(9s, publisher);
  CHECK(client.published.size() == 1);
  host.pass(1s, publisher);
  CHECK(client.published.size() == 2);
  client.acknowledge();
  host.pass(10s, publisher);
  CHECK(client.published.size() == 3);
  CHECK(client.stopped);
  client.acknowledge();
  client.end();
  CHECK(host.exit_code == 0);
  CHECK(host.said() == "tool: 3 messages, 0 B in 1m20s\n");
}

TEST_CASE("a message that nobody subscribes to fails when a subscriber is required") {
  for (const bool required : {true, false}) {
    PublisherOptions options;
    options.require_subscriber = required;
    Rig rig(options);
    rig.lines.come({"one"});
    rig.lines.end();
    rig.client.connect();
    PublishOutcome unheard;
    unheard.reason = wire::ReasonCode::NoMatchingSubscribers;
    rig.publisher.on_published(1, unheard);
    rig.client.end();
    CHECK(rig.host.exit_code == (required ? 1 : 0));
    CHECK((rig.host.said().find("nobody subscribes") != std::string::npos) == required);
  }
}

TEST_CASE("counters are told on request") {
  Rig rig;
  rig.lines.come({"one", "two", "three"});
  rig.client.connect();
  rig.client.acknowledge();
  rig.client.refuse(denied());
  rig.client.client_counts.connections = 1;
  rig.host.pass(2s, rig.publisher);
  rig.publisher.on_progress_wanted();
  CHECK(rig.host.said() ==
        "tool: 3 messages taken, 1 delivered, 1 failed, 1 under way; 11 B of payload; "
        "1 connection; running for 2s\n");
}

TEST_CASE("the alarm is set for the time at which the source wants to be asked") {
  Rig rig;
  rig.lines.due_at = rig.host.now() + 3s;
  rig.client.connect();
  CHECK(rig.host.alarm == rig.lines.due_at);
  rig.lines.come({"one"});
  rig.host.pass(3s, rig.publisher);
  CHECK(rig.client.published.size() == 1);
}

}  // namespace mqtk::pub::test
