// Streams of lines to a broker that is killed without warning and started again: every line is
// acknowledged to us, and what is missing or doubled behind it is the broker's doing, which the
// packets that passed two relays, one before each of our programs, have to show.
#include <algorithm>
#include <map>
#include <utility>

#include "faults/deliveries.hpp"
#include "faults/stream.hpp"
#include "faults/tap.hpp"
#include "support/catch.hpp"
#include "support/programs.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;
using wire::PacketType;

namespace {

constexpr std::size_t kKills = 5;
constexpr std::size_t kUsualLines = 5'000;
constexpr long kMemoryLimitKib = 32 * 1024;

/// What passed between mqtt-pub and the broker, by line (from 1).
struct Publishing {
  struct Line {
    std::uint32_t first_sent = 0;  ///< connections; 0: none
    std::uint32_t last_sent = 0;
    std::uint32_t accepted = 0;    ///< PUBACK, or the first PUBREC
    bool acknowledged = false;     ///< PUBACK or PUBCOMP
    std::size_t last_publish = 0;  ///< which of all packets
  };
  /// PUBACK or PUBCOMP.
  struct End {
    std::uint32_t connection;
    std::uint32_t line;
    std::size_t packet;
  };
  std::vector<Line> lines;
  std::vector<End> ends;
  std::uint32_t last_connection = 0;  ///< with a PUBLISH or PUBREL

  /// Lines that were sent again although we had their end. The last ends of a connection that is
  /// reset may not reach us: those behind which there is none that did.
  std::size_t sent_after_the_end() const {
    std::size_t count = 0;
    std::uint32_t connection = 0;
    bool lost = true;
    for (auto end = ends.rbegin(); end != ends.rend(); ++end) {
      if (std::exchange(connection, end->connection) != end->connection) lost = true;
      const bool again = lines[end->line].last_publish > end->packet;
      if (!again) lost = false;
      if (again && !lost) ++count;
    }
    return count;
  }
};

Publishing read_publishing(const std::vector<Seen>& packets, std::size_t lines) {
  Publishing result;
  result.lines.resize(lines + 1);
  std::map<std::uint16_t, std::uint32_t> line_of;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const Seen& packet = packets[i];
    if (packet.type == PacketType::Publish) {
      line_of[packet.packet_id] = packet.line;
      Publishing::Line& line = result.lines.at(packet.line);
      if (line.first_sent == 0) line.first_sent = packet.connection;
      line.last_sent = packet.connection;
      line.last_publish = i;
    }
    if (packet.type == PacketType::Publish || packet.type == PacketType::Pubrel) {
      result.last_connection = packet.connection;
    }
    if (packet.direction == RelayDirection::ToTarget || packet.packet_id == 0) continue;
    const std::uint32_t number = line_of[packet.packet_id];
    Publishing::Line& line = result.lines.at(number);
    if (line.accepted == 0) line.accepted = packet.connection;
    if (packet.type == PacketType::Pubrec) continue;
    line.acknowledged = true;
    result.ends.push_back({packet.connection, number, i});
  }
  return result;
}

struct Findings {
  std::size_t not_acknowledged = 0;
  std::size_t missing = 0;
  std::size_t missing_unexplained = 0;
  std::size_t doubled = 0;
  std::size_t doubled_unexplained = 0;
};

Findings judge(const Shown& shown, const Publishing& published, const Deliveries& delivered) {
  Findings found;
  for (std::size_t i = 1; i < published.lines.size(); ++i) {
    const Publishing::Line& out = published.lines[i];
    const Deliveries::Line& in = delivered.lines[i];
    const std::uint32_t times = shown.times[i];
    if (!out.acknowledged) ++found.not_acknowledged;
    if (times == 0) {
      ++found.missing;
      const bool lost_in_kill = out.accepted != 0 && out.accepted < published.last_connection;
      if (!lost_in_kill && !in.under_taken_id) ++found.missing_unexplained;
    }
    if (times > 1) {
      ++found.doubled;
      const bool delivered_before_kill = in.first < delivered.last_connection;
      const bool sent_again_unanswered = out.first_sent < out.last_sent;
      if (!delivered_before_kill && !sent_again_unanswered) ++found.doubled_unexplained;
    }
  }
  return found;
}

}  // namespace

TEST_CASE("mqtt-pub -l: a broker that is killed five times") {
  if (!have_mosquitto()) return;
  const std::size_t lines = stream_size(kUsualLines);
  const TempDir folder;
  const std::string input = folder.write("lines", numbered_lines(lines));
  for (const int qos : {1, 2}) {
    Mosquitto broker(persistent_broker());
    REQUIRE(Keeper::make_session(broker));
    broker.restart();  // which saves it
    Tap before_publisher(broker.port());
    Tap before_subscriber(broker.port());
    Keeper keeper(before_subscriber.port());

    ProcessOptions options =
        publisher_options(before_publisher.port(), {"-q", std::to_string(qos)});
    options.stdin_file = input;
    Process publisher(options);
    const PacketType end = qos == 1 ? PacketType::Puback : PacketType::Pubcomp;
    long memory = 0;
    for (std::size_t i = 0; i < kKills; ++i) {
      const std::size_t due = (i + 1) * lines / (kKills + 1);
      const bool reached = wait_until(
          [&] { return before_publisher.count(RelayDirection::ToClient, end) >= due; }, 120s);
      INFO("QoS " << qos << ", kill " << i << ": " << publisher.err_so_far());
      REQUIRE(reached);
      memory = std::max(memory, peak_rss_kib(publisher.pid()));
      broker.kill();
      broker.start();
    }
    while (!publisher.wait_end(10ms)) memory = std::max(memory, peak_rss_kib(publisher.pid()));
    const ProcessResult sent = publisher.wait();
    INFO("QoS " << qos << ": " << sent.text());
    CHECK(sent.ok());
    CHECK(count_text(sent.err, "connection lost (") == kKills);
    const Shown shown = keeper.finish(broker, lines);
    INFO(keeper.result().err);
    REQUIRE_FALSE(shown.times.empty());
    CHECK(shown.times[0] == 0);

    const Deliveries delivered = read_deliveries(before_subscriber.seen(), lines);
    const Publishing published = read_publishing(before_publisher.seen(), lines);
    const Findings found = judge(shown, published, delivered);
    WARN("QoS " << qos << ": " << lines << " lines, missing " << found.missing << ", doubled "
                << found.doubled << ", at most " << memory << " KiB resident");
    CHECK(found.not_acknowledged == 0);
    CHECK(published.sent_after_the_end() == 0);
    CHECK(delivered.contradicted_by(shown) == 0);
    CHECK(found.missing_unexplained == 0);
    CHECK(found.doubled_unexplained == 0);
    CHECK(memory > 0);
    if (!programs_are_sanitized()) CHECK(memory < kMemoryLimitKib);
  }
}
