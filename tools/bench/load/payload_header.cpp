#include "bench/load/payload_header.hpp"

#include <algorithm>
#include <limits>

namespace mqtk::bench {

namespace {

// Place and width of the fields, big-endian.
constexpr unsigned kMark = 0xB7;
constexpr unsigned kWarmup = 0;
constexpr unsigned kMeasure = 1;
constexpr unsigned kDelayShift = 8;

void write_number(char* out, std::uint64_t value, unsigned octets) {
  for (unsigned i = octets; i-- > 0; value >>= 8U) out[i] = octet(value & 0xFFU);
}

std::uint64_t read_number(const char* in, unsigned octets) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < octets; ++i) value = value << 8U | u8(in[i]);
  return value;
}

}  // namespace

void write_header(const PayloadHeader& header, char* out) {
  constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
  const std::int64_t delay =
      std::clamp<std::int64_t>(header.delay.count() >> kDelayShift, 0, kMost);
  write_number(out, kMark, 1);
  write_number(out + 1, header.measured ? kMeasure : kWarmup, 1);
  write_number(out + 2, header.run, 4);
  write_number(out + 6, header.stream, 4);
  write_number(out + 10, header.sequence, 6);
  write_number(out + 16, static_cast<std::uint64_t>(header.due_ns), 8);
  write_number(out + 24, static_cast<std::uint64_t>(delay), 4);
}

std::optional<PayloadHeader> read_header(Bytes payload) {
  if (payload.size() < PayloadHeader::kSize) return std::nullopt;
  const char* in = payload.data();
  const std::uint64_t phase = read_number(in + 1, 1);
  if (u8(in[0]) != kMark || phase > kMeasure) return std::nullopt;
  PayloadHeader header;
  header.measured = phase == kMeasure;
  header.run = static_cast<std::uint32_t>(read_number(in + 2, 4));
  header.stream = static_cast<std::uint32_t>(read_number(in + 6, 4));
  header.sequence = read_number(in + 10, 6);
  header.due_ns = static_cast<std::int64_t>(read_number(in + 16, 8));
  header.delay = Duration(static_cast<std::int64_t>(read_number(in + 24, 4) << kDelayShift));
  return header;
}

}  // namespace mqtk::bench
