// What is printed and what else is done with messages: from flags to checked values.
#include "sub/sub_options.hpp"

namespace mqtk::sub {

namespace {

using Form = OutputOptions::Form;

Unexpected<Error> usage(std::string message, std::string hint = {}) {
  return fail(ErrorKind::Usage, std::move(message), std::move(hint));
}

/// Which one of the forms was asked for; they exclude one another.
Result<Form> choose_form(const SubFlags& flags) {
  struct Candidate {
    bool given;
    Form form;
    std::string_view option;
  };
  const Candidate candidates[] = {
      {flags.json, Form::Record, "--json"},
      {flags.format.has_value(), Form::Template, "-F"},
      {!flags.select.empty(), Form::Selected, "--select"},
  };
  const Candidate* chosen = nullptr;
  for (const Candidate& candidate : candidates) {
    if (!candidate.given) continue;
    if (chosen != nullptr) {
      return usage(std::string(chosen->option) + " excludes " + std::string(candidate.option));
    }
    chosen = &candidate;
  }
  if (chosen != nullptr) return chosen->form;
  if (flags.decoder) return Form::Decoded;
  const bool asked = flags.show_topic || flags.no_newline || flags.null_ends || flags.limit;
  return flags.exec || (flags.record && !asked) ? Form::None : Form::Payload;
}

Result<void> choose_selection(const SubFlags& flags, OutputOptions& output) {
  for (const std::string& text : flags.select) {
    auto path = JsonPath::parse(text);
    if (!path) return fail(ErrorKind::Usage, "--select " + path.error().message, path.error().hint);
    output.select.push_back(std::move(*path));
  }
  return {};
}

}  // namespace

Result<void> choose_output(const SubFlags& flags, SubOptions& options) {
  OutputOptions& output = options.output;
  auto form = choose_form(flags);
  if (!form) return fail(std::move(form.error()));
  output.form = *form;
  if (flags.json && (flags.show_topic || flags.no_newline)) {
    return usage("--json excludes -v and -N", "a record has the topic, and is one line");
  }
  if (flags.null_ends && flags.no_newline) return usage("-0 and -N exclude one another");
  if (flags.exec && (flags.json || flags.format || !flags.select.empty() || flags.show_topic)) {
    return usage("--exec excludes options of the output", "the program prints what it likes");
  }
  options.wire_encoding = flags.wire_encoding.value_or(Encoding::Raw);
  options.decoder = flags.decoder.value_or(Decoder::Auto);
  output.record_decoded = flags.decoder.has_value();
  output.format.topic = flags.show_topic;
  output.format.newline = !flags.no_newline;
  if (flags.null_ends) output.format.end = '\0';
  if (flags.topic_separator) {
    if (!flags.show_topic) return usage("--topic-sep: only with -v");
    output.format.separator = unescape_separator(*flags.topic_separator);
  }
  if (flags.format) {
    auto layout = MessageTemplate::compile(*flags.format);
    if (!layout) return fail(ErrorKind::Usage, "-F: " + layout.error().message);
    output.layout = std::move(*layout);
    output.pretty = flags.pretty;
  } else if (flags.pretty) {
    return usage("--pretty: only with %j or %J of -F");
  }
  output.limit = flags.limit;
  return choose_selection(flags, output);
}

Result<void> choose_actions(const SubFlags& flags, SubOptions& options) {
  if (!flags.exec && !flags.exec_arguments.empty()) {
    return usage("unexpected argument '" + flags.exec_arguments[0] + "'",
                 "every argument belongs to an option; quote values that contain spaces");
  }
  if (!flags.exec && (flags.jobs || flags.exec_stop)) {
    return usage(std::string(flags.jobs ? "--jobs" : "--exec-fail") + ": only with --exec");
  }
  if (!flags.record && (flags.record_size || flags.record_keep)) {
    return usage("--record-size and --record-keep: only with --record");
  }
  if (flags.exec) {
    if (flags.exec->empty()) return usage("--exec: the program's name is empty");
    options.exec.command = {*flags.exec};
    options.exec.command.insert(options.exec.command.end(), flags.exec_arguments.begin(),
                                flags.exec_arguments.end());
    options.exec.jobs = static_cast<std::size_t>(flags.jobs.value_or(1));
    options.exec.stop_at_failure = flags.exec_stop.value_or(false);
  }
  if (flags.record) {
    if (flags.record->empty()) return usage("--record: the file's name is empty");
    options.record.file = *flags.record;
    options.record.size = flags.record_size.value_or(0);
    options.record.keep = flags.record_keep.value_or(options.record.keep);
  }
  if (flags.remove_retained) {
    if (flags.exec) return usage("--remove-retained and --exec exclude one another");
    options.remove_retained = *flags.remove_retained == "yes";
  }
  return {};
}

}  // namespace mqtk::sub
