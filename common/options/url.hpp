// Broker URLs: mqtt tcp mqtts ssl tls tcps ws wss unix. User, password, host and topic are
// percent-decoded; the path and query of ws URLs go out as they were written. Messages never show
// the password or the query.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "net/endpoint.hpp"

namespace mqtk {

struct BrokerUrl {
  Endpoint endpoint;
  bool port_given = false;
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::string topic;   ///< mqtt-like URLs: the path without its first slash; empty: none
  std::string target;  ///< ws-like URLs: path and query; empty: none was written
};

/// Errors are of kind Usage.
Result<BrokerUrl> parse_broker_url(std::string_view url);

/// The URL with password and query replaced by "***": for messages.
std::string masked_url(std::string_view url);

/// Octets [begin, end) of a URL that are secret: password and query. When in doubt, more than that.
struct UrlSecret {
  std::size_t begin = 0;
  std::size_t end = 0;
};
std::vector<UrlSecret> url_secrets(std::string_view url);

/// false when a % is not followed by two hexadecimal digits.
bool percent_decode(std::string_view text, std::string& out);

}  // namespace mqtk
