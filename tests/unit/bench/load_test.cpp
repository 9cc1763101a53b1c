// How a load is described: names, sizes, files, flags, and what a machine can do of it.
#include "bench/load/name_template.hpp"
#include "bench/load/options.hpp"
#include "bench/load/payload.hpp"
#include "bench/load/preflight.hpp"
#include "support/arguments.hpp"
#include "support/catch.hpp"

using namespace mqtk;
using namespace mqtk::bench;

namespace {

Result<LoadOptions> resolve(Work work, const std::vector<std::string>& words) {
  test::Arguments arguments("mqtt-bench", words);
  LoadFlags flags;
  const FlagTable table = load_flag_table(work, flags);
  static constexpr Program kProgram{"mqtt-bench", "", "", ""};
  auto line = parse_command_line(kProgram, table, arguments.count(), arguments.values());
  if (!line) return fail(line.error());
  constexpr std::int64_t kNow = 1'800'000'000'000'000'000;
  return resolve_load(work, flags, {}, *line, kNow, 1);
}

Scenario must(Work work, const std::vector<std::string>& words) {
  auto options = resolve(work, words);
  if (!options) throw std::runtime_error(options.error().message);
  return std::move(options->scenario);
}

std::string complaint(Work work, const std::vector<std::string>& words) {
  const auto options = resolve(work, words);
  return options ? "none" : options.error().message;
}

}  // namespace

TEST_CASE("templates fill what they know, and refuse the rest") {
  TemplateValues values;
  values.index = 7;
  values.client_id = "id";
  values.username = "u";
  values.run = "r5";
  values.number = 9;
  CHECK(fill_template("a/%i/%c/%u/%r/%n/%%", values) == "a/7/id/u/r5/9/%");
  CHECK(filter_for_all("a/%r/x%i/%%/b", values) == "a/r5/+/%/b");
  CHECK(check_template("%i%%", "i", "--topic"));
  CHECK_FALSE(check_template("%n", "i", "--topic"));
  CHECK_FALSE(check_template("50%", "i", "--topic"));
  CHECK(uses("a%%i%i", 'i'));
  CHECK_FALSE(uses("a%%i", 'i'));
}

TEST_CASE("sizes: one, a range, weights") {
  CHECK(*parse_sizes("64") == std::vector{SizeChoice{64, 64, 1}});
  CHECK(*parse_sizes("64-1KiB") == std::vector{SizeChoice{64, 1024, 1}});
  CHECK(*parse_sizes("64:9,1KiB-2KiB:1") ==
        std::vector{SizeChoice{64, 64, 9}, SizeChoice{1024, 2048, 1}});
  CHECK(mean_size(*parse_sizes("100:3,300:1")) == 150);
  for (const char* wrong : {"", "x", "5-3", "5:", "5:0", "5,", "5-", "300MB"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_sizes(wrong));
  }
}

TEST_CASE("payloads have the sizes that were asked for, in the shares that were") {
  PayloadPlan plan;
  plan.sizes = *parse_sizes("40-49:3,100:1");
  PayloadMaker maker(plan, 5);
  unsigned large = 0;
  for (int i = 0; i < 4000; ++i) {
    PayloadHeader header;
    header.sequence = static_cast<std::uint64_t>(i);
    const Bytes payload = maker.make(header, "");
    REQUIRE((payload.size() == 100 || (payload.size() >= 40 && payload.size() <= 49)));
    REQUIRE(read_header(payload)->sequence == header.sequence);
    if (payload.size() == 100) ++large;
  }
  CHECK(large > 850);
  CHECK(large < 1150);
}

TEST_CASE("payloads that are given are sent in turn, filled and stamped when asked for") {
  PayloadPlan plan;
  plan.texts = {"a%n", "b"};
  plan.stamped = false;
  PayloadMaker plain(plan, 1);
  CHECK(plain.make({}, "") == "a%n");
  CHECK(plain.make({}, "") == "b");
  plan.filled = true;
  plan.stamped = true;
  PayloadMaker filled(plan, 1);
  PayloadHeader header;
  header.sequence = 12;
  const Bytes payload = filled.make(header, "");
  CHECK(payload.substr(PayloadHeader::kSize) == "a12");
  CHECK(read_header(payload)->sequence == 12);
}

