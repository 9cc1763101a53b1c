// Sessions, wills, and how the programs end.
#include <signal.h>

#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

bool put(const Mosquitto& broker, const std::string& topic, const std::string& payload) {
  return publish(at(broker) + Words{"-q", "1", "-t", topic, "-m", payload}).ok();
}

Words will(const std::string& topic) {
  return {"--will-topic", topic, "--will-payload", "gone", "--will-qos", "1"};
}

}  // namespace

TEST_CASE("a stored session receives what was published while it was away") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const Words session = at(broker) + Words{"-c", "-i", "away", "-q", "1"};
  const ProcessResult set_up = subscribe(session + Words{"-t", "a", "-t", "b", "-E"});
  INFO(set_up.text());
  REQUIRE(set_up.ok());
  REQUIRE(put(broker, "a", "one"));
  REQUIRE(put(broker, "b", "two"));
  const ProcessResult got =
      subscribe(session + Words{"-t", "a", "-t", "b", "-v", "-C", "2", "-W", "20s"});
  INFO(got.text());
  CHECK(got.ok());
  CHECK(got.out == "a one\nb two\n");

  const ProcessResult removed = subscribe(session + Words{"-U", "a", "-W", "20s"});
  INFO(removed.text());
  CHECK(removed.ok());
  REQUIRE(put(broker, "a", "three"));
  REQUIRE(put(broker, "b", "four"));
  const ProcessResult rest =
      subscribe(session + Words{"--no-subscribe", "-v", "-C", "1", "-W", "20s"});
  INFO(rest.text());
  CHECK(rest.ok());
  CHECK(rest.out == "b four\n");
}

TEST_CASE("the will is published after a kill and after an abrupt end only") {
  if (!have_broker()) return;
  const Mosquitto broker;
  Subscriber watcher(at(broker) + Words{"-t", "will/#", "-v", "-q", "1", "-C", "4"});
  REQUIRE(watcher.ready());

  Subscriber victim(at(broker) + Words{"-t", "x"} + will("will/sub"));
  REQUIRE(victim.ready());
  victim.process().send_signal(SIGKILL);
  CHECK(watcher.process().wait_stdout_contains("will/sub gone\n"));

  ProcessOptions options =
      pub_options(at(broker) + Words{"-d", "-t", "x", "-l"} + will("will/pub"));
  options.stdin_pipe = true;
  Process publisher(options);
  REQUIRE(publisher.wait_stderr_contains("received CONNACK"));
  publisher.send_signal(SIGKILL);
  CHECK(watcher.process().wait_stdout_contains("will/pub gone\n"));

  CHECK(publish(at(broker) + Words{"-t", "x", "-m", "y"} + will("will/normal")).ok());
  CHECK(publish(at(broker) + Words{"-t", "x", "-m", "y", "--disconnect", "abrupt"} +
                will("will/abrupt"))
            .ok());
  CHECK(watcher.process().wait_stdout_contains("will/abrupt gone\n"));
  CHECK(put(broker, "will/end", "."));
  CHECK(watcher.wait().out == "will/sub gone\nwill/pub gone\nwill/abrupt gone\nwill/end .\n");
}

TEST_CASE("a birth message follows every connection") {
  if (!have_broker()) return;
  const Mosquitto broker;
  Subscriber watcher(at(broker) + Words{"-t", "birth", "-C", "1"});
  REQUIRE(watcher.ready());
  const Subscriber born(at(broker) +
                        Words{"-t", "x", "--birth-topic", "birth", "--birth-payload", "here"});
  CHECK(born.ready());
  CHECK(watcher.wait().out == "here\n");
}

TEST_CASE("signals: the broker sees a DISCONNECT, and the program dies by the signal") {
  if (!have_broker()) return;
  const Mosquitto broker;
  for (const int number : {SIGINT, SIGTERM}) {
    const std::string id = "sub" + std::to_string(number);
    Subscriber subscriber(at(broker) + Words{"-t", "x", "-i", id} + will("will/signal"));
    REQUIRE(subscriber.ready());
    subscriber.process().send_signal(number);
    const ProcessResult result = subscriber.wait();
    INFO(result.text());
    CHECK(result.signal == number);
    CHECK(broker.wait_log_contains("Client " + id + " disconnected."));

    const std::string pub_id = "pub" + std::to_string(number);
    ProcessOptions options = pub_options(at(broker) + Words{"-d", "-t", "x", "-l", "-i", pub_id});
    options.stdin_pipe = true;
    Process publisher(options);
    REQUIRE(publisher.wait_stderr_contains("received CONNACK"));
    publisher.send_signal(number);
    const ProcessResult ended = publisher.wait();
    INFO(ended.text());
    CHECK(ended.signal == number);
    CHECK(broker.wait_log_contains("Client " + pub_id + " disconnected."));
  }
}

TEST_CASE("mqtt-sub survives a restart of the broker and subscribes again") {
  if (!have_broker()) return;
  Mosquitto broker;
  Subscriber subscriber(at(broker) + Words{"-t", "back", "-i", "again", "-q", "1", "-C", "2",
                                           "--reconnect-interval", "50ms"});
  REQUIRE(subscriber.ready());
  REQUIRE(put(broker, "back", "before"));
  CHECK(subscriber.process().wait_stdout_contains("before\n"));
  broker.stop();
  const std::size_t asked = occurrences(broker.log(), "again 1 back");
  CHECK(asked == 1);
  broker.start();
  REQUIRE(broker.wait_log_contains("again 1 back"));
  CHECK(subscriber.process().wait_stderr_contains("lost"));
  Subscriber probe(at(broker) + Words{"-t", "probe"});
  CHECK(probe.ready());
  // Retained, so that it does not matter who is faster.
  CHECK(publish(at(broker) + Words{"-t", "back", "-m", "after", "-q", "1", "-r"}).ok());
  const ProcessResult got = subscriber.wait();
  INFO(got.text());
  CHECK(got.ok());
  CHECK(got.out == "before\nafter\n");
}

TEST_CASE("two clients with one identifier: one gives up with 75 and says why") {
  if (!have_broker()) return;
  // This broker closes the connection without a word, so that both come back at first.
  const Mosquitto broker;
  const Words words = at(broker) + Words{"-t", "x", "-i", "same", "--reconnect-interval", "50ms"};
  Subscriber first(words);
  REQUIRE(first.ready());
  Subscriber second(words);
  REQUIRE(
      wait_until([&] { return !first.process().running() || !second.process().running(); }, 60s));
  const ProcessResult ended = first.process().running() ? second.wait() : first.wait();
  INFO(ended.text());
  CHECK(ended.exit_code == 75);
  CHECK(ended.err.find("error: ") != std::string::npos);
}
