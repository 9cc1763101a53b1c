// Names that differ from client to client: %i and its like in ids, users, topics and messages, as
// other load tools have them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace mqtk::bench {

struct TemplateValues {
  std::uint64_t index = 0;       ///< %i: the client's number
  std::string_view client_id{};  ///< %c
  std::string_view username{};   ///< %u
  std::string_view run{};        ///< %r: letters and digits, others for each run
  std::uint64_t number = 0;      ///< %n: the message's number within its stream
};

/// Each % is followed by one of `letters` (of "icurn") or by another %. `what` names the option.
Result<void> check_template(std::string_view text, std::string_view letters, std::string_view what);
/// Appends the text with its marks replaced; it has passed the check.
void fill_template(std::string_view text, const TemplateValues& values, std::string& out);
std::string fill_template(std::string_view text, const TemplateValues& values);
/// Does %`letter` stand in it?
bool uses(std::string_view text, char letter);
/// A filter for all topics of the template: levels with a mark become +, but %r is filled.
std::string filter_for_all(std::string_view topic, const TemplateValues& values);

}  // namespace mqtk::bench
