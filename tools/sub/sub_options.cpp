#include "sub/sub_options.hpp"

#include "options/usage_error.hpp"
#include "output/terminal_text.hpp"
#include "wire/topic.hpp"

namespace mqtk::sub {

namespace {

constexpr std::string_view kWildcards =
    "'+' stands for one whole level, '#' for all that follow, and both only between slashes";

Unexpected<Error> option_error(std::string_view option, Error error) {
  error.message = std::string(option) + " " + error.message;
  return fail(std::move(error));
}

std::string quoted_text(std::string_view text) {
  return "'" + terminal_text(text) + "'";
}

Result<void> check_filters(const std::vector<std::string>& filters, std::string_view option) {
  for (const std::string& filter : filters) {
    const auto fault = wire::check_topic_filter(filter);
    if (!fault) continue;
    const bool wildcard = filter.find_first_of("+#") != std::string::npos;
    return usage_error(
        std::string(option) + " " + quoted_text(filter) + ": " + std::string(fault->what),
        wildcard ? std::string(kWildcards) : std::string());
  }
  return {};
}

/// Wildcards of other systems are ordinary characters here: legal, and hardly ever meant.
void warn_of_foreign_wildcards(const std::vector<std::string>& filters, SubOptions& options) {
  for (const std::string& filter : filters) {
    if (filter == "/#" || filter.starts_with("/broker/")) {
      options.warnings.push_back("-t " + quoted_text(filter) + ": if $SYS" + filter +
                                 " was meant, put it in single quotes: the shell replaces $SYS");
      continue;
    }
    std::string_view rest = filter;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('/'), rest.size());
      const std::string_view level = rest.substr(0, end);
      const bool dotted = end == rest.size() && level.ends_with(".>");
      if (level == "*" || level == ">" || level == "**" || dotted) {
        options.warnings.push_back(
            "-t " + quoted_text(filter) + ": '" + std::string(dotted ? ">" : level) +
            "' is no wildcard in MQTT; " +
            (level == "*" ? "'+' stands for one level" : "'#' stands for all levels that follow") +
            (dotted ? ", and a slash stands between levels" : ""));
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
    return usage_error("-t and --no-subscribe exclude one another");
  if (filters.empty() && flags.unsubscribe.empty() && !flags.no_subscribe) {
    const bool bare = !flags.exec && !flags.exec_arguments.empty();
    return usage_error("no topic given", bare ? "write -t " + quoted_text(flags.exec_arguments[0])
                                              : "-t FILTER; '#' is all topics");
  }
  if (auto checked = check_filters(filters, "-t"); !checked) return checked;
  if (auto checked = check_filters(flags.unsubscribe, "-U"); !checked) return checked;
  if (flags.qos.size() > 1 && flags.qos.size() != filters.size()) {
    return usage_error("-q is given " + std::to_string(flags.qos.size()) + " times for " +
                           std::to_string(filters.size()) + " topics",
                       "once for all of them, or once for each in the same order");
  }
  warn_of_foreign_wildcards(filters, options);
  const auto handling = flags.retain_handling.value_or(
      flags.hide_retained ? wire::RetainHandling::DoNotSend : wire::RetainHandling::Send);
  // Where the flag decides what is shown, it has to say whether the message was stored.
  const bool flag_decides = flags.hide_retained || flags.retained_only || flags.remove_retained;
  const bool as_published = (flags.json || flags.record) && !flag_decides &&
                            options.client.config.version == wire::ProtocolVersion::V5;
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
  if (flags.hide_retained && (flags.retained_only || flags.remove_retained)) {
    return usage_error(std::string("-R and ") +
                       (flags.retained_only ? "--retained-only" : "--remove-retained") +
                       " exclude one another");
  }
  if (auto checked = check_filters(flags.filter_out, "-T"); !checked) return checked;
  options.filter.hide_retained = flags.hide_retained;
  options.filter.retained_only = flags.retained_only || flags.remove_retained;
  options.filter.random_percent = flags.random_percent;
  for (const std::string& text : flags.where) {
    auto condition = Condition::parse(text);
    if (!condition) return option_error("--where", std::move(condition.error()));
    options.filter.where.push_back(std::move(*condition));
  }
  for (const std::string& filter : flags.filter_out) options.filter.filter_out.emplace_back(filter);
  return {};
}

Result<void> choose_end(const SubFlags& flags, SubOptions& options) {
  options.count = flags.count.value_or(0);
  options.deadline = flags.deadline.value_or(0ns);
  options.window = flags.window.value_or(0ns);
  const bool retained = flags.retained_only || flags.remove_retained;
  options.idle = flags.idle.value_or(retained ? Duration(500ms) : Duration(0ns));
  if (flags.until) {
    auto pattern = Pattern::compile(*flags.until);
    if (!pattern) return option_error("--until", std::move(pattern.error()));
    options.until.payload = std::move(*pattern);
  }
  if (flags.until_json) {
    auto condition = Condition::parse(*flags.until_json);
    if (!condition) return option_error("--until-json", std::move(condition.error()));
    options.until.condition = std::move(*condition);
  }
  options.only_ask =
      flags.exit_when_subscribed || (options.subscriptions.empty() && !flags.no_subscribe);
  return {};
}

}  // namespace

Result<SubOptions> resolve(const SubFlags& flags, const Environment& environment,
                           const CommandLine& line) {
  // mosquitto_sub takes it without a format that it concerns.
  if (line.dialect->drop_in() && flags.pretty && !flags.format) {
    SubFlags plain = flags;
    plain.pretty = false;
    return resolve(plain, environment, line);
  }
  SubOptions options;
  auto client = resolve_client(flags.client, environment,
                               {.id_prefix = "mqttsub-",
                                .reconnect = true,
                                .engines = true,
                                .publish_topic = {},
                                .mqtt5_options = line.mqtt5_options});
  if (!client) return fail(client.error());
  options.client = std::move(*client);
  for (auto* step :
       {choose_subscriptions, choose_messages, choose_output, choose_actions, choose_end}) {
    if (auto done = step(flags, options); !done) return fail(done.error());
  }
  options.subscribe_properties = options.client.properties.subscribe;
  options.unsubscribe_properties = options.client.properties.unsubscribe;
  options.output.color = use_color(flags.client.report.color, environment, 1);
  // A stored session then keeps what is beyond the count, without sending it twice.
  wire::Properties& connect = options.client.config.connect_properties;
  const bool few = options.count > 0 && options.count < 20 && options.exec.command.empty();
  if (few && options.client.config.version == wire::ProtocolVersion::V5 &&
      !connect.view().find(wire::PropertyId::ReceiveMaximum)) {
    connect.add(wire::PropertyId::ReceiveMaximum, static_cast<std::uint32_t>(options.count));
  }
  options.message_rate = flags.message_rate;
  if (flags.watch && !flags.message_rate) {
    options.output.watched = options.client.config.endpoints.front().host;
  }
  if (line.dialect->drop_in()) {
    options.filter.retained_only = flags.retained_only;
    options.idle = flags.idle.value_or(0ns);
    if (flags.remove_retained) options.remove_retained = true;
  }
  options.output.format.null_payload = line.dialect->null_payload;
  options.output.width_cuts = line.dialect->null_payload;
  return options;
}

}  // namespace mqtk::sub
