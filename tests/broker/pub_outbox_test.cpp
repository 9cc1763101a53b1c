// mqtt-pub --outbox: what was accepted is delivered by this run or the next.
#include <signal.h>

#include <nlohmann/json.hpp>

#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;
using nlohmann::json;

namespace {

struct Box {
  TempDir folder;
  std::string file = folder.file("outbox");

  Words words(const Words& more) const { return Words{"--outbox", file} + more; }
  json status() const {
    const ProcessResult asked = publish(words({"--outbox-status"}));
    INFO(asked.text());
    REQUIRE(asked.ok());
    return json::parse(asked.out);
  }
  std::uint64_t waiting() const { return status().at("waiting"); }
};

const Words kNowhere = {"-h", "127.0.0.1", "-p", "1"};

}  // namespace

TEST_CASE("without a broker messages wait, and the next run delivers them in order") {
  if (!have_broker()) return;
  const Box box;
  const ProcessResult first =
      publish(box.words(kNowhere + Words{"-t", "a/1", "-m", "one", "-q", "2"}));
  INFO(first.text());
  CHECK(first.exit_code == 69);
  CHECK(first.err.find("1 message waits in '") != std::string::npos);
  CHECK(
      publish_text(box.words({"--outbox-only", "-l", "-t", "a/2", "-q", "2", "-r"}), "two\nthree\n")
          .ok());
  const json status = box.status();
  CHECK(status.at("schema") == "mqtt-pub.outbox/1");
  CHECK(status.at("waiting") == 3);
  CHECK(status.at("accepted") == 3);
  CHECK(status.at("delivering") == false);

  for (const std::string version : {"3.1.1", "5"}) {
    if (version == "5") {
      CHECK(publish_text(box.words({"--outbox-only", "-l", "-t", "a/2", "-q", "2", "-r"}),
                         "one\ntwo\nthree\n")
                .ok());
    }
    const Mosquitto broker;
    Subscriber subscriber(at(broker) + Words{"-t", "a/#", "-q", "2", "-C", "4"});
    REQUIRE(subscriber.ready());
    const ProcessResult sent = publish(
        at(broker) + box.words({"-t", "a/3", "-m", "four", "-q", "2", "-v", "-V", version}));
    INFO(sent.text());
    CHECK(sent.ok());
    CHECK(sent.err.find("1 accepted, 4 delivered, 0 refused, 0 waiting") != std::string::npos);
    CHECK(subscriber.wait().out == "one\ntwo\nthree\nfour\n");
    CHECK(box.waiting() == 0);
    // No session is left behind at the broker.
    const ProcessResult again = publish(at(broker) + box.words({"-d", "-V", version}));
    CHECK(again.ok());
  }
}

TEST_CASE("one process delivers, others put their messages into its hands") {
  if (!have_broker()) return;
  const Box box;
  const Mosquitto broker;
  Subscriber subscriber(at(broker) + Words{"-t", "o", "-q", "1", "-C", "3"});
  REQUIRE(subscriber.ready());
  ProcessOptions options = pub_options(at(broker) + box.words({"-t", "o", "-l", "-q", "1"}));
  options.stdin_pipe = true;
  Process holder(options);
  CHECK(holder.write_stdin("one\n"));
  CHECK(subscriber.process().wait_stdout_contains("one\n", 30s));
  CHECK(box.status().at("delivering") == true);
  const ProcessResult other = publish(kNowhere + box.words({"-t", "o", "-m", "two", "-q", "1"}));
  INFO(other.text());
  CHECK(other.ok());
  CHECK(subscriber.process().wait_stdout_contains("two\n", 30s));
  CHECK(holder.write_stdin("three\n"));
  CHECK(subscriber.wait().out == "one\ntwo\nthree\n");
  holder.close_stdin();
  CHECK(holder.wait().ok());
  CHECK(box.waiting() == 0);
}

