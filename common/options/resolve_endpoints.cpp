#include <algorithm>

#include "net/dns/resolver.hpp"
#include "options/resolve_parts.hpp"
#include "options/usage_error.hpp"

namespace mqtk {

namespace {

constexpr std::uint16_t kTlsPort = 8883;

Result<std::string> checked_host(std::string host) {
  if (host.empty()) return usage_error("--host: a host name is empty");
  if (host.find("://") != std::string::npos) {
    return usage_error("--host: a URL is no host name", "give it with -L");
  }
  if (host.front() == '[' && host.back() == ']') return host.substr(1, host.size() - 2);
  const auto colons = std::ranges::count(host, ':');
  if (colons == 1) {
    const auto colon = host.find(':');
    return usage_error("--host: '" + host + "' is no host name",
                       "write -h " + host.substr(0, colon) + " -p " + host.substr(colon + 1));
  }
  const bool misplaced = std::ranges::any_of(host, [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == '/' || c == '?' || c == '@' || c == '\x7f';
  });
  if (misplaced) return usage_error("--host: '" + host + "' is no host name");
  return host;
}

Result<Targets> from_hosts(const ClientFlags& flags) {
  const ConnectionFlags& connection = flags.connection;
  const bool tls =
      !flags.tls.no_tls && (wants_tls(flags.tls) || connection.port.value_or(0) == kTlsPort);
  Endpoint endpoint;
  if (flags.websocket.ws) {
    endpoint.scheme = tls ? Scheme::Wss : Scheme::Ws;
  } else {
    endpoint.scheme = tls ? Scheme::Mqtts : Scheme::Mqtt;
  }
  endpoint.port = connection.port.value_or(default_port(endpoint.scheme));
  Targets out;
  std::string_view rest = connection.host ? std::string_view(*connection.host) : "localhost";
  for (bool more = true; more;) {
    const auto comma = rest.find(',');
    more = comma != std::string_view::npos;
    auto host = checked_host(std::string(rest.substr(0, comma)));
    if (!host) return fail(std::move(host.error()));
    endpoint.host = std::move(*host);
    out.endpoints.push_back(endpoint);
    if (more) rest.remove_prefix(comma + 1);
  }
  return out;
}

// What several URLs must agree on, since a client has one of it.
Result<void> agree_on(std::optional<std::string>& into, const std::optional<std::string>& value,
                      std::string_view what) {
  if (!value) return {};
  if (into && *into != *value) {
    return usage_error("the URLs differ in their " + std::string(what),
                       "start one program for each");
  }
  into = value;
  return {};
}

Result<void> add_url(const std::string& text, const ClientFlags& flags, Targets& out) {
  auto parsed = parse_broker_url(text);
  if (!parsed) return fail(std::move(parsed.error()));
  BrokerUrl& url = *parsed;
  Endpoint& endpoint = url.endpoint;
  const std::uint16_t port = flags.connection.port.value_or(endpoint.port);
  const bool port_given = url.port_given || flags.connection.port.has_value();
  if (flags.connection.srv && port_given) {
    return usage_error("--srv: the URL names a port, and the service records do",
                       "leave the port out");
  }
  if (flags.tls.no_tls && endpoint.uses_tls()) {
    return usage_error("--no-tls contradicts the URL's scheme " +
                       std::string(name(endpoint.scheme)));
  }
  if (flags.websocket.ws && !endpoint.uses_websocket()) {
    return usage_error("--ws contradicts the URL's scheme " + std::string(name(endpoint.scheme)),
                       "write ws:// or wss://");
  }
  if (!flags.tls.no_tls) {
    const bool wanted = wants_tls(flags.tls);
    if (endpoint.scheme == Scheme::Mqtt && (wanted || (port_given && port == kTlsPort))) {
      endpoint.scheme = Scheme::Mqtts;
    } else if (endpoint.scheme == Scheme::Ws && wanted) {
      endpoint.scheme = Scheme::Wss;
    }
  }
  if (endpoint.scheme != Scheme::Unix) {
    endpoint.port = port_given ? port : default_port(endpoint.scheme);
  }
  const auto non_empty = [](std::string& value) {
    return value.empty() ? std::nullopt : std::optional(std::move(value));
  };
  std::optional<std::string> target =
      out.ws_target.empty() ? std::nullopt : std::optional(out.ws_target);
  for (auto merged : {agree_on(out.username, url.username, "user"),
                      agree_on(out.password, url.password, "password"),
                      agree_on(out.topic, non_empty(url.topic), "topic"),
                      agree_on(target, non_empty(url.target), "path")}) {
    if (!merged) return merged;
  }
  out.ws_target = target.value_or("");
  out.endpoints.push_back(std::move(endpoint));
  return {};
}

Result<void> check_conflicts(const ConnectionFlags& flags) {
  const bool urls = !flags.urls.empty();
  const std::string_view sources[] = {urls ? "--url" : "",
                                      flags.url_file ? "--url-file" : "",
                                      flags.url_command ? "--url-command" : "",
                                      flags.unix_path ? "--unix" : "",
                                      flags.host ? "--host" : "",
                                      flags.port ? "--port" : ""};
  for (const std::string_view source : {sources[1], sources[2], sources[3], sources[5]}) {
    if (!flags.srv || source.empty()) continue;
    return usage_error("--srv and " + std::string(source) + " exclude each other",
                       "give the domain with -h or -L; its service records name brokers and ports");
  }
  std::string_view first;
  for (const std::string_view source : sources) {
    if (source.empty()) continue;
    if (!first.empty() && !(first == "--host" && source == "--port")) {
      return usage_error(
          std::string(first) + " and " + std::string(source) + " exclude each other",
          source == "--port" && first == "--url" ? "write the port into the URL" : "");
    }
    first = source;
  }
  return {};
}

// The ports come with the records.
Result<void> make_domains(std::vector<Endpoint>& endpoints) {
  for (Endpoint& endpoint : endpoints) {
    if (endpoint.uses_websocket()) {
      return usage_error("--srv: there are no service records for MQTT over WebSocket",
                         "name the broker itself");
    }
    if (endpoint.scheme == Scheme::Unix || resolve_now(endpoint.host, 0, IpFamily::Any)) {
      return usage_error("--srv: '" + endpoint.host + "' is no domain", "name one with -h or -L");
    }
    endpoint.port = 0;
  }
  return {};
}

Result<Targets> targets_asked_for(const ClientFlags& flags, const Environment& environment) {
  const ConnectionFlags& connection = flags.connection;
  Targets out;
  for (const std::string& url : connection.urls) {
    if (auto added = add_url(url, flags, out); !added) return fail(std::move(added.error()));
  }
  if (!out.endpoints.empty()) return out;
  if (environment.url && !connection.host && !connection.url_command && !connection.url_file) {
    if (auto added = add_url(*environment.url, flags, out); !added) {
      Error error = std::move(added.error());
      error.message = "MQTT_TOOLKIT_URL: " + error.message;
      return fail(std::move(error));
    }
    if (flags.websocket.path) out.ws_target.clear();
    return out;
  }
  return from_hosts(flags);
}

}  // namespace

bool Targets::any_tls() const {
  return std::ranges::any_of(endpoints, &Endpoint::uses_tls);
}
bool Targets::any_websocket() const {
  return std::ranges::any_of(endpoints, &Endpoint::uses_websocket);
}

bool wants_tls(const TlsFlags& flags) {
  return !flags.no_tls && (flags.cafile || flags.capath || flags.cert || flags.psk ||
                           flags.psk_file || flags.use_os_certs);
}

Result<Targets> resolve_targets(const ClientFlags& flags, const Environment& environment) {
  const ConnectionFlags& connection = flags.connection;
  if (auto checked = check_conflicts(connection); !checked) return fail(checked.error());
  if (connection.unix_path) {
    if (connection.unix_path->empty()) return usage_error("--unix: the path is empty");
    if (flags.websocket.ws) return usage_error("--unix and --ws exclude each other");
    Targets out;
    out.endpoints.push_back({Scheme::Unix, *connection.unix_path, 0});
    return out;
  }
  auto out = targets_asked_for(flags, environment);
  if (!out || !connection.srv) return out;
  if (auto made = make_domains(out->endpoints); !made) return fail(std::move(made.error()));
  return out;
}

}  // namespace mqtk
