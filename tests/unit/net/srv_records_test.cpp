// What answers of a name server say, however they are made, and the order of the targets.
#include "net/dns/srv_records.hpp"

#include <map>

#include "support/catch.hpp"
#include "support/dns_message.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

const std::string kService = "_mqtt._tcp.example.test";
const std::string kToQuestion = "\xC0\x0C";

std::string answer(std::uint16_t count, const std::string& records) {
  return dns_answer(7, 0x8180, kService, kTypeSrv, count, records);
}

std::string srv(std::uint16_t priority, std::uint16_t weight, std::uint16_t port,
                std::string_view target) {
  return dns_record(kToQuestion, kTypeSrv, srv_data(priority, weight, port, target));
}

Cause cause_of(const std::string& message) {
  const auto out = parse_srv_answer(message, kService);
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == ErrorKind::HostNotFound);
  CHECK(out.error().message.find(kService) != std::string::npos);
  CHECK_FALSE(out.error().hint.empty());
  return out.error().cause;
}

std::vector<std::string> ordered(std::vector<SrvRecord> records, const SrvRandom& random) {
  order_srv(records, random);
  std::vector<std::string> out;
  for (const SrvRecord& record : records) out.push_back(record.target);
  return out;
}

}  // namespace

TEST_CASE("service records are read in the answer's order") {
  const auto out = parse_srv_answer(
      answer(2, srv(10, 5, 1883, "a.example.test") + srv(0, 65535, 65535, "b")), kService);
  REQUIRE(out);
  CHECK(*out == std::vector<SrvRecord>{{10, 5, 1883, "a.example.test"}, {0, 65535, 65535, "b"}});
}

TEST_CASE("names in service records may be compressed, and other records stand between them") {
  // The target is "b" and then, by a pointer, the end of the question's name: example.test.
  const std::size_t domain = 12 + std::string("\5_mqtt\4_tcp").size();
  const std::string target = "\1b" + dns_number(0xC000U | static_cast<std::uint32_t>(domain));
  const std::string alias = dns_record(kToQuestion, kTypeCname, dns_name("other.test"));
  const std::string own = dns_record(dns_name("other.test"), kTypeSrv,
                                     dns_number(1) + dns_number(2) + dns_number(3) + target);
  const auto out = parse_srv_answer(answer(2, alias + own), kService);
  REQUIRE(out);
  CHECK(*out == std::vector<SrvRecord>{{1, 2, 3, "b.example.test"}});
}

TEST_CASE("a service that is not there is told from an answer that makes no sense") {
  CHECK(cause_of(answer(0, "")) == Cause::DnsNotFound);
  CHECK(cause_of(answer(1, srv(0, 0, 0, ""))) == Cause::DnsNotFound);
  CHECK(parse_srv_answer(answer(1, srv(0, 0, 0, "")), kService).error().message ==
        "no service '_mqtt._tcp.example.test': the domain says that it does not offer it");
  CHECK(cause_of(answer(1, dns_record(kToQuestion, kTypeA, "\x7F\0\0\1"))) == Cause::DnsNotFound);
  CHECK(cause_of(answer(1, srv(0, 0, 0, "a"))) == Cause::DnsFailed);
  CHECK(cause_of(answer(1, srv(0, 0, 1, "a b"))) == Cause::DnsFailed);
  CHECK(cause_of(answer(1, srv(0, 0, 1, "\x1B[2J"))) == Cause::DnsFailed);
  CHECK(cause_of(answer(1, srv(0, 0, 1, std::string("a\0b", 3)))) == Cause::DnsFailed);
  CHECK(cause_of("") == Cause::DnsFailed);
  CHECK(cause_of(std::string(11, '\0')) == Cause::DnsFailed);
}

TEST_CASE("what is of use in an answer is used") {
  const auto out =
      parse_srv_answer(answer(4, srv(0, 0, 0, "") + srv(0, 0, 0, "no-port") + srv(1, 0, 9, "good") +
                                     srv(1, 0, 9, "not/a/host")),
                       kService);
  REQUIRE(out);
  CHECK(*out == std::vector<SrvRecord>{{1, 0, 9, "good"}});
}

TEST_CASE("an answer that breaks off, at whichever octet, is malformed") {
  const std::string whole = answer(1, srv(10, 5, 1883, "a.example.test"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size);
    CHECK(cause_of(whole.substr(0, size)) == Cause::DnsFailed);
  }
  CHECK(cause_of(answer(2, srv(10, 5, 1883, "a"))) == Cause::DnsFailed);
}

