#include "inspect/check/check.hpp"
#include "inspect/shared/flags.hpp"
#include "inspect/subcommand.hpp"
#include "wire/topic.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::string_view kFormats = "nagios prometheus json";
constexpr std::string_view kCheckGroup = "Check";
constexpr std::string_view kThresholds = "Thresholds";
constexpr int kUnknown = 3;

struct CheckFlags {
  ClientFlags client;
  bool json = false;
  bool safe = false;
  std::optional<CheckFormat> format;
  std::optional<std::string> output, topic_prefix, topic, time_at, value_at;
  std::optional<Duration> patience;
  std::optional<Duration> connect_warn, connect_crit, rtt_warn, rtt_crit, cert_warn, cert_crit,
      age_warn, age_crit;
  Thresholds value;
  std::vector<SysCheck> sys;
};

Store store_range(std::optional<AlertRange>& target) {
  return [&target](std::string_view text) -> std::optional<std::string> {
    target = parse_range(text);
    if (target) return std::nullopt;
    return "'" + std::string(text) + "' is no range like 10, 10:, ~:10, 10:20 or @10:20";
  };
}

/// NAME=WARN[,CRIT]
Store store_sys(std::vector<SysCheck>& target) {
  return [&target](std::string_view text) -> std::optional<std::string> {
    SysCheck check;
    const auto equals = text.rfind('=');
    check.name = text.substr(0, equals);
    if (equals != std::string_view::npos) {
      const auto ranges = text.substr(equals + 1);
      const auto comma = ranges.find(',');
      check.limits.warn = parse_range(ranges.substr(0, comma));
      bool good = check.limits.warn || ranges.substr(0, comma).empty();
      if (comma != std::string_view::npos) {
        check.limits.crit = parse_range(ranges.substr(comma + 1));
        good = good && check.limits.crit;
      }
      if (!good) return "'" + std::string(text) + "' is not NAME=WARN,CRIT with ranges";
    }
    target.push_back(std::move(check));
    return std::nullopt;
  };
}

template <typename Target>
Flag threshold(std::string_view name, std::string_view doc, Target& target,
               std::string_view standard = {}) {
  return {.name = name,
          .value_name = "DURATION",
          .kind = FlagKind::Value,
          .group = kThresholds,
          .doc = doc,
          .default_text = standard,
          .store = store(target)};
}

FlagTable check_flag_table(CheckFlags& flags) {
  FlagTable table;
  table.push_back(
      {.name = "format",
       .value_name = "FORMAT",
       .kind = FlagKind::Value,
       .group = kCheckGroup,
       .doc = "a monitoring plugin's line, Prometheus text, or JSON",
       .default_text = "nagios",
       .choices = kFormats,
       .common = true,
       .store = store_choice(flags.format, kFormats,
                             {CheckFormat::Nagios, CheckFormat::Prometheus, CheckFormat::Json})});
  table.push_back(
      json_flag(flags.json, kCheckGroup, "as --format json (schema mqtt-inspect.check/1)"));
  table.push_back({.name = "output",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kCheckGroup,
                   .doc = "write it there, as a whole, instead of to the standard output",
                   .completion = Completion::File,
                   .common = true,
                   .store = store(flags.output)});
  table.push_back(safe_flag(flags.safe, kCheckGroup, "publish nothing: no round trip"));
  table.push_back({.letter = 't',
                   .name = "topic",
                   .value_name = "TOPIC",
                   .kind = FlagKind::Value,
                   .group = kCheckGroup,
                   .doc = "look at this topic too: its age, or a value in its payload",
                   .common = true,
                   .store = store(flags.topic)});
  table.push_back({.name = "time-at",
                   .value_name = "PATH",
                   .kind = FlagKind::Value,
                   .group = kCheckGroup,
                   .doc = "where in the payload its time stands; a retained message will do then",
                   .store = store(flags.time_at)});
  table.push_back({.name = "value-at",
                   .value_name = "PATH",
                   .kind = FlagKind::Value,
                   .group = kCheckGroup,
                   .doc = "where in the payload a number stands that has thresholds",
                   .store = store(flags.value_at)});
  table.push_back({.name = "sys",
                   .value_name = "NAME=WARN,CRIT",
                   .kind = FlagKind::List,
                   .group = kCheckGroup,
                   .doc = "a value under $SYS, by its fixed name or its topic, with ranges",
                   .store = store_sys(flags.sys)});
  table.push_back(topic_prefix_flag(flags.topic_prefix, kCheckGroup));
  table.push_back({.name = "patience",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kCheckGroup,
                   .doc = "how long each answer may take",
                   .default_text = "5s",
                   .store = store(flags.patience)});
  table.push_back(threshold("connect-warn", "connecting takes longer", flags.connect_warn));
  table.push_back(threshold("connect-crit", "connecting takes longer", flags.connect_crit));
  table.push_back(threshold("rtt-warn", "the round trip takes longer", flags.rtt_warn));
  table.push_back(threshold("rtt-crit", "the round trip takes longer", flags.rtt_crit));
  table.push_back(
      threshold("cert-warn", "a certificate is valid for less", flags.cert_warn, "21d"));
  table.push_back(threshold("cert-crit", "a certificate is valid for less", flags.cert_crit, "7d"));
  table.push_back(threshold("age-warn", "the topic is silent for longer", flags.age_warn));
  table.push_back(threshold("age-crit", "the topic is silent for longer", flags.age_crit));
  for (const bool crit : {false, true}) {
    table.push_back({.name = crit ? "value-crit" : "value-warn",
                     .value_name = "RANGE",
                     .kind = FlagKind::Value,
                     .group = kThresholds,
                     .doc = "alert outside of it: 10, 10:, ~:10, 10:20; inside: @10:20",
                     .store = store_range(crit ? flags.value.crit : flags.value.warn)});
  }
  append_connection_flags(table, flags.client, SessionOptions::None);
  return table;
}

