// mqtt-inspect topics: what it counts against what a publisher sent, and what that costs. The full
// size is asked for through the environment: MQTK_TOPICS, MQTK_TOPIC_RATE (a second),
// MQTK_TOPIC_SECONDS.
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <thread>

#include "base/unique_fd.hpp"
#include "broker/inspect_run.hpp"
#include "net/event_loop.hpp"
#include "server/listener.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"
#include "support/screen.hpp"
#include "support/wait_until.hpp"
#include "wire/codec.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

std::uint64_t setting(const char* name, std::uint64_t standard) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : standard;
}

/// A server for one client: it takes CONNECT and SUBSCRIBE, then publishes at a fixed rate over
/// many topics in turn, `total` messages in all. A client that sends a second PINGREQ after that
/// has read everything: it got the answer to the first one behind the last message.
class Flood {
 public:
  Flood(std::uint64_t topics, std::uint64_t rate, std::uint64_t total)
      : topics_(topics), rate_(rate), total_(total), thread_([this] { serve(); }) {
    wait_until([this] { return port_ != 0; });
  }
  ~Flood() {
    stop_ = true;
    thread_.join();
  }
  std::uint16_t port() const { return port_; }
  bool all_read() const { return pings_ >= 2; }

 private:
  void serve() {
    EventLoop loop;
    UniqueFd client;
    auto listener =
        Listener::open(loop, {}, [&client](UniqueFd accepted) { client = std::move(accepted); });
    if (!listener) return;
    port_ = (*listener)->port();
    Timer wake(loop, [] {});
    while (!client && !stop_) {
      wake.after(10ms);
      loop.run_once();
    }
    talk(client);
  }

  void talk(const UniqueFd& client) {
    std::string out;
    wire::encode(wire::Connack{}, wire::ProtocolVersion::V311, out);
    wire::Suback granted;
    granted.packet_id = 1;
    granted.codes = Bytes("\0", 1);
    wire::encode(granted, wire::ProtocolVersion::V311, out);
    bool subscribed = false;
    std::uint64_t sent = 0;
    TimePoint began{};
    std::string topic;
    while (!stop_) {
      for (const wire::PacketType packet : read(client)) {
        subscribed = subscribed || packet == wire::PacketType::Subscribe;
        if (packet != wire::PacketType::Pingreq) continue;
        wire::encode(wire::Pingresp{}, wire::ProtocolVersion::V311, out);
        if (sent == total_) ++pings_;
      }
      if (subscribed && began == TimePoint{}) began = monotonic_now();
      if (subscribed) {
        const std::chrono::duration<double> elapsed = monotonic_now() - began;
        const auto due = std::min(
            total_, static_cast<std::uint64_t>(elapsed.count() * static_cast<double>(rate_)));
        for (; sent < due && out.size() < 256 * 1024; ++sent) append(sent, topic, out);
      }
      if (!write(client, out)) return;
      std::this_thread::sleep_for(1ms);
    }
  }

  void append(std::uint64_t number, std::string& topic, std::string& out) const {
    const std::uint64_t n = number % topics_;
    topic = "plant/" + std::to_string(n % 97) + "/sensor/" + std::to_string(n);
    const std::string payload = "{\"n\":" + std::to_string(number) + "}";
    wire::Publish message;
    message.topic = topic;
    message.payload = payload;
    wire::encode(message, wire::ProtocolVersion::V311, out);
  }

