// Parts that are loaded on first use, so that a plain connection does not pay for starting them. A
// module exports one plain C factory, `mqtk_module_NAME`, is never closed, and is found beside the
// installed libraries or, failing that, relative to the executable: never through the environment.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace mqtk {

/// Bumped whenever an interface that crosses a module's border changes.
inline constexpr int kModuleVersion = 1;

/// The factory of a module: returns the module's table of functions, or nullptr when `version` is
/// not its own.
using ModuleFactory = const void* (*)(int version);

/// The table of the module `name` ("tls"). Loaded once and kept. The error names the Debian package
/// that brings the module. Thread-safe.
Result<const void*> load_module(std::string_view name);

/// For a build with MQTK_MODULES=OFF: `factory` is linked in, load_module(name) answers its table.
void link_module(std::string_view name, ModuleFactory factory);

}  // namespace mqtk
