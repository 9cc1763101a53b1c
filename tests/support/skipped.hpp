// Tests that lack something.
#pragma once

#include <string_view>

namespace mqtk::test {

/// The test case, or a part of it, was left out. It counts as skipped, with the reasons, unless
/// something else in it fails.
void say_skipped(std::string_view reason);

}  // namespace mqtk::test
