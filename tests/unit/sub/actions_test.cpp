// What mqtt-sub does with messages besides printing them, and what it waits for.
#include <algorithm>

#include "support/catch.hpp"
#include "unit/sub/subscriber_rig.hpp"

namespace mqtk::sub::test {

using namespace std::string_literals;

namespace {

/// Plays the programs of --exec.
class Programs {
 public:
  ChildStarter starter() {
    return [this](ChildCommand command, ChildExit on_exit) -> Result<std::unique_ptr<Child>> {
      if (refuse) return fail(ErrorKind::Failed, "cannot be run");
      started.push_back(std::move(command));
      exits.push_back(std::move(on_exit));
      return std::make_unique<Child>();
    };
  }
  std::size_t running() const { return started.size() - ended; }
  void end(std::size_t number, ChildStatus status = {}) {
    ++ended;
    const ChildExit exit = exits[number];
    exit(status);
  }

  bool refuse = false;
  std::size_t ended = 0;
  std::vector<ChildCommand> started;
  std::vector<ChildExit> exits;
};

SubOptions executing(std::size_t jobs = 1, bool stop = false) {
  SubOptions options = one_topic();
  options.output.form = OutputOptions::Form::None;
  options.exec = {.command = {"prog", "arg"}, .jobs = jobs, .stop_at_failure = stop};
  return options;
}

}  // namespace

TEST_CASE("a program for each message, in order, so many at once") {
  Programs programs;
  SubOptions options = executing(2);
  options.count = 3;
  Rig rig(options, programs.starter());
  rig.listen();
  rig.client.deliver({{"a/1", "one"}, {"a/2", "two"}});
  rig.client.deliver({{"a/3", "three"}});
  REQUIRE(programs.started.size() == 2);
  CHECK(programs.started[0].words == std::vector<std::string>{"prog", "arg"});
  CHECK(programs.started[0].input == "one");
  const auto& environment = programs.started[1].environment;
  for (const char* entry : {"MQTT_TOPIC=a/2", "MQTT_QOS=0", "MQTT_RETAIN=0", "MQTT_SIZE=3"}) {
    CHECK(std::count(environment.begin(), environment.end(), entry) == 1);
  }
  CHECK(rig.client.aborted);
  rig.client.end();
  CHECK_FALSE(rig.host.exit_code);
  programs.end(1);
  REQUIRE(programs.started.size() == 3);
  CHECK(programs.started[2].input == "three");
  programs.end(0);
  CHECK_FALSE(rig.host.exit_code);
  programs.end(2);
  CHECK(rig.host.exit_code == 0);
  CHECK(rig.host.said().empty());
}

TEST_CASE("programs that fail are told and counted") {
  Programs programs;
  SubOptions options = executing();
  options.count = 2;
  Rig rig(options, programs.starter());
  rig.listen();
  rig.client.deliver({{"a/1", "one"}, {"a/2", "two"}});
  rig.client.end();
  programs.end(0, {.exit_code = 3, .signal = 0});
  programs.end(1, {.exit_code = 0, .signal = 9});
  CHECK(rig.host.exit_code == 1);
  CHECK(rig.host.said() ==
        "tool: warning: 'prog' ended with 3, for a message on 'a/1'\n"
        "tool: warning: 'prog' was ended by signal 9, for a message on 'a/2'\n"
        "tool: error: 2 of 2 programs failed\n");
}

TEST_CASE("the first failure ends it when asked to") {
  Programs programs;
  Rig rig(executing(1, true), programs.starter());
  rig.listen();
  rig.client.deliver({{"a/1", "one"}, {"a/2", "two"}, {"a/3", "three"}});
  programs.end(0, {.exit_code = 1, .signal = 0});
  CHECK(rig.client.aborted);
  rig.client.end();
  CHECK(rig.host.exit_code == 1);
  CHECK(programs.started.size() == 1);
  CHECK(rig.host.said().find("1 of 1 program failed, 2 were not started") != std::string::npos);

  Programs none;
  none.refuse = true;
  Rig other(executing(1, true), none.starter());
  other.listen();
  other.client.deliver({{"a/1", "one"}});
  CHECK(other.client.aborted);
  other.client.end();
  CHECK(other.host.exit_code == 1);
}

TEST_CASE("messages wait in the broker while programs run") {
  Programs programs;
  Rig rig(executing(), programs.starter());
  rig.listen();
  for (int i = 0; i < 66; ++i) rig.client.deliver({{"a/1", std::to_string(i)}});
  CHECK(rig.client.paused);
  for (std::size_t i = 0; i < 3; ++i) programs.end(i);
  CHECK_FALSE(rig.client.paused);
}

TEST_CASE("an interruption does not wait for programs") {
  Programs programs;
  Rig rig(executing(), programs.starter());
  rig.listen();
  rig.client.deliver({{"a/1", "one"}, {"a/2", "two"}});
  rig.subscriber.on_interrupt();
  rig.client.end();
  CHECK(rig.host.exit_code.has_value());
  CHECK(programs.started.size() == 1);
}

TEST_CASE("the message that was waited for is shown, and ends it") {
  SubOptions options = one_topic();
  options.until.payload = *Pattern::compile("^do.e$");
  Rig rig(options);
  rig.listen();
  rig.client.deliver({{"a/1", "not done"}, {"a/1", "done"}, {"a/1", "late"}});
  CHECK(rig.printed() == "not done\ndone\n");
  CHECK(rig.client.aborted);
  rig.client.end();
  CHECK(rig.host.exit_code == 0);

  options.until.payload.reset();
  options.until.condition = *Condition::parse(".state == done");
  Rig json(options);
  json.listen();
  json.client.deliver({{"a/1", "done"}, {"a/1", R"({"state":"done"})"}, {"a/1", "late"}});
  CHECK(json.printed() == "done\n{\"state\":\"done\"}\n");
}

TEST_CASE("a message to wait for that does not come in time") {
  SubOptions options = one_topic();
  options.until.payload = *Pattern::compile("x");
  options.window = 10s;
  Rig rig(options);
  rig.listen();
  rig.client.deliver({{"a/1", "one"}});
  rig.host.pass(11s, rig.subscriber);
  rig.client.end();
  CHECK(rig.host.exit_code == 124);
  CHECK(rig.host.said().find("only 1 message, not the one to wait for, came within 10s") !=
        std::string::npos);
}

TEST_CASE("conditions choose what is shown and counted") {
  SubOptions options = one_topic();
  options.filter.where.push_back(*Condition::parse(".t > 1"));
  options.filter.where.push_back(*Condition::parse("topic =~ /1$"));
  options.count = 1;
  Rig rig(options);
  rig.listen();
  rig.client.deliver({{"a/1", "text"}, {"a/1", "{\"t\":1}"}, {"a/2", "{\"t\":2}"}});
  CHECK(rig.printed().empty());
  rig.client.deliver({{"a/1", "{\"t\":2}"}});
  CHECK(rig.printed() == "{\"t\":2}\n");
  CHECK(rig.client.aborted);
}

TEST_CASE("a random part of the messages is the part that was asked for") {
  for (const double percent : {100.0, 50.0, 10.0}) {
    SubOptions options = one_topic();
    options.filter.random_percent = percent;
    Rig rig(options);
    rig.listen();
    for (int i = 0; i < 4000; ++i) rig.client.deliver({{"a/1", "x"}});
    const auto shown = static_cast<double>(rig.printed().size()) / 2;
    if (percent == 100.0) CHECK(shown == 4000);
    CHECK(shown > 4000 * (percent - 4) / 100);
    CHECK(shown < 4000 * (percent + 4) / 100);
  }
}

TEST_CASE("retained messages that are hidden still say that the set is not complete") {
  SubOptions options = one_topic();
  options.filter.retained_only = true;
  options.filter.where.push_back(*Condition::parse("topic == none"));
  options.idle = 500ms;
  Rig rig(options);
  rig.listen();
  rig.host.pass(400ms, rig.subscriber);
  rig.client.deliver({{"a/1", "x"}}, true);
  rig.host.pass(400ms, rig.subscriber);
  CHECK_FALSE(rig.client.aborted);
  // What is not retained does not prolong it.
  rig.client.deliver({{"a/1", "x"}});
  rig.host.pass(200ms, rig.subscriber);
  CHECK(rig.client.aborted);
}

TEST_CASE("removing retained messages: said first, done when asked") {
  SubOptions options = one_topic();
  options.filter.retained_only = true;
  options.idle = 500ms;
  options.remove_retained = false;
  Rig dry(options);
  dry.listen();
  dry.client.deliver({{"a/1", "one"}, {"a/2", "two"}}, true);
  dry.host.pass(600ms, dry.subscriber);
  CHECK(dry.client.published.empty());
  dry.client.end();
  CHECK(dry.host.exit_code == 0);
  CHECK(dry.host.said() ==
        "tool: 2 retained messages would be removed; nothing was, --remove-retained=yes does it\n");

  options.remove_retained = true;
  options.count = 2;
  Rig rig(options);
  rig.listen();
  rig.client.set_room(1);
  rig.client.deliver({{"a/1", "one"}, {"a/2", "two"}}, true);
  REQUIRE(rig.client.published.size() == 1);
  CHECK(rig.client.published[0].topic == "a/1");
  CHECK(rig.client.published[0].payload.empty());
  CHECK(rig.client.published[0].retain);
  CHECK(rig.client.published[0].qos == wire::Qos::AtLeastOnce);
  CHECK_FALSE(rig.client.aborted);
  rig.client.acknowledge();
  CHECK_FALSE(rig.client.aborted);
  rig.client.set_room(5);
  REQUIRE(rig.client.published.size() == 2);
  rig.client.refuse({ErrorKind::Permission, Cause::PubDenied, "not authorized", {}});
  CHECK(rig.client.aborted);
  rig.client.end();
  CHECK(rig.host.exit_code == 77);
  CHECK(rig.host.said() ==
        "tool: 1 retained message removed\n"
        "tool: error: 1 retained message could not be removed: not authorized\n");
}

TEST_CASE("messages a second instead of messages, written each second") {
  SubOptions options = one_topic();
  options.message_rate = true;
  options.count = 2;
  Rig rig(options);
  rig.listen();
  rig.client.deliver({{"a/1", "one"}, {"a/1", "two"}, {"a/1", "three"}});
  rig.host.pass(1s, rig.subscriber);
  CHECK(rig.printed() == "3 msgs/s\n");
  rig.host.pass(2s, rig.subscriber);
  CHECK(rig.printed() == "3 msgs/s\n0 msgs/s\n0 msgs/s\n");
  const Error refused{ErrorKind::Permission, Cause::MqttCredentials, "refused", {}};
  rig.client.end(&refused);
  CHECK(rig.host.exit_code == 77);
}

TEST_CASE("a signal prints counters") {
  Rig rig;
  rig.listen();
  rig.client.deliver({{"a/1", "one"}});
  rig.client.client_counts.bytes_in = 2048;
  rig.client.client_counts.connections = 1;
  rig.host.pass(2s, rig.subscriber);
  rig.subscriber.on_progress_wanted();
  CHECK(rig.host.said() == "tool: 1 messages received, 1 shown, 2.0 KiB in 2s, 1 connection\n");
  CHECK_FALSE(rig.subscriber.on_hangup());
  CHECK_FALSE(rig.subscriber.wants_hangup());
}

}  // namespace mqtk::sub::test
