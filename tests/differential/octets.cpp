#include "differential/octets.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "support/script_player.hpp"
#include "wire/codec.hpp"

namespace mqtk::test {

Hosted<Relay> recording_relay(std::uint16_t target_port) {
  return Hosted<Relay>([target_port](EventLoop& loop) {
    RelayOptions options;
    options.target_port = target_port;
    options.payload_octets = 1024 * 1024;
    options.keep_octets = true;
    return std::move(*Relay::start(loop, options));
  });
}

std::string passed_through(Hosted<Relay>& relay) {
  std::string lines;
  for (const RelayRecord& record : relay.call([](Relay& it) { return it.records(); })) {
    RelayRecord short_record = record;
    short_record.payload.resize(std::min<std::size_t>(record.payload.size(), 8));
    lines += to_text(short_record) + "\n";
  }
  return lines;
}

std::vector<RelayRecord> sent_through(Hosted<Relay>& relay) {
  std::vector<RelayRecord> sent;
  for (RelayRecord& record : relay.call([](Relay& it) { return it.records(); })) {
    if (record.direction == RelayDirection::ToTarget) sent.push_back(std::move(record));
  }
  return sent;
}

std::vector<std::string> other_octets(const std::vector<RelayRecord>& sent,
                                      wire::ProtocolVersion version) {
  std::vector<std::string> others;
  for (const RelayRecord& record : sent) {
    const auto packet = decode_whole(record.octets, version);
    if (!packet) {
      others.push_back(to_text(record) + ": does not decode: " + to_hex(record.octets));
      continue;
    }
    std::string again;
    wire::encode(*packet, version, again);
    if (again == record.octets) continue;
    others.push_back(to_text(record) + ": " + to_hex(record.octets) + " becomes " + to_hex(again));
  }
  return others;
}

}  // namespace mqtk::test
