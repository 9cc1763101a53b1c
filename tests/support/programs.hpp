// Where the programs that tests run are.
#pragma once

#include <string>
#include <string_view>

namespace mqtk::test {

/// The path of a program of this build, e.g. "mqtt-pub".
std::string built_program(std::string_view name);

/// The path of an installed program, looked for in PATH and where servers use to be installed;
/// empty when there is none.
std::string find_program(std::string_view name);

/// Prints "SKIP: reason" in the form that marks the test as skipped.
void say_skipped(std::string_view reason);

}  // namespace mqtk::test
