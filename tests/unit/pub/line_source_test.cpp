#include "pub/line_source.hpp"

#include <cerrno>
#include <deque>

#include "support/catch.hpp"

namespace mqtk::pub::test {

using Next = MessageSource::Next;

namespace {

/// Blocks that arrive when the test says so.
class FakeInput final : public BlockInput {
 public:
  void arrive(std::string block) { blocks_.push_back(std::move(block)); }
  void end(int code = 0) {
    ended_ = true;
    code_ = code;
  }
  Status take(Bytes& block) override {
    if (blocks_.empty()) return ended_ ? (code_ != 0 ? Status::Failed : Status::End) : Status::Wait;
    now_ = std::move(blocks_.front());
    blocks_.pop_front();
    block = now_;
    return Status::Data;
  }
  int error_code() const override { return code_; }

 private:
  std::deque<std::string> blocks_;
  std::string now_;
  bool ended_ = false;
  int code_ = 0;
};

OutgoingMessage common() {
  OutgoingMessage message;
  message.topic = "t";
  message.qos = wire::Qos::AtLeastOnce;
  return message;
}

}  // namespace

TEST_CASE("a line is there as soon as its newline is") {
  FakeInput input;
  LineSource source(input, common());
  CHECK(source.next() == Next::Wait);
  input.arrive("on");
  CHECK(source.next() == Next::Wait);
  input.arrive("e\nt");
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().payload == "one");
  CHECK(source.message().topic == "t");
  CHECK(source.message().qos == wire::Qos::AtLeastOnce);
  CHECK(source.number() == 1);
  source.advance();
  CHECK(source.next() == Next::Wait);
  input.arrive("wo");
  input.end();
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().payload == "two");
  CHECK(source.number() == 2);
  source.advance();
  CHECK(source.next() == Next::End);
  CHECK(source.next() == Next::End);
}

TEST_CASE("a line that was not taken is offered again") {
  FakeInput input;
  input.arrive("one\ntwo\n");
  LineSource source(input, common());
  REQUIRE(source.next() == Next::Message);
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().payload == "one");
  CHECK(source.number() == 1);
}

TEST_CASE("with a separator a line names its topic") {
  FakeInput input;
  input.arrive("a/b\t1\t2\na/b\t\nc\tx\n");
  input.end();
  LineSource source(input, common(), {.separator = "\t"});
  const std::pair<std::string, std::string> expected[] = {{"a/b", "1\t2"}, {"a/b", ""}, {"c", "x"}};
  for (const auto& [topic, payload] : expected) {
    REQUIRE(source.next() == Next::Message);
    CHECK(source.message().topic == topic);
    CHECK(source.message().payload == payload);
    source.advance();
  }
  CHECK(source.next() == Next::End);
}

TEST_CASE("bad lines are errors with their number") {
  const std::string bad[] = {"no separator", "\tempty topic", "a/#\tx", "a\xff\tx"};
  for (const std::string& line : bad) {
    FakeInput input;
    input.arrive("good\t1\n" + line + "\ngood\t3\n");
    LineSource source(input, common(), {.separator = "\t"});
    REQUIRE(source.next() == Next::Message);
    source.advance();
    REQUIRE(source.next() == Next::Failed);
    CHECK(source.number() == 2);
    CHECK(source.error().kind == ErrorKind::BadInput);
    CHECK(source.next() == Next::Failed);
    CHECK(source.number() == 2);
  }
}

TEST_CASE("input that cannot be read is an error after the lines that could") {
  FakeInput input;
  input.arrive("one\n");
  input.end(EIO);
  LineSource source(input, common());
  REQUIRE(source.next() == Next::Message);
  source.advance();
  REQUIRE(source.next() == Next::Failed);
  CHECK(source.error().kind == ErrorKind::NoInput);
}

TEST_CASE("the owner of a long line goes with it and no further") {
  FakeInput input;
  input.arrive(std::string(70'000, 'x'));
  input.arrive("\nshort\n");
  LineSource source(input, common());
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().owner);
  CHECK(source.message().payload.size() == 70'000);
  source.advance();
  REQUIRE(source.next() == Next::Message);
  CHECK_FALSE(source.message().owner);
  CHECK(source.message().payload == "short");
}

TEST_CASE("with NUL as the line end a message may hold lines") {
  FakeInput input;
  input.arrive(std::string("a\nb\0\0c", 6));
  input.end();
  LineSource source(input, common(), {.line_end = '\0'});
  for (const char* expected : {"a\nb", "", "c"}) {
    REQUIRE(source.next() == Next::Message);
    CHECK(source.message().payload == expected);
    source.advance();
  }
  CHECK(source.next() == Next::End);
}

TEST_CASE("lines may be topics, or be rewritten") {
  FakeInput topics;
  topics.arrive("a/b\n+\n");
  LineSource clearing(topics, common(), {.topics_only = true});
  REQUIRE(clearing.next() == Next::Message);
  CHECK(clearing.message().topic == "a/b");
  CHECK(clearing.message().payload.empty());
  clearing.advance();
  CHECK(clearing.next() == Next::Failed);

  FakeInput input;
  input.arrive("a/b 1\nc 2\n");
  LineFormat format{.separator = " "};
  REQUIRE(format.rewriter.add("a/+", "new/+"));
  LineSource source(input, common(), format);
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().topic == "new/b");
  CHECK(source.message().payload == "1");
  source.advance();
  REQUIRE(source.next() == Next::Message);
  CHECK(source.message().topic == "c");
}

}  // namespace mqtk::pub::test
