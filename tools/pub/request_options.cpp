// What --request asks for.
#include "options/usage_error.hpp"
#include "output/terminal_text.hpp"
#include "pub/pub_options.hpp"
#include "wire/topic.hpp"

namespace mqtk::pub {

namespace {

Result<void> check_companions(const RequestFlags& flags, const CommandLine& line,
                              const PubOptions& options) {
  if (!flags.request) {
    for (const std::string_view name :
         {"response-to", "match", "latency", "format", "no-newline", "pretty", "no-retained",
          "retain-as-published", "retain-handling"}) {
      if (line.has(name)) return usage_error("--" + std::string(name) + ": only with --request");
    }
    return {};
  }
  for (const std::string_view name : {"from-json", "outbox", "require-subscriber"}) {
    if (line.has(name)) {
      return usage_error("--request and --" + std::string(name) + " exclude one another");
    }
  }
  if (!flags.response_to) return usage_error("--request: needs a response topic", "-e TOPIC");
  if (const auto fault = wire::check_topic_name(*flags.response_to)) {
    return usage_error("response topic '" + terminal_text(*flags.response_to) +
                       "': " + std::string(fault->what));
  }
  if (wire::PropertiesView(options.properties).find(wire::PropertyId::ResponseTopic)) {
    return usage_error("the response topic is given twice", "-e TOPIC is enough");
  }
  return {};
}

}  // namespace

Result<void> choose_request(const PubFlags& all, const CommandLine& line, PubOptions& options) {
  const RequestFlags& flags = all.request;
  if (auto checked = check_companions(flags, line, options); !checked) return checked;
  if (!flags.request) return {};
  RequestOptions& request = options.request.emplace();
  request.version = options.client.config.version;
  request.response_topic = *flags.response_to;
  request.subscription.filter = *flags.response_to;
  request.subscription.qos = all.qos;
  request.subscription.retain_as_published = flags.retain_as_published;
  request.subscription.retain_handling = flags.retain_handling.value_or(
      flags.no_retained ? wire::RetainHandling::DoNotSend : wire::RetainHandling::Send);
  request.subscribe_properties = options.client.properties.subscribe;
  // With --template the text goes with each message.
  if (!all.templates) request.match = flags.match.value_or("");
  request.latency = flags.latency;
  request.format.topic = all.verbose;
  request.format.newline = !flags.no_newline;
  request.format.null_payload = line.dialect->null_payload;
  if (flags.format) {
    auto compiled = MessageTemplate::compile(*flags.format);
    if (!compiled) return fail(std::move(compiled.error()));
    request.print = std::move(*compiled);
  }
  request.pretty = flags.pretty;
  options.publisher.verbose = false;
  return {};
}

}  // namespace mqtk::pub
