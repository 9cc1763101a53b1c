// What each broker is known not to do, and what our programs say of it.
#pragma once

#include <string>

namespace mqtk::test {

/// The outcome that is expected of a feature: kYes, or a broker's known gap.
std::string expected_outcome(const std::string& broker, const std::string& transport,
                             const std::string& version, const std::string& feature);

}  // namespace mqtk::test