TEST_CASE("a line is on disk before the next is waited for, and survives a kill") {
  const Box box;
  ProcessOptions options = pub_options(box.words({"--outbox-only", "-t", "o", "-l", "-q", "1"}));
  options.stdin_pipe = true;
  Process accepting(options);
  CHECK(accepting.write_stdin("one\ntwo\n"));
  CHECK(wait_until([&] { return publish(box.words({"--outbox-status"})).ok(); }, 30s));
  CHECK(wait_until([&] { return box.waiting() == 2; }, 30s));
  accepting.send_signal(SIGKILL);
  accepting.wait();
  CHECK(box.waiting() == 2);
}

TEST_CASE("a full outbox does what it is told") {
  const Box box;
  const Words small =
      box.words({"--outbox-only", "-t", "o", "-l", "-q", "1", "--outbox-limit", "700"});
  // Ten messages of 65 octets, the topic included, and their 64.
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += std::to_string(i % 10) + "\n";
  const ProcessResult refused = publish_text(small + Words{"--when-full", "error"}, lines);
  INFO(refused.text());
  CHECK(refused.exit_code == 75);
  CHECK(refused.err.find("the outbox is full: line 11 was not accepted") != std::string::npos);
  CHECK(box.waiting() == 10);
  const ProcessResult blocked =
      publish_text(small + Words{"--when-full", "block", "-W", "1s"}, lines);
  INFO(blocked.text());
  CHECK(blocked.exit_code == 124);
  CHECK(box.waiting() == 10);
  CHECK(publish_text(small + Words{"--when-full", "drop-oldest"}, lines).ok());
  CHECK(box.waiting() == 10);
  CHECK(box.status().at("dropped") == 20);
}

TEST_CASE("a message that the broker refuses is taken out and reported") {
  if (!have_broker()) return;
  const Box box;
  MosquittoConfig config;
  config.listeners[0].acl = "topic readwrite open/#\n";
  const Mosquitto broker(config);
  CHECK(publish_text(box.words({"--outbox-only", "-l", "--topic-sep", " ", "-q", "1"}),
                     "open/1 a\nclosed/1 b\nopen/2 c\n")
            .ok());
  const ProcessResult sent = publish(at(broker) + box.words({"-V", "5"}));
  INFO(sent.text());
  CHECK(sent.exit_code == 77);
  CHECK(sent.err.find("1 message refused") != std::string::npos);
  const json status = box.status();
  CHECK(status.at("waiting") == 0);
  CHECK(status.at("delivered") == 2);
  CHECK(status.at("refused") == 1);
}

TEST_CASE("a message whose life is over is not sent") {
  if (!have_broker()) return;
  const Box box;
  const Mosquitto broker;
  CHECK(publish(box.words({"--outbox-only", "-t", "e", "-m", "short", "-q", "1", "--expiry", "1s"}))
            .ok());
  CHECK(publish(box.words({"--outbox-only", "-t", "e", "-m", "long", "-q", "1", "--expiry", "1h"}))
            .ok());
  CHECK(wait_until([&] { return box.status().value("oldest_s", 0) >= 2; }, 30s));
  Subscriber subscriber(at(broker) + Words{"-t", "e", "-V", "5", "--json", "-C", "1"});
  REQUIRE(subscriber.ready());
  CHECK(publish(at(broker) + box.words({"-V", "5"})).ok());
  const json got = json::parse(subscriber.wait().out);
  CHECK(got.at("payload") == "long");
  CHECK(got.at("properties").at("message_expiry_interval") <= 3598);
  CHECK(box.status().at("expired") == 1);
}

TEST_CASE("options of the outbox go together") {
  const Box box;
  CHECK(publish({"-t", "a", "-m", "b", "--outbox-only"}).exit_code == 64);
  CHECK(publish({"--outbox", box.file, "--outbox-status"}).exit_code == 66);
  CHECK(publish({"--outbox", ""}).exit_code == 64);
  CHECK(publish({"--outbox", box.folder.path(), "--outbox-only", "-t", "a", "-m", "b"}).exit_code ==
        78);
}
