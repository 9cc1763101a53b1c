#include "options/layers.hpp"

#include <algorithm>
#include <array>

#include "net/tls/key_uri.hpp"
#include "options/client_flags.hpp"
#include "options/secrets.hpp"
#include "options/url.hpp"
#include "options/words.hpp"

namespace mqtk {

namespace {

/// Options of which one replaces the others when it comes from a higher layer.
constexpr std::array<std::string_view, 12> kAlternatives = {
    "url url-file url-command unix host",
    "username username-file username-command",
    "password password-file password-command prompt",
    "key-passphrase key-passphrase-file key-passphrase-command",
    "psk psk-file",
    "id id-prefix",
    "will-payload will-file will-base64",
    "reconnect no-reconnect",
    "nodelay no-nodelay",
    "ipv4 ipv6",
    "tls-use-os-certs no-tls",
    "message file stdin-file stdin-line null-message from-json"};

/// What a URL says besides the host.
constexpr std::string_view kWholeAddress = "port ws";

bool names_address(std::string_view name) {
  return name != "host" && has_word(kAlternatives[0], name);
}

std::string masked(const Flag& flag, const std::string& value) {
  switch (flag.secret) {
    case Secret::No:
      break;
    case Secret::Whole:
      return "***";
    case Secret::Url:
      return masked_url(value);
    case Secret::Header:
      if (const auto colon = value.find(':'); colon != std::string::npos && value[0] != '@') {
        return value.substr(0, colon) + ": ***";
      }
      break;
    case Secret::Pin:
      return without_pin(value);
    case Secret::Property:
      if (const auto at = value.find("authentication-data"); at != std::string::npos) {
        return value.substr(0, at) + "authentication-data ***";
      }
      break;
  }
  return value;
}

// As a value in a profile.
std::string shown(const Flag& flag, const ScannedFlag& given) {
  if (given.off) return "false";
  if (flag.kind == FlagKind::Switch ||
      (flag.kind == FlagKind::OptionalValue && given.value.empty())) {
    return "true";
  }
  std::string text = masked(flag, given.value);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.append(1, '\\').append(1, c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\0') {
      out += "\", \"";
    } else if (u8(c) < 0x20 || c == 0x7F) {
      out.append("\\u00").append(to_hex(std::string(1, c)));
    } else {
      out += c;
    }
  }
  out += '"';
  return flag.kind == FlagKind::Words ? "[" + out + "]" : out;
}

void append_setting(std::string& out, std::string_view name, const std::string& value,
                    std::string_view where) {
  std::string line = std::string(name) + " = " + value;
  if (line.size() < 39) line.append(39 - line.size(), ' ');
  out.append(line).append("  # ").append(where).append("\n");
}

Unexpected<Error> refuse(const std::string& path, unsigned number, const Error& error) {
  return fail(ErrorKind::Configuration, path + ":" + std::to_string(number) + ": " + error.message,
              error.hint);
}

}  // namespace

bool replaces(const ScannedFlag& given, std::string_view other) {
  const std::string_view name = given.flag->name;
  if (name == other) return true;
  for (const std::string_view group : kAlternatives) {
    if (has_word(group, name) && has_word(group, other)) return true;
  }
  if (!names_address(name)) return false;
  if (has_word(kWholeAddress, other)) return true;
  if (name != "url" || (other != "username" && other != "password")) return false;
  const auto url = parse_broker_url(given.value);
  return url && (other == "username" ? url->username.has_value() : url->password.has_value());
}

Layer merge_layers(std::vector<Layer> layers) {
  Layer out;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    for (ScannedFlag& given : layers[i]) {
      const std::string_view name = given.flag->name;
      const auto higher = std::span(layers).subspan(i + 1);
      const bool hidden = std::ranges::any_of(higher, [name](const Layer& layer) {
        return std::ranges::any_of(layer, [name](const ScannedFlag& above) {
          return above.flag && replaces(above, name);
        });
      });
      if (!hidden) out.push_back(given);
    }
  }
  return out;
}

Result<Layer> environment_layer(std::span<const Flag> table, const Environment& environment) {
  Layer out;
  for (const auto& [variable, value] : environment.settings) {
    std::string name = lower_case(variable);
    std::ranges::replace(name, '_', '-');
    const Flag* const flag = find_long(table, name);
    if (flag == nullptr || flag->hidden || flag->group == kProfileGroup ||
        flag->kind == FlagKind::Words) {
      continue;
    }
    const std::string spelled = "MQTT_TOOLKIT_" + variable;
    ScannedFlag given;
    given.flag = flag;
    given.value = value;
    given.typed = spelled;
    given.origin = Origin::Environment;
    given.where = "environment " + spelled;
    if (flag->kind == FlagKind::Switch) {
      if (value != "1" && value != "0" && value != "true" && value != "false") {
        return fail(ErrorKind::Usage, spelled + ": '" + value + "' is not true or false");
      }
      given.off = value == "0" || value == "false";
      given.value.clear();
    }
    // resolve.hpp takes these from the environment by itself; here they only hide what is below.
    given.elsewhere =
        name == "url" || (environment.url && (name == "username" || name == "password"));
    out.push_back(std::move(given));
  }
  return out;
}

Result<Layer> options_file_layer(const std::string& path, std::span<const Flag> table) {
  auto content = read_file(path, "file of options");
  if (!content) return fail(std::move(content.error()));
  Layer out;
  std::string_view rest = *content;
  for (unsigned number = 1; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const auto space = line.find(' ');
    std::vector<std::string> words{"", std::string(line.substr(0, space))};
    if (space != std::string_view::npos) {
      const std::string value(line.substr(space + 1));
      const Flag* const flag = find_option(table, words[1]);
      if (flag != nullptr && flag->kind == FlagKind::Words) {
        split_words(*flag, value, words);
      } else {
        words.push_back(value);
      }
    }
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    Scan scan = scan_arguments(table, static_cast<int>(argv.size()), argv.data());
    if (scan.error) return refuse(path, number, *scan.error);
    for (ScannedFlag& given : scan.flags) {
      given.origin = Origin::File;
      given.place = {};
      given.where = path + ":" + std::to_string(number);
      given.typed = given.where + ": " + given.typed;
      out.push_back(std::move(given));
    }
  }
  return out;
}

std::string show_config(std::span<const Flag> table, std::span<const ScannedFlag> given) {
  std::string out;
  for (const Flag& flag : table) {
    if (flag.hidden || flag.group == kProfileGroup || flag.group == kHelpGroup) continue;
    std::vector<const ScannedFlag*> values;
    for (const ScannedFlag& each : given) {
      if (each.flag != &flag) continue;
      if (flag.kind != FlagKind::List && flag.kind != FlagKind::Words) values.clear();
      values.push_back(&each);
    }
    for (const ScannedFlag* value : values) {
      append_setting(out, flag.name, shown(flag, *value), value->where);
    }
    const bool replaced = std::ranges::any_of(
        given, [&flag](const ScannedFlag& each) { return replaces(each, flag.name); });
    if (!replaced && !flag.default_text.empty()) {
      append_setting(out, flag.name, std::string(flag.default_text), "default");
    }
  }
  return out;
}

}  // namespace mqtk