TEST_CASE("a payload made without its header has room for it, and is the same but for it") {
  PayloadPlan drawn;
  drawn.sizes = *parse_sizes("30-90");
  PayloadPlan given;
  given.texts = {"a%n", "bc"};
  given.filled = true;
  for (const PayloadPlan& plan : {drawn, given}) {
    PayloadMaker with(plan, 7);
    PayloadMaker without(plan, 7);
    for (std::uint64_t number = 0; number < 50; ++number) {
      PayloadHeader header;
      header.sequence = number;
      header.due_ns = 1234;
      std::string payload(without.make_without_header(header, "c"));
      write_header(header, payload.data());
      REQUIRE(payload == with.make(header, "c"));
    }
  }
}

TEST_CASE("credentials: with and without names, quotes, lines that do not fit") {
  const auto named = parse_credentials("password,username\n\"a,\"\"b\",u\r\n");
  REQUIRE(named);
  REQUIRE(named->size() == 1);
  CHECK(named->front().username == "u");
  CHECK(named->front().password == "a,\"b");
  const auto three = parse_credentials("c1,u1,p1\nc2,u2,p2");
  REQUIRE(three);
  CHECK(three->at(1).client_id == "c2");
  const auto two = parse_credentials("u1,p1\n");
  REQUIRE(two);
  CHECK(two->front().client_id.empty());
  CHECK(two->front().password == "p1");
  CHECK_FALSE(parse_credentials("u1,p1\nu2\n"));
  CHECK_FALSE(parse_credentials("\"u1,p1\n"));
  CHECK_FALSE(parse_credentials("username,colour\n"));
}

TEST_CASE("source addresses: one, several, a range") {
  CHECK(*parse_sources("127.0.0.1") == std::vector<std::string>{"127.0.0.1"});
  CHECK(parse_sources("127.0.0.254-127.0.1.1")->size() == 4);
  CHECK(parse_sources("127.0.0.254-127.0.1.1")->at(2) == "127.0.1.0");
  CHECK(parse_sources("::1,10.0.0.1")->size() == 2);
  for (const char* wrong : {"", "x", "10.0.0.9-10.0.0.1", "1.0.0.0-9.0.0.0", "10.0.0.1,"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_sources(wrong));
  }
}

TEST_CASE("topologies give each side its number of clients") {
  const Scenario pair = must(Work::Pubsub, {"-c", "5"});
  CHECK(pair.publishers == 5);
  CHECK(pair.subscribers == 5);
  const Scenario in = must(Work::Pubsub, {"-c", "5", "--topology", "fan-in"});
  CHECK(in.publishers == 5);
  CHECK(in.subscribers == 1);
  const Scenario out =
      must(Work::Pubsub, {"-c", "5", "--topology", "fan-out", "--publishers", "2"});
  CHECK(out.publishers == 2);
  CHECK(out.subscribers == 5);
  CHECK(complaint(Work::Pubsub, {"--publishers", "2", "--subscribers", "3"})
            .starts_with("pairs need"));
}

TEST_CASE("who a client is and where it publishes follows from its number") {
  const Scenario pair = must(Work::Pubsub, {"-c", "3", "-i", "dev-%i", "-u", "user%i", "-P", "x%",
                                            "-t", "t/%u/%c", "--first-index", "10"});
  const Identity publisher = pair.identity(Role::Publisher, 2);
  CHECK(publisher.client_id == "dev-12");
  CHECK(publisher.username == "user12");
  CHECK(publisher.password == "x%");
  CHECK(pair.topic_of(2, publisher) == "t/user12/dev-12");
  const Identity subscriber = pair.identity(Role::Subscriber, 2);
  CHECK(subscriber.client_id == "dev-12-sub");
  CHECK(pair.filter_of(2, subscriber) == "t/user12/dev-12");
  const Scenario shared = must(Work::Pubsub, {"--topology", "shared", "-c", "3", "--group", "g"});
  CHECK(shared.filter_of(1, {}) == "$share/g/mqtt-bench/" + shared.run_token() + "/+");
  CHECK(complaint(Work::Publish, {"-c", "2", "-i", "same"}).find("take it from each other") !=
        std::string::npos);
}

