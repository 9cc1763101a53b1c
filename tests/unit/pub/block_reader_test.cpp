#include "pub/block_reader.hpp"

#include <poll.h>
#include <unistd.h>

#include <atomic>

#include "support/catch.hpp"

namespace mqtk::pub::test {

namespace {

struct Pipe {
  Pipe() {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
  void put(std::string_view text) const {
    REQUIRE(::write(write.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  UniqueFd read;
  UniqueFd write;
};

/// Counts wake-ups; wait() returns when one has come.
class Wakes {
 public:
  std::function<void()> callback() {
    return [this] {
      ++count_;
      count_.notify_all();
    };
  }
  void wait() {
    count_.wait(seen_);
    seen_ = count_;
  }

 private:
  std::atomic<int> count_ = 0;
  int seen_ = 0;
};

using Status = BlockInput::Status;

/// All that comes until the end.
std::string read_all(BlockReader& reader, Wakes& wakes, Status& last) {
  std::string got;
  for (;;) {
    Bytes block;
    last = reader.take(block);
    if (last == Status::Wait) {
      wakes.wait();
    } else if (last == Status::Data) {
      got += block;
    } else {
      return got;
    }
  }
}

}  // namespace

TEST_CASE("what arrives is handed over at once") {
  Pipe pipe;
  Wakes wakes;
  BlockReader reader(pipe.read.get(), wakes.callback());
  Bytes block;
  pipe.put("one\n");
  Status status = reader.take(block);
  if (status == Status::Wait) {
    wakes.wait();
    status = reader.take(block);
  }
  REQUIRE(status == Status::Data);
  CHECK(block == "one\n");
  pipe.put("two\n");
  pipe.write.reset();
  CHECK(read_all(reader, wakes, status) == "two\n");
  CHECK(status == Status::End);
  CHECK(reader.take(block) == Status::End);
}

TEST_CASE("a reader that nobody takes from stops reading") {
  Pipe pipe;
  Wakes wakes;
  BlockReader reader(pipe.read.get(), wakes.callback());
  // Until the pipe itself stays full: what the reader holds and what the pipe holds.
  const std::string piece(4096, 'x');
  std::size_t put = 0;
  for (;;) {
    pollfd fd{pipe.write.get(), POLLOUT, 0};
    if (::poll(&fd, 1, 200) == 0) break;
    pipe.put(piece);
    put += piece.size();
    REQUIRE(put < 64 * BlockReader::kBlockSize);
  }
  CHECK(put <= (BlockReader::kBlocks + 1) * BlockReader::kBlockSize + 1024 * 1024);
  pipe.write.reset();
  Status status{};
  CHECK(read_all(reader, wakes, status).size() == put);
}

TEST_CASE("a descriptor that cannot be read is an error") {
  Pipe pipe;
  Wakes wakes;
  BlockReader reader(pipe.write.get(), wakes.callback());
  // The reading end would never become readable; closing it ends the wait.
  pipe.read.reset();
  Status status{};
  CHECK(read_all(reader, wakes, status).empty());
  CHECK(status == Status::Failed);
  CHECK(reader.error_code() == EBADF);
}

TEST_CASE("a reader that waits for input can be ended") {
  Pipe pipe;
  const BlockReader reader(pipe.read.get(), [] {});
}

}  // namespace mqtk::pub::test
