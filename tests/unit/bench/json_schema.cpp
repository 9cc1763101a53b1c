#include "unit/bench/json_schema.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mqtk::test {

namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 16> kKeywords = {
    "$schema", "$id",         "$defs",    "$ref",
    "title",   "description", "format",   "type",
    "const",   "enum",        "minimum",  "properties",
    "items",   "required",    "examples", "additionalProperties"};

bool is_of_type(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  return type == "number" && value.is_number();
}

class Check {
 public:
  explicit Check(const Json& root) : root_(root) {}

  void value(const Json& schema, const Json& document, const std::string& path) {
    for (const auto& [keyword, unused] : schema.items()) {
      if (std::ranges::find(kKeywords, keyword) == kKeywords.end()) {
        faults.push_back(path + ": the schema's keyword " + keyword + " is not understood");
      }
    }
    if (schema.contains("$ref")) {
      const auto name = schema["$ref"].get<std::string>();
      value(root_.at(Json::json_pointer(name.substr(1))), document, path);
    }
    if (schema.contains("type")) type(schema["type"], document, path);
    if (schema.contains("const") && document != schema["const"]) {
      faults.push_back(path + ": is not " + schema["const"].dump());
    }
    if (schema.contains("enum") &&
        std::ranges::find(schema["enum"], document) == schema["enum"].end()) {
      faults.push_back(path + ": is none of " + schema["enum"].dump());
    }
    if (schema.contains("minimum") && document.is_number() && document < schema["minimum"]) {
      faults.push_back(path + ": is below " + schema["minimum"].dump());
    }
    if (document.is_object()) object(schema, document, path);
    if (document.is_array() && schema.contains("items")) {
      for (std::size_t i = 0; i < document.size(); ++i) {
        value(schema["items"], document[i], path + "/" + std::to_string(i));
      }
    }
  }

  std::vector<std::string> faults;

 private:
  void type(const Json& wanted, const Json& document, const std::string& path) {
    const bool fits =
        wanted.is_array()
            ? std::ranges::any_of(
                  wanted,
                  [&](const Json& each) { return is_of_type(document, each.get<std::string>()); })
            : is_of_type(document, wanted.get<std::string>());
    if (!fits) faults.push_back(path + ": is no " + wanted.dump());
  }

  void object(const Json& schema, const Json& document, const std::string& path) {
    if (schema.contains("required")) {
      for (const Json& key : schema["required"]) {
        if (!document.contains(key.get<std::string>())) {
          faults.push_back(path + ": has no " + key.get<std::string>());
        }
      }
    }
    const bool closed = schema.contains("properties") && !schema.contains("additionalProperties");
    for (const auto& [key, entry] : document.items()) {
      const std::string place = path + "/" + key;
      if (schema.contains("properties") && schema["properties"].contains(key)) {
        value(schema["properties"][key], entry, place);
      } else if (schema.contains("additionalProperties")) {
        value(schema["additionalProperties"], entry, place);
      } else if (closed) {
        faults.push_back(place + ": is not in the schema");
      }
    }
  }

  const Json& root_;
};

}  // namespace

std::vector<std::string> schema_faults(const Json& schema, const Json& document) {
  Check check(schema);
  check.value(schema, document, "");
  return check.faults;
}

}  // namespace mqtk::test
