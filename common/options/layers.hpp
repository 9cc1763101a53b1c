// Where options come from besides the command line, and which of them wins: profile of
// /etc < profile of the user < environment < file of options < command line. Private to this room.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "options/environment.hpp"
#include "options/scan.hpp"

namespace mqtk {

/// The values of a layer, and all that it says, also where resolve.hpp reads it itself.
using Layer = std::vector<ScannedFlag>;

/// Variables MQTT_TOOLKIT_NAME that name a flag of the table.
Result<Layer> environment_layer(std::span<const Flag> table, const Environment& environment);

/// A file of options as mosquitto has them: one a line, "-t some/topic" or "--qos 1"; everything
/// behind the first space is the value; lines that begin with # are comments. Options of several
/// words take them from the line.
Result<Layer> options_file_layer(const std::string& path, std::span<const Flag> table);

/// Lowest layer first. What a higher one says hides the same flag, and what contradicts it, in
/// those below.
Layer merge_layers(std::vector<Layer> layers);

/// --show-config: every option that has a value, its value, and where it comes from.
std::string show_config(std::span<const Flag> table, std::span<const ScannedFlag> given);

/// Does a value of `name` replace what was said of `other` further down?
bool replaces(const ScannedFlag& given, std::string_view other);

}  // namespace mqtk
