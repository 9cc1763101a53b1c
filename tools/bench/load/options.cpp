#include "bench/load/options.hpp"

#include <algorithm>
#include <cmath>
#include <thread>

#include "base/units.hpp"
#include "bench/load/name_template.hpp"
#include "bench/results/iso_time.hpp"
#include "options/secrets.hpp"
#include "options/usage_error.hpp"
#include "session/service_endpoints.hpp"
#include "wire/topic.hpp"

namespace mqtk::bench {

namespace {

constexpr std::size_t kLargestFile = 256 * 1024 * 1024;
constexpr std::uint32_t kMostPahoClients = 1000;

void choose_clients(const LoadFlags& flags, Scenario& out) {
  const std::uint32_t clients = flags.clients.value_or(1);
  switch (out.work) {
    case Work::Connect:
      out.idle = clients;
      return;
    case Work::Publish:
      out.publishers = clients;
      return;
    case Work::Subscribe:
      out.subscribers = clients;
      return;
    case Work::Pubsub:
      break;
  }
  out.topology = flags.topology.value_or(Topology::Pair);
  const bool many_publish = out.topology == Topology::Pair || out.topology == Topology::FanIn;
  const bool many_subscribe = out.topology != Topology::FanIn;
  out.publishers = flags.publishers.value_or(many_publish ? clients : 1);
  out.subscribers = flags.subscribers.value_or(many_subscribe ? clients : 1);
  if (out.topology == Topology::Pair && flags.publishers && !flags.subscribers) {
    out.subscribers = out.publishers;
  }
  if (out.topology == Topology::Pair && flags.subscribers && !flags.publishers) {
    out.publishers = out.subscribers;
  }
}

Result<void> choose_load(const LoadFlags& flags, Scenario& out) {
  if ((flags.rate ? 1 : 0) + (flags.interval ? 1 : 0) + (flags.stages ? 1 : 0) > 1) {
    return usage_error("--rate, --interval and --stages exclude each other");
  }
  if (flags.rate) {
    if (!(*flags.rate > 0)) return usage_error("--rate: must be more than 0");
    out.pacer.emplace(*flags.rate);
  }
  const auto every = [](Duration interval, std::uint32_t clients) {
    return clients / std::chrono::duration<double>(interval).count();
  };
  if (flags.interval) {
    if (*flags.interval <= 0ns) return usage_error("--interval: must be more than 0");
    out.pacer.emplace(every(*flags.interval, out.publishers));
  }
  if (flags.ping_interval) {
    if (*flags.ping_interval <= 0ns) return usage_error("--ping-interval: must be more than 0");
    out.ping = true;
    out.pacer.emplace(every(*flags.ping_interval, out.idle));
  }
  if (flags.stages) {
    auto text = read_file(*flags.stages, "stage file", kLargestFile, ErrorKind::NoInput);
    if (!text) return fail(std::move(text.error()));
    auto stages = parse_stages(*text);
    if (!stages) return fail(std::move(stages.error()));
    out.pacer.emplace(std::move(*stages));
  }
  // Mosquitto hangs up when more than 20 exchanges of QoS 2 are open.
  constexpr std::uint16_t kUsualWindow = 20;
  constexpr std::uint16_t kPacedWindow = 100;
  const bool narrow = out.qos == wire::Qos::ExactlyOnce || !out.pacer;
  out.inflight = flags.inflight.value_or(
      flags.client.session.max_inflight.value_or(narrow ? kUsualWindow : kPacedWindow));
  out.count = flags.count.value_or(0);
  out.warmup = flags.warmup.value_or(0ns);
  out.drain = flags.drain.value_or(2s);
  out.storm = flags.storm;
  if (out.storm && *out.storm <= 0ns) return usage_error("--storm: must be more than 0");
  const bool ends = out.count > 0 || (out.pacer && out.pacer->length() != Duration::max());
  out.duration = flags.duration.value_or(out.work == Work::Connect || ends ? 0s : 10s);
  if (flags.duration && *flags.duration == 0ns && out.work != Work::Connect && !ends) {
    return usage_error("--duration: must be more than 0");
  }
  if (out.work == Work::Connect && (out.storm || out.ping) && out.duration == 0ns) {
    return usage_error("--storm and --ping-interval happen while connections are held",
                       "say how long with --duration");
  }
  return {};
}

Result<void> choose_payload(const LoadFlags& flags, Scenario& out) {
  if (out.publishers == 0) return {};
  const bool given = !flags.messages.empty() || !flags.files.empty();
  if (given && flags.size) return usage_error("--size goes with neither --message nor --file");
  if (!given && (flags.filled || flags.stamp)) {
    return usage_error("--template and --stamp are about --message and --file");
  }
  if (flags.size) {
    auto sizes = parse_sizes(*flags.size);
    if (!sizes) return fail(std::move(sizes.error()));
    out.payload.sizes = std::move(*sizes);
  }
  out.payload.stamped =
      given ? flags.stamp : std::ranges::all_of(out.payload.sizes, [](const SizeChoice& choice) {
        return choice.low >= PayloadHeader::kSize;
      });
  out.payload.filled = flags.filled;
  out.payload.texts = flags.messages;
  for (const std::string& path : flags.files) {
    auto text = read_file(path, "payload file", kLargestFile, ErrorKind::NoInput);
    if (!text) return fail(std::move(text.error()));
    out.payload.texts.push_back(std::move(*text));
  }
  if (!flags.filled) return {};
  for (const std::string& text : out.payload.texts) {
    if (auto good = check_template(text, "icn", "--template"); !good) return good;
  }
  return {};
}

Result<void> choose_names(const LoadFlags& flags, const ResolvedClient& client, Scenario& out) {
  if (flags.client.session.id) out.id_template = *flags.client.session.id;
  if (flags.client.credentials.username) out.username_template = *flags.client.credentials.username;
  if (flags.client.credentials.password) out.password_template = *flags.client.credentials.password;
  for (const auto& [text, option] :
       {std::pair{&out.id_template, "--id"}, std::pair{&out.username_template, "--username"}}) {
    if (!*text) continue;
    if (auto good = check_template(**text, "ir", option); !good) return good;
  }
  if (out.password_template) {
    // A percent sign is common in passwords: what is no mark stands for itself.
    if (!check_template(*out.password_template, "ir", "--password")) {
      std::string plain;
      for (const char c : *out.password_template) plain.append(c == '%' ? 2 : 1, c);
      out.password_template = std::move(plain);
    }
  }
  const std::uint32_t most = std::max({out.idle, out.publishers, out.subscribers});
  if (out.id_template && !out.id_template->empty() && most > 1 && !uses(*out.id_template, 'i')) {
    return usage_error("--id: all clients would have the id '" + *out.id_template +
                           "' and take it from each other",
                       "%i in it becomes the client's number: -i '" + *out.id_template + "-%i'");
  }
  if (flags.credentials) {
    auto text = read_file(*flags.credentials, "credentials file", kLargestFile);
    if (!text) return fail(std::move(text.error()));
    auto rows = parse_credentials(*text);
    if (!rows) return fail(std::move(rows.error()));
    const bool ids = !rows->empty() && !rows->front().client_id.empty() && !out.id_template;
    if (rows->empty() || (ids && rows->size() < most)) {
      return fail(ErrorKind::Configuration,
                  "the credentials file names " + std::to_string(rows->size()) +
                      " clients, and there shall be " + std::to_string(most));
    }
    out.credentials = std::move(*rows);
  }
  std::string_view standard = "mqtt-bench/%i";
  if (out.work == Work::Pubsub) standard = "mqtt-bench/%r/%i";
  if (out.work == Work::Subscribe) standard = "mqtt-bench/#";
  out.topic = flags.topic.value_or(client.url_topic.value_or(std::string(standard)));
  if (auto good = check_template(out.topic, "icur", "--topic"); !good) return good;
  if (out.work == Work::Subscribe) out.filter = out.topic;
  if (flags.filter) out.filter = flags.filter;
  if (out.filter) {
    if (auto good = check_template(*out.filter, "icur", "--filter"); !good) return good;
  }
  out.share_group = flags.group.value_or("bench-%r");
  if (auto good = check_template(out.share_group, "r", "--group"); !good) return good;
  if (out.publishers > 0) {
    const std::string first = out.topic_of(0, out.identity(Role::Publisher, 0));
    if (const auto fault = wire::check_topic_name(first)) {
      return usage_error("the topic '" + first + "': " + std::string(fault->what));
    }
  }
  if (out.subscribers > 0) {
    const std::string first = out.filter_of(0, out.identity(Role::Subscriber, 0));
    if (const auto fault = wire::check_topic_filter(first)) {
      return usage_error("the filter '" + first + "': " + std::string(fault->what));
    }
    // What a member of a group gets is a part of each stream.
    if (out.work == Work::Subscribe && wire::split_shared(first)) out.topology = Topology::Shared;
  }
  return {};
}

Result<void> choose_machine(const LoadFlags& flags, std::int64_t now_ns, Scenario& out) {
  out.connect_rate = flags.connect_rate;
  if (out.connect_rate && !(*out.connect_rate > 0)) {
    return usage_error("--connect-rate: must be more than 0");
  }
  out.connect_window = flags.connect_window.value_or(100);
  out.threads = flags.threads.value_or(1);
  if (out.threads == 0) out.threads = std::max(1U, std::thread::hardware_concurrency());
  for (const std::string& text : flags.sources) {
    auto sources = parse_sources(text);
    if (!sources) return fail(std::move(sources.error()));
    out.sources.insert(out.sources.end(), sources->begin(), sources->end());
  }
  if (flags.shard) {
    const auto slash = flags.shard->find('/');
    const std::string_view text = *flags.shard;
    const auto all =
        slash == std::string::npos ? std::nullopt : parse_number(text.substr(slash + 1), 1, 10'000);
    const auto own = all ? parse_number(text.substr(0, slash), 1, *all) : std::nullopt;
    if (!own) return usage_error("--shard: '" + *flags.shard + "' is not I/N with I from 1 to N");
    out.shard = static_cast<unsigned>(*own - 1);
    out.shards = static_cast<unsigned>(*all);
    if (out.publishers > 0 && out.subscribers > 0 && out.topology != Topology::Pair &&
        !flags.seed) {
      return usage_error(
          "--shard: subscribers here get messages of other shards, which they must know",
          "give all shards the same --seed");
    }
    if (out.topology == Topology::Shared && out.publishers > 0) {
      return usage_error(
          "--shard: a shared subscription over several processes cannot be accounted for");
    }
  }
  if (flags.start_at) {
    const std::string& text = *flags.start_at;
    if (const auto time = parse_iso_time(text)) {
      out.start_at_ns = *time;
    } else if (const auto in = text.starts_with("+")
                                   ? parse_duration(std::string_view(text).substr(1))
                                   : std::nullopt) {
      out.start_at_ns = now_ns + in->count();
    } else if (const auto seconds = parse_number(text, 1, 100'000'000'000)) {
      out.start_at_ns = static_cast<std::int64_t>(*seconds) * 1'000'000'000;
    } else {
      return usage_error("--start-at: '" + text + "' is no time");
    }
    if (*out.start_at_ns < now_ns) return usage_error("--start-at: '" + text + "' is over");
  }
  return {};
}

Result<void> check_sys_check(const LoadFlags& flags, const Scenario& out) {
  if (!flags.sys_check) return {};
  if (out.shards > 1)
    return usage_error("--sys-check: the broker counts what other shards do as well");
  if (out.endpoints.size() + out.sub_endpoints.size() > 1) {
    return usage_error("--sys-check: $SYS is about one broker, and several are named");
  }
  return {};
}

// What the other engine's interface cannot do, or its library not well.
Result<void> check_load_engine(const LoadFlags& flags, Scenario& out) {
  if (out.engine == Engine::Native) return {};
  const std::string engine(name(out.engine));
  const auto lacks = [&engine](std::string_view what) {
    return usage_error("the " + engine + " engine cannot " + std::string(what),
                       "use the native engine");
  };
  if (out.storm) return lacks("cut its connections (--storm)");
  if (out.ping) return lacks("ping when it is told to (--ping-interval)");
  if (!flags.sources.empty()) return lacks("choose a local address (--source)");
  if (out.clients_here() > kMostPahoClients) {
    return usage_error(
        "the " + engine + " engine is for at most " + std::to_string(kMostPahoClients) +
            " clients in one process: its library looks through all of them for each "
            "packet",
        "use the native engine, or share the load among processes: --shard");
  }
  return {};
}

Result<void> choose_brokers(const LoadFlags& flags, const ClientConfig& config, Scenario& out) {
  out.endpoints = config.endpoints;
  if (!flags.sub_host) return {};
  for (std::string_view rest = *flags.sub_host;;) {
    const auto comma = rest.find(',');
    const std::string_view part = rest.substr(0, comma);
    Endpoint endpoint = config.endpoints.front();
    const auto colon = part.rfind(':');
    const bool bare_v6 = part.find(':') != colon && !part.ends_with(']') && part.front() != '[';
    const bool has_port = colon != std::string_view::npos && !bare_v6 && !part.ends_with(']');
    std::string_view host = has_port ? part.substr(0, colon) : part;
    if (has_port) {
      const auto port = parse_number(part.substr(colon + 1), 1, 65'535);
      if (!port) return usage_error("--sub-host: '" + std::string(part) + "' has no port number");
      endpoint.port = static_cast<std::uint16_t>(*port);
    }
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host.empty()) return usage_error("--sub-host: an empty host");
    endpoint.host = std::string(host);
    out.sub_endpoints.push_back(std::move(endpoint));
    if (comma == std::string_view::npos) return {};
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace

Result<LoadOptions> resolve_load(Work work, const LoadFlags& flags, const Environment& environment,
                                 const CommandLine& line, std::int64_t now_ns, std::uint64_t seed) {
  LoadOptions options;
  auto client = resolve_client(flags.client, environment,
                               {.id_prefix = "mqttbench-",
                                .reconnect = false,
                                .engines = true,
                                .publish_topic = {},
                                .mqtt5_options = line.mqtt5_options});
  if (!client) return fail(client.error());
  if (auto chosen = use_service_records(client->config); !chosen) return fail(chosen.error());
  Scenario& out = options.scenario;
  out.work = work;
  out.client = client->config;
  out.engine = client->engine;
  out.disconnect = client->disconnect;
  out.properties = client->properties;
  out.seed = flags.seed.value_or(seed);
  // The lower half tells the machine, so that times of other processes on it can be used.
  const std::string boot = [] {
    auto text = read_file("/proc/sys/kernel/random/boot_id", "boot id");
    return text ? *text : std::string();
  }();
  const auto machine = static_cast<std::uint32_t>(std::hash<std::string>{}(boot)&0xFFFFU);
  out.run = static_cast<std::uint32_t>(Random(out.seed).next()) << 16U | machine;
  out.qos = flags.qos.value_or(wire::Qos::AtMostOnce);
  out.sub_qos = flags.sub_qos.value_or(out.qos);
  out.retain = flags.retain;
  out.first_index = flags.first_index.value_or(0);
  choose_clients(flags, out);
  if (out.topology == Topology::Pair && work == Work::Pubsub && out.publishers != out.subscribers) {
    return usage_error("pairs need as many subscribers as publishers",
                       "or choose --topology fan-in or fan-out");
  }
  for (const auto& step :
       {choose_load(flags, out), choose_payload(flags, out), choose_names(flags, *client, out),
        choose_machine(flags, now_ns, out), choose_brokers(flags, client->config, out),
        check_load_engine(flags, out), check_sys_check(flags, out)}) {
    if (!step) return fail(step.error());
  }
  options.warnings = std::move(client->warnings);
  options.notes = std::move(client->notes);
  if (flags.inflight && out.qos == wire::Qos::AtMostOnce) {
    options.warnings.emplace_back("--inflight has no effect at QoS 0, which nobody acknowledges");
  }
  return options;
}

}  // namespace mqtk::bench
