// The environment variables the programs read, as values. Nothing else in the toolkit calls getenv.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mqtk {

struct Environment {
  std::optional<std::string> url;              ///< MQTT_TOOLKIT_URL
  std::optional<std::string> username;         ///< MQTT_TOOLKIT_USERNAME
  std::optional<std::string> password;         ///< MQTT_TOOLKIT_PASSWORD
  std::optional<std::string> engine;           ///< MQTT_TOOLKIT_ENGINE
  std::optional<std::string> ssl_keylog_file;  ///< SSLKEYLOGFILE
  std::optional<std::string> profile;          ///< MQTT_TOOLKIT_PROFILE
  std::optional<std::string> config;           ///< MQTT_TOOLKIT_CONFIG: a file of profiles
  /// All variables MQTT_TOOLKIT_NAME that are not empty, as NAME and value.
  std::vector<std::pair<std::string, std::string>> settings;
  std::string system_config = "/etc/mqtt-toolkit/config.toml";
  std::string config_home;  ///< XDG_CONFIG_HOME, or HOME/.config; empty: neither is set
  bool no_color = false;    ///< NO_COLOR set and not empty, or TERM=dumb
};

Environment read_environment();

}  // namespace mqtk
