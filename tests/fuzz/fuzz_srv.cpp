// An answer of a name server: whatever is accepted names hosts and ports that can be connected to,
// and ordering neither loses nor makes any.
#include <algorithm>

#include "fuzz/fuzz.hpp"
#include "net/dns/srv_records.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mqtk;
  const test::ExactCopy copy(Bytes(reinterpret_cast<const char*>(data), size));
  auto records = parse_srv_answer(copy.bytes(), "_mqtt._tcp.example.test");
  if (!records) {
    MQTK_FUZZ_REQUIRE(records.error().kind == ErrorKind::HostNotFound);
    return 0;
  }
  MQTK_FUZZ_REQUIRE(!records->empty() && records->size() <= kMaxSrvRecords);
  for (const SrvRecord& record : *records) {
    MQTK_FUZZ_REQUIRE(record.port != 0 && !record.target.empty() && record.target.size() <= 255);
    MQTK_FUZZ_REQUIRE(
        std::ranges::all_of(record.target, [](char c) { return c > ' ' && c < 0x7F; }));
  }
  const std::vector<SrvRecord> before = *records;
  std::uint32_t turn = 0;
  order_srv(*records, [&turn](std::uint32_t most) {
    turn += 7919;
    return most == ~0U ? turn : turn % (most + 1);
  });
  MQTK_FUZZ_REQUIRE(std::ranges::is_permutation(before, *records));
  MQTK_FUZZ_REQUIRE(std::ranges::is_sorted(*records, {}, &SrvRecord::priority));
  return 0;
}
