// A file that others see whole or not at all.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace mqtk::inspect {

/// Writes beside `path`, to the disk, then renames. Errors are of kind OutputFailed.
Result<void> write_whole_file(const std::string& path, std::string_view content);

}  // namespace mqtk::inspect
