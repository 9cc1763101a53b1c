// The small formats that a load is given in: stages, credentials, source addresses.
#include <arpa/inet.h>

#include <algorithm>
#ifdef MQTK_HAVE_TOML
#include <toml++/toml.h>
#endif

#include "base/units.hpp"
#include "bench/load/options.hpp"
#include "options/toml_depth.hpp"

namespace mqtk::bench {

namespace {

Unexpected<Error> bad_stage(std::size_t number, const std::string& what) {
  return fail(ErrorKind::Configuration, "stage " + std::to_string(number) + ": " + what,
              "a stage is [[stage]] with duration = \"10s\" and rate = \"1k/s\", or from and to");
}

// The fields of one line; nullopt: an open quote.
std::optional<std::vector<std::string>> split_csv(std::string_view line) {
  std::vector<std::string> fields{std::string()};
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  if (quoted) return std::nullopt;
  return fields;
}

}  // namespace

Result<std::vector<RateStage>> parse_stages(std::string_view text) {
#ifdef MQTK_HAVE_TOML
  if (const unsigned line = too_deep_toml_line(text); line != 0) {
    return fail(ErrorKind::Configuration,
                "the stage file, line " + std::to_string(line) + ": this is nested too deep");
  }
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::Configuration, "the stage file, line " +
                                              std::to_string(error.source().begin.line) + ": " +
                                              std::string(error.description()));
  }
  const toml::array* list = root["stage"].as_array();
  if (list == nullptr || list->empty()) {
    return fail(ErrorKind::Configuration, "the stage file has no [[stage]]");
  }
  std::vector<RateStage> stages;
  for (const toml::node& node : *list) {
    const std::size_t number = stages.size() + 1;
    const toml::table* entry = node.as_table();
    if (entry == nullptr) return bad_stage(number, "is no table");
    for (const auto& [key, unused] : *entry) {
      const std::string_view word = key.str();
      if (word != "duration" && word != "rate" && word != "from" && word != "to") {
        return bad_stage(number, "'" + std::string(word) + "' is unknown");
      }
    }
    const auto rate_of = [entry](const char* key) -> std::optional<double> {
      const auto& field = (*entry)[key];
      if (const auto words = field.value_exact<std::string>()) return parse_rate(*words);
      return field.value<double>();
    };
    RateStage stage;
    const auto words = (*entry)["duration"].value_exact<std::string>();
    const auto number_of_s = (*entry)["duration"].value<double>();
    const auto length = words ? parse_duration(*words)
                        : number_of_s
                            ? std::optional(Duration(static_cast<std::int64_t>(*number_of_s * 1e9)))
                            : std::nullopt;
    if (!length || *length <= 0ns) return bad_stage(number, "has no duration");
    stage.length = *length;
    const auto rate = rate_of("rate");
    const auto from = rate ? rate : rate_of("from");
    const auto to = rate ? rate : rate_of("to");
    if (!from || !to || *from < 0 || *to < 0) return bad_stage(number, "has no rate");
    stage.from_per_s = *from;
    stage.to_per_s = *to;
    stages.push_back(stage);
  }
  const bool any = std::ranges::any_of(
      stages, [](const RateStage& stage) { return stage.from_per_s > 0 || stage.to_per_s > 0; });
  if (!any) return fail(ErrorKind::Configuration, "every stage has the rate 0");
  return stages;
#else
  return fail(ErrorKind::Configuration,
              "this build cannot read stage files (" + std::to_string(text.size()) + " octets)");
#endif
}

Result<std::vector<Identity>> parse_credentials(std::string_view csv) {
  std::vector<Identity> out;
  std::vector<std::string> columns;
  std::size_t number = 0;
  while (!csv.empty()) {
    const auto end = csv.find('\n');
    std::string_view line = csv.substr(0, end);
    csv = end == std::string_view::npos ? std::string_view() : csv.substr(end + 1);
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const auto wrong = [number](const std::string& what) {
      return fail(ErrorKind::Configuration,
                  "the credentials file, line " + std::to_string(number) + ": " + what);
    };
    auto fields = split_csv(line);
    if (!fields) return wrong("a quote is not closed");
    if (columns.empty()) {
      const bool named = std::ranges::find(*fields, "username") != fields->end();
      if (named) {
        for (const std::string& name : *fields) {
          if (name != "client_id" && name != "username" && name != "password") {
            return wrong("the column '" + name + "' is unknown");
          }
        }
        columns = std::move(*fields);
        continue;
      }
      columns = fields->size() == 2 ? std::vector<std::string>{"username", "password"}
                                    : std::vector<std::string>{"client_id", "username", "password"};
    }
    if (fields->size() != columns.size()) {
      return wrong(std::to_string(fields->size()) + " fields instead of " +
                   std::to_string(columns.size()));
    }
    Identity identity;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      std::string& field = (*fields)[i];
      if (columns[i] == "client_id") identity.client_id = field;
      if (columns[i] == "username") identity.username = field;
      if (columns[i] == "password") identity.password = field;
    }
    out.push_back(std::move(identity));
  }
  return out;
}

Result<std::vector<std::string>> parse_sources(std::string_view text) {
  std::vector<std::string> out;
  const auto wrong = [text] {
    return fail(ErrorKind::Usage, "--source: '" + std::string(text) + "' is no list of addresses",
                "as in 10.0.0.5,10.0.0.6 or 127.0.0.2-127.0.0.9");
  };
  while (true) {
    const auto comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    const auto dash = part.find('-');
    in6_addr v6{};
    in_addr first{};
    in_addr last{};
    const std::string head(part.substr(0, dash));
    if (dash == std::string_view::npos && ::inet_pton(AF_INET6, head.c_str(), &v6) == 1) {
      out.push_back(head);
    } else {
      if (::inet_pton(AF_INET, head.c_str(), &first) != 1) return wrong();
      last = first;
      if (dash != std::string_view::npos &&
          ::inet_pton(AF_INET, std::string(part.substr(dash + 1)).c_str(), &last) != 1) {
        return wrong();
      }
      const std::uint32_t low = ntohl(first.s_addr);
      const std::uint32_t high = ntohl(last.s_addr);
      constexpr std::uint32_t kMost = 65'536;
      if (high < low || high - low >= kMost) return wrong();
      for (std::uint32_t address = low; address <= high; ++address) {
        const in_addr next{htonl(address)};
        char name[INET_ADDRSTRLEN];
        out.emplace_back(::inet_ntop(AF_INET, &next, name, sizeof name));
      }
    }
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace mqtk::bench
