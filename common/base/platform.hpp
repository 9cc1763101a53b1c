// What differs between operating systems, and only that; one source file per platform.
#pragma once

#include <string>

namespace mqtk {

/// The running program's own file, never a link to it; empty when the system does not tell.
std::string executable_path();

}  // namespace mqtk
