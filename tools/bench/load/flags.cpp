#include "bench/load/flags.hpp"

#include <algorithm>
#include <limits>

namespace mqtk::bench {

namespace {

constexpr std::string_view kLoad = "Load";
constexpr std::string_view kMessages = "Messages";
constexpr std::string_view kClients = "Clients";
constexpr std::string_view kMachine = "This machine";
constexpr std::string_view kResults = "Results";
constexpr std::uint64_t kMany = std::numeric_limits<std::uint32_t>::max();

bool is_url(std::string_view word) {
  return word.find("://") != std::string_view::npos;
}

Flag value(std::string_view name, std::string_view value_name, std::string_view group,
           std::string_view doc, Store store) {
  Flag flag;
  flag.name = name;
  flag.value_name = value_name;
  flag.kind = FlagKind::Value;
  flag.group = group;
  flag.doc = doc;
  flag.store = std::move(store);
  return flag;
}

Flag common(Flag flag, char letter = 0, std::string_view default_text = {}) {
  flag.letter = letter;
  flag.default_text = default_text;
  flag.common = true;
  return flag;
}

Flag defaulting(Flag flag, std::string_view default_text) {
  flag.default_text = default_text;
  return flag;
}

Flag list(Flag flag, Completion completion = Completion::None) {
  flag.kind = FlagKind::List;
  flag.completion = completion;
  return flag;
}

Flag file(Flag flag) {
  flag.completion = Completion::File;
  return flag;
}

Flag toggle(std::string_view name, std::string_view group, std::string_view doc, Store store) {
  Flag flag;
  flag.name = name;
  flag.group = group;
  flag.doc = doc;
  flag.store = std::move(store);
  return flag;
}

Store store_qos(std::optional<wire::Qos>& target) {
  return store_choice(
      target, "0 1 2",
      std::vector{wire::Qos::AtMostOnce, wire::Qos::AtLeastOnce, wire::Qos::ExactlyOnce});
}

void append_client_count_flags(FlagTable& table, Work work, LoadFlags& flags) {
  table.push_back(common(value("clients", "N", kClients, "how many clients",
                               store_number(flags.clients, 1, 10'000'000)),
                         'c', "1"));
  if (work == Work::Pubsub) {
    Flag topology = value("topology", "KIND", kClients,
                          "who receives whose messages: pair, fan-in, fan-out or shared",
                          store_choice(flags.topology, "pair fan-in fan-out shared",
                                       std::vector{Topology::Pair, Topology::FanIn,
                                                   Topology::FanOut, Topology::Shared}));
    topology.details =
        "Who receives whose messages. With pair, subscriber i those of publisher i; -c is the "
        "number of pairs. With fan-in and fan-out every subscriber those of all publishers; -c is "
        "the number of publishers, or of subscribers, and of the others there is one. With shared, "
        "the -c subscribers are one shared subscription.";
    topology.choices = "pair fan-in fan-out shared";
    table.push_back(common(std::move(topology), 0, "pair"));
    table.push_back(common(value("publishers", "P", kClients, "how many publish",
                                 store_number(flags.publishers, 1, 10'000'000))));
    table.push_back(common(value("subscribers", "S", kClients, "how many subscribe",
                                 store_number(flags.subscribers, 1, 10'000'000))));
    table.push_back(value("sub-host", "HOST[:PORT],...", kClients,
                          "where subscribers connect to, when that is another broker or node",
                          store(flags.sub_host)));
  }
  table.push_back(value("connect-rate", "RATE", kClients,
                        "connections to begin in a second, as in 500/s",
                        store_rate(flags.connect_rate)));
  table.push_back(defaulting(
      value("connect-window", "N", kClients, "how many connections may be in the making at a time",
            store_number(flags.connect_window, 1, kMany)),
      "100"));
  table.push_back(file(value("credentials", "FILE", kClients,
                             "CSV file of client_id,username,password, a line for each client",
                             store(flags.credentials))));
  table.push_back(defaulting(
      value("first-index", "N", kClients, "what %i begins with",
            store_number(flags.first_index, 0, std::numeric_limits<std::uint32_t>::max())),
      "0"));
}

void append_message_flags(FlagTable& table, Work work, LoadFlags& flags) {
  const bool sends = work == Work::Publish || work == Work::Pubsub;
  Flag topic = value("topic", "TOPIC", kMessages,
                     work == Work::Subscribe ? "filter to subscribe to; %i is the client's number"
                                             : "topic; %i is the client's number",
                     store(flags.topic));
  topic.details =
      "Topic, or for subscribe the filter. In it, and in client ids, user names and passwords, %i "
      "is the client's number, %c its id, %u its user name, %r a word that differs from run to "
      "run, %% a percent sign.";
  table.push_back(common(std::move(topic), 't',
                         work == Work::Pubsub      ? "mqtt-bench/%r/%i"
                         : work == Work::Subscribe ? "mqtt-bench/#"
                                                   : "mqtt-bench/%i"));
  if (work == Work::Pubsub) {
    table.push_back(value("filter", "FILTER", kMessages,
                          "filter of the subscribers, when it does not follow from the topic",
                          store(flags.filter)));
    table.push_back(defaulting(value("group", "NAME", kMessages,
                                     "name of the shared subscription's group", store(flags.group)),
                               "bench-%r"));
  }
  Flag qos = value("qos", "QOS", kMessages, "quality of service", store_qos(flags.qos));
  qos.choices = "0 1 2";
  table.push_back(common(std::move(qos), 'q', "0"));
  if (work == Work::Pubsub) {
    Flag sub_qos = value("sub-qos", "QOS", kMessages, "quality of service of the subscriptions",
                         store_qos(flags.sub_qos));
    sub_qos.choices = "0 1 2";
    table.push_back(defaulting(std::move(sub_qos), "as --qos"));
  }
  if (!sends) return;
  Flag size = value("size", "SIZE", kMessages, "octets of a payload", store(flags.size));
  size.details =
      "Octets of a payload of random octets: 64, 64-1KiB (evenly), or with weights 64:9,1KiB:1. "
      "Below 28 octets there is no room for stream, number and time, so that only "
      "acknowledgements are measured.";
  table.push_back(common(std::move(size), 's', "64"));
  table.push_back(list(value("message", "TEXT", kMessages, "payload; several are sent in turn",
                             store(flags.messages))));
  table.push_back(
      list(value("file", "FILE", kMessages, "file whose content is a payload", store(flags.files)),
           Completion::File));
  table.push_back(toggle("template", kMessages,
                         "in --message and --file, %i %c and %n (the message's number) are filled",
                         store(flags.filled)));
  table.push_back(toggle("stamp", kMessages,
                         "put stream, number and time (28 octets) before --message and --file",
                         store(flags.stamp)));
  table.push_back(toggle("retain", kMessages, "set the retain flag", store(flags.retain)));
}

void append_load_flags(FlagTable& table, Work work, LoadFlags& flags) {
  const bool sends = work == Work::Publish || work == Work::Pubsub;
  if (sends) {
    Flag rate =
        value("rate", "RATE", kLoad, "messages a second of all publishers together, as in 50k/s",
              store_rate(flags.rate));
    rate.details =
        "Messages a second of all publishers together, as in 50k/s. Each message has a time at "
        "which it is due, whatever became of those before it, and latencies count from then. "
        "Without a rate each publisher sends as soon as its window allows.";
    table.push_back(common(std::move(rate), 'r'));
    table.push_back(common(value("interval", "DURATION", kLoad,
                                 "time between two messages of one publisher, instead of --rate",
                                 store(flags.interval))));
    table.push_back(
        file(value("stages", "FILE", kLoad, "TOML file of stages with constant or rising rates",
                   store(flags.stages))));
    Flag inflight =
        value("inflight", "W", kLoad, "unacknowledged messages that a publisher may have",
              store_number(flags.inflight, 1, 65'535));
    inflight.details =
        "Unacknowledged messages that a publisher may have. Without a rate it has as many as it "
        "may: whenever an eighth of them is answered, that many more leave in one write.";
    table.push_back(common(std::move(inflight), 0, "20, with a rate 100"));
  }
  if (work != Work::Connect) {
    table.push_back(common(value("count", "N", kLoad,
                                 sends ? "messages of all publishers together, then the end"
                                       : "messages to receive, then the end",
                                 store_number(flags.count, 1, 1'000'000'000'000)),
                           'n'));
    table.push_back(
        common(value("duration", "DURATION", kLoad, "how long to measure", store(flags.duration)),
               0, "10s, without a count"));
    table.push_back(
        defaulting(value("warmup", "DURATION", kLoad,
                         "traffic before the measurement that does not count", store(flags.warmup)),
                   "0"));
    table.push_back(defaulting(value("drain", "DURATION", kLoad,
                                     "how long to wait for a next delivery or acknowledgement at "
                                     "the end",
                                     store(flags.drain)),
                               "2s"));
  } else {
    table.push_back(common(value("duration", "DURATION", kLoad, "how long to hold the connections",
                                 store(flags.duration)),
                           0, "0"));
    table.push_back(value("storm", "INTERVAL", kLoad,
                          "cut all connections every INTERVAL, and make them again at once",
                          store(flags.storm)));
    table.push_back(value("ping-interval", "DURATION", kLoad,
                          "each client pings so often, and the answer is timed",
                          store(flags.ping_interval)));
  }
}

void append_machine_flags(FlagTable& table, LoadFlags& flags) {
  table.push_back(
      defaulting(value("threads", "N", kMachine, "worker threads; 0: as many as there are cores",
                       store_number(flags.threads, 0, 1024)),
                 "1"));
  Flag source = value("source", "ADDRESS[-LAST]", kMachine,
                      "local addresses to connect from, in turn", store(flags.sources));
  source.details =
      "Local addresses to connect from, in turn: one, several with commas, or a range as in "
      "127.0.0.2-127.0.0.9. Each has ports for some 28,000 connections to one broker. When more "
      "are asked for, further addresses of this machine are taken by themselves.";
  table.push_back(list(std::move(source)));
  table.push_back(value("shard", "I/N", kMachine,
                        "this process is number I (from 1) of N that share the load",
                        store(flags.shard)));
  table.push_back(value("start-at", "TIME", kMachine,
                        "begin the traffic then: Unix time, 2026-12-31T23:59:00Z, or +10s",
                        store(flags.start_at)));
  table.push_back(value("seed", "N", kMachine,
                        "of everything random; the same for shards of one run",
                        store_number(flags.seed, 0, std::numeric_limits<std::uint64_t>::max())));
  table.push_back(toggle("plan", kMachine,
                         "say what the run would cause and whether this machine can, and connect "
                         "nothing",
                         store(flags.plan)));
}

void append_result_flags(FlagTable& table, LoadFlags& flags) {
  table.push_back(
      common(file(value("json", "FILE", kResults, "write the result as JSON; - is standard output",
                        store(flags.json)))));
  table.push_back(file(
      value("csv", "FILE", kResults, "write a line of figures for each second", store(flags.csv))));
  table.push_back(file(value("hlog", "FILE", kResults, "write the latencies as a HdrHistogram log",
                             store(flags.hlog))));
  Flag assertion =
      value("assert", "EXPRESSION", kResults, "end with 1 unless it holds, as in 'e2e.p99<20ms'",
            store(flags.assertions));
  table.push_back(common(list(std::move(assertion))));
  table.push_back(defaulting(
      value("repeat", "N", kResults, "do it N times; tell medians and their confidence intervals",
            store_number(flags.repeat, 1, 1000)),
      "1"));
}

void append_sys_flag(FlagTable& table, LoadFlags& flags) {
  Flag flag = toggle("sys-check", kResults,
                     "compare with what the broker counted in $SYS, as mosquitto has it",
                     store(flags.sys_check));
  flag.details =
      "Read $SYS/broker/publish/messages/received, sent and dropped before and after the run, and "
      "put them beside what was written and received here. Each time it waits until the broker "
      "renews them, with mosquitto up to 10 s (sys_interval). What other clients do meanwhile is "
      "in "
      "the broker's figures.";
  table.push_back(std::move(flag));
}

/// Of other load testers: what is meant by it differs, or is called otherwise here.
struct Foreign {
  char letter;
  const char* name;
  const char* instead;
  FlagKind kind = FlagKind::Value;
};

constexpr Foreign kForeign[] = {
    {'d', "refused-d", "--duration, or --debug"},
    {'I', "interval_of_msg", "--interval, or --id-prefix"},
    {'S', "ssl", "-L mqtts://HOST, or --cafile", FlagKind::Switch},
    {'C', "clean", "--no-clean for sessions that stay"},
    {'F', "refused-f", "--inflight"},
    {'R', "conn-rate", "--connect-rate, or --rate for messages"},
    {0, "limit", "--count"},
    {0, "startnumber", "--first-index"},
    {0, "prefix", "--id-prefix"},
    {0, "certfile", "--cert"},
    {0, "keyfile", "--key"},
    {0, "cacertfile", "--cafile"},
    {0, "ifaddr", "--source"},
    {0, "ws", "-L ws://HOST/PATH", FlagKind::Switch},
};

void append_refusals(FlagTable& table) {
  for (const Foreign& foreign : kForeign) {
    const bool known =
        std::ranges::any_of(table, [&](const Flag& flag) { return flag.name == foreign.name; });
    if (known) continue;
    table.push_back(
        {.letter = foreign.letter,
         .name = foreign.name,
         .value_name = foreign.kind == FlagKind::Switch ? "" : "VALUE",
         .kind = foreign.kind,
         .group = kLoad,
         .doc = "not here",
         .hidden = true,
         .store = [instead = foreign.instead](std::string_view) -> std::optional<std::string> {
           return std::string("means different things in different tools: write ") + instead;
         }});
  }
}

}  // namespace

void append_connection_flags(FlagTable& table, ClientFlags& flags) {
  const std::size_t begin = table.size();
  append_flags(table, flags);
  for (std::size_t i = begin; i < table.size(); ++i) {
    constexpr std::string_view kKept = "hpLuPiVk46";
    Flag& flag = table[i];
    if (kKept.find(flag.letter) == std::string_view::npos) flag.letter = 0;
    if (flag.name == "url") flag.operand = is_url;
  }
}

FlagTable load_flag_table(Work work, LoadFlags& flags) {
  FlagTable table;
  append_load_flags(table, work, flags);
  append_client_count_flags(table, work, flags);
  if (work != Work::Connect) append_message_flags(table, work, flags);
  append_machine_flags(table, flags);
  append_result_flags(table, flags);
  if (work != Work::Connect) append_sys_flag(table, flags);
  append_connection_flags(table, flags.client);
  append_refusals(table);
  append_flags(table, flags.client.engine);
  return table;
}

}  // namespace mqtk::bench
