#include "pub/launch.hpp"

#include <unistd.h>

#include <chrono>

#include "client/engine.hpp"
#include "client/outbox/outbox.hpp"
#include "output/json_text.hpp"
#include "output/terminal_text.hpp"
#include "pub/outbox_lock.hpp"
#include "pub/outbox_run.hpp"
#include "pub/source_choice.hpp"

namespace mqtk::pub {

namespace {

Result<std::string> outbox_status(Outbox& outbox, const OutboxOptions& options) {
  auto counts = outbox.counts();
  auto oldest = outbox.oldest_ms();
  auto under_way = outbox.under_way();
  OutboxLock lock(options.path);
  auto free = lock.take();
  if (!counts) return fail(std::move(counts.error()));
  if (!oldest) return fail(std::move(oldest.error()));
  if (!under_way) return fail(std::move(under_way.error()));
  if (!free) return fail(std::move(free.error()));
  std::string text = "{\"schema\":\"mqtt-pub.outbox/1\",\"file\":";
  append_json_string(text, options.path);
  const auto add = [&text](std::string_view key, std::uint64_t value) {
    text += ",\"" + std::string(key) + "\":" + std::to_string(value);
  };
  add("waiting", counts->waiting());
  add("under_way", under_way->size());
  add("bytes", counts->octets);
  add("limit_bytes", options.limit);
  if (*oldest) {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    add("oldest_s",
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, now.count() - **oldest)) / 1000);
  }
  add("accepted", counts->accepted);
  add("delivered", counts->delivered);
  add("refused", counts->refused);
  add("expired", counts->expired);
  add("dropped", counts->dropped);
  text += std::string(",\"delivering\":") + (*free ? "false" : "true") + "}\n";
  return text;
}

int launch_outbox(PubOptions options, Runner& runner) {
  const OutboxOptions& asked = *options.outbox;
  Report& report = runner.report();
  if (asked.status && ::access(asked.path.c_str(), F_OK) != 0) {
    return report.finish({ErrorKind::NoInput,
                          Cause::None,
                          "there is no outbox '" + terminal_text(asked.path) + "'",
                          {}});
  }
  auto outbox = open_outbox(asked.path, asked.limit);
  if (!outbox) return report.finish(outbox.error());
  if (asked.status) {
    auto text = outbox_status(**outbox, asked);
    return text ? print_and_exit_code(*text) : report.finish(text.error());
  }
  ClientConfig& config = options.client.config;
  if (config.client_id_generated || config.client_id.empty()) {
    auto id = (*outbox)->client_id(config.client_id.empty() ? generate_client_id("mqttpub-")
                                                            : config.client_id);
    if (!id) return report.finish(id.error());
    config.client_id = *id;
    config.client_id_generated = false;
  }
  auto source = make_source(options, runner, runner.started());
  if (!source) return report.finish(source.error());
  OutboxRun run({.path = asked.path,
                 .client_id = config.client_id,
                 .disconnect = options.client.disconnect,
                 .when_full = config.when_full,
                 .window = config.max_inflight,
                 .only_accept = asked.only_accept,
                 .config = &config,
                 .verbose = options.publisher.verbose},
                **outbox, (*source)->messages.get(), runner, [&](ClientListener& listener) {
                  return make_client(options.client.engine, runner.loop(), config, listener);
                });
  run.start();
  runner.run(run, options.deadline);
}

}  // namespace

int launch(PubOptions options, Report& report) {
  Runner runner(report);
  if (options.outbox) return launch_outbox(std::move(options), runner);
  auto source = make_source(options, runner, runner.started());
  if (!source) return report.finish(source.error());
  const ClientConfig& config = options.client.config;
  if (options.request) {
    Writer writer(STDOUT_FILENO, [&runner] { runner.wake(); });
    Requester requester(*options.request, config, options.client.disconnect, *(*source)->messages,
                        writer, runner);
    const auto client = make_client(options.client.engine, runner.loop(), config, requester);
    requester.start(*client);
    runner.run(requester, options.deadline);
  }
  options.publisher.config = &config;
  Publisher publisher(options.publisher, *(*source)->messages, runner);
  const auto client = make_client(options.client.engine, runner.loop(), config, publisher);
  publisher.start(*client);
  runner.run(publisher, options.deadline);
}

}  // namespace mqtk::pub
