#include "client/subscription_list.hpp"

#include "support/catch.hpp"

using namespace mqtk;

namespace {

std::vector<Subscription> filters(std::size_t count) {
  std::vector<Subscription> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    out[i].filter = "f/" + std::to_string(i);
    out[i].qos = static_cast<wire::Qos>(i % 3);
  }
  return out;
}

std::string codes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out.push_back(static_cast<char>(value));
  return out;
}

}  // namespace

TEST_CASE("no request has more than eight filters, and none is forgotten") {
  for (const std::size_t count : {1U, 7U, 8U, 9U, 16U, 17U, 100U}) {
    SubscriptionList list;
    const std::uint32_t group = list.add(filters(count), 1, "");
    std::vector<std::string> seen;
    const auto names = list.requests(group);
    CHECK(names.size() == (count + 7) / 8);
    for (const std::uint64_t name : names) {
      const auto request = list.filters(list.request(name));
      CHECK(request.size() <= SubscriptionList::kFiltersPerRequest);
      for (const auto& filter : request) seen.emplace_back(filter.filter);
    }
    REQUIRE(seen.size() == count);
    for (std::size_t i = 0; i < count; ++i) CHECK(seen[i] == "f/" + std::to_string(i));
  }
}

TEST_CASE("a group is complete when every filter was answered, in whatever order") {
  SubscriptionList list;
  const std::uint32_t group = list.add(filters(10), 77, "");
  const auto names = list.requests(group);
  REQUIRE(names.size() == 2);
  CHECK(list.answer(names[1], codes({0, 0x87})) == nullptr);
  SubscriptionList::Group* complete = list.answer(names[0], codes({0, 1, 2, 0, 1, 2, 0x80, 1}));
  REQUIRE(complete != nullptr);
  CHECK(complete->token == 77);
  CHECK(complete->confirmed);
  REQUIRE(complete->outcomes.size() == 10);
  for (std::size_t i = 0; i < 10; ++i) {
    INFO(i);
    CHECK(complete->outcomes[i].filter == "f/" + std::to_string(i));
    CHECK(complete->outcomes[i].ok == (i != 6 && i != 9));
  }
  CHECK(complete->outcomes[9].code == 0x87);
}

TEST_CASE("a renewal asks for everything again") {
  SubscriptionList list;
  const std::uint32_t group = list.add(filters(3), 1, "");
  const auto first = list.requests(group);
  REQUIRE(list.answer(first[0], codes({0, 0x80, 1})) != nullptr);
  const auto second = list.requests(group);
  CHECK(second != first);
  CHECK_FALSE(list.group(group).confirmed);
  CHECK(list.filters(list.request(second[0])).size() == 3);
  REQUIRE(list.answer(second[0], codes({0, 1, 1})) != nullptr);
  CHECK(list.group(group).outcomes[1].ok);
}

TEST_CASE("what was unsubscribed is not asked for again") {
  SubscriptionList list;
  const std::uint32_t group = list.add(filters(3), 1, "");
  REQUIRE(list.answer(list.requests(group)[0], codes({0, 0, 0})) != nullptr);
  list.remove("f/1");
  const auto request = list.filters(list.request(list.requests(group)[0]));
  REQUIRE(request.size() == 2);
  CHECK(request[0].filter == "f/0");
  CHECK(request[1].filter == "f/2");
}

TEST_CASE("of those without an answer, a shared subscription is the likeliest to be refused") {
  SubscriptionList list;
  CHECK(list.unanswered_filter().empty());
  std::vector<Subscription> wanted = filters(3);
  wanted[1].filter = "$share/g/a";
  const std::uint32_t group = list.add(wanted, 1, "");
  const auto names = list.requests(group);
  CHECK(list.unanswered_filter() == "$share/g/a");
  list.answer(names[0], codes({0, 0, 0}));
  CHECK(list.unanswered_filter().empty());
  list.requests(group);
  CHECK(list.unanswered_filter() == "$share/g/a");
  list.group(group).told = true;
  CHECK(list.unanswered_filter().empty());
}
