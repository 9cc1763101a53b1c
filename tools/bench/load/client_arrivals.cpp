// The account of what a client receives.
#include <algorithm>

#include "bench/load/client.hpp"
#include "wire/codec.hpp"

namespace mqtk::bench {

void LoadClient::count_arrival(const wire::Publish& message, wire::ProtocolVersion version,
                               TimePoint now) {
  const std::optional<PayloadHeader> header = read_header(message.payload);
  Tally& tally = place_.tally;
  const bool ours = header && header->run == place_.scenario.run;
  const bool listening = place_.scenario.publishers == 0;
  if (place_.scenario.payload.stamped && !ours && !listening) {
    ++tally.foreign;
    return;
  }
  ++tally.flow.received;
  const std::uint64_t size = wire::publish_size(message, version);
  tally.flow.received_bytes += size;
  const bool measured = header && !listening ? header->measured : place_.order.measured;
  if (!measured) return;
  tally.received_bytes += size;
  received(message, header ? &*header : nullptr, now);
}

void LoadClient::received(const wire::Publish& message, const PayloadHeader* header,
                          TimePoint now) {
  Tally& tally = place_.tally;
  const bool listening = place_.scenario.publishers == 0;
  MessageCounts& counts =
      tally.by_qos[static_cast<std::size_t>(listening ? message.qos : place_.scenario.qos)];
  if (header != nullptr) {
    const Arrival arrival = listening ? arrival_of_foreign(*header) : arrival_of(*header);
    if (arrival == Arrival::Duplicate) {
      ++counts.duplicated;
      return;
    }
    if (arrival == Arrival::Reordered) ++counts.reordered;
  }
  ++counts.received;
  ++receive_->received;
  constexpr std::uint32_t kSameMachine = 0xFFFF;
  if (header == nullptr || ((header->run ^ place_.scenario.run) & kSameMachine) != 0) return;
  const TimePoint due{Duration(header->due_ns)};
  LatencyPair& latency = tally.latency(Latency::EndToEnd);
  latency.corrected.record(now - due);
  if (place_.order.pacer != nullptr || listening) {
    latency.uncorrected.record(now - due - header->delay);
  }
}

Arrival LoadClient::arrival_of(const PayloadHeader& header) {
  ReceiveSide& side = *receive_;
  if (place_.scenario.topology == Topology::Pair) {
    if (side.streams.empty()) side.streams.resize(1);
    return side.streams[0].arrived(header.sequence);
  }
  if (header.stream >= place_.scenario.publishers) return Arrival::InOrder;
  if (place_.shared != nullptr) {
    if (place_.shared->arrived(header.stream, header.sequence) == Arrival::Duplicate) {
      return Arrival::Duplicate;
    }
    // In a group only what one member gets has an order.
    if (side.last.size() <= header.stream) side.last.resize(header.stream + 1);
    std::uint64_t& last = side.last[header.stream];
    const bool late = header.sequence + 1 < last;
    last = std::max(last, header.sequence + 1);
    return late ? Arrival::Reordered : Arrival::InOrder;
  }
  if (side.streams.size() <= header.stream) side.streams.resize(header.stream + 1);
  return side.streams[header.stream].arrived(header.sequence);
}

// Streams of another process: each begins with its first message that is seen.
Arrival LoadClient::arrival_of_foreign(const PayloadHeader& header) {
  constexpr unsigned kRunShift = 32;
  const std::uint64_t id = std::uint64_t{header.run} << kRunShift | header.stream;
  auto& streams = receive_->foreign;
  auto found = std::ranges::lower_bound(streams, id, {}, &ForeignStream::id);
  if (found == streams.end() || found->id != id) {
    found = streams.insert(found, {id, StreamTracker(header.sequence)});
  }
  // A shared subscription's member sees a part of each stream only.
  if (place_.scenario.topology == Topology::Shared) return Arrival::InOrder;
  return found->tracker.arrived(header.sequence);
}

std::uint64_t LoadClient::gaps() const {
  std::uint64_t count = 0;
  if (receive_) {
    for (const ForeignStream& stream : receive_->foreign) count += stream.tracker.missing(0);
  }
  return count;
}

}  // namespace mqtk::bench
