// Where the messages come from, and how they are made of that.
#include <array>

#include "options/usage_error.hpp"
#include "output/message_format.hpp"
#include "output/terminal_text.hpp"
#include "pub/pub_options.hpp"
#include "wire/topic.hpp"

namespace mqtk::pub {

namespace {

/// Exactly one of -m -f -s -l -n and --from-json; --remove-retained is -n unless there is -l.
Result<void> choose_kind(const PubFlags& flags, PubOptions& options) {
  struct Choice {
    bool given;
    std::string_view spelling;
  };
  const bool removal = flags.remove_retained && !flags.lines;
  const std::array choices{Choice{flags.message.has_value(), "-m"},
                           Choice{!flags.files.empty(), "-f"},
                           Choice{flags.whole_input, "-s"},
                           Choice{flags.lines, "-l"},
                           Choice{flags.empty, "-n"},
                           Choice{flags.records.has_value(), "--from-json"},
                           Choice{removal, "--remove-retained"}};
  std::string_view first;
  for (const Choice& choice : choices) {
    if (!choice.given) continue;
    if (!first.empty()) {
      return usage_error(
          std::string(first) + " and " + std::string(choice.spelling) + " exclude one another",
          "say once where the message comes from");
    }
    first = choice.spelling;
  }
  if (first.empty() && flags.outbox) {
    options.input = Input::None;
    return {};
  }
  if (first.empty()) {
    return usage_error(
        "no message given",
        "-m TEXT, -f FILE, -s (all of standard input), -l (its lines), -n (empty) or "
        "--from-json");
  }
  if (flags.message) options.text = *flags.message;
  if (flags.lines) options.input = Input::Lines;
  if (!flags.files.empty() || flags.whole_input) {
    options.input = Input::Files;
    options.files = flags.whole_input ? std::vector<std::string>{"-"} : flags.files;
  }
  if (flags.records) {
    options.input = Input::Records;
    options.files = {flags.records->empty() ? "-" : *flags.records};
  }
  return {};
}

/// Options that belong to one kind of input are of no use with another.
Result<void> check_companions(const CommandLine& line, const PubOptions& options) {
  struct Rule {
    std::string_view name;
    bool met;
    std::string_view what;
  };
  const bool records = options.input == Input::Records;
  const bool lines = options.input == Input::Lines;
  const bool topics_in_lines = lines && line.has("topic-sep");
  const Rule rules[] = {
      {"keep-going", records, "only with --from-json"},
      {"pace", records, "only with --from-json"},
      {"loop", records && options.files[0] != "-", "only with --from-json FILE"},
      {"rewrite", records || topics_in_lines, "only with --from-json, or with -l and --topic-sep"},
      {"null", lines, "only with -l"},
      {"topic-sep", lines, "only with -l"},
      {"repeat", !lines, "not with -l"},
      {"repeat-delay", !lines, "not with -l"},
      {"var", line.has("template"), "only with --template"},
      {"outbox-only", line.has("outbox"), "only with --outbox"},
      {"outbox-status", line.has("outbox"), "only with --outbox"},
      {"outbox-limit", line.has("outbox"), "only with --outbox"},
      {"require-subscriber", !line.has("outbox"), "not with --outbox"}};
  for (const Rule& rule : rules) {
    if (line.has(rule.name) && !rule.met) {
      return usage_error("--" + std::string(rule.name) + ": " + std::string(rule.what));
    }
  }
  if (!records) return {};
  // With records, what they say cannot be said on the command line.
  for (const std::string_view name :
       {"topic", "qos", "retain", "topic-sep", "repeat", "repeat-delay", "expiry", "content-type",
        "response-topic", "user-property", "template", "input-encoding"}) {
    if (line.has(name)) {
      return usage_error("--" + std::string(name) + " and --from-json exclude one another",
                         "each record says its own; jq changes them");
    }
  }
  if (!options.client.properties.publish.empty()) {
    return usage_error("--property publish and --from-json exclude one another");
  }
  return {};
}

Result<void> choose_stream(const PubFlags& flags, PubOptions& options) {
  StreamOptions& stream = options.stream;
  if (flags.nul_lines) stream.line_end = '\0';
  stream.keep_going = flags.keep_going;
  stream.pace = flags.pace.value_or(0);
  if (flags.loop) stream.rounds = flags.loop->value_or(0);
  stream.topics_only = flags.remove_retained;
  for (const std::vector<std::string>& words : flags.rewrites) {
    if (auto added = stream.rewriter.add(words[0], words[1]); !added) return added;
  }
  if (flags.topic_separator) {
    stream.topic_separator = unescape_separator(*flags.topic_separator);
    if (stream.topic_separator.empty()) return usage_error("--topic-sep: is empty");
  }
  return {};
}

Result<void> choose_topic(const PubFlags& flags, PubOptions& options) {
  if (flags.records || options.input == Input::None) return {};
  const bool in_lines = flags.lines && (flags.topic_separator || flags.remove_retained);
  if (in_lines) {
    if (!flags.topic) return {};
    return usage_error(std::string("-t and ") +
                       (flags.topic_separator ? "--topic-sep" : "-l --remove-retained") +
                       " exclude one another");
  }
  if (flags.topic) {
    options.topic = *flags.topic;
  } else if (options.client.url_topic) {
    options.topic = *options.client.url_topic;
  } else {
    return usage_error("no topic given", "-t TOPIC, or as the path of the URL");
  }
  return {};
}

Result<void> check_topic(const PubFlags& flags, PubOptions& options) {
  const bool in_messages = flags.records || options.input == Input::None ||
                           !options.stream.topic_separator.empty() ||
                           (flags.lines && flags.remove_retained);
  if (in_messages || options.topic_template) return {};
  if (const auto fault = wire::check_topic_name(options.topic)) {
    const bool wildcard = options.topic.find_first_of("+#") != std::string::npos;
    return usage_error(
        "topic '" + terminal_text(options.topic) + "': " + std::string(fault->what),
        wildcard ? "'+' and '#' are for those who subscribe; a message has one topic" : "");
  }
  return {};
}

/// What does not change from message to message is filled in here once.
Result<void> fill_templates(const PubFlags& flags, PubOptions& options) {
  if (!flags.templates) return {};
  auto variables = TextTemplate::read_variables(flags.variables);
  if (!variables) return fail(std::move(variables.error()));
  const auto fill = [&](std::string& text, std::optional<TextTemplate>& kept,
                        std::string_view option) -> Result<void> {
    auto compiled = TextTemplate::compile(text, *variables, option);
    if (!compiled) return fail(std::move(compiled.error()));
    if (!compiled->fixed()) {
      kept = std::move(*compiled);
      return {};
    }
    text.clear();
    compiled->append(text, {});
    return {};
  };
  if (auto filled = fill(options.topic, options.topic_template, "-t"); !filled) return filled;
  if (flags.request.match) {
    auto compiled = TextTemplate::compile(*flags.request.match, *variables, "--match");
    if (!compiled) return fail(std::move(compiled.error()));
    options.answer_template = std::move(*compiled);
  }
  if (!flags.message) return {};
  return fill(options.text, options.text_template, "-m");
}

Result<void> choose_coding(const PubFlags& flags, PubOptions& options) {
  options.coding = {.input = flags.input_encoding.value_or(Encoding::Raw),
                    .wire = flags.wire_encoding.value_or(Encoding::Raw)};
  // A mistake in what was typed is found before anything is connected.
  if (options.input != Input::Text || options.text_template) return {};
  auto coded = code_payload(options.text, options.coding);
  if (!coded) return fail(std::move(coded.error()));
  options.text = std::move(*coded);
  options.coding = {};
  return {};
}

}  // namespace

Result<void> choose_input(const PubFlags& flags, const CommandLine& line, PubOptions& options) {
  if (auto chosen = choose_kind(flags, options); !chosen) return chosen;
  if (auto checked = check_companions(line, options); !checked) return checked;
  for (auto* step : {choose_stream, choose_topic, fill_templates, check_topic, choose_coding}) {
    if (auto done = step(flags, options); !done) return done;
  }
  options.repeat = flags.repeat.value_or(1);
  options.repeat_delay = flags.repeat_delay.value_or(0ns);
  return {};
}

}  // namespace mqtk::pub
