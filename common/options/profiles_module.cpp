// Reads TOML; shows one factory to the outside.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>

#include "base/module.hpp"
#include "base/numbers.hpp"
#include "options/config_node.hpp"

namespace mqtk {

namespace {

ConfigNode convert(const toml::node& from, std::string_view key, unsigned line) {
  ConfigNode node;
  node.key = key;
  node.line = line != 0 ? line : static_cast<unsigned>(from.source().begin.line);
  if (const auto* table = from.as_table()) {
    for (const auto& [name, value] : *table) {
      node.children.push_back(
          convert(value, name.str(), static_cast<unsigned>(name.source().begin.line)));
    }
    std::ranges::stable_sort(node.children, {}, &ConfigNode::line);
  } else if (const auto* array = from.as_array()) {
    node.kind = ConfigNode::Kind::Array;
    for (const toml::node& value : *array) node.children.push_back(convert(value, {}, 0));
  } else if (const auto* text = from.as_string()) {
    node.kind = ConfigNode::Kind::Text;
    node.text = text->get();
  } else if (const auto* integer = from.as_integer()) {
    node.kind = ConfigNode::Kind::Number;
    node.text = std::to_string(integer->get());
  } else if (const auto* real = from.as_floating_point()) {
    node.kind = ConfigNode::Kind::Number;
    node.text = double_text(real->get());
  } else if (const auto* boolean = from.as_boolean()) {
    node.kind = ConfigNode::Kind::Boolean;
    node.text = boolean->get() ? "true" : "false";
  } else {
    node.kind = ConfigNode::Kind::Other;
  }
  return node;
}

bool parse(std::string_view text, ConfigNode& root, ConfigFault& fault) {
  const toml::parse_result result = toml::parse(text);
  if (!result) {
    fault.message = result.error().description();
    fault.line = static_cast<unsigned>(result.error().source().begin.line);
    return false;
  }
  root = convert(result.table(), {}, 0);
  return true;
}

constexpr ProfilesModule kModule = {&parse};

}  // namespace

}  // namespace mqtk

extern "C" __attribute__((visibility("default"))) const void* mqtk_module_profiles(int version) {
  return version == mqtk::kModuleVersion ? &mqtk::kModule : nullptr;
}
