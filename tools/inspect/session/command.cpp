// mqtt-inspect session: is there a stored session of this client id, what waits in it, delete it.
#include "inspect/caps/probes.hpp"
#include "inspect/session/report.hpp"
#include "inspect/shared/flags.hpp"
#include "inspect/shared/lab_job.hpp"
#include "inspect/subcommand.hpp"
#include "options/client_flags.hpp"

namespace mqtk::inspect {

namespace {

using wire::PacketType;

constexpr std::uint64_t kMostCounted = 100'000;

class SessionJob final : public LabJob {
 public:
  SessionJob(EventLoop& loop, Host& host, CapsOptions options, std::string id, bool remove,
             bool json)
      : LabJob(loop, host, std::move(options)), remove_(remove), json_(json) {
    report_.client_id = std::move(id);
  }

 private:
  void begin() override { run(look()); }

  Task<bool> look() {
    const ClientConfig& config = laboratory_.options.config;
    wire::Properties properties = config.connect_properties;
    if (laboratory_.v5() && !properties.view().find(wire::PropertyId::SessionExpiryInterval)) {
      properties.add(wire::PropertyId::SessionExpiryInterval, kNeverExpires);
    }
    wire::Connect hello;
    hello.clean_start = false;
    hello.properties = properties.view();
    PacketLink link(laboratory_.loop, laboratory_.route);
    // What waits stays there: it is looked at and not acknowledged.
    link.acknowledge(false);
    const Answer connack = co_await connect(link, report_.client_id, hello);
    report_.version = wire::name(laboratory_.route.version);
    if (!connack.accepted()) {
      report_.refusal =
          refusal_text(connack.kind == Answer::Kind::Closed, connack.code, PacketType::Connack);
    }
    report_.present = connack.accepted() && connack.session_present;
    while (report_.present && report_.waiting < kMostCounted) {
      const Answer message = co_await link.next(PacketType::Publish, kSilence);
      if (!message.is_packet()) break;
      if (message.qos == wire::Qos::AtMostOnce) continue;
      ++report_.waiting;
      report_.octets += message.payload.size();
      report_.topics.insert(message.topic);
    }
    link.leave();
    if (!report_.refusal.empty()) co_return false;
    if (remove_) {
      report_.deleted = co_await delete_session(laboratory_, report_.client_id);
    } else if (!report_.present) {
      // Looking has made one.
      co_await delete_session(laboratory_, report_.client_id);
    }
    co_return true;
  }

  int conclude(const Error* error) override {
    report_.target = target_;
    if (error != nullptr) report_.error = *error;
    const int printed = print_and_exit_code(json_ ? session_json(report_) : session_text(report_));
    return printed != 0 ? printed : report_.exit_code();
  }

  SessionReport report_;
  bool remove_;
  bool json_;
};

struct SessionCommandFlags {
  ClientFlags client;
  bool remove = false;
  bool json = false;
};

FlagTable session_flag_table(SessionCommandFlags& flags) {
  constexpr std::string_view kGroup = "The session";
  FlagTable table;
  table.push_back({.name = "delete",
                   .group = kGroup,
                   .doc = "delete it, and verify that it is gone",
                   .common = true,
                   .store = store(flags.remove)});
  table.push_back(
      json_flag(flags.json, kGroup, "print the result as JSON (schema mqtt-inspect.session/1)"));
  append_connection_flags(table, flags.client);
  return table;
}

class SessionCommand final : public Subcommand {
 public:
  FlagTable flags() override { return session_flag_table(flags_); }
  const ReportFlags& report_flags() const override { return flags_.client.report; }
  int run(const Launch& launch) override {
    auto client = resolve_connection(flags_.client, launch);
    if (!client) return launch.report.finish(client.error());
    if (client->config.client_id_generated || client->config.client_id.empty()) {
      return launch.report.finish({ErrorKind::Usage, Cause::None, "no client id is given",
                                   "name the session's with -i ID"});
    }
    std::string id = client->config.client_id;
    Runner runner(launch.report);
    SessionJob job(runner.loop(), runner, lab_options(std::move(client->config), launch.report),
                   std::move(id), flags_.remove, flags_.json);
    job.start();
    runner.run(job, 0ns);
  }

 private:
  SessionCommandFlags flags_;
};

}  // namespace

SubcommandEntry session_subcommand() {
  return {
      .word = "session",
      .program = {.name = "mqtt-inspect session",
                  .summary = "is a session stored under a client id, and what waits in it",
                  .synopsis = "[URL] -i ID [OPTION]...",
                  .examples = "mqtt-inspect session -h broker -i device7\n"
                              "mqtt-inspect session -h broker -i device7 --delete\n"
                              "mqtt-inspect session -h broker -i device7 --json"},
      .description =
          "Connects under a client id and says whether the broker has a session stored for it and "
          "how many messages of QoS 1 and 2 it sends at once; they are not acknowledged and stay. "
          "A client that is connected under this id is thrown off. A session that looking has made "
          "is deleted again. With MQTT 5 the session is left with the expiry of --session-expiry, "
          "or never expires; with 3.1.1 the broker's own rule stays. The exit status is 1 when "
          "there is none, or when --delete did not remove it.",
      .make = []() -> std::unique_ptr<Subcommand> { return std::make_unique<SessionCommand>(); }};
}

}  // namespace mqtk::inspect
