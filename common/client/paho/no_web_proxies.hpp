// Paho reads http_proxy and https_proxy whenever it connects, for plain MQTT as well, and cannot be
// told to leave it: what the environment says of the web must not lead an MQTT connection
// elsewhere.
#pragma once

namespace mqtk {

/// While one exists, the process's environment is one without those two, and the programs started
/// meanwhile do not see them either; after the last one it is what it was. Any thread.
class NoWebProxies {
 public:
  NoWebProxies();
  ~NoWebProxies();
  NoWebProxies(const NoWebProxies&) = delete;
  NoWebProxies& operator=(const NoWebProxies&) = delete;
};

}  // namespace mqtk
