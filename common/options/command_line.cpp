#include "options/command_line.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>

#include "options/documents.hpp"
#include "options/scan.hpp"
#include "options/url.hpp"

namespace mqtk {

namespace {

constexpr std::string_view kHelp = "Help";
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
  if (given.flag->group != kHelp) return std::nullopt;
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
      return add(0, place.size());
    case Secret::Header:
      if (const auto colon = text.find(':'); colon != std::string_view::npos && text[0] != '@') {
        add(colon + 1, place.size());
      }
      return;
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
                   .group = kHelp,
                   .doc = "show the usual options, or all of them",
                   .choices = "all",
                   .common = true,
                   .store = ignore});
  table.push_back({.name = "version",
                   .group = kHelp,
                   .doc = "show the version, engines, libraries and features",
                   .common = true,
                   .store = ignore});
  table.push_back(
      {.name = "generate",
       .value_name = "DOCUMENT",
       .kind = FlagKind::Value,
       .group = kHelp,
       .doc = "write a document: man (its frame comes from stdin), bash, zsh, fish or json",
       .choices = kDocuments,
       .hidden = true,
       .store = ignore});
}

bool CommandLine::has(std::string_view name) const {
  return std::ranges::find(given, name) != given.end();
}

Result<CommandLine> parse_command_line(const Program& program, std::span<const Flag> table,
                                       int argc, char** argv) {
  CommandLine line;
  Scan scan = scan_arguments(table, argc, argv);
  for (const ScannedFlag& given : scan.flags) {
    if (auto text = answer(given, program, table)) {
      if (!*text) return fail(std::move(text->error()));
      line.text = std::move(text->value());
      return line;
    }
  }
  for (const ScannedFlag& given : scan.flags) {
    if (!line.has(given.flag->name)) {
      line.given.push_back(given.flag->name);
      if (given.flag->mqtt5) line.mqtt5_options.push_back(given.typed);
    }
    add_secrets(given, line.secrets);
  }
  if (scan.error) return fail(std::move(*scan.error));
  if (auto stored = store_flags(scan.flags); !stored) return fail(std::move(stored.error()));
  return line;
}

void wipe(const CommandLine& line) {
  for (const std::span<char> secret : line.secrets) std::ranges::fill(secret, '*');
}

}  // namespace mqtk
