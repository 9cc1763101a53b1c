#include "inspect/shared/flags.hpp"
#include "inspect/subcommand.hpp"
#include "inspect/tls/view.hpp"
#include "session/service_endpoints.hpp"

namespace mqtk::inspect {

namespace {

struct TlsCommandFlags {
  ClientFlags client;
  bool json = false;
  std::optional<Duration> warn, crit;
};

FlagTable tls_flag_table(TlsCommandFlags& flags) {
  constexpr std::string_view kGroup = "Certificates";
  FlagTable table;
  table.push_back({.name = "warn",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "warn about a certificate that is valid for less",
                   .default_text = "21d",
                   .common = true,
                   .store = store(flags.warn)});
  table.push_back({.name = "crit",
                   .value_name = "DURATION",
                   .kind = FlagKind::Value,
                   .group = kGroup,
                   .doc = "exit with 1 when one is valid for less",
                   .default_text = "7d",
                   .common = true,
                   .store = store(flags.crit)});
  table.push_back(
      json_flag(flags.json, kGroup, "print the result as JSON (schema mqtt-inspect.tls/1)"));
  append_connection_flags(table, flags.client, SessionOptions::None);
  return table;
}

class TlsCommand final : public Subcommand {
 public:
  FlagTable flags() override { return tls_flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override {
    auto client = resolve_connection(flags_.client, launch);
    if (!client) return launch.report.finish(client.error());
    if (!client->config.endpoints.front().uses_tls()) {
      return launch.report.finish({ErrorKind::Usage, Cause::None,
                                   to_string(client->config.endpoints.front()) + " is without TLS",
                                   "name it as mqtts://HOST or wss://HOST, or give --cafile"});
    }
    if (auto found = use_service_records(client->config); !found) {
      return launch.report.finish(found.error());
    }
    TlsLimits limits;
    limits.warn = flags_.warn.value_or(limits.warn);
    limits.crit = flags_.crit.value_or(limits.crit);
    Runner runner(launch.report);
    TlsView view(runner.loop(), runner, std::move(client->config), limits, flags_.json);
    view.start();
    runner.run(view, 0ns);
  }

 private:
  TlsCommandFlags flags_;
};

}  // namespace

SubcommandEntry tls_subcommand() {
  return {
      .word = "tls",
      .program = {.name = "mqtt-inspect tls",
                  .summary = "show the certificates of a server, and how long they are valid",
                  .synopsis = "[URL] [OPTION]...",
                  .examples = "mqtt-inspect tls mqtts://broker --cafile ca.pem\n"
                              "mqtt-inspect tls wss://broker --warn 30d --crit 14d\n"
                              "mqtt-inspect tls mqtts://broker --json"},
      .description =
          "Makes one TLS handshake, sends nothing of MQTT, and shows version, cipher, the verdict "
          "of the verification and every certificate that the server sent: subject, issuer, "
          "names, and how long it is valid. The chain is shown when verification fails as well. "
          "The exit status is 79 after a failure of TLS, and 1 when a certificate is valid for "
          "less than --crit.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<TlsCommand>(); }};
}

}  // namespace mqtk::inspect
