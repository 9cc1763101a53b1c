// The pump by itself, over a pair of sockets.
#include "net/stream.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/unique_fd.hpp"
#include "net/tcp_transport.hpp"
#include "support/catch.hpp"

using namespace mqtk;

namespace {

struct Told final : StreamUser {
  void on_stream_handshake() override {}
  void on_stream_data(Bytes data) override {
    octets += data;
    largest = std::max(largest, data.size());
    if (on_data) on_data();
  }
  Duration on_stream_pause(TimePoint) override { return 0ns; }
  void on_stream_writable() override { ++writable; }
  void on_stream_drained() override { ++drained; }
  void on_stream_end(StreamEnd how, const Error&) override { end = how; }

  std::function<void()> on_data;
  std::string octets;
  std::size_t largest = 0;
  int writable = 0;
  int drained = 0;
  std::optional<StreamEnd> end;
};

/// A layer that counts its goodbyes.
struct Layer final : Transport {
  Layer(std::unique_ptr<Transport> below, int& count) : lower(std::move(below)), goodbyes(count) {}
  IoResult read(char* buffer, std::size_t size) override { return lower->read(buffer, size); }
  IoResult write(Bytes data) override { return lower->write(data); }
  void shutdown() override { ++goodbyes; }
  const Error& error() const override { return lower->error(); }

  std::unique_ptr<Transport> lower;
  int& goodbyes;
};

struct Pair {
  Pair() {
    std::array<int, 2> fds{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds.data()) == 0);
    peer.reset(fds[1]);
    stream.attach(std::make_unique<TcpTransport>(UniqueFd(fds[0])), fds[0]);
    stream.open();
    stream.start();
  }
  void say(const std::string& text) const {
    REQUIRE(::send(peer.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  }
  std::string heard() const {
    std::string all(1 << 20, '\0');
    const ssize_t n = ::recv(peer.get(), all.data(), all.size(), MSG_DONTWAIT);
    all.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return all;
  }
  template <typename Condition>
  void run_until(Condition met) {
    // A turn may do all that there was to do, and wait for more: not for ever.
    Timer tick(loop, [] {});
    for (int turns = 0; turns < 5000 && !met(); ++turns) {
      tick.after(1ms);
      loop.run_once();
    }
    REQUIRE(met());
  }

  EventLoop loop;
  Told told;
  UniqueFd peer;
  Stream stream{loop, told};
};

}  // namespace

TEST_CASE("what is queued is written, and told when the queue is short again", "[stream]") {
  Pair pair;
  const std::string large(2 * Stream::kHighWater, 'x');
  pair.stream.out().tail().append(large);
  pair.stream.flush();
  CHECK(pair.stream.out().size() >= Stream::kHighWater);
  std::size_t came = 0;
  pair.run_until([&] {
    came += pair.heard().size();
    return came == large.size();
  });
  pair.run_until([&] { return pair.told.drained == 1; });
  CHECK(pair.told.writable > 0);
  CHECK(pair.stream.out().empty());
}

TEST_CASE("a stream reads no more than it may, and goes on when it may again", "[stream]") {
  Pair pair;
  pair.stream.limit_reading(3);
  pair.told.on_data = [&] { pair.stream.pause_reading(true); };
  pair.say("abcdefg");
  pair.run_until([&] { return !pair.told.octets.empty(); });
  pair.loop.run_once(false);
  CHECK(pair.told.octets == "abc");
  pair.told.on_data = {};
  pair.stream.limit_reading(2);
  pair.run_until([&] { return pair.told.octets.size() == 7; });
  CHECK(pair.told.octets == "abcdefg");
  CHECK(pair.told.largest == 3);
}

TEST_CASE("the end follows what came before it, also where writing notices it first", "[stream]") {
  Pair pair;
  pair.say("why");
  pair.peer.reset();
  pair.stream.out().tail().append("lost");
  pair.stream.flush();
  pair.run_until([&] { return pair.told.end.has_value(); });
  CHECK(pair.told.octets == "why");
}

TEST_CASE("a write that fails within a block is told once the block is", "[stream]") {
  Pair pair;
  pair.say("block");
  bool told_within = false;
  pair.told.on_data = [&] {
    pair.peer.reset();
    pair.stream.out().tail().append("lost");
    pair.stream.flush();
    told_within = pair.told.end.has_value();
  };
  pair.run_until([&] { return pair.told.end.has_value(); });
  CHECK_FALSE(told_within);
  CHECK(pair.told.octets == "block");
}

TEST_CASE("a stream that finishes ends its direction behind all that it had to say", "[stream]") {
  Pair pair;
  pair.stream.out().tail().append("goodbye");
  pair.stream.finish();
  CHECK(pair.heard() == "goodbye");
  std::array<char, 1> octet;
  CHECK(::recv(pair.peer.get(), octet.data(), 1, MSG_DONTWAIT) == 0);
  pair.say("late");  // is read all the same
  pair.peer.reset();
  pair.run_until([&] { return pair.told.end.has_value(); });
  CHECK(pair.told.octets == "late");
  CHECK(*pair.told.end == StreamEnd::Closed);
}

TEST_CASE("a stream that is closed by what it tells touches nothing more", "[stream]") {
  Pair pair;
  pair.told.on_data = [&] { pair.stream.close(); };
  pair.say("x");
  pair.run_until([&] { return !pair.told.octets.empty(); });
  CHECK_FALSE(pair.stream.attached());
  CHECK_FALSE(pair.told.end.has_value());
}

TEST_CASE("closing says the layers' goodbye, which a reset leaves out", "[stream]") {
  for (const bool reset : {false, true}) {
    Pair pair;
    int goodbyes = 0;
    pair.stream.set_chain(std::make_unique<Layer>(pair.stream.take_chain(), goodbyes));
    pair.stream.close(reset);
    CHECK(goodbyes == (reset ? 0 : 1));
  }
}
