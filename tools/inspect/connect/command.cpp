#include "inspect/connect/diagnosis.hpp"
#include "inspect/connect/flags.hpp"
#include "inspect/shared/flags.hpp"
#include "inspect/subcommand.hpp"
#include "wire/topic.hpp"

namespace mqtk::inspect {

namespace {

class ConnectCommand final : public Subcommand {
 public:
  FlagTable flags() override { return connect_flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override;

 private:
  ConnectFlags flags_;
};

Result<DiagnosisOptions> resolve(const ConnectFlags& flags, ClientConfig config) {
  DiagnosisOptions options;
  ProbePlan& plan = options.plan;
  if (flags.topic && flags.retain) {
    return fail(ErrorKind::Usage, "-r and -t exclude each other",
                "a retained message is published to a topic of the program's own only");
  }
  plan.nonce = generate_client_id("", 16);
  plan.topic = flags.topic ? *flags.topic
                           : flags.topic_prefix.value_or(std::string(kTopicPrefix)) + plan.nonce;
  if (const auto fault = wire::check_topic_name(plan.topic)) {
    return fail(ErrorKind::Usage, "the topic '" + plan.topic + "': " + std::string(fault->what));
  }
  plan.publish = !flags.safe;
  plan.retain = flags.retain;
  if (flags.qos) {
    plan.qos = {*flags.qos};
    plan.qos_asked_for = true;
  }
  plan.payload_size = flags.size.value_or(plan.payload_size);
  options.config = std::move(config);
  options.variants = !flags.no_variants;
  options.json = flags.json;
  return options;
}

int ConnectCommand::run(const Launch& launch) {
  auto client = resolve_connection(flags_.client, launch);
  if (!client) return launch.report.finish(client.error());
  auto options = resolve(flags_, std::move(client->config));
  if (!options) return launch.report.finish(options.error());
  if (launch.report.debugging()) options->plan.debug = &launch.report;
  Runner runner(launch.report);
  Diagnosis diagnosis(runner.loop(), runner, std::move(*options));
  diagnosis.start();
  runner.run(diagnosis, 0ns);
}

}  // namespace

SubcommandEntry connect_subcommand() {
  return {
      .word = "connect",
      .program = {.name = "mqtt-inspect connect",
                  .summary = "connect phase by phase and say what is wrong",
                  .synopsis = "[URL] [OPTION]...",
                  .examples = "mqtt-inspect -h broker\n"
                              "mqtt-inspect connect mqtts://user@broker --cafile ca.pem\n"
                              "mqtt-inspect wss://broker/mqtt --json"},
      .description =
          "Connects as the other programs do and shows each phase with its time: resolving, "
          "TCP, proxy, TLS, WebSocket, CONNECT, a PINGREQ, a subscription, and a message at "
          "each quality of service that must come back. On a failure it names the cause, the "
          "evidence and the next thing to try, and tries at most six other ways by itself. "
          "The exit status is that of the phase that failed.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<ConnectCommand>(); }};
}

}  // namespace mqtk::inspect
