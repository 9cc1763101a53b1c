#include "faults/deliveries.hpp"

#include <algorithm>
#include <map>

namespace mqtk::test {

using wire::PacketType;

std::size_t Deliveries::contradicted_by(const Shown& shown) const {
  std::size_t n = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (shown.times[i] < lines[i].at_least || shown.times[i] > lines[i].at_most) ++n;
  }
  return n;
}

std::size_t Deliveries::begun_again() const {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [](const Line& line) { return line.at_most > 1; }));
}

Deliveries read_deliveries(const std::vector<Seen>& packets, std::size_t lines) {
  struct Exchange {
    std::uint32_t line = 0;
    bool once = false;     ///< QoS 2
    bool counted = false;  ///< in at_least
  };
  Deliveries result;
  result.lines.resize(lines + 1);
  std::map<std::uint16_t, Exchange> open;  // at QoS 2 until PUBREL
  for (const Seen& packet : packets) {
    result.last_connection = std::max(result.last_connection, packet.connection);
    const auto exchange = open.find(packet.packet_id);
    switch (packet.type) {
      case PacketType::Publish: {
        Deliveries::Line& line = result.lines.at(packet.line);
        if (line.first == 0) line.first = packet.connection;
        const bool once = packet.qos == 2;
        const bool taken = once && exchange != open.end();
        if (taken && exchange->second.line == packet.line) break;
        ++line.at_most;
        line.under_taken_id = line.under_taken_id || taken;
        open[packet.packet_id] = {packet.line, once, taken};
        break;
      }
      case PacketType::Puback:
      case PacketType::Pubrec: {
        if (exchange == open.end() || exchange->second.counted) break;
        exchange->second.counted = true;
        Deliveries::Line& line = result.lines.at(exchange->second.line);
        // A PUBREL may pass here and be lost behind: then a second PUBLISH is a repetition.
        if (!exchange->second.once || line.at_least == 0) ++line.at_least;
        break;
      }
      case PacketType::Pubrel:
        open.erase(packet.packet_id);
        break;
      default:
        break;
    }
  }
  return result;
}

}  // namespace mqtk::test