double rounded_seconds(Duration duration) {
  return static_cast<double>(duration / 1ms) / 1e3;
}

Thresholds limits(const std::optional<Duration>& warn, const std::optional<Duration>& crit) {
  Thresholds out;
  if (warn) out.warn = at_most(rounded_seconds(*warn));
  if (crit) out.crit = at_most(rounded_seconds(*crit));
  return out;
}

AlertRange days(Duration duration) {
  return at_least(static_cast<double>(duration / 1h) / 24);
}

class CheckCommand final : public Subcommand {
 public:
  FlagTable flags() override { return check_flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override;
  /// A monitoring system reads the standard output only.
  int refuse(Report&, const Error& error) override { return say_unknown(error); }

 private:
  static int say_unknown(const Error& error) {
    print_and_exit_code("MQTT UNKNOWN - " + error.message +
                        (error.hint.empty() ? "" : " (" + error.hint + ")") + "\n");
    return kUnknown;
  }
  Result<CheckOptions> options() const;
  CheckFlags flags_;
};

Result<CheckOptions> CheckCommand::options() const {
  CheckOptions out;
  out.format = flags_.json ? CheckFormat::Json : flags_.format.value_or(out.format);
  out.output = flags_.output.value_or("");
  out.publish = !flags_.safe;
  out.patience = flags_.patience.value_or(out.patience);
  out.topic_prefix = flags_.topic_prefix.value_or(out.topic_prefix);
  out.connect = limits(flags_.connect_warn, flags_.connect_crit);
  out.round_trip = limits(flags_.rtt_warn, flags_.rtt_crit);
  out.age = limits(flags_.age_warn, flags_.age_crit);
  out.certificate = {days(flags_.cert_warn.value_or(21 * 24h)),
                     days(flags_.cert_crit.value_or(7 * 24h))};
  out.value = flags_.value;
  out.sys = flags_.sys;
  out.topic = flags_.topic.value_or("");
  if (const auto fault = wire::check_topic_name(out.topic_prefix + "x")) {
    return fail(ErrorKind::Usage, "--topic-prefix: " + std::string(fault->what));
  }
  if (flags_.topic) {
    if (const auto fault = wire::check_topic_filter(out.topic)) {
      return fail(ErrorKind::Usage, "--topic: " + std::string(fault->what));
    }
  } else if (out.age.warn || out.age.crit || flags_.time_at || flags_.value_at) {
    return fail(ErrorKind::Usage, "an age or a value is that of a topic", "name it with -t TOPIC");
  }
  if ((out.value.warn || out.value.crit) && !flags_.value_at) {
    return fail(ErrorKind::Usage, "--value-warn and --value-crit need --value-at");
  }
  if (flags_.time_at) {
    auto path = JsonPath::parse(*flags_.time_at);
    if (!path) return fail(std::move(path.error()));
    out.time_at = std::move(*path);
  }
  if (flags_.value_at) {
    auto path = JsonPath::parse(*flags_.value_at);
    if (!path) return fail(std::move(path.error()));
    out.value_at = std::move(*path);
    out.value_path = *flags_.value_at;
  }
  return out;
}

int CheckCommand::run(const Launch& launch) {
  auto chosen = options();
  if (!chosen) return say_unknown(chosen.error());
  auto client = resolve_connection(flags_.client, launch);
  if (!client) return say_unknown(client.error());
  Runner runner(launch.report);
  CheckJob job(runner.loop(), runner, std::move(client->config), std::move(*chosen));
  job.start();
  runner.run(job, 0ns);
}

}  // namespace

SubcommandEntry check_subcommand() {
  return {
      .word = "check",
      .program =
          {.name = "mqtt-inspect check",
           .summary = "a check for monitoring: Nagios plugin, Prometheus text, JSON",
           .synopsis = "[URL] [OPTION]...",
           .examples =
               "mqtt-inspect check -h broker --rtt-warn 100ms --rtt-crit 1s\n"
               "mqtt-inspect check -h broker -t sensors/pump --age-crit 30s\n"
               "mqtt-inspect check -h broker --format prometheus --output /var/lib/node/mqtt.prom"},
      .description =
          "Connects with a fresh random client id, sends itself a message with a payload that "
          "differs in every run, and compares what it found with thresholds: times, days left of "
          "the certificates, the age of a topic, a value in a payload, values under $SYS. A "
          "retained message is no sign of life: the age of a topic is the time until a live "
          "message comes, at most until --age-crit, unless --time-at says where the payload holds "
          "its time. The exit status is that of monitoring plugins: 0 ok, 1 warning, 2 critical, "
          "3 unknown, also after wrong options, which are reported on the standard output. "
          "Nothing is left on the broker.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<CheckCommand>(); }};
}

}  // namespace mqtk::inspect
