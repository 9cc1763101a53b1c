// Topic filters as operands: mqtt-inspect topics 'sensors/#'.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "options/flag.hpp"

namespace mqtk::inspect {

/// -t, --topic, and every word that is no URL.
Flag filter_flag(std::vector<std::string>& filters, std::string_view group, std::string_view doc);

/// All are legal; `otherwise` when there are none, and where that is empty, none are an error.
Result<std::vector<std::string>> checked_filters(std::vector<std::string> filters,
                                                 std::vector<std::string> otherwise);

}  // namespace mqtk::inspect