TEST_CASE("a rate, an interval, or none") {
  CHECK(must(Work::Publish, {"--rate", "5k/s"}).pacer->rate_at(0ns) == 5000);
  CHECK(must(Work::Publish, {"-c", "100", "--interval", "10s"}).pacer->rate_at(0ns) == 10);
  CHECK_FALSE(must(Work::Publish, {}).pacer);
  CHECK(must(Work::Publish, {}).duration == 10s);
  CHECK(must(Work::Publish, {"-n", "5"}).duration == 0s);
  CHECK(must(Work::Publish, {"-q", "1"}).inflight == 20);
  CHECK(must(Work::Publish, {"-q", "1", "--rate", "1/s"}).inflight == 100);
  CHECK(complaint(Work::Publish, {"--rate", "1/s", "--interval", "1s"}).find("exclude") !=
        std::string::npos);
  CHECK(complaint(Work::Publish, {"-d", "10"}).find("--duration") != std::string::npos);
  CHECK(complaint(Work::Publish, {"-I", "10"}).find("--interval") != std::string::npos);
  CHECK(complaint(Work::Publish, {"--shard", "4/3"}).find("--shard") == 0);
}

TEST_CASE("small payloads carry no header") {
  CHECK(must(Work::Publish, {"-s", "28"}).payload.stamped);
  CHECK_FALSE(must(Work::Publish, {"-s", "27"}).payload.stamped);
  CHECK_FALSE(must(Work::Publish, {"-s", "27-100"}).payload.stamped);
  CHECK_FALSE(must(Work::Publish, {"--message", std::string(50, 'x')}).payload.stamped);
  CHECK(must(Work::Publish, {"--message", "x", "--stamp"}).payload.stamped);
}

TEST_CASE("shards take each client once") {
  for (const std::uint32_t clients : {1U, 7U, 12U}) {
    std::uint32_t all = 0;
    for (unsigned i = 1; i <= 5; ++i) {
      all +=
          must(Work::Publish, {"-c", std::to_string(clients), "--shard", std::to_string(i) + "/5"})
              .clients_here();
    }
    CHECK(all == clients);
  }
}

TEST_CASE("a machine's limits decide before anything is connected") {
  MachineLimits limits;
  limits.descriptors = 1048;
  limits.ports = 28'232;
  const auto fits = check_machine(must(Work::Connect, {"-h", "127.0.0.1", "-c", "1000"}), limits);
  REQUIRE(fits);
  CHECK(fits->possible() == 1000);
  CHECK(fits->sources.empty());
  const auto not_enough =
      check_machine(must(Work::Connect, {"-h", "127.0.0.1", "-c", "1001"}), limits);
  REQUIRE_FALSE(not_enough);
  CHECK(not_enough.error().message.find("at most 1000 connections are possible") !=
        std::string::npos);
  limits.descriptors = 1'000'000;
  const auto sources =
      check_machine(must(Work::Connect, {"-h", "127.0.0.1", "-c", "60000"}), limits);
  REQUIRE(sources);
  CHECK(sources->sources == std::vector<std::string>{"127.0.0.1", "127.0.0.2", "127.0.0.3"});
  CHECK(sources->by_ports == 3 * 28'232);
  const auto one = check_machine(
      must(Work::Connect, {"-h", "127.0.0.1", "-c", "60000", "--source", "127.0.0.9"}), limits);
  REQUIRE_FALSE(one);
  CHECK(one.error().message.find("28232 connections are possible") != std::string::npos);
  CHECK(check_machine(must(Work::Connect, {"-h", "127.0.0.1,127.0.0.2,127.0.0.3", "-c", "60000",
                                           "--source", "127.0.0.9"}),
                      limits));
}

#ifdef MQTK_HAVE_TOML
TEST_CASE("stages: constant, rising, and what is wrong with others") {
  const auto stages = parse_stages(
      "[[stage]]\nduration = \"10s\"\nrate = \"1k/s\"\n"
      "[[stage]]\nduration = 5\nfrom = 100\nto = \"2k/s\"\n");
  REQUIRE(stages);
  CHECK(*stages == std::vector<RateStage>{{10s, 1000, 1000}, {5s, 100, 2000}});
  for (const char* wrong :
       {"", "x", "[[stage]]\nrate = 5\n", "[[stage]]\nduration = \"1s\"\n",
        "[[stage]]\nduration = \"1s\"\nrate = -1\n", "[[stage]]\nduration = \"1s\"\nrate = 0\n",
        "[[stage]]\nduration = \"1s\"\nrate = 5\ncolour = 1\n"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_stages(wrong));
  }
}
#endif
