// The flag tables of the programs, for tests that walk them, and what may be typed for a flag.
#pragma once

#include <functional>
#include <string>

#include "options/command_line.hpp"
#include "pub/pub_flags.hpp"
#include "sub/sub_flags.hpp"

namespace mqtk::test {

/// Calls `walk(program, table)` for each program.
inline void for_each_table(const std::function<void(const Program&, const FlagTable&)>& walk) {
  pub::PubFlags pub_flags;
  walk(pub::pub_program(), pub::pub_flag_table(pub_flags));
  sub::SubFlags sub_flags;
  walk(sub::sub_program(), sub::sub_flag_table(sub_flags));
}

}  // namespace mqtk::test
