#include <fstream>
#include <iostream>
#include <iterator>

#include "inspect/shared/flags.hpp"
#include "inspect/subcommand.hpp"
#include "inspect/trace/capture_trace.hpp"
#include "inspect/trace/relay.hpp"
#include "session/service_endpoints.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::string_view kDetails = "lines fields octets";
constexpr std::string_view kTraceGroup = "Trace";

struct TraceFlags {
  ClientFlags client;
  TraceFormat format;
  std::optional<std::uint64_t> payload;
  std::optional<ListenAddress> listen;
  std::optional<std::string> read, write, certificate, key;
  bool websocket = false;
};

FlagTable trace_flag_table(TraceFlags& flags) {
  FlagTable table;
  table.push_back({.name = "listen",
                   .value_name = "ADDRESS",
                   .kind = FlagKind::Value,
                   .group = kTraceGroup,
                   .doc = "relay what connects here to the broker: 127.0.0.1:1884, or a port",
                   .common = true,
                   .store = [&flags](std::string_view text) -> std::optional<std::string> {
                     flags.listen = parse_listen_address(text);
                     if (flags.listen) return std::nullopt;
                     return "'" + std::string(text) + "' is no address and port";
                   }});
  table.push_back({.name = "read",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kTraceGroup,
                   .doc = "decode a capture (pcap, pcapng), octets, or hex text; -: standard input",
                   .completion = Completion::File,
                   .common = true,
                   .store = store(flags.read)});
  table.push_back({.name = "write",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kTraceGroup,
                   .doc = "also write what passes to a pcapng file, in the clear",
                   .completion = Completion::File,
                   .common = true,
                   .store = store(flags.write)});
  table.push_back({.name = "show",
                   .value_name = "DETAIL",
                   .kind = FlagKind::Value,
                   .group = kTraceGroup,
                   .doc = "a line for a packet, its fields, or its fields beside their octets",
                   .default_text = "octets",
                   .choices = kDetails,
                   .common = true,
                   .store = store_choice(flags.format.detail, kDetails,
                                         {TraceFormat::Detail::Lines, TraceFormat::Detail::Fields,
                                          TraceFormat::Detail::Octets})});
  table.push_back({.name = "max-value",
                   .value_name = "SIZE",
                   .kind = FlagKind::Value,
                   .group = kTraceGroup,
                   .doc = "octets shown of a payload or other value; 0: all",
                   .default_text = "256",
                   .store = store_size(flags.payload)});
  table.push_back({.name = "show-secrets",
                   .group = kTraceGroup,
                   .doc = "show passwords and authentication data",
                   .store = store(flags.format.secrets)});
  table.push_back({.name = "listen-cert",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kTraceGroup,
                   .doc = "speak TLS to what connects, with this certificate",
                   .completion = Completion::File,
                   .store = store(flags.certificate)});
  table.push_back({.name = "listen-key",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kTraceGroup,
                   .doc = "the key of --listen-cert",
                   .completion = Completion::File,
                   .store = store(flags.key)});
  table.push_back({.name = "listen-ws",
                   .group = kTraceGroup,
                   .doc = "speak WebSocket to what connects",
                   .store = store(flags.websocket)});
  table.push_back(json_flag(flags.format.json, kTraceGroup,
                            "print each packet as a line of JSON (schema mqtt-inspect.trace/1)"));
  append_connection_flags(table, flags.client, SessionOptions::None);
  return table;
}

class TraceCommand final : public Subcommand {
 public:
  FlagTable flags() override { return trace_flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override {
    if (flags_.payload) flags_.format.payload = *flags_.payload;
    if (flags_.read.has_value() == flags_.listen.has_value()) {
      return launch.report.finish({ErrorKind::Usage, Cause::None,
                                   "either --listen ADDRESS or --read FILE is needed",
                                   "mqtt-inspect trace --listen 127.0.0.1:1884 mqtt://broker"});
    }
    return flags_.read ? read(launch.report) : relay(launch);
  }

 private:
  int read(Report& report);
  int relay(const Launch& launch);
  TraceFlags flags_;
};

int TraceCommand::read(Report& report) {
  const std::string& path = *flags_.read;
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  const std::string content((std::istreambuf_iterator<char>(in)), {});
  if (!in.eof() && !in.good()) {
    return report.finish({ErrorKind::NoInput, Cause::None, "cannot read " + path, {}});
  }
  int printed = 0;
  std::string out;
  const auto flush = [&out, &printed] {
    if (printed == 0) printed = print_and_exit_code(out);
    out.clear();
  };
  CaptureTrace trace([&](const TracedPacket& packet) {
    append_packet(out, packet, flags_.format);
    if (out.size() > 64 * 1024) flush();
  });
  const auto done = trace.read(content);
  flush();
  for (const std::string& note : trace.notes(path)) report.note(note);
  if (!done) return report.finish(done.error());
  return printed;
}

int TraceCommand::relay(const Launch& launch) {
  auto client = resolve_connection(flags_.client, launch);
  if (!client) return launch.report.finish(client.error());
  if (auto found = use_service_records(client->config); !found) {
    return launch.report.finish(found.error());
  }
  TraceRelayOptions options;
  options.listen = *flags_.listen;
  options.format = flags_.format;
  options.capture = flags_.write.value_or("");
  options.layers.websocket = flags_.websocket;
  std::unique_ptr<TlsContext> server;
  if (flags_.certificate) {
    TlsConfig config;
    config.certificate.file = *flags_.certificate;
    config.key.file = flags_.key.value_or("");
    config.keylog_file = client->config.tls.keylog_file;
    auto context = make_tls_context(config, TlsRole::Server);
    if (!context) return launch.report.finish(context.error());
    server = std::move(*context);
    options.layers.tls = server.get();
  }
  Runner runner(launch.report);
  TraceRelay relay(runner.loop(), runner, std::move(client->config), std::move(options));
  if (auto opened = relay.open(); !opened) return launch.report.finish(opened.error());
  runner.run(relay, 0ns);
}

}  // namespace

SubcommandEntry trace_subcommand() {
  return {
      .word = "trace",
      .program = {.name = "mqtt-inspect trace",
                  .summary = "show every packet of a device, or of a capture, field by field",
                  .synopsis = "--listen ADDRESS [URL] [OPTION]...\n--read FILE [OPTION]...",
                  .examples = "mqtt-inspect trace --listen 127.0.0.1:1884 mqtt://broker\n"
                              "mqtt-inspect trace --read device.pcapng --show lines\n"
                              "echo 'c0 00 d0 00' | mqtt-inspect trace --read -"},
      .description =
          "With --listen it relays what connects there to the broker and shows the packets of both "
          "directions (> from the client, < from the broker) with all fields beside their octets; "
          "a packet that breaks a rule of MQTT is passed on and marked with the rule, as in "
          "[MQTT-3.1.0-1]. Either side may be TLS or WebSocket. With --read it decodes a capture "
          "in the same way: TCP is put together again, MQTT in WebSocket is found, and for TLS "
          "the command is named that decrypts it. Passwords are hidden.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<TraceCommand>(); }};
}

}  // namespace mqtk::inspect
