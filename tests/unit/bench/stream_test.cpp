#include <algorithm>
#include <random>
#include <set>

#include "bench/load/payload_header.hpp"
#include "bench/measure/stream_tracker.hpp"
#include "support/catch.hpp"

using namespace mqtk;
using namespace mqtk::bench;

TEST_CASE("what comes in order is in order, and nothing is missing") {
  StreamTracker stream;
  for (std::uint64_t i = 0; i < 5; ++i) CHECK(stream.arrived(i) == Arrival::InOrder);
  CHECK(stream.missing(5) == 0);
  CHECK(stream.missing(8) == 3);
}

TEST_CASE("a gap is missing until it is filled, and filling it is out of order") {
  StreamTracker stream;
  CHECK(stream.arrived(4) == Arrival::InOrder);
  CHECK(stream.missing(0) == 4);
  CHECK(stream.arrived(2) == Arrival::Reordered);
  CHECK(stream.arrived(2) == Arrival::Duplicate);
  CHECK(stream.arrived(0) == Arrival::Reordered);
  CHECK(stream.arrived(3) == Arrival::Reordered);
  CHECK(stream.missing(5) == 1);
  CHECK(stream.arrived(1) == Arrival::Reordered);
  CHECK(stream.missing(5) == 0);
  CHECK(stream.arrived(4) == Arrival::Duplicate);
  CHECK(stream.arrived(5) == Arrival::InOrder);
}

TEST_CASE("a stream may begin later") {
  StreamTracker stream(1000);
  CHECK(stream.arrived(1000) == Arrival::InOrder);
  CHECK(stream.arrived(1003) == Arrival::InOrder);
  CHECK(stream.missing(0) == 2);
  CHECK(stream.arrived(10) == Arrival::Duplicate);
}

TEST_CASE("any mixture is accounted for as a set would") {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    StreamTracker stream;
    std::set<std::uint64_t> seen;
    std::uint64_t highest = 0;
    for (int i = 0; i < 300; ++i) {
      const std::uint64_t number = random() % 200;
      const Arrival arrival = stream.arrived(number);
      const bool fresh = seen.insert(number).second;
      const bool late = number < highest;
      REQUIRE(arrival == (!fresh ? Arrival::Duplicate
                          : late ? Arrival::Reordered
                                 : Arrival::InOrder));
      highest = std::max(highest, number + 1);
    }
    REQUIRE(stream.missing(200) == 200 - seen.size());
  }
}

TEST_CASE("a payload's header comes back as it was written") {
  PayloadHeader header;
  header.measured = false;
  header.run = 0xDEADBEEF;
  header.stream = 0x01020304;
  header.sequence = 0xFFFFFFFFFFFFULL;
  header.due_ns = 1'234'567'890'123'456'789;
  header.delay = Duration(256 * 1000);
  std::string payload(40, 'x');
  write_header(header, payload.data());
  CHECK(payload.substr(PayloadHeader::kSize) == std::string(12, 'x'));
  const auto read = read_header(payload);
  REQUIRE(read);
  CHECK(*read == header);
}

TEST_CASE("a delay is kept to 256 ns, from none to the longest") {
  std::string payload(PayloadHeader::kSize, ' ');
  for (const auto& [delay, expected] :
       {std::pair{Duration(-5), Duration(0)}, std::pair{Duration(511), Duration(256)},
        std::pair{Duration(1h), Duration(std::int64_t{0xFFFFFFFF} << 8)}}) {
    PayloadHeader header;
    header.delay = delay;
    write_header(header, payload.data());
    CHECK(read_header(payload)->delay == expected);
  }
}

TEST_CASE("what is no header is not taken for one") {
  CHECK_FALSE(read_header(""));
  CHECK_FALSE(read_header(std::string(100, 'x')));
  std::string payload(PayloadHeader::kSize, ' ');
  write_header({}, payload.data());
  CHECK(read_header(payload));
  CHECK_FALSE(read_header(Bytes(payload).substr(0, PayloadHeader::kSize - 1)));
  payload[1] = 9;
  CHECK_FALSE(read_header(payload));
}
