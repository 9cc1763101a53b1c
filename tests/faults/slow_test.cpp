// A slow link is no dead one, and a dead one is still noticed: the real programs through a relay
// that lets few octets pass, with time-outs that are much shorter than the transfer.
#include "faults/stream.hpp"
#include "protocol/silence.hpp"
#include "server/loop_thread.hpp"
#include "server/sink.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"
#include "support/relay.hpp"
#include "support/temp_dir.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

constexpr std::uint64_t kRate = 20'000;
constexpr std::size_t kFile = 60'000;
/// What that takes at least, the first tenth of a second being free.
constexpr Duration kTakes = 2500ms;

template <typename T, typename Options>
std::unique_ptr<T> must(EventLoop& loop, const Options& options) {
  auto made = T::start(loop, options);
  if (!made) throw std::runtime_error(made.error().message);
  return std::move(*made);
}

/// A broker at the far end of a line that can be slow, still or dead.
class Line {
 public:
  Line()
      : sink_([](EventLoop& loop) { return must<Sink>(loop, SinkOptions{}); }),
        relay_([this](EventLoop& loop) {
          RelayOptions options;
          options.target_port = sink_.call([](Sink& sink) { return sink.port(); });
          return must<Relay>(loop, options);
        }) {
    rate(kRate);
  }

  void rate(std::uint64_t octets) {
    relay_.call([octets](Relay& relay) { relay.set_rate(RelayDirection::ToTarget, octets); });
  }
  void stall() {
    relay_.call([](Relay& relay) { relay.stall(RelayDirection::ToTarget, true); });
  }
  void black_hole() {
    relay_.call([](Relay& relay) { relay.black_hole(RelayDirection::ToTarget, true); });
  }
  std::uint64_t passed() {
    return relay_.call([](Relay& relay) { return relay.counts().octets_to_target; });
  }
  SinkCounts counts() {
    return sink_.call([](Sink& sink) { return sink.counts(); });
  }
  ProcessOptions options(std::string name, Words words) {
    ProcessOptions options;
    options.argv = {std::move(name), "-h", "127.0.0.1", "-p",
                    std::to_string(relay_.call([](Relay& relay) { return relay.port(); }))};
    options.argv.insert(options.argv.end(), words.begin(), words.end());
    options.program = built_program("mqtt-pub");
    options.env = {"HOME=/nonexistent", "XDG_CONFIG_HOME"};
    return options;
  }

 private:
  Hosted<Sink> sink_;
  Hosted<Relay> relay_;
};

/// Programs that run at the same time, each with a line of its own.
class Racers {
 public:
  void start(const std::string& name, const Words& words, std::optional<std::string> input = {}) {
    lines_.push_back(std::make_unique<Line>());
    ProcessOptions options = lines_.back()->options(name, words);
    options.stdin_text = std::move(input);
    processes_.push_back(std::make_unique<Process>(std::move(options)));
  }
  ProcessResult wait(std::size_t i) { return processes_[i]->wait(); }
  Line& line(std::size_t i) { return *lines_[i]; }

 private:
  std::vector<std::unique_ptr<Line>> lines_;
  std::vector<std::unique_ptr<Process>> processes_;
};

}  // namespace

TEST_CASE("a file over a slow line arrives whatever the time-outs are") {
  const TempDir folder;
  const std::string file = folder.write("payload", std::string(kFile, 'x'));
  struct Case {
    std::string name;
    int qos;
    Words more;
  };
  const std::vector<Case> cases = {
      {"mqtt-pub", 0, {"--ping-timeout", "1s"}},
      {"mqtt-pub", 1, {"--publish-timeout", "1s"}},
      {"mqtt-pub", 2, {"--publish-timeout", "1s", "-k", "1", "--ping-timeout", "1s"}},
      {"mqtt-pub", 1, {"-V", "5", "--publish-timeout", "1s"}},
      {"mosquitto_pub", 1, {"-k", "5"}}};
  Racers racers;
  for (const Case& c : cases) {
    Words words = {"-t", "a", "-q", std::to_string(c.qos), "-f", file};
    words.insert(words.end(), c.more.begin(), c.more.end());
    racers.start(c.name, words);
  }
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const ProcessResult result = racers.wait(i);
    INFO(cases[i].name << " -q " << cases[i].qos << "\n" << result.text());
    CHECK(result.ok());
    CHECK(result.err.empty());
    CHECK(result.wall > kTakes);
    CHECK(racers.line(i).counts().publishes[std::size_t(cases[i].qos)] == 1);
  }
}

TEST_CASE("lines over a slow line all arrive") {
  constexpr std::size_t kLines = 30;
  Racers racers;
  for (const char* qos : {"0", "1", "2"}) {
    racers.start("mqtt-pub",
                 {"-t", "a", "-q", qos, "-l", "--publish-timeout", "1s", "--ping-timeout", "1s"},
                 numbered_lines(kLines, kFile / kLines));
  }
  for (std::size_t qos = 0; qos < 3; ++qos) {
    const ProcessResult result = racers.wait(qos);
    INFO("QoS " << qos << "\n" << result.text());
    CHECK(result.ok());
    CHECK(result.err.empty());
    CHECK(result.wall > kTakes);
    CHECK(racers.line(qos).counts().publishes[qos] == kLines);
  }
}

TEST_CASE("a long CONNECT over a slow line is answered") {
  Line line;
  const ProcessResult result = run(line.options(
      "mqtt-pub", {"-t", "a", "-m", "x", "--mqtt-timeout", "1s", "--connect-timeout", "2s",
                   "--will-topic", "w", "--will-payload", std::string(kFile, 'x')}));
  INFO(result.text());
  CHECK(result.ok());
  CHECK(result.wall > kTakes);
}

TEST_CASE("a line that is dead is noticed, whatever was queued for it") {
  // What disappears behind the peer's system may be on its way for a while; see Silence.
  const Duration most = (1 + Silence::kMostOnTheWay) * Duration(1s) + 3s;
  const TempDir folder;
  const std::string file = folder.write("payload", std::string(20 * kFile, 'x'));
  struct Case {
    int qos;
    std::string option;
    int exit_code;
    std::string sentence;
  };
  for (const Case& c : std::vector<Case>{
           {1, "--publish-timeout", 124, "a message was not acknowledged within 1s"},
           {0, "--ping-timeout", 1, "the broker did not answer a ping that followed it"}}) {
    for (const bool stalled : {true, false}) {
      INFO("QoS " << c.qos << (stalled ? ", nothing is taken" : ", all is swallowed"));
      Line line;
      line.rate(kRate * 5);
      Process process(line.options(
          "mqtt-pub", {"-t", "a", "-q", std::to_string(c.qos), "-f", file, c.option, "1s"}));
      REQUIRE(wait_until([&] { return line.passed() > kFile / 2; }));
      const TimePoint dead = monotonic_now();
      if (stalled) {
        line.stall();
      } else {
        line.black_hole();
        line.rate(0);
      }
      const ProcessResult result = process.wait();
      const Duration took = monotonic_now() - dead;
      INFO(result.text());
      CHECK(result.exit_code == c.exit_code);
      CHECK_THAT(result.err, Catch::Matchers::ContainsSubstring(c.sentence));
      CHECK(took < most);
    }
  }
}
