// The environment variables the programs read, as values. Nothing else in the toolkit calls getenv.
#pragma once

#include <optional>
#include <string>

namespace mqtk {

struct Environment {
  std::optional<std::string> url;              ///< MQTT_TOOLKIT_URL
  std::optional<std::string> username;         ///< MQTT_TOOLKIT_USERNAME
  std::optional<std::string> password;         ///< MQTT_TOOLKIT_PASSWORD
  std::optional<std::string> ssl_keylog_file;  ///< SSLKEYLOGFILE
  bool no_color = false;                       ///< NO_COLOR set and not empty, or TERM=dumb
};

Environment read_environment();

}  // namespace mqtk
