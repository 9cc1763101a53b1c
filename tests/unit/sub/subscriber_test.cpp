#include "sub/subscriber.hpp"

#include <fcntl.h>
#include <signal.h>

#include <algorithm>
#include <atomic>

#include "support/catch.hpp"
#include "support/fake_client.hpp"
#include "support/temp_file.hpp"
#include "unit/sub/subscriber_rig.hpp"

namespace mqtk::sub::test {

using mqtk::test::FakeClient;
using mqtk::test::FakeHost;
using mqtk::test::TempFile;

TEST_CASE("subscribes once connected and prints a batch at its end") {
  Rig rig;
  CHECK(rig.client.started);
  rig.client.connect();
  REQUIRE(rig.client.subscribed.size() == 1);
  CHECK(rig.client.subscribed[0].filter == "a/#");
  rig.client.grant({0});
  rig.client.deliver({{"a/1", "one"}, {"a/2", ""}, {"a/3", "three"}});
  CHECK(rig.printed() == "one\n\nthree\n");
  CHECK_FALSE(rig.host.exit_code);
}

TEST_CASE("records instead of payloads, a line each, and they count") {
  SubOptions options = one_topic();
  options.output.form = OutputOptions::Form::Record;
  options.count = 2;
  Rig rig(std::move(options));
  rig.listen();
  const std::string large(2 * 1024 * 1024, 'x');
  rig.client.deliver({{"a/1", "o\nne"}, {"a/2", large}, {"a/3", "three"}});
  const std::string printed = rig.printed();
  CHECK(printed.starts_with("{\"time\":\""));
  CHECK(printed.find("\"topic\":\"a/1\",\"payload\":\"o\\nne\",\"size\":4,") != std::string::npos);
  CHECK(printed.find("\"payload\":\"" + large + "\",\"size\":2097152,") != std::string::npos);
  CHECK(std::count(printed.begin(), printed.end(), '\n') == 2);
  CHECK(printed.find("three") == std::string::npos);
  CHECK(rig.client.aborted);
}

TEST_CASE("the count ends right there, and what follows is neither shown nor taken") {
  SubOptions options = one_topic();
  options.count = 2;
  Rig rig(std::move(options));
  rig.listen();
  rig.client.deliver({{"a/1", "one"}, {"a/2", "two"}, {"a/3", "three"}});
  CHECK(rig.client.aborted);
  CHECK(rig.printed() == "one\ntwo\n");
  rig.client.deliver({{"a/4", "four"}});
  rig.client.end();
  CHECK(rig.host.exit_code == 0);
  CHECK(rig.printed() == "one\ntwo\n");
}

TEST_CASE("only shown messages count") {
  SubOptions options = one_topic();
  options.count = 1;
  options.filter.hide_retained = true;
  options.filter.filter_out.emplace_back("a/noise");
  Rig rig(std::move(options));
  rig.listen();
  rig.client.deliver({{"a/old", "old"}}, true);
  rig.client.deliver({{"a/noise", "noise"}});
  CHECK_FALSE(rig.client.aborted);
  rig.client.deliver({{"a/new", "new"}});
  CHECK(rig.client.aborted);
  CHECK(rig.printed() == "new\n");
}

TEST_CASE("retained messages only, until no more come") {
  SubOptions options = one_topic();
  options.filter.retained_only = true;
  options.idle = 500ms;
  Rig rig(std::move(options));
  rig.client.connect();
  rig.host.pass(10s, rig.subscriber);
  CHECK_FALSE(rig.client.aborted);
  rig.client.grant({0});
  rig.host.pass(400ms, rig.subscriber);
  rig.client.deliver({{"a/1", "kept"}}, true);
  rig.host.pass(400ms, rig.subscriber);
  rig.client.deliver({{"a/2", "live"}});
  CHECK_FALSE(rig.client.aborted);
  rig.host.pass(100ms, rig.subscriber);
  CHECK(rig.client.aborted);
  rig.client.end();
  CHECK(rig.host.exit_code == 0);
  CHECK(rig.printed() == "kept\n");
}

TEST_CASE("quiet time does not run without a connection") {
  SubOptions options = one_topic();
  options.idle = 5s;
  Rig rig(std::move(options));
  rig.listen();
  rig.client.lose();
  rig.host.pass(60s, rig.subscriber);
  CHECK_FALSE(rig.client.aborted);
  rig.client.connect();
  rig.host.pass(4s, rig.subscriber);
  CHECK_FALSE(rig.client.aborted);
  rig.host.pass(1s, rig.subscriber);
  CHECK(rig.client.aborted);
}

TEST_CASE("the listening window begins with the subscription and ends with 0") {
  SubOptions options = one_topic();
  options.window = 5s;
  Rig rig(std::move(options));
  rig.host.pass(60s, rig.subscriber);
  rig.listen();
  rig.host.pass(4999ms, rig.subscriber);
  CHECK_FALSE(rig.client.aborted);
  rig.host.pass(1ms, rig.subscriber);
  CHECK(rig.client.aborted);
  rig.client.end();
  CHECK(rig.host.exit_code == 0);
  CHECK(rig.host.said().empty());
}

TEST_CASE("a count that is not met by the end of the window") {
  SubOptions options = one_topic();
  options.window = 5s;
  options.count = 3;
  Rig rig(std::move(options));
  rig.listen();
  rig.client.deliver({{"a", "1"}});
  rig.host.pass(5s, rig.subscriber);
  rig.client.end();
  CHECK(rig.host.exit_code == 124);
  CHECK(rig.host.said() == "tool: error: only 1 of 3 messages came within 5s\n");
}

TEST_CASE("all subscriptions denied ends at once, some denied at the end") {
  SubOptions options;
  options.subscriptions = {{.filter = "a"}, {.filter = "b"}};
  options.client.config.version = wire::ProtocolVersion::V5;
  SECTION("all") {
    Rig rig(std::move(options));
    rig.client.connect();
    rig.client.grant({0x87, 0x87});
    CHECK(rig.client.aborted);
    rig.client.end();
    CHECK(rig.host.exit_code == 77);
    CHECK(rig.host.said() ==
          "tool: error: subscription to 'a' was denied: not authorized\n"
          "tool: error: subscription to 'b' was denied: not authorized\n");
  }
  SECTION("some") {
    options.count = 1;
    Rig rig(std::move(options));
    rig.client.connect();
    rig.client.grant({0x87, 1});
    CHECK_FALSE(rig.client.aborted);
    CHECK(rig.host.said() == "tool: warning: subscription to 'a' was denied: not authorized\n");
    rig.client.deliver({{"b", "x"}});
    rig.client.end();
    CHECK(rig.host.exit_code == 77);
  }
}

TEST_CASE("a lower quality of service than asked for is told") {
  SubOptions options;
  options.subscriptions = {{.filter = "a", .qos = wire::Qos::ExactlyOnce},
                           {.filter = "b", .qos = wire::Qos::AtLeastOnce},
                           {.filter = "c", .qos = wire::Qos::ExactlyOnce}};
  Rig rig(std::move(options));
  rig.client.connect();
  rig.client.grant({1, 1, 0x80});
  CHECK(rig.host.said() ==
        "tool: warning: subscription to 'c' was denied\n"
        "tool: warning: subscription to 'a' was granted with QoS 1, not 2\n");
}

TEST_CASE("payloads are decoded from what they travel as, and what is not that is told") {
  SubOptions options = one_topic();
  options.wire_encoding = Encoding::Base64;
  options.count = 2;
  Rig rig(std::move(options));
  rig.listen();
  rig.client.deliver({{"a/1", "AP8K\nZW5k"}, {"a/2", "no base64!"}, {"a/3", ""}});
  CHECK(rig.printed() == std::string("\0\xFF\nend\n\n", 8));
  CHECK(rig.host.said() == "tool: error: the payload is not base64 on topic 'a/2'\n");
  CHECK(rig.client.aborted);
}

TEST_CASE("asking only: ends when all is answered") {
  SubOptions options = one_topic();
  options.unsubscriptions = {"old"};
  options.only_ask = true;
  Rig rig(std::move(options));
  rig.client.connect();
  CHECK(rig.client.unsubscribed == std::vector<std::string>{"old"});
  rig.client.grant({0});
  CHECK_FALSE(rig.client.aborted);
  const SubscribeOutcome done{.filter = "old"};
  rig.subscriber.on_unsubscribed(rig.client.unsubscribe_token, {&done, 1});
  CHECK(rig.client.aborted);
  rig.client.end();
  CHECK(rig.host.exit_code == 0);
}

TEST_CASE("without a subscription it listens at once") {
  SubOptions options;
  options.window = 1s;
  Rig rig(std::move(options));
  rig.client.connect();
  CHECK(rig.client.subscribed.empty());
  rig.client.deliver({{"a", "stored"}});
  rig.host.pass(1s, rig.subscriber);
  CHECK(rig.client.aborted);
  CHECK(rig.printed() == "stored\n");
}

TEST_CASE("it asks once, whatever the connection does") {
  Rig rig;
  rig.listen();
  rig.client.subscribed.clear();
  rig.client.lose("gone");
  rig.client.connect();
  CHECK(rig.client.subscribed.empty());
  CHECK(rig.host.said().find("connection lost (gone)") != std::string::npos);
  CHECK(rig.host.said().find("again") != std::string::npos);
}

TEST_CASE("a stored session that the broker has lost is told") {
  for (const bool present : {true, false}) {
    SubOptions options = one_topic();
    options.client.config.clean_start = false;
    Rig rig(std::move(options));
    rig.listen();
    rig.client.lose();
    ConnectionInfo info;
    info.session_present = present;
    rig.client.connect(info);
    const bool told = rig.host.said().find("no longer had the session") != std::string::npos;
    CHECK(told != present);
  }
}

TEST_CASE("an error of the client decides the exit code") {
  Rig rig;
  const Error error{ErrorKind::Permission, Cause::MqttCredentials, "bad password", {}};
  rig.client.end(&error);
  CHECK(rig.host.exit_code == 77);
  CHECK(rig.host.said() == "tool: error: bad password\n");
}

TEST_CASE("the deadline ends the run") {
  SubOptions options = one_topic();
  options.count = 5;
  Rig rig(std::move(options));
  rig.listen();
  rig.client.deliver({{"a", "1"}});
  rig.subscriber.on_deadline(3s);
  CHECK(rig.client.aborted);
  rig.client.end();
  CHECK(rig.host.exit_code == 124);
  CHECK(rig.host.said() == "tool: error: timed out after 3s with 1 of 5 messages\n");
}

TEST_CASE("an interrupt disconnects and ends") {
  Rig rig;
  rig.listen();
  rig.subscriber.on_interrupt();
  CHECK(rig.client.aborted);
  CHECK_FALSE(rig.host.exit_code);
  rig.client.end();
  CHECK(rig.host.exit_code);
  CHECK(rig.host.said().empty());
}

TEST_CASE("a slow reader pauses the socket, and the end waits for it") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  UniqueFd read(ends[0]);
  const UniqueFd write(ends[1]);
  ::signal(SIGPIPE, SIG_IGN);
  SubOptions options = one_topic();
  options.count = 11;
  FakeHost host;
  std::atomic<bool> woken = false;
  Writer writer(write.get(), [&woken] {
    woken = true;
    woken.notify_all();
  });
  Subscriber subscriber(options, writer, host);
  FakeClient client(subscriber);
  REQUIRE(subscriber.start(client));
  client.connect();
  client.grant({0});
  const std::string large(100'000, 'x');
  for (int n = 0; n < 10; ++n) client.deliver({{"a", large}});
  CHECK(client.paused);
  SECTION("read to the end") {
    client.deliver({{"a", large}});
    CHECK(client.aborted);
    client.end();
    CHECK_FALSE(host.exit_code);
    std::size_t got = 0;
    std::string piece(65536, 0);
    while (got < 11 * (large.size() + 1)) {
      const ssize_t n = ::read(read.get(), piece.data(), piece.size());
      REQUIRE(n > 0);
      got += static_cast<std::size_t>(n);
      if (writer.pending() == 0) continue;
      woken.wait(false);
      woken = false;
      subscriber.on_wake();
    }
    CHECK(host.exit_code == 0);
  }
  SECTION("the reader goes") {
    read.reset();
    woken.wait(false);
    subscriber.on_wake();
    CHECK(client.aborted);
    client.end();
    CHECK(host.exit_code == 0);
    CHECK(host.said().empty());
  }
  SECTION("an interrupt does not wait for the reader") {
    subscriber.on_interrupt();
    client.end();
    CHECK(host.exit_code);
  }
}

TEST_CASE("output that cannot be written ends with 74") {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  if (!full) return;
  SubOptions options = one_topic();
  FakeHost host;
  Writer writer(full.get(), [] {});
  Subscriber subscriber(options, writer, host);
  FakeClient client(subscriber);
  REQUIRE(subscriber.start(client));
  client.connect();
  client.grant({0});
  client.deliver({{"a", "x"}});
  CHECK(client.aborted);
  client.end();
  CHECK(host.exit_code == 74);
  CHECK(host.said().starts_with("tool: error: cannot write output: "));
}

}  // namespace mqtk::sub::test
