// Named connections: tables of a TOML file whose keys are the long names of options.
//
//   [plant]
//   url = "mqtts://broker.example"
//   password-command = "pass show plant"
//   [plant.sub]                        # for one program: its name without "mqtt-"
//   topic = ["line/1/#"]
//
// Private to this room, but for what the tests look at.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "options/config_node.hpp"
#include "options/scan.hpp"

namespace mqtk {

struct ConfigFile {
  std::string path;
  ConfigNode root;
};

/// Those of `paths` that exist, in that order. `required`: one that does not is an error of kind
/// Configuration, as is one that is no TOML.
Result<std::vector<ConfigFile>> read_config_files(std::span<const std::string> paths,
                                                  bool required);

/// The values that the profile `name` has in `file` for a program with this table, whose part of
/// the profile is called `section`. `extends` is followed, nearest values last. Nothing when there
/// is no such profile; unknown keys and values of the wrong kind are errors of kind Configuration
/// that name the line.
Result<std::optional<std::vector<ScannedFlag>>> profile_values(const ConfigFile& file,
                                                               std::string_view name,
                                                               std::string_view section,
                                                               std::span<const Flag> table);

/// The options of all programs, which a profile may have outside of a program's section.
const FlagTable& profile_table();

/// --list-profiles: name, where it is and what it connects to, secrets masked; one a line.
std::string list_profiles(std::span<const ConfigFile> files);

/// The error for a profile that no file has, with the nearest name.
Error unknown_profile(std::string_view name, std::span<const ConfigFile> files);

}  // namespace mqtk
