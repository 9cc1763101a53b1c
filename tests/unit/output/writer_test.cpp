#include "output/writer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>

#include <condition_variable>
#include <cstdio>
#include <mutex>

#include "support/catch.hpp"

namespace mqtk::test {

namespace {

/// Counts wake-ups from the writer's thread and lets a test wait for one.
class Wakes {
 public:
  std::function<void()> callback() {
    return [this] {
      const std::lock_guard lock(mutex_);
      ++count_;
      changed_.notify_all();
    };
  }
  bool wait_for_one() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(20), [this] { return count_ > 0; }))
      return false;
    --count_;
    return true;
  }
  int count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

struct Pipe {
  Pipe() {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    read.reset(ends[0]);
    write.reset(ends[1]);
    ::signal(SIGPIPE, SIG_IGN);
  }
  /// What is there now.
  std::string drain() const {
    std::string out;
    pollfd fd{read.get(), POLLIN, 0};
    while (::poll(&fd, 1, 0) > 0) {
      char piece[8192];
      const ssize_t n = ::read(read.get(), piece, sizeof piece);
      if (n <= 0) break;
      out.append(piece, static_cast<std::size_t>(n));
    }
    return out;
  }
  UniqueFd read;
  UniqueFd write;
};

std::string counted_text(std::size_t size) {
  std::string text;
  for (unsigned i = 0; text.size() < size; ++i) text += std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("text reaches a pipe on flush and stays put before") {
  const Pipe pipe;
  Writer writer(pipe.write.get(), [] {});
  writer.buffer() += "one\n";
  writer.appended();
  CHECK(pipe.drain().empty());
  CHECK(writer.pending() == 4);
  writer.flush();
  CHECK(pipe.drain() == "one\n");
  CHECK(writer.pending() == 0);
  CHECK_FALSE(writer.terminal());
}

TEST_CASE("much text is written before the flush") {
  const Pipe pipe;
  Writer writer(pipe.write.get(), [] {});
  while (pipe.drain().empty() && writer.pending() < 1'000'000) {
    writer.buffer() += counted_text(4096);
    writer.appended();
  }
  CHECK(writer.pending() < 100'000);
}

TEST_CASE("a slow reader blocks nobody, gets everything in order, and is not flooded") {
  const Pipe pipe;
  Wakes wakes;
  Writer writer(pipe.write.get(), wakes.callback());
  const std::string text = counted_text(1'000'000);
  writer.buffer() += text;
  writer.flush();
  CHECK(writer.pending() > 0);
  CHECK(writer.congested());
  CHECK(writer.state() == Writer::State::Open);
  std::string got;
  while (got.size() < text.size()) {
    got += pipe.drain();
    if (writer.pending() == 0) continue;
    REQUIRE(wakes.wait_for_one());
    writer.resume();
  }
  CHECK(got == text);
  CHECK_FALSE(writer.congested());
}

TEST_CASE("the flags of the descriptor are left alone") {
  const Pipe pipe;
  Wakes wakes;
  Writer writer(pipe.write.get(), wakes.callback());
  writer.buffer() += counted_text(1'000'000);
  writer.flush();
  CHECK((::fcntl(pipe.write.get(), F_GETFL) & O_NONBLOCK) == 0);
}

TEST_CASE("a closed pipe is noticed when writing") {
  Pipe pipe;
  Writer writer(pipe.write.get(), [] {});
  pipe.read.reset();
  writer.buffer() += "x";
  writer.flush();
  CHECK(writer.state() == Writer::State::Closed);
  CHECK(writer.pending() == 0);
}

TEST_CASE("a closed pipe is noticed without writing when it is watched") {
  Pipe pipe;
  Wakes wakes;
  Writer writer(pipe.write.get(), wakes.callback());
  writer.watch_reader();
  CHECK(wakes.count() == 0);
  pipe.read.reset();
  REQUIRE(wakes.wait_for_one());
  writer.resume();
  CHECK(writer.state() == Writer::State::Closed);
}

TEST_CASE("a closed pipe is noticed while waiting for its reader") {
  Pipe pipe;
  Wakes wakes;
  Writer writer(pipe.write.get(), wakes.callback());
  writer.watch_reader();
  writer.buffer() += counted_text(1'000'000);
  writer.flush();
  REQUIRE(writer.pending() > 0);
  pipe.read.reset();
  REQUIRE(wakes.wait_for_one());
  writer.resume();
  CHECK(writer.state() == Writer::State::Closed);
}

TEST_CASE("a file takes everything at once") {
  char path[] = "/tmp/mqtk-writer-XXXXXX";
  const UniqueFd file(::mkstemp(path));
  REQUIRE(file);
  ::unlink(path);
  Writer writer(file.get(), [] {});
  writer.watch_reader();
  const std::string text = counted_text(3'000'000);
  writer.buffer() += text;
  writer.flush();
  CHECK(writer.pending() == 0);
  CHECK(::lseek(file.get(), 0, SEEK_END) == static_cast<off_t>(text.size()));
  CHECK(writer.buffer().capacity() < text.size());
}

TEST_CASE("output that cannot be written is an error") {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  if (!full) return;
  Writer writer(full.get(), [] {});
  writer.buffer() += "x";
  writer.flush();
  CHECK(writer.state() == Writer::State::Failed);
  CHECK(writer.error().kind == ErrorKind::OutputFailed);
  CHECK(writer.error().message.starts_with("cannot write output: "));
}

TEST_CASE("a terminal that stands still blocks nobody") {
  const UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  REQUIRE(master);
  REQUIRE(::grantpt(master.get()) == 0);
  REQUIRE(::unlockpt(master.get()) == 0);
  const UniqueFd slave(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  REQUIRE(slave);
  termios modes{};
  REQUIRE(::tcgetattr(slave.get(), &modes) == 0);
  modes.c_oflag &= ~static_cast<tcflag_t>(OPOST);
  REQUIRE(::tcsetattr(slave.get(), TCSANOW, &modes) == 0);

  Wakes wakes;
  Writer writer(slave.get(), wakes.callback());
  CHECK(writer.terminal());
  const std::string text = counted_text(400'000);
  writer.buffer() += text;
  writer.flush();
  CHECK(writer.pending() > 0);
  CHECK((::fcntl(slave.get(), F_GETFL) & O_NONBLOCK) == 0);
  std::string got;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (got.size() < text.size() && std::chrono::steady_clock::now() < deadline) {
    pollfd more{master.get(), POLLIN, 0};
    if (::poll(&more, 1, 20) > 0) {
      char piece[65536];
      const ssize_t n = ::read(master.get(), piece, sizeof piece);
      REQUIRE(n > 0);
      got.append(piece, static_cast<std::size_t>(n));
    }
    while (wakes.count() > 0) {
      REQUIRE(wakes.wait_for_one());
      writer.resume();
    }
  }
  CHECK(got == text);
}

}  // namespace mqtk::test
