#include "options/command_line.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>

#include "net/tls/key_uri.hpp"
#include "options/dialect/options.hpp"
#include "options/documents/documents.hpp"
#include "options/layers.hpp"
#include "options/profiles.hpp"
#include "options/url.hpp"

namespace mqtk {

namespace {

constexpr std::string_view kUserConfig = "/mqtt-toolkit/config.toml";
constexpr std::string_view kDocuments = "man bash zsh fish json";

std::optional<std::string> ignore(std::string_view) {
  return std::nullopt;
}

std::string generated(std::string_view kind, const Program& program, std::span<const Flag> table) {
  if (kind == "man") {
    const std::string page((std::istreambuf_iterator<char>(std::cin)), {});
    return man_page(program, table, page);
  }
  if (kind == "bash") return bash_completion(program, table);
  if (kind == "zsh") return zsh_completion(program, table);
  if (kind == "fish") return fish_completion(program, table);
  return table_json(program, table);
}

// What --help, --version and --generate ask for, if `given` is one of them.
std::optional<Result<std::string>> answer(const ScannedFlag& given, const Program& program,
                                          std::span<const Flag> table) {
  if (given.flag->group != kHelpGroup) return std::nullopt;
  const std::string_view name = given.flag->name;
  if (name == "version") return version_text(program);
  if (name == "help") {
    if (given.value.empty()) return short_help(program, table);
    if (given.value == "all") return full_help(program, table);
    return fail(ErrorKind::Usage, "--help: '" + given.value + "' is not all");
  }
  bool known = false;
  const auto complaint =
      store_choice_into([&known](std::size_t) { known = true; }, kDocuments)(given.value);
  if (!known) return fail(ErrorKind::Usage, "--generate: " + complaint.value_or(""));
  return generated(given.value, program, table);
}

void add_secrets(const ScannedFlag& given, std::vector<std::span<char>>& secrets) {
  const std::span<char> place = given.place;
  const std::string_view text(place.data(), place.size());
  const auto add = [&](std::size_t from, std::size_t to) {
    if (from < to) secrets.push_back(place.subspan(from, to - from));
  };
  switch (given.flag->secret) {
    case Secret::No:
      return;
    case Secret::Whole:
    case Secret::Property:
      return add(0, place.size());
    case Secret::Header:
      if (const auto colon = text.find(':'); colon != std::string_view::npos && text[0] != '@') {
        add(colon + 1, place.size());
      }
      return;
    case Secret::Pin:
      return add(pin_in(text).begin, pin_in(text).end);
    case Secret::Url:
      for (const UrlSecret& secret : url_secrets(text)) add(secret.begin, secret.end);
      return;
  }
}

}  // namespace

void append_help_flags(FlagTable& table) {
  table.push_back({.name = "help",
                   .value_name = "all",
                   .kind = FlagKind::OptionalValue,
                   .group = kHelpGroup,
                   .doc = "show the usual options, or all of them",
                   .choices = "all",
                   .common = true,
                   .store = ignore});
  table.push_back({.name = "version",
                   .group = kHelpGroup,
                   .doc = "show the version, engines, libraries and features",
                   .common = true,
                   .store = ignore});
  table.push_back(
      {.name = "generate",
       .value_name = "DOCUMENT",
       .kind = FlagKind::Value,
       .group = kHelpGroup,
       .doc = "write a document: man (its frame comes from stdin), bash, zsh, fish or json",
       .choices = kDocuments,
       .hidden = true,
       .store = ignore});
}

void append_profile_flags(FlagTable& table) {
  table.push_back(
      {.name = "profile",
       .value_name = "NAME",
       .kind = FlagKind::Value,
       .group = kProfileGroup,
       .doc = "use the options of a profile; @NAME means the same",
       .details =
           "Use the options that a profile has in /etc/mqtt-toolkit/config.toml and in "
           "$XDG_CONFIG_HOME/mqtt-toolkit/config.toml, the latter before the former. The word "
           "@NAME means the same, as does the environment variable MQTT_TOOLKIT_PROFILE. Without "
           "either, the profile called default is used where there is one.",
       .completion = Completion::Profile,
       .common = true,
       .operand = [](std::string_view word) { return word.size() > 1 && word.front() == '@'; },
       .store = ignore});
  table.push_back({.name = "config",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kProfileGroup,
                   .doc = "file of profiles instead of the usual two",
                   .completion = Completion::File,
                   .store = ignore});
  table.push_back({.name = "show-config",
                   .group = kProfileGroup,
                   .doc = "show which options are in force and where they come from, and end",
                   .store = ignore});
  table.push_back({.name = "list-profiles",
                   .group = kProfileGroup,
                   .doc = "show the names of all profiles, and end",
                   .store = ignore});
}

void append_options_file_flag(FlagTable& table) {
  table.push_back(
      {.letter = 'o',
       .name = "options",
       .value_name = "FILE",
       .kind = FlagKind::Value,
       .group = kProfileGroup,
       .doc = "read options from FILE, one a line",
       .details =
           "Read options from FILE: one a line, its letter or name as on the command line; all "
           "that follows the first space is its value. Lines that begin with # are comments. The "
           "command line itself wins over the file.",
       .completion = Completion::File,
       .store = ignore});
}

bool CommandLine::has(std::string_view name) const {
  return std::ranges::find(given, name) != given.end();
}

namespace {

// --help and its kin, whatever else is there.
Result<bool> answered(const Program& program, std::span<const Flag> table, const Scan& scan,
                      CommandLine& line) {
  for (const ScannedFlag& given : scan.flags) {
    if (auto text = answer(given, program, table)) {
      if (!*text) return fail(std::move(text->error()));
      line.text = std::move(text->value());
      return true;
    }
  }
  return false;
}

Result<CommandLine> store_line(CommandLine line, Layer flags) {
  std::erase_if(flags, [](const ScannedFlag& given) { return given.off || given.elsewhere; });
  for (const ScannedFlag& given : flags) {
    if (line.has(given.flag->name)) continue;
    line.given.push_back(given.flag->name);
    if (given.flag->mqtt5) line.mqtt5_options.push_back(given.typed);
  }
  if (auto stored = store_flags(flags); !stored) return fail(std::move(stored.error()));
  return line;
}

const ScannedFlag* last_of(const Layer& flags, std::string_view name) {
  const auto found =
      std::ranges::find_if(flags.rbegin(), flags.rend(),
                           [name](const ScannedFlag& given) { return given.flag->name == name; });
  return found == flags.rend() ? nullptr : &*found;
}

Result<std::vector<ConfigFile>> config_files(const Layer& typed, const Environment& environment) {
  std::vector<std::string> paths;
  const ScannedFlag* const given = last_of(typed, "config");
  const bool named = given != nullptr || environment.config;
  if (named) {
    paths.push_back(given != nullptr ? given->value : *environment.config);
  } else {
    paths.push_back(environment.system_config);
    if (!environment.config_home.empty()) {
      paths.push_back(environment.config_home + std::string(kUserConfig));
    }
  }
  return read_config_files(paths, named);
}

std::string profile_name(const Layer& typed, const Environment& environment) {
  const ScannedFlag* const given = last_of(typed, "profile");
  std::string name = given != nullptr ? given->value : environment.profile.value_or("");
  if (name.starts_with('@')) name.erase(0, 1);
  return name;
}

Result<void> add_profile(std::vector<Layer>& layers, const std::vector<ConfigFile>& files,
                         const std::string& name, const Program& program,
                         std::span<const Flag> table) {
  // "mqtt-sub" or "mqtt-bench pub": the word behind the dash.
  std::string_view section = program.name.substr(program.name.find('-') + 1);
  section = section.substr(0, section.find(' '));
  bool found = false;
  for (const ConfigFile& file : files) {
    auto values = profile_values(file, name.empty() ? "default" : name, section, table);
    if (!values) return fail(std::move(values.error()));
    if (!*values) continue;
    found = true;
    layers.push_back(std::move(**values));
  }
  if (!found && !name.empty()) return fail(unknown_profile(name, files));
  return {};
}

}  // namespace

Result<CommandLine> parse_command_line(const Program& program, std::span<const Flag> table,
                                       int argc, char** argv) {
  CommandLine line;
  Scan scan = scan_arguments(table, argc, argv);
  auto done = answered(program, table, scan, line);
  if (!done) return fail(std::move(done.error()));
  if (*done) return line;
  for (const ScannedFlag& given : scan.flags) add_secrets(given, line.secrets);
  if (scan.error) return fail(std::move(*scan.error));
  return store_line(std::move(line), std::move(scan.flags));
}

namespace {

Result<CommandLine> read_layers(const Program& program, std::span<const Flag> table, int argc,
                                char** argv, const Environment& environment) {
  CommandLine line;
  line.dialect = &find_dialect(argc > 0 ? argv[0] : "");
  if (line.dialect->drop_in()) {
    DropInLine read = read_drop_in(*line.dialect, table, argc, argv, environment);
    line.secrets = std::move(read.secrets);
    line.drop_in_version = read.version;
    if (!read.done) {
      auto stored = store_line(line, std::move(read.flags));
      if (stored) return stored;
      read.text.clear();
      read.complaint = drop_in_verdict(stored.error(), read.version).text + "\n";
    }
    line.text = std::move(read.text);
    line.complaint = std::move(read.complaint);
    return line;
  }
  Scan scan = scan_arguments(table, argc, argv);
  auto done = answered(program, table, scan, line);
  if (!done) return fail(std::move(done.error()));
  if (*done) return line;
  for (const ScannedFlag& given : scan.flags) add_secrets(given, line.secrets);
  std::vector<Layer> layers;
  if (find_long(table, "profile") != nullptr) {
    auto files = config_files(scan.flags, environment);
    if (!files) return fail(std::move(files.error()));
    if (last_of(scan.flags, "list-profiles") != nullptr) {
      line.text = list_profiles(*files);
      return line;
    }
    if (scan.error) return fail(std::move(*scan.error));
    const std::string name = profile_name(scan.flags, environment);
    if (auto added = add_profile(layers, *files, name, program, table); !added) {
      return fail(std::move(added.error()));
    }
  }
  if (scan.error) return fail(std::move(*scan.error));
  auto variables = environment_layer(table, environment);
  if (!variables) return fail(std::move(variables.error()));
  layers.push_back(std::move(*variables));
  if (const ScannedFlag* const file = last_of(scan.flags, "options")) {
    auto options = options_file_layer(file->value, table);
    if (!options) return fail(std::move(options.error()));
    layers.push_back(std::move(*options));
  }
  const bool show = last_of(scan.flags, "show-config") != nullptr;
  layers.push_back(std::move(scan.flags));
  Layer merged = merge_layers(std::move(layers));
  if (show) {
    line.text = show_config(table, merged);
    return line;
  }
  return store_line(std::move(line), std::move(merged));
}

}  // namespace

Result<CommandLine> read_command_line(const Program& program, std::span<const Flag> table, int argc,
                                      char** argv, const Environment& environment) {
  auto line = read_layers(program, table, argc, argv, environment);
  if (line) wipe(*line);
  return line;
}

void wipe(const CommandLine& line) {
  for (const std::span<char> secret : line.secrets) std::ranges::fill(secret, '*');
}

}  // namespace mqtk
