#include "options/environment.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

extern char** environ;

namespace mqtk {

namespace {

constexpr std::string_view kPrefix = "MQTT_TOOLKIT_";

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  return value;
}

// Empty means the same as not set, where an empty value makes no sense.
std::optional<std::string> non_empty(const char* name) {
  auto value = variable(name);
  if (value && value->empty()) value.reset();
  return value;
}

std::vector<std::pair<std::string, std::string>> settings() {
  std::vector<std::pair<std::string, std::string>> out;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view entry(*each);
    if (!entry.starts_with(kPrefix)) continue;
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos || equals + 1 == entry.size()) continue;
    out.emplace_back(entry.substr(kPrefix.size(), equals - kPrefix.size()),
                     entry.substr(equals + 1));
  }
  return out;
}

std::string config_home() {
  if (auto home = non_empty("XDG_CONFIG_HOME")) return *home;
  const auto home = non_empty("HOME");
  return home ? *home + "/.config" : std::string();
}

}  // namespace

Environment read_environment() {
  Environment environment;
  environment.url = non_empty("MQTT_TOOLKIT_URL");
  environment.username = non_empty("MQTT_TOOLKIT_USERNAME");
  environment.password = non_empty("MQTT_TOOLKIT_PASSWORD");
  environment.engine = non_empty("MQTT_TOOLKIT_ENGINE");
  environment.ssl_keylog_file = non_empty("SSLKEYLOGFILE");
  environment.profile = non_empty("MQTT_TOOLKIT_PROFILE");
  environment.config = non_empty("MQTT_TOOLKIT_CONFIG");
  environment.settings = settings();
  environment.config_home = config_home();
  environment.no_color =
      non_empty("NO_COLOR").has_value() || variable("TERM").value_or("") == "dumb";
  return environment;
}

}  // namespace mqtk
