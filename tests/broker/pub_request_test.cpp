// mqtt-pub --request against a real broker, with an answerer made of mqtt-sub and mqtt-pub.
#include <nlohmann/json.hpp>

#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;
using nlohmann::json;

namespace {

/// Hears the questions.
class Answerer {
 public:
  explicit Answerer(const Mosquitto& broker, const Words& words = {})
      : broker_(broker), questions_(at(broker) + Words{"-t", "questions", "--json"} + words) {}
  bool ready() const { return questions_.ready(); }
  /// The n-th question, from 0.
  json question(std::size_t n) {
    const auto line = questions_.process().wait_stdout_line(n, 30s);
    REQUIRE(line);
    return json::parse(*line);
  }
  void say(const Words& words) {
    const ProcessResult sent = publish(at(broker_) + words);
    INFO(sent.text());
    CHECK(sent.ok());
  }

 private:
  const Mosquitto& broker_;
  Subscriber questions_;
};

}  // namespace

TEST_CASE("an answer is told by its correlation data, whatever else comes") {
  if (!have_broker()) return;
  const Mosquitto broker;
  CHECK(publish(at(broker) + Words{"-t", "answers", "-m", "old", "-r", "-q", "1"}).ok());
  Answerer answerer(broker, {"-V", "5"});
  REQUIRE(answerer.ready());
  Process asking(
      pub_options(at(broker) + Words{"--request", "-e", "answers", "-t", "questions", "-m", "n{n}",
                                     "--template", "--count", "2", "--latency", "-W", "50s"}));
  for (const std::string n : {"0", "1"}) {
    const json question = answerer.question(n == "0" ? 0 : 1);
    CHECK(question.at("payload") == "n" + std::to_string(n == "0" ? 1 : 2));
    CHECK(question.at("properties").at("response_topic") == "answers");
    const std::string data = question.at("properties").at("correlation_data");
    answerer.say({"-t", "answers", "-m", "stranger"});
    answerer.say({"-t", "answers", "-m", "other", "-D", "publish", "correlation-data", "other"});
    answerer.say({"-t", "answers", "-m", "right" + n, "-D", "publish", "correlation-data", data});
  }
  const ProcessResult asked = asking.wait();
  INFO(asked.text());
  CHECK(asked.ok());
  CHECK(asked.out == "right0\nright1\n");
  CHECK(asked.err.find("answered after ") != std::string::npos);
  CHECK(asked.err.find("2 requests, 2 answered, 5 other messages ignored") != std::string::npos);
}

TEST_CASE("before MQTT 5 retained answers do not count, and --match tells the rest apart") {
  if (!have_broker()) return;
  const Mosquitto broker;
  CHECK(publish(at(broker) + Words{"-t", "answers", "-m", "id=1 old", "-r", "-q", "1"}).ok());
  Answerer answerer(broker);
  REQUIRE(answerer.ready());
  Process asking(pub_options(at(broker) + Words{"--request", "-V", "3.1.1", "-e", "answers", "-t",
                                                "questions", "-m", "id={n}", "--template",
                                                "--match", "id={n}", "-v", "-W", "50s"}));
  CHECK(answerer.question(0).at("payload") == "id=1");
  answerer.say({"-t", "answers", "-m", "id=2"});
  answerer.say({"-t", "answers", "-m", "id=1 new"});
  const ProcessResult asked = asking.wait();
  INFO(asked.text());
  CHECK(asked.ok());
  CHECK(asked.out == "answers id=1 new\n");
}

TEST_CASE("requests that come to nothing say so") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const Words request = Words{"--request", "-e", "answers", "-t", "questions", "-m", "x"};
  const ProcessResult late = publish(at(broker) + request + Words{"-W", "1s", "-q", "1"});
  INFO(late.text());
  CHECK(late.exit_code == 124);
  CHECK(late.out.empty());
  CHECK(late.err.find("nobody subscribes to the topic of the request") != std::string::npos);
  CHECK(late.err.find("no answer") != std::string::npos);

  CHECK(publish(Words{"--request", "-t", "a", "-m", "x"}).exit_code == 64);
  CHECK(publish(Words{"-t", "a", "-m", "x", "-e", "b"}).exit_code == 64);
  CHECK(publish(request + Words{"--response-topic", "c"}).exit_code == 64);
  CHECK(publish(Words{"--request", "-e", "a/#", "-t", "a", "-m", "x"}).exit_code == 64);
}

TEST_CASE("a broker that goes away while an answer is awaited is an error") {
  if (!have_broker()) return;
  Mosquitto broker;
  Answerer answerer(broker, {"-V", "5"});
  REQUIRE(answerer.ready());
  Process asking(
      pub_options(at(broker) + Words{"--request", "-e", "answers", "-t", "questions", "-m", "x"}));
  answerer.question(0);
  broker.kill();
  const ProcessResult asked = asking.wait();
  INFO(asked.text());
  CHECK(asked.exit_code == 69);
  CHECK(asked.out.empty());
}
