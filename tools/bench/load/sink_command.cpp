// `mqtt-bench sink`: a broker that only accepts and counts, to measure what generators can do.
#include <signal.h>

#include <cstdio>

#include "base/units.hpp"
#include "bench/load/preflight.hpp"
#include "options/subcommand.hpp"
#include "server/sink.hpp"

namespace mqtk::bench {

namespace {

struct SinkFlags {
  std::optional<std::string> listen, unix_path;
  std::optional<std::uint64_t> feed, feed_size;
  std::optional<std::uint16_t> feed_window;
  bool stall = false;
  bool websocket = false;
  std::optional<std::string> cert, key, ca;
  ReportFlags report;
};

FlagTable flag_table(SinkFlags& flags) {
  constexpr std::string_view kListen = "Listening";
  constexpr std::string_view kBehaviour = "Behaviour";
  FlagTable table;
  table.push_back({.name = "listen",
                   .value_name = "[HOST:]PORT",
                   .kind = FlagKind::Value,
                   .group = kListen,
                   .doc = "address to accept connections on; port 0: a free one",
                   .default_text = "127.0.0.1:0",
                   .common = true,
                   .store = store(flags.listen)});
  table.push_back({.name = "unix",
                   .value_name = "PATH",
                   .kind = FlagKind::Value,
                   .group = kListen,
                   .doc = "accept on a Unix socket instead",
                   .store = store(flags.unix_path)});
  table.push_back({.name = "ws",
                   .group = kListen,
                   .doc = "speak MQTT over WebSocket",
                   .store = store(flags.websocket)});
  table.push_back({.name = "cert",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kListen,
                   .doc = "speak TLS with this certificate (PEM)",
                   .completion = Completion::File,
                   .store = store(flags.cert)});
  table.push_back({.name = "key",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kListen,
                   .doc = "key of the certificate (PEM)",
                   .completion = Completion::File,
                   .store = store(flags.key)});
  table.push_back({.name = "cafile",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kListen,
                   .doc = "ask clients for a certificate that one of these signed",
                   .completion = Completion::File,
                   .store = store(flags.ca)});
  table.push_back({.name = "feed",
                   .value_name = "N",
                   .kind = FlagKind::Value,
                   .group = kBehaviour,
                   .doc = "send every subscription N messages, as fast as they are taken",
                   .default_text = "0",
                   .common = true,
                   .store = store_number(flags.feed, 0, 1'000'000'000'000)});
  table.push_back({.name = "feed-size",
                   .value_name = "SIZE",
                   .kind = FlagKind::Value,
                   .group = kBehaviour,
                   .doc = "octets of their payload",
                   .default_text = "64",
                   .store = store_size(flags.feed_size, 0, 100'000'000)});
  table.push_back({.name = "feed-window",
                   .value_name = "N",
                   .kind = FlagKind::Value,
                   .group = kBehaviour,
                   .doc = "how many of QoS 1 and 2 may be unacknowledged",
                   .default_text = "1000",
                   .store = store_number(flags.feed_window, 1, 65'535)});
  table.push_back({.name = "stall",
                   .group = kBehaviour,
                   .doc = "answer CONNECT and read nothing more",
                   .store = store(flags.stall)});
  append_flags(table, flags.report);
  for (Flag& flag : table) flag.letter = 0;
  return table;
}

Result<ListenAddress> listen_address(const SinkFlags& flags) {
  ListenAddress address;
  if (flags.unix_path) address.unix_path = *flags.unix_path;
  if (!flags.listen) return address;
  std::string_view port = *flags.listen;
  if (const auto colon = port.rfind(':'); colon != std::string_view::npos) {
    std::string_view host = port.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    address.host = std::string(host);
    port = port.substr(colon + 1);
  }
  const auto number = parse_number(port, 0, 65'535);
  if (!number || address.host.empty()) {
    return fail(ErrorKind::Usage, "--listen: '" + *flags.listen + "' is no address",
                "as in 1883, 127.0.0.1:1883 or [::1]:0");
  }
  address.port = static_cast<std::uint16_t>(*number);
  return address;
}

class SinkCommand final : public Subcommand {
 public:
  FlagTable flags() override { return flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.report; }
  int run(const Launch& launch) override;

 private:
  SinkFlags flags_;
};

int serve(Report& report, const SinkOptions& options) {
  EventLoop loop;
  auto sink = Sink::start(loop, options);
  if (!sink) return report.finish(sink.error());
  const std::string where = options.listen.unix_path.empty()
                                ? host_and_port(options.listen.host, (*sink)->port())
                                : options.listen.unix_path;
  bool over = false;
  std::vector<std::unique_ptr<SignalWatcher>> signals;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    signals.push_back(std::make_unique<SignalWatcher>(loop, number, [&] {
      over = true;
      loop.stop();
    }));
  }
  signals.push_back(std::make_unique<SignalWatcher>(
      loop, SIGUSR1, [&] { report.note(to_json((*sink)->counts())); }));
  // Whoever reads it may send a signal at once.
  if (const int code = print_and_exit_code("listening on " + where + "\n"); code != 0) return code;
  while (!over) loop.run();
  (*sink)->drain();
  return print_and_exit_code(to_json((*sink)->counts()) + "\n");
}

int SinkCommand::run(const Launch& launch) {
  auto address = listen_address(flags_);
  if (!address) return launch.report.finish(address.error());
  SinkOptions options;
  options.listen = std::move(*address);
  options.feed = flags_.feed.value_or(0);
  options.feed_size = static_cast<std::size_t>(flags_.feed_size.value_or(64));
  options.feed_window = flags_.feed_window.value_or(1000);
  options.stall = flags_.stall;
  options.layers.websocket = flags_.websocket;
  raise_descriptor_limit();
  if (!flags_.cert) return serve(launch.report, options);
  TlsConfig tls;
  tls.certificate.file = *flags_.cert;
  tls.key.file = flags_.key.value_or(*flags_.cert);
  if (flags_.ca) tls.ca.file = *flags_.ca;
  auto context = make_tls_context(tls, TlsRole::Server);
  if (!context) return launch.report.finish(context.error());
  options.layers.tls = context->get();
  return serve(launch.report, options);
}

}  // namespace

SubcommandEntry sink_subcommand() {
  return {.word = "sink",
          .program = {.name = "mqtt-bench sink",
                      .summary = "be a broker that only accepts and counts",
                      .synopsis = "[--listen [HOST:]PORT] [OPTION]...",
                      .examples = "mqtt-bench sink --listen 1884"},
          .description =
              "Accepts every connection, subscription and message, acknowledges what must be "
              "acknowledged, counts, and forgets; --feed sends messages to subscribers. The first "
              "line says where it listens; at the end, on SIGINT or SIGTERM, the counts follow as "
              "one line of JSON.",
          .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<SinkCommand>(); }};
}

}  // namespace mqtk::bench