  std::vector<wire::PacketType> read(const UniqueFd& client) {
    std::vector<wire::PacketType> out;
    char buffer[4096];
    const ssize_t n = ::recv(client.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    Bytes data(buffer, n > 0 ? static_cast<std::size_t>(n) : 0);
    wire::Frame frame;
    while (framer_.next(data, frame) == wire::Framer::Status::Frame) out.push_back(frame.type());
    return out;
  }

  static bool write(const UniqueFd& client, std::string& out) {
    if (out.empty()) return true;
    const ssize_t n = ::send(client.get(), out.data(), out.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0) return errno == EAGAIN;
    out.erase(0, static_cast<std::size_t>(n));
    return true;
  }

  std::uint64_t topics_, rate_, total_;
  wire::Framer framer_;
  std::atomic<std::uint16_t> port_ = 0;
  std::atomic<int> pings_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

double microseconds_each(const ProcessResult& result, std::uint64_t messages) {
  return static_cast<double>((result.user + result.system).count()) / 1e3 /
         static_cast<double>(messages);
}

Words at_port(std::uint16_t port) {
  return {"-h", "127.0.0.1", "-p", std::to_string(port)};
}

}  // namespace

TEST_CASE("every message is counted, in bounded memory") {
  const std::uint64_t topics = setting("MQTK_TOPICS", 5'000);
  const std::uint64_t rate = setting("MQTK_TOPIC_RATE", 20'000);
  const std::uint64_t total = rate * setting("MQTK_TOPIC_SECONDS", 2);
  Flood flood(topics, rate, total);
  ProcessOptions options = inspect_options(
      Words{"topics", "--for", "0", "--top", "3", "--tree", "2", "--json", "-k", "1"} +
      at_port(flood.port()));
  options.deadline = 280s;
  Process process(options);
  REQUIRE(wait_until([&flood] { return flood.all_read(); }, 240s));
  process.send_signal(SIGINT);
  const ProcessResult result = process.wait();
  INFO(result.err);
  const Json report = Json::parse(result.out, nullptr, false);
  REQUIRE(report.is_object());
  CHECK(report["messages"] == total);
  CHECK(report["topics_tracked"] == topics);
  CHECK(report["untracked_messages"] == 0);
  CHECK(report["topics"].size() == 3);
  CHECK(report["tree"][0]["prefix"] == "plant");
  CHECK(report["tree"][0]["messages"] == total);
  CHECK(report["tree"][0]["topics"] == topics);
  std::printf("topics: %llu messages, %llu topics, %ld KiB resident, %.2f us of CPU a message\n",
              static_cast<unsigned long long>(total), static_cast<unsigned long long>(topics),
              result.peak_rss_kib, microseconds_each(result, total));
  if (!programs_are_sanitized()) CHECK(result.peak_rss_kib < 200 * 1024);
}

TEST_CASE("mqtt-sub on the same stream, for comparison", "[.][sub]") {
  const std::uint64_t rate = setting("MQTK_TOPIC_RATE", 20'000);
  const std::uint64_t total = rate * setting("MQTK_TOPIC_SECONDS", 2);
  Flood flood(setting("MQTK_TOPICS", 5'000), rate, total);
  ProcessOptions options =
      sub_options(at_port(flood.port()) + Words{"-t", "#", "-v", "-C", std::to_string(total)});
  options.stdout_file = "/dev/null";
  options.deadline = 280s;
  const ProcessResult result = run(options);
  CHECK(result.ok());
  std::printf("mqtt-sub: %ld KiB resident, %.2f us of CPU a message\n", result.peak_rss_kib,
              microseconds_each(result, total));
}

TEST_CASE("top on the same stream, in a terminal", "[.][top]") {
  const std::uint64_t rate = setting("MQTK_TOPIC_RATE", 20'000);
  const std::uint64_t topics = setting("MQTK_TOPICS", 5'000);
  const std::uint64_t total = rate * setting("MQTK_TOPIC_SECONDS", 2);
  Flood flood(topics, rate, total);
  ProcessOptions options = inspect_options(Words{"top", "-k", "1"} + at_port(flood.port()));
  options.terminal = true;
  options.env.insert(options.env.end(), {"TERM=vt100", "LC_ALL=C.UTF-8"});
  options.deadline = 280s;
  Process process(options);
  REQUIRE(wait_until([&flood] { return flood.all_read(); }, 240s));
  Screen screen{24, 80};
  std::size_t read = 0;
  const std::string wanted =
      std::to_string(topics) + " topics, " + std::to_string(total) + " messages";
  CHECK(wait_until(
      [&] {
        const std::string out = process.out_so_far();
        screen.write(std::string_view(out).substr(read));
        read = out.size();
        return screen.text().find(wanted) != std::string::npos;
      },
      30s));
  process.write_stdin("q");
  const ProcessResult result = process.wait();
  CHECK(result.ok());
  std::printf("top: %llu messages, %llu topics, %ld KiB resident, %.2f us of CPU a message\n",
              static_cast<unsigned long long>(total), static_cast<unsigned long long>(topics),
              result.peak_rss_kib, microseconds_each(result, total));
  if (!programs_are_sanitized()) CHECK(result.peak_rss_kib < 200 * 1024);
}

TEST_CASE("what is beyond the limit is counted and said") {
  Flood flood(1'000, 20'000, 4'000);
  Process process(
      inspect_options(Words{"topics", "--for", "0", "--max-topics", "100", "--json", "-k", "1"} +
                      at_port(flood.port())));
  REQUIRE(wait_until([&flood] { return flood.all_read(); }, 60s));
  process.send_signal(SIGINT);
  const ProcessResult result = process.wait();
  INFO(result.err);
  const Json report = Json::parse(result.out, nullptr, false);
  REQUIRE(report.is_object());
  CHECK(report["messages"] == 4'000);
  CHECK(report["topics_tracked"] == 100);
  CHECK(report["untracked_messages"] == 3'600);
}

TEST_CASE("topics of a real broker: retained, sizes, decoded payloads, order") {
  if (!have_broker()) return;
  const Mosquitto broker;
  REQUIRE(publish(at(broker) + Words{"-t", "a/kept", "-r", "-m", "{\"v\":1.50}"}).ok());
  Process process(inspect_options(
      Words{"topics", "a/#", "--for", "0", "--sort", "bytes", "--json", "-d"} + at(broker)));
  REQUIRE(process.wait_stderr_contains("received PUBLISH", 30s));
  for (const char* payload : {"x", "xxx", "xxxxxxxx"}) {
    REQUIRE(publish(at(broker) + Words{"-t", "a/b", "-m", payload}).ok());
  }
  REQUIRE(process.wait_stderr_contains("(8 bytes)", 30s));
  process.send_signal(SIGINT);
  const ProcessResult result = process.wait();
  INFO(result.text());
  const Json report = Json::parse(result.out, nullptr, false);
  REQUIRE(report.is_object());
  REQUIRE(report["topics"].size() == 2);
  const Json& live = report["topics"][0];
  CHECK(live["topic"] == "a/b");
  CHECK(live["count"] == 3);
  CHECK(live["size"] == Json({{"min", 1}, {"mean", 4}, {"max", 8}, {"last", 8}}));
  CHECK(live["retained"] == false);
  const Json& kept = report["topics"][1];
  CHECK(kept["retained"] == true);
  CHECK_FALSE(kept.contains("last_ms_ago"));
  CHECK(kept["decoder"] == "json");
  CHECK(result.out.find("\"decoded\":{\"v\":1.50}") != std::string::npos);
}
