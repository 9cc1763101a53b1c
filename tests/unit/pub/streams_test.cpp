// What streams of messages are made of: topics rewritten, recordings replayed, files read again.
#include <deque>

#include "pub/file_messages.hpp"
#include "pub/looped_input.hpp"
#include "pub/progress.hpp"
#include "pub/record_source.hpp"
#include "pub/replay_clock.hpp"
#include "pub/topic_rewriter.hpp"
#include "support/catch.hpp"
#include "support/fake_client.hpp"
#include "support/temp_dir.hpp"

namespace mqtk::pub::test {

using Next = MessageSource::Next;
using mqtk::test::FakeHost;
using mqtk::test::TempDir;

namespace {

class Blocks final : public BlockInput {
 public:
  explicit Blocks(std::deque<std::string> blocks) : blocks_(std::move(blocks)) {}
  Status take(Bytes& block) override {
    if (blocks_.empty()) return Status::End;
    now_ = std::move(blocks_.front());
    blocks_.pop_front();
    block = now_;
    return Status::Data;
  }
  int error_code() const override { return 0; }
  std::optional<double> fraction() const override { return blocks_.empty() ? 1.0 : 0.0; }

 private:
  std::deque<std::string> blocks_;
  std::string now_;
};

std::string rewritten(std::vector<std::pair<std::string, std::string>> rules,
                      const std::string& topic) {
  TopicRewriter rewriter;
  for (const auto& [from, to] : rules) REQUIRE(rewriter.add(from, to));
  const std::string once(rewriter.apply(topic));
  CHECK(rewriter.apply(topic) == once);
  return once;
}

std::string wrong(const std::string& from, const std::string& to) {
  TopicRewriter rewriter;
  const auto added = rewriter.add(from, to);
  return added ? "none" : added.error().message;
}

}  // namespace

TEST_CASE("topics are rewritten by filters whose wildcards are carried over") {
  CHECK(rewritten({{"a/b", "c"}}, "a/b") == "c");
  CHECK(rewritten({{"a/b", "c"}}, "a/b/c") == "a/b/c");
  CHECK(rewritten({{"house/#", "copy/house/#"}}, "house/k/temp") == "copy/house/k/temp");
  CHECK(rewritten({{"house/#", "copy/#"}}, "house") == "copy");
  CHECK(rewritten({{"house/#", "all"}}, "house/k/temp") == "all");
  CHECK(rewritten({{"+/+/temp", "temp/+/of/+"}}, "b/k/temp") == "temp/b/of/k");
  CHECK(rewritten({{"+/x/#", "+/#"}}, "a/x/y/z") == "a/y/z");
  CHECK(rewritten({{"#", "all/#"}}, "a//b") == "all/a//b");
  CHECK(rewritten({{"#", "all/#"}}, "$SYS/x") == "$SYS/x");
  CHECK(rewritten({{"a/+", "first/+"}, {"a/#", "second/#"}}, "a/b") == "first/b");
  CHECK(rewritten({{"a/+", "first/+"}, {"a/#", "second/#"}}, "a/b/c") == "second/b/c");
}

TEST_CASE("rules that cannot work are refused") {
  CHECK(wrong("a", "b/+") == "--rewrite: 'b/+': has more + than 'a'");
  CHECK(wrong("a/+", "b/#") == "--rewrite: 'b/#': has more # than 'a/+'");
  CHECK(wrong("a/#/b", "b") != "none");
  CHECK(wrong("a", "") != "none");
}

TEST_CASE("a replay keeps the gaps, divided by its speed") {
  const TimePoint start(100s);
  ReplayClock clock(10);
  CHECK(clock.due(1000s, start) == start);
  CHECK(clock.due(1010s, start) == start + 1s);
  CHECK(clock.due(std::nullopt, start) == start + 1s);
  CHECK(clock.due(1020s, start + 5s) == start + 2s);
  // The next round follows the last record at once and keeps its own gaps.
  CHECK(clock.due(1000s, start + 1s) == start + 2s);
  CHECK(clock.due(1005s, start + 2s) == start + 2500ms);
}

TEST_CASE("records wait for their time, and a record without one follows at once") {
  FakeHost host;
  Blocks input({R"({"ts":1000.5,"topic":"t","payload":"1"})"
                "\n"
                R"({"time":"1970-01-01T00:16:42.250000000Z","topic":"t","payload":"2"})"
                "\n"
                R"({"topic":"t","payload":"3"})"
                "\n"});
  RecordSource source(input, {.pace = 1}, host);
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().payload == "1");
  source.advance();
  CHECK(source.next() == Next::Wait);
  CHECK(source.due() - host.now() == 1750ms);
  class NoJob final : public Job {
    void on_interrupt() override {}
    void on_deadline(Duration) override {}
  } job;
  host.pass(1750ms, job);
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().payload == "2");
  source.advance();
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().payload == "3");
  source.advance();
  CHECK(source.next() == Next::End);
}

