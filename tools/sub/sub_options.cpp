#include "sub/sub_options.hpp"

#include "output/terminal_text.hpp"
#include "wire/topic.hpp"

namespace mqtk::sub {

namespace {

constexpr std::string_view kWildcards =
    "'+' stands for one whole level, '#' for all that follow, and both only between slashes";

Unexpected<Error> usage(std::string message, std::string hint = {}) {
  return fail(ErrorKind::Usage, std::move(message), std::move(hint));
}

std::string quoted(std::string_view text) {
  return "'" + terminal_text(text) + "'";
}

Result<void> check_filters(const std::vector<std::string>& filters, std::string_view option) {
  for (const std::string& filter : filters) {
    const auto fault = wire::check_topic_filter(filter);
    if (!fault) continue;
    const bool wildcard = filter.find_first_of("+#") != std::string::npos;
    return usage(std::string(option) + " " + quoted(filter) + ": " + std::string(fault->what),
                 wildcard ? std::string(kWildcards) : std::string());
  }
  return {};
}

/// Wildcards of other systems are ordinary characters here: legal, and hardly ever meant.
void warn_of_foreign_wildcards(const std::vector<std::string>& filters, SubOptions& options) {
  for (const std::string& filter : filters) {
    std::string_view rest = filter;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('/'), rest.size());
      const std::string_view level = rest.substr(0, end);
      if (level == "*" || level == ">" || level == "**") {
        options.warnings.push_back(
            "-t " + quoted(filter) + ": '" + std::string(level) + "' is no wildcard in MQTT; " +
            (level == "*" ? "'+' stands for one level" : "'#' stands for all levels that follow"));
        break;
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

Result<void> choose_subscriptions(const SubFlags& flags, SubOptions& options) {
  std::vector<std::string> filters = flags.topics;
  if (options.client.url_topic && !options.client.url_topic->empty()) {
    filters.insert(filters.begin(), *options.client.url_topic);
  }
  if (flags.no_subscribe && !filters.empty())
    return usage("-t and --no-subscribe exclude one another");
  if (filters.empty() && flags.unsubscribe.empty() && !flags.no_subscribe) {
    return usage("no topic given", "-t FILTER; '#' is all topics");
  }
  if (auto checked = check_filters(filters, "-t"); !checked) return checked;
  if (auto checked = check_filters(flags.unsubscribe, "-U"); !checked) return checked;
  if (flags.qos.size() > 1 && flags.qos.size() != filters.size()) {
    return usage("-q is given " + std::to_string(flags.qos.size()) + " times for " +
                     std::to_string(filters.size()) + " topics",
                 "once for all of them, or once for each in the same order");
  }
  warn_of_foreign_wildcards(filters, options);
  const auto handling = flags.retain_handling.value_or(
      flags.hide_retained ? wire::RetainHandling::DoNotSend : wire::RetainHandling::Send);
  const bool as_published =
      flags.json && options.client.config.version == wire::ProtocolVersion::V5;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    options.subscriptions.push_back(
        {.filter = std::move(filters[i]),
         .qos = flags.qos.empty() ? wire::Qos::AtMostOnce : flags.qos[i % flags.qos.size()],
         .no_local = flags.no_local,
         .retain_as_published = flags.retain_as_published || as_published,
         .retain_handling = handling});
  }
  options.unsubscriptions = flags.unsubscribe;
  return {};
}

Result<void> choose_messages(const SubFlags& flags, SubOptions& options) {
  if (flags.hide_retained && flags.retained_only) {
    return usage("-R and --retained-only exclude one another");
  }
  if (auto checked = check_filters(flags.filter_out, "-T"); !checked) return checked;
  options.filter.hide_retained = flags.hide_retained;
  options.filter.retained_only = flags.retained_only;
  for (const std::string& filter : flags.filter_out) options.filter.filter_out.emplace_back(filter);
  return {};
}

Result<void> choose_output(const SubFlags& flags, SubOptions& options) {
  if (flags.json && (flags.show_topic || flags.no_newline)) {
    return usage("--json excludes -v and -N", "a record has the topic, and is one line");
  }
  options.json = flags.json;
  options.format.topic = flags.show_topic;
  options.format.newline = !flags.no_newline;
  if (flags.topic_separator) {
    if (!flags.show_topic) return usage("--topic-sep: only with -v");
    options.format.separator = unescape_separator(*flags.topic_separator);
  }
  return {};
}

Result<void> choose_end(const SubFlags& flags, SubOptions& options) {
  options.count = flags.count.value_or(0);
  options.deadline = flags.deadline.value_or(0ns);
  options.window = flags.window.value_or(0ns);
  options.idle = flags.idle.value_or(flags.retained_only ? Duration(500ms) : Duration(0ns));
  options.only_ask =
      flags.exit_when_subscribed || (options.subscriptions.empty() && !flags.no_subscribe);
  return {};
}

}  // namespace

Result<SubOptions> resolve(const SubFlags& flags, const Environment& environment,
                           const CommandLine& line) {
  SubOptions options;
  auto client = resolve_client(flags.client, environment,
                               {.id_prefix = "mqttsub-",
                                .reconnect = true,
                                .publish_topic = {},
                                .mqtt5_options = line.mqtt5_options});
  if (!client) return fail(client.error());
  options.client = std::move(*client);
  for (auto* step : {choose_subscriptions, choose_messages, choose_output, choose_end}) {
    if (auto done = step(flags, options); !done) return fail(done.error());
  }
  options.subscribe_properties = options.client.properties.subscribe;
  options.unsubscribe_properties = options.client.properties.unsubscribe;
  options.trace = flags.client.report.debug;
  return options;
}

}  // namespace mqtk::sub
