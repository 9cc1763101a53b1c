#include "options/environment.hpp"

#include <cstdlib>
#include <string_view>

namespace mqtk {

namespace {

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

}  // namespace

Environment read_environment() {
  Environment environment;
  environment.url = non_empty("MQTT_TOOLKIT_URL");
  environment.username = non_empty("MQTT_TOOLKIT_USERNAME");
  environment.password = non_empty("MQTT_TOOLKIT_PASSWORD");
  environment.ssl_keylog_file = non_empty("SSLKEYLOGFILE");
  environment.no_color =
      non_empty("NO_COLOR").has_value() || variable("TERM").value_or("") == "dumb";
  return environment;
}

}  // namespace mqtk