TEST_CASE("records are rewritten, and a result that is no topic is a bad line") {
  FakeHost host;
  Blocks input({"{\"topic\":\"a/b\",\"payload\":\"1\"}\n{\"topic\":\"x\",\"payload\":\"2\"}\n"});
  RecordOptions options;
  REQUIRE(options.rewriter.add("a/+", "c/+"));
  RecordSource source(input, options, host);
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().topic == "c/b");
  source.advance();
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().topic == "x");
}

TEST_CASE("a loop begins its file again, with the last line ended") {
  int opened = 0;
  LoopedInput input(
      [&] {
        ++opened;
        return std::make_unique<Blocks>(std::deque<std::string>{"a\nb"});
      },
      3);
  std::string all;
  Bytes block;
  while (input.take(block) == BlockInput::Status::Data) all += block;
  CHECK(all == "a\nb\na\nb\na\nb");
  CHECK(opened == 3);
}

TEST_CASE("an empty file ends a loop without end") {
  LoopedInput input([] { return std::make_unique<Blocks>(std::deque<std::string>{}); }, 0);
  Bytes block;
  CHECK(input.take(block) == BlockInput::Status::End);
  CHECK_FALSE(input.fraction());
}

TEST_CASE("several files are a message each, read when their turn comes") {
  const TempDir folder;
  const std::string a = folder.write("a", "first");
  const std::string b = folder.write("b", "second");
  OutgoingMessage message;
  message.topic = "t";
  auto opened = FileMessages::open(message, {a, b}, 2, 1000, kNever);
  REQUIRE(opened);
  FileMessages& files = **opened;
  std::string all;
  for (int i = 0; i < 4; ++i) {
    REQUIRE(files.next() == Next::Message);
    all += std::string(files.message().payload) + ";";
    CHECK(files.fraction().value() == Catch::Approx(i / 4.0));
    if (i == 1) mqtk::test::write_file(a, "changed");
    files.advance();
  }
  CHECK(all == "first;second;changed;second;");
  CHECK(files.next() == Next::End);
}

TEST_CASE("a file that is missing or too large is told before anything is sent") {
  const TempDir folder;
  const std::string a = folder.write("a", "first");
  const auto missing = FileMessages::open({}, {a, folder.file("none")}, 1, 1000, kNever);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == ErrorKind::NoInput);
  const auto large = FileMessages::open({}, {a}, 1, 4, kNever);
  REQUIRE_FALSE(large);
  CHECK(large.error().kind == ErrorKind::BadInput);
}

TEST_CASE("progress tells share, rate and time left") {
  const TimePoint start(10s);
  Progress progress(start);
  CHECK(progress.line(0.25, 1000, start + 1s) == "25%, 1000 messages, 1000/s, 3s left");
  const std::string later = progress.line(0.5, 2000, start + 2s);
  CHECK(later == "50%, 2000 messages, 1000/s, 2s left");
  Progress none(start);
  CHECK(none.line(0, 0, start + 1s) == "0%, 0 messages, 0/s");
}

}  // namespace mqtk::pub::test
