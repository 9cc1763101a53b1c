// Where the programs that tests run are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mqtk::test {

/// The path of a program of this build, e.g. "mqtt-pub"; or of the build whose folder of programs
/// the environment names, MQTK_BIN_DIR. So the tests of one build drive the programs of another.
std::string built_program(std::string_view name);

/// Whether those programs carry sanitizers, which take memory and time of their own: so is this
/// build, or the environment says so, MQTK_SANITIZED.
bool programs_are_sanitized();

/// The path of an installed program, looked for in PATH and where servers use to be installed;
/// empty when there is none.
std::string find_program(std::string_view name);

/// The version that an installed program tells when it is called with this option: {2, 0, 11}. The
/// first number with a point in what it prints; empty when there is none.
std::vector<int> installed_version(std::string_view name, const std::string& option);

}  // namespace mqtk::test
