#include <nlohmann/json.hpp>

#include "options/documents/documents.hpp"
#include "options/words.hpp"

namespace mqtk {

namespace {

std::string_view kind_name(FlagKind kind) {
  switch (kind) {
    case FlagKind::Switch:
      return "switch";
    case FlagKind::Value:
      return "value";
    case FlagKind::List:
      return "list";
    case FlagKind::OptionalValue:
      return "optional_value";
    case FlagKind::Words:
      return "words";
  }
  return "switch";
}

nlohmann::ordered_json words(std::string_view text) {
  auto out = nlohmann::ordered_json::array();
  for_each_word(text, [&out](std::string_view word) { out.push_back(word); });
  return out;
}

}  // namespace

std::string table_json(const Program& program, std::span<const Flag> table) {
  nlohmann::ordered_json flags = nlohmann::ordered_json::array();
  for (const Flag& flag : table) {
    if (flag.hidden) continue;
    nlohmann::ordered_json entry;
    entry["name"] = flag.name;
    if (flag.letter != 0) entry["letter"] = std::string(1, flag.letter);
    if (!flag.aliases.empty()) entry["aliases"] = words(flag.aliases);
    entry["kind"] = kind_name(flag.kind);
    if (!flag.value_name.empty()) entry["value"] = flag.value_name;
    if (!flag.choices.empty()) entry["choices"] = words(flag.choices);
    if (!flag.default_text.empty()) entry["default"] = flag.default_text;
    entry["group"] = flag.group;
    if (flag.mqtt5) entry["mqtt5"] = true;
    entry["doc"] = flag.doc;
    flags.push_back(std::move(entry));
  }
  nlohmann::ordered_json out;
  out["program"] = program.name;
  out["version"] = MQTK_VERSION;
  out["flags"] = std::move(flags);
  return out.dump(2) + "\n";
}

}  // namespace mqtk
