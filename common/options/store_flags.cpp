#include <CLI/CLI.hpp>
#include <unordered_map>

#include "options/scan.hpp"

namespace mqtk {

namespace {

Error complaint_about(const ScannedFlag& given, std::string complaint) {
  const ErrorKind kind = given.origin == Origin::File ? ErrorKind::Configuration : ErrorKind::Usage;
  return {kind, Cause::None, given.typed + ": " + std::move(complaint), {}};
}

Result<void> parse(std::span<const ScannedFlag> flags) {
  CLI::App app;
  app.set_help_flag();
  std::unordered_map<const Flag*, CLI::Option*> registered;
  std::vector<std::string> arguments;  // in reverse, as CLI11 takes them
  for (const ScannedFlag& given : flags) {
    const std::string name = "--" + std::string(given.flag->name);
    CLI::Option*& option = registered[given.flag];
    const bool is_switch = given.flag->kind == FlagKind::Switch;
    if (option == nullptr) {
      option = is_switch ? app.add_flag(name) : app.add_option(name)->allow_extra_args(false);
      option->take_all();
    }
    arguments.push_back(name);
    if (!is_switch) arguments.push_back(given.value);
  }
  std::ranges::reverse(arguments);
  app.parse(std::move(arguments));

  // One entry a value, in the order of the command line: `--nodelay --no-nodelay` means the latter.
  std::unordered_map<const CLI::Option*, std::size_t> seen;
  auto given = flags.begin();
  for (const CLI::Option* option : app.parse_order()) {
    const std::string& value = option->results()[seen[option]++];
    const bool is_switch = given->flag->kind == FlagKind::Switch;
    if (auto complaint = given->flag->store(is_switch ? std::string_view() : value)) {
      return fail(complaint_about(*given, std::move(*complaint)));
    }
    ++given;
  }
  return {};
}

}  // namespace

Result<void> store_flags(std::span<const ScannedFlag> flags) {
  if (flags.empty()) return {};
  try {
    return parse(flags);
  } catch (const CLI::Error& error) {
    return fail(ErrorKind::Usage, error.what());
  }
}

}  // namespace mqtk
