// Options that several subcommands have, each described once; what differs is given.
#pragma once

#include <optional>
#include <string>

#include "inspect/shared/filters.hpp"
#include "inspect/shared/probe.hpp"
#include "options/resolve.hpp"
#include "wire/types.hpp"

namespace mqtk::inspect {

/// --json; `doc` names the schema.
Flag json_flag(bool& target, std::string_view group, std::string_view doc);
/// --safe: nothing is published.
Flag safe_flag(bool& target, std::string_view group, std::string_view doc);
/// -q, --qos
Flag qos_flag(Store store, std::string_view group, std::string_view doc,
              std::string_view default_text);
/// -s, --size: octets of a payload that also holds a nonce.
Flag payload_size_flag(std::optional<std::uint64_t>& target, std::string_view group,
                       std::string_view doc);
/// --topic-prefix: what a random topic begins with.
Flag topic_prefix_flag(std::optional<std::string>& target, std::string_view group);
/// --max-topics
Flag max_topics_flag(std::size_t& target, std::string_view group);

/// `typed`, else the topic of the URL, else everything; all are legal.
Result<std::vector<std::string>> filters_or_all(std::vector<std::string> typed,
                                                const ResolvedClient& client);

}  // namespace mqtk::inspect
