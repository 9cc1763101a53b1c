// Where mqtt-pub takes its messages from.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "broker/world.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

TEST_CASE("a line leaves as soon as it is there, and the last one needs no line end") {
  if (!have_broker()) return;
  const Mosquitto broker;
  Subscriber subscriber(at(broker) + Words{"-t", "lines", "-C", "5"});
  REQUIRE(subscriber.ready());
  ProcessOptions options = pub_options(at(broker) + Words{"-t", "lines", "-l"});
  options.stdin_pipe = true;
  Process publisher(options);
  CHECK(publisher.write_stdin("first\n"));
  CHECK(subscriber.process().wait_stdout_contains("first\n"));
  CHECK(publisher.running());
  CHECK(publisher.write_stdin("second\n\n"));
  CHECK(subscriber.process().wait_stdout_contains("second\n\n"));
  CHECK(publisher.running());
  CHECK(publisher.write_stdin(std::string_view("with\0nul\nlast", 13)));
  publisher.close_stdin();
  const ProcessResult sent = publisher.wait();
  INFO(sent.text());
  CHECK(sent.ok());
  const ProcessResult got = subscriber.wait();
  INFO(got.text());
  CHECK(got.out == std::string("first\nsecond\n\nwith\0nul\nlast\n", 28));
}

TEST_CASE("lines with topics are what mqtt-sub -v prints") {
  if (!have_broker()) return;
  const Mosquitto broker;
  Subscriber subscriber(at(broker) + Words{"-t", "r/#", "-v", "--topic-sep", "\\t", "-C", "2"});
  REQUIRE(subscriber.ready());
  CHECK(publish_text(at(broker) + Words{"-l", "--topic-sep", "\\t"}, "r/a b\tone\nr/c\ttwo 2\n")
            .ok());
  CHECK(subscriber.wait().out == "r/a b\tone\nr/c\ttwo 2\n");
}

TEST_CASE("seventy thousand lines arrive in order") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.extra = {"max_queued_messages 0"};
  const Mosquitto broker(config);
  const TempDir folder;
  constexpr int kLines = 70'000;
  std::string lines;
  for (int i = 0; i < kLines; ++i) lines += "line " + std::to_string(i) + "\n";
  ProcessOptions listen =
      sub_options(at(broker) + Words{"-t", "many", "-q", "1", "-i", "counter", "-C",
                                     std::to_string(kLines), "-W", "90s"});
  listen.stdout_file = folder.file("got");
  listen.deadline = 100s;
  Process subscriber(listen);
  REQUIRE(broker.wait_log_contains("counter 1 many"));
  const ProcessResult sent = publish_text(at(broker) + Words{"-t", "many", "-q", "1", "-l"}, lines);
  INFO(sent.text());
  CHECK(sent.ok());
  CHECK(subscriber.wait().ok());
  const bool identical = read_file(folder.file("got")) == lines;
  CHECK(identical);
}

TEST_CASE("option -f reads named pipes and the descriptors of a shell") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const TempDir folder;
  const std::string payload = pattern(300'000);
  const std::string fifo = folder.file("fifo");
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  {
    Subscriber subscriber(at(broker) + Words{"-t", "fifo", "-N", "-C", "1"}, folder.file("got"));
    REQUIRE(subscriber.ready());
    Process publisher(pub_options(at(broker) + Words{"-t", "fifo", "-f", fifo}));
    {
      std::ofstream writer(fifo, std::ios::binary);
      writer << payload;
    }
    const ProcessResult sent = publisher.wait();
    INFO(sent.text());
    CHECK(sent.ok());
    CHECK(subscriber.wait().ok());
    const bool identical = read_file(folder.file("got")) == payload;
    CHECK(identical);
  }
  {
    Subscriber subscriber(at(broker) + Words{"-t", "fifo", "-N", "-C", "1"}, folder.file("got2"));
    REQUIRE(subscriber.ready());
    ProcessOptions options = pub_options(at(broker) + Words{"-t", "fifo", "-f", "/dev/fd/3"});
    options.argv =
        Words{"sh", "-c", R"(cat "$0" | "$@" 3<&0 </dev/null)", folder.write("payload", payload)} +
        options.argv;
    const ProcessResult sent = run(options);
    INFO(sent.text());
    CHECK(sent.ok());
    CHECK(subscriber.wait().ok());
    const bool identical = read_file(folder.file("got2")) == payload;
    CHECK(identical);
  }
}

TEST_CASE("input that cannot be read, and a repeated message") {
  if (!have_broker()) return;
  const Mosquitto broker;
  const ProcessResult missing = publish(at(broker) + Words{"-t", "a", "-f", "/nowhere/payload"});
  INFO(missing.text());
  CHECK(missing.exit_code == 66);
  Subscriber subscriber(at(broker) + Words{"-t", "again", "-C", "3"});
  REQUIRE(subscriber.ready());
  CHECK(publish(at(broker) + Words{"-t", "again", "-m", "x", "--repeat", "3"}).ok());
  CHECK(subscriber.wait().out == "x\nx\nx\n");
}