TEST_CASE("names that lead nowhere are malformed") {
  const auto with_target = [](const std::string& target) {
    return answer(1, dns_record(kToQuestion, kTypeSrv, std::string(6, '\1') + target));
  };
  const auto here = static_cast<std::uint32_t>(answer(0, "").size() + 12 + 6);
  CHECK(cause_of(with_target(dns_number(0xC000U | here))) == Cause::DnsFailed);
  CHECK(cause_of(with_target("\1a" + dns_number(0xC000U | here))) == Cause::DnsFailed);
  CHECK(cause_of(with_target("\xFF\xFF")) == Cause::DnsFailed);
  CHECK(cause_of(with_target("\xC0")) == Cause::DnsFailed);
  CHECK(cause_of(with_target("\x80z" + std::string(1, '\0'))) == Cause::DnsFailed);
  CHECK(cause_of(with_target("\x3F")) == Cause::DnsFailed);
  CHECK(cause_of(with_target("")) == Cause::DnsFailed);
  CHECK(cause_of(with_target(dns_name("a") + "x")) == Cause::DnsFailed);
  std::string labels;
  for (int i = 0; i < 130; ++i) labels += "\1a";
  CHECK(cause_of(with_target(labels + std::string(1, '\0'))) == Cause::DnsFailed);
}

TEST_CASE("an answer full of records is bounded") {
  std::string records;
  constexpr std::uint16_t kCount = 4000;
  for (std::uint16_t i = 0; i < kCount; ++i) records += srv(i, 0, 1, "a");
  const auto out = parse_srv_answer(answer(kCount, records), kService);
  REQUIRE(out);
  CHECK(out->size() == kMaxSrvRecords);
}

TEST_CASE("targets are sorted by priority") {
  const auto none = [](std::uint32_t) { return 0U; };
  CHECK(ordered({{20, 0, 1, "c"}, {0, 0, 1, "a"}, {10, 0, 1, "b"}, {65535, 0, 1, "d"}}, none) ==
        std::vector<std::string>{"a", "b", "c", "d"});
  CHECK(ordered({}, none).empty());
  CHECK(ordered({{1, 9, 1, "a"}}, [](std::uint32_t most) { return most; }) ==
        std::vector<std::string>{"a"});
}

TEST_CASE("among targets of one priority the number drawn decides") {
  const std::vector<SrvRecord> records = {{5, 1, 1, "one"}, {5, 0, 1, "none"}, {5, 3, 1, "three"}};
  std::vector<std::uint32_t> bounds;
  const auto always = [&bounds](std::uint32_t value) {
    return [&bounds, value](std::uint32_t most) {
      bounds.push_back(most);
      return std::min(value, most);
    };
  };
  // Without a weight first, then the running sums 0, 1 and 4.
  CHECK(ordered(records, always(0)) == std::vector<std::string>{"none", "one", "three"});
  CHECK(bounds == std::vector<std::uint32_t>{4, 4});
  CHECK(ordered(records, always(1)) == std::vector<std::string>{"one", "three", "none"});
  CHECK(ordered(records, always(2)) == std::vector<std::string>{"three", "one", "none"});
  CHECK(ordered(records, always(4)) == std::vector<std::string>{"three", "one", "none"});
}

TEST_CASE("weights are the chances of coming first") {
  std::uint64_t state = 1;
  const SrvRandom random = [&state](std::uint32_t most) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    return static_cast<std::uint32_t>((state >> 33U) % (std::uint64_t{most} + 1));
  };
  std::map<std::string, int> first;
  constexpr int kTimes = 20'000;
  for (int i = 0; i < kTimes; ++i) {
    ++first[ordered({{0, 100, 1, "a"}, {0, 300, 1, "b"}, {0, 600, 1, "c"}, {1, 900, 1, "d"}},
                    random)
                .front()];
  }
  CHECK(first["a"] == Catch::Approx(kTimes * 0.1).epsilon(0.1));
  CHECK(first["b"] == Catch::Approx(kTimes * 0.3).epsilon(0.05));
  CHECK(first["c"] == Catch::Approx(kTimes * 0.6).epsilon(0.05));
  CHECK(first["d"] == 0);
}
