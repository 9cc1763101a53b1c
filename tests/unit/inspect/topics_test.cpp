// Topics counted in bounded memory, values under $SYS, and documents as lists of fields.
#include <limits>

#include "base/numbers.hpp"
#include "inspect/shared/json_fields.hpp"
#include "inspect/shared/topic_store.hpp"
#include "inspect/sys/report.hpp"
#include "support/catch.hpp"

namespace mqtk::inspect {

namespace {

const TimePoint kStart{1'000s};

MessageView message(Bytes topic, Bytes payload, bool retain = false) {
  MessageView out;
  out.topic = topic;
  out.payload = payload;
  out.retain = retain;
  return out;
}

std::vector<std::string> names(const std::vector<const TopicEntry*>& entries) {
  std::vector<std::string> out;
  for (const TopicEntry* entry : entries) out.push_back(entry->topic);
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("topics: counts, sizes, cadence and silence are of live messages") {
  TopicStore store({});
  store.add(message("a", "12345", true), kStart);
  const TopicEntry* const entry = store.find("a");
  REQUIRE(entry != nullptr);
  CHECK(entry->live() == 0);
  CHECK_FALSE(entry->stale(kStart + 1h));
  for (int i = 1; i <= 3; ++i) store.add(message("a", std::string(10, 'x')), kStart + i * 2s);
  CHECK(entry->count == 4);
  CHECK(entry->bytes == 35);
  CHECK(entry->least == 5);
  CHECK(entry->most == 10);
  CHECK(entry->retained == 1);
  CHECK(entry->first == kStart + 2s);
  CHECK(entry->cadence() == 2s);
  CHECK_FALSE(entry->stale(kStart + 12s));
  CHECK(entry->stale(kStart + 13s));
}

TEST_CASE("topics: what is beyond a limit is counted, and no more") {
  TopicStore few({.topics = 2});
  for (const char* topic : {"a", "b", "c", "c", "a"}) few.add(message(topic, "xy"), kStart);
  CHECK(few.size() == 2);
  CHECK(few.find("c") == nullptr);
  CHECK(few.totals().messages == 5);
  CHECK(few.totals().untracked_messages == 2);
  CHECK(few.totals().untracked_bytes == 4);

  TopicStore small({.topics = 1'000'000, .memory = 64 * 1024});
  for (int i = 0; i < 10'000; ++i) {
    small.add(message("topic/" + std::to_string(i), std::string(300, 'x')), kStart);
  }
  CHECK(small.size() > 50);
  CHECK(small.size() < 400);
  CHECK(small.totals().messages == 10'000);
  CHECK(small.totals().untracked_messages == 10'000 - small.size());
  // Of a payload a part is kept, and its size is known.
  CHECK(small.find("topic/0")->payload.size() <= 256);
  CHECK(small.find("topic/0")->size == 300);
}

TEST_CASE("topics: rates settle, and fade when nothing comes") {
  TopicStore store({});
  store.tick(kStart);
  for (int second = 1; second <= 12; ++second) {
    for (int i = 0; i < 100; ++i) store.add(message("a", ""), kStart + second * 1s);
    store.tick(kStart + second * 1s);
  }
  CHECK(store.find("a")->rate == Catch::Approx(100).margin(1));
  for (int second = 13; second <= 40; ++second) store.tick(kStart + second * 1s);
  CHECK(store.find("a")->rate == 0.0F);
}

TEST_CASE("topics: each order, ties by name, and sums of the tree") {
  TopicStore store({});
  store.add(message("b/x", "1"), kStart);
  store.add(message("b/x", "1"), kStart + 5s);
  store.add(message("a", "1234567"), kStart + 1s);
  store.add(message("b", "12"), kStart + 2s);
  store.add(message("b0", "1"), kStart + 3s);
  const TimePoint now = kStart + 10s;
  CHECK(names(store.sorted(TopicOrder::Count, 0, now)) == Names{"b/x", "a", "b", "b0"});
  CHECK(names(store.sorted(TopicOrder::Bytes, 2, now)) == Names{"a", "b"});
  CHECK(names(store.sorted(TopicOrder::Age, 1, now)) == Names{"a"});
  CHECK(names(store.sorted(TopicOrder::Name, 0, now, "b")) == Names{"b", "b/x", "b0"});
  const auto tree = store.subtrees(2);
  REQUIRE(tree.size() == 4);
  // A level is followed by what is below it.
  CHECK(tree[1].prefix == "b");
  CHECK(tree[1].topics == 2);
  CHECK(tree[1].messages == 3);
  CHECK(tree[2].prefix == "b/x");
  CHECK(tree[3].prefix == "b0");
}

TEST_CASE("sys: fixed names, units and numbers of several brokers") {
  CHECK(sys_name("$SYS/broker/clients/connected")->name == "clients_connected");
  CHECK(sys_name("$SYS/brokers/emqx@1/stats/connections/count")->name == "clients_connected");
  CHECK(sys_name("$SYS/broker/unheard of") == nullptr);
  CHECK(sys_unit("$SYS/broker/load/bytes/sent/1min") == "bytes/min");
  CHECK(sys_unit("$SYS/broker/uptime") == "seconds");
  CHECK(leading_number("12 seconds") == 12.0);
  CHECK(leading_number("-1.5") == -1.5);
  for (const char* none : {"", "2.0.11", "mosquitto", "1e999", "12s"}) {
    INFO(none);
    CHECK_FALSE(leading_number(none));
  }
}

TEST_CASE("sys: a rate begins with the first live value, not with the retained one") {
  SysReport report;
  report.add("$SYS/broker/bytes/sent", "100", kStart);
  CHECK_FALSE(report.topics().begin()->second.rate());
  report.add("$SYS/broker/bytes/sent", "1000", kStart + 5s);
  report.add("$SYS/broker/bytes/sent", "1400", kStart + 7s);
  CHECK(report.topics().begin()->second.rate() == 200.0);
  CHECK(report.product().empty());
  report.add("$SYS/broker/version", "mosquitto version 2.0.11", kStart);
  CHECK(report.product() == "mosquitto");
}

TEST_CASE("fields of a document keep their digits, and numbers draw a line") {
  const auto fields = json_fields(R"({"a":{"b":[1.50,"x"]},"c":true,"d":{},"e":null})");
  REQUIRE(fields);
  REQUIRE(fields->size() == 5);
  CHECK((*fields)[0].path == ".a.b[0]");
  CHECK((*fields)[0].value == "1.50");
  CHECK((*fields)[0].number() == 1.5);
  CHECK((*fields)[1].text);
  CHECK_FALSE((*fields)[1].number());
  CHECK((*fields)[2].number() == 1.0);
  CHECK((*fields)[3].value == "{}");
  CHECK(json_fields("21.5")->front().path == ".");
  CHECK_FALSE(json_fields("no json"));
  CHECK(json_fields("[1,2,3,4]", 2)->size() == 2);
  CHECK(sparkline({}).empty());
  CHECK(sparkline({1, 2, 3}) == "\u2581\u2585\u2588");
  CHECK_FALSE(parse_double("1 "));
  CHECK_FALSE(parse_double("inf"));
}

}  // namespace mqtk::inspect
