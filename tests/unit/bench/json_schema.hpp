// Checks a document against a JSON Schema, as far as ours use that language: type, const, enum,
// minimum, properties, required, additionalProperties, items, $ref into $defs. Stricter than the
// language: a key that an object's properties do not name is a fault unless
// additionalProperties allows it, and so is a keyword that is not understood here.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace mqtk::test {

/// A line for each fault, "/messages/sent: is no integer"; none: the document is as the schema
/// says.
std::vector<std::string> schema_faults(const nlohmann::json& schema,
                                       const nlohmann::json& document);

}  // namespace mqtk::test
