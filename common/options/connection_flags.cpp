#include "options/client_flags.hpp"

namespace mqtk {

namespace {

constexpr std::string_view kConnection = "Connection";
constexpr std::string_view kTimeouts = "Time-outs of connecting";
constexpr std::string_view kCredentials = "Credentials";
constexpr std::string_view kWebSocket = "WebSocket";

Flag timeout_flag(std::string_view name, std::string_view doc, std::string_view default_text,
                  std::optional<Duration>& target) {
  return {.name = name,
          .value_name = "DURATION",
          .kind = FlagKind::Value,
          .group = kTimeouts,
          .doc = doc,
          .default_text = default_text,
          .store = store(target)};
}

Store store_keep_alive(std::optional<std::uint16_t>& target) {
  return [&target, duration = Duration(0)](std::string_view value) mutable {
    auto complaint = store(duration)(value);
    if (complaint) return complaint;
    if (duration % 1s != 0ns || duration > 65535s) {
      return std::optional<std::string>("'" + std::string(value) +
                                        "' is not a number of whole seconds from 0 to 65535");
    }
    target = static_cast<std::uint16_t>(duration / 1s);
    return complaint;
  };
}

}  // namespace

void append_flags(FlagTable& table, ConnectionFlags& flags) {
  table.push_back(
      {.letter = 'h',
       .name = "host",
       .value_name = "HOST[,HOST]...",
       .kind = FlagKind::Value,
       .group = kConnection,
       .doc = "host name or address of the broker; several are tried in order",
       .details =
           "Host name, IPv4 or IPv6 address of the broker. Several, separated by commas, are tried "
           "in their order, at first and again after a connection was lost.",
       .default_text = "localhost",
       .completion = Completion::Host,
       .common = true,
       .store = store(flags.host)});
  table.push_back(
      {.letter = 'p',
       .name = "port",
       .value_name = "PORT",
       .kind = FlagKind::Value,
       .group = kConnection,
       .doc = "port of the broker; 8883 turns TLS on",
       .details =
           "Port of the broker. Without it: 1883, with TLS 8883, with --ws 80, with --ws and TLS "
           "443. Port 8883 turns TLS on unless --no-tls is given.",
       .default_text = "1883, with TLS 8883",
       .common = true,
       .store = store_number(flags.port, 1, 65535)});
  table.push_back(
      {.letter = 'L',
       .name = "url",
       .value_name = "URL",
       .kind = FlagKind::List,
       .group = kConnection,
       .doc = "broker as a URL, mqtt[s]://[USER[:PASSWORD]@]HOST[:PORT][/TOPIC] or ws[s]://...",
       .details =
           "The broker as a URL. Schemes: mqtt and tcp (port 1883), mqtts, ssl, tls and tcps "
           "(8883), ws "
           "(80), wss (443), unix (unix:///path/of/socket). The path of the first two kinds is the "
           "topic; path and query of ws and wss are what is asked for in the HTTP request, /mqtt "
           "when "
           "there are none. User, password, host and topic may be percent-encoded. Given several "
           "times, "
           "the brokers are tried in order.",
       .common = true,
       .secret = Secret::Url,
       .store = store(flags.urls)});
  table.push_back({.name = "unix",
                   .value_name = "PATH",
                   .kind = FlagKind::Value,
                   .group = kConnection,
                   .doc = "connect to a Unix socket",
                   .completion = Completion::File,
                   .store = store(flags.unix_path)});
  table.push_back({.name = "url-file",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kConnection,
                   .doc = "file with the URL, read before every attempt to connect",
                   .completion = Completion::File,
                   .store = store(flags.url_file)});
  table.push_back(
      {.name = "url-command",
       .value_name = "COMMAND",
       .kind = FlagKind::Value,
       .group = kConnection,
       .doc = "command that prints the URL, run before every attempt to connect",
       .details =
           "A command, run by /bin/sh -c before every attempt to connect, that prints the URL of "
           "the broker: for signed URLs that expire. It has ten seconds. A failure ends the "
           "program with exit status 78.",
       .store = store(flags.url_command)});
  table.push_back(
      {.name = "proxy",
       .value_name = "URL",
       .kind = FlagKind::Value,
       .group = kConnection,
       .doc = "connect through a proxy, socks5h://[USER[:PASSWORD]@]HOST[:PORT] or http://...",
       .details =
           "Connect through a proxy: socks5h://[USER[:PASSWORD]@]HOST[:PORT] (port 1080) or "
           "http://[USER[:PASSWORD]@]HOST[:PORT] (CONNECT, port 8080). The proxy resolves the "
           "broker's name.",
       .secret = Secret::Url,
       .store = store(flags.proxy)});
  table.push_back(
      {.name = "srv",
       .group = kConnection,
       .doc = "the host is a domain whose DNS service records name the brokers",
       .details =
           "The host given with -h or -L is a domain. Its brokers and their ports are those that "
           "its DNS service records name: _mqtt._tcp.DOMAIN, with TLS _secure-mqtt._tcp.DOMAIN "
           "(RFC 2782). They are tried by priority, those of one priority at random with their "
           "weights as their chances, and looked up again before a lost connection is renewed. A "
           "certificate must name the domain, since whoever answers for it could name any host "
           "(RFC 6125); --server-name asks for another name. A load test looks them up once "
           "and shares its clients evenly among all of them.",
       .store = store(flags.srv)});
  table.push_back({.letter = 'A',
                   .name = "bind",
                   .value_name = "ADDRESS",
                   .kind = FlagKind::Value,
                   .group = kConnection,
                   .doc = "local address to connect from",
                   .store = store(flags.bind_address)});
  table.push_back({.letter = '4',
                   .name = "ipv4",
                   .group = kConnection,
                   .doc = "use IPv4 addresses only",
                   .store = [&flags](std::string_view) {
                     flags.ip_family = IpFamily::V4;
                     return std::optional<std::string>();
                   }});
  table.push_back({.letter = '6',
                   .name = "ipv6",
                   .group = kConnection,
                   .doc = "use IPv6 addresses only",
                   .store = [&flags](std::string_view) {
                     flags.ip_family = IpFamily::V6;
                     return std::optional<std::string>();
                   }});
  table.push_back(
      {.letter = 'k',
       .name = "keepalive",
       .aliases = "keep-alive",
       .value_name = "SECONDS",
       .kind = FlagKind::Value,
       .group = kConnection,
       .doc = "keep-alive interval, 0 for off",
       .details =
           "The longest silence towards the broker, which closes the connection after one and a "
           "half times as much. Whole seconds up to 65535; 0 turns it off.",
       .default_text = "60",
       .store = store_keep_alive(flags.keep_alive_s)});
  table.push_back({.name = "nodelay",
                   .group = kConnection,
                   .doc = "send small packets at once (TCP_NODELAY), which is the default",
                   .store = store(flags.nodelay, true)});
  table.push_back({.name = "no-nodelay",
                   .group = kConnection,
                   .doc = "let the system collect small packets",
                   .store = store(flags.nodelay, false)});
  table.push_back(
      {.name = "no-batching",
       .group = kConnection,
       .doc = "handle every packet the moment it comes, at a higher cost",
       .details =
           "Under load, packets are left in the socket for up to a millisecond so that many are "
           "handled in one go. This option turns that off, for when latency is measured.",
       .store = store(flags.no_batching)});

  table.push_back(timeout_flag("connect-timeout",
                               "limit for all phases of connecting together, 0 for none", "30s",
                               flags.connect_timeout));
  table.push_back(timeout_flag("resolve-timeout", "limit for finding the host's addresses", "10s",
                               flags.resolve_timeout));
  table.push_back(timeout_flag("tcp-timeout", "limit for the TCP connection to one address", "10s",
                               flags.tcp_timeout));
  table.push_back(timeout_flag("proxy-timeout", "limit for the dialogue with the proxy", "10s",
                               flags.proxy_timeout));
  table.push_back(
      timeout_flag("tls-timeout", "limit for the TLS handshake", "10s", flags.tls_timeout));
  table.push_back(
      timeout_flag("ws-timeout", "limit for the WebSocket upgrade", "10s", flags.ws_timeout));
  table.push_back(timeout_flag("mqtt-timeout", "limit for the broker's answer to CONNECT", "10s",
                               flags.mqtt_timeout));
  table.push_back(timeout_flag("ping-timeout",
                               "limit for the broker's answer to a ping, 0 for none", "10s",
                               flags.ping_timeout));
}

void append_flags(FlagTable& table, CredentialFlags& flags) {
  table.push_back({.letter = 'u',
                   .name = "username",
                   .value_name = "USER",
                   .kind = FlagKind::Value,
                   .group = kCredentials,
                   .doc = "user name",
                   .common = true,
                   .store = store(flags.username)});
  table.push_back(
      {.letter = 'P',
       .name = "password",
       .aliases = "pw",
       .value_name = "PASSWORD",
       .kind = FlagKind::Value,
       .group = kCredentials,
       .doc = "password; other users may see it, --password-file is safer",
       .details =
           "The password. It stands in the shell's history and, for a moment, in the list of "
           "processes; --password-file, --password-command, --prompt and the environment "
           "variable MQTT_TOOLKIT_PASSWORD are safer.",
       .common = true,
       .secret = Secret::Whole,
       .store = store(flags.password)});
  table.push_back({.name = "username-file",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kCredentials,
                   .doc = "file with the user name, read before every attempt to connect",
                   .completion = Completion::File,
                   .store = store(flags.username_file)});
  table.push_back({.name = "username-command",
                   .value_name = "COMMAND",
                   .kind = FlagKind::Value,
                   .group = kCredentials,
                   .doc = "command that prints the user name, run before every attempt to connect",
                   .store = store(flags.username_command)});
  table.push_back(
      {.name = "password-file",
       .value_name = "FILE",
       .kind = FlagKind::Value,
       .group = kCredentials,
       .doc = "file with the password, read before every attempt to connect",
       .details =
           "File with the password, read anew before every attempt to connect, so that a token "
           "that expires can be replaced. One newline at its end is cut.",
       .completion = Completion::File,
       .store = store(flags.password_file)});
  table.push_back(
      {.name = "password-command",
       .value_name = "COMMAND",
       .kind = FlagKind::Value,
       .group = kCredentials,
       .doc = "command that prints the password, run before every attempt to connect",
       .details =
           "A command, run by /bin/sh -c before every attempt to connect, that prints the "
           "password. "
           "One newline at the end is cut. It has ten seconds. A failure ends the program with "
           "exit status 78.",
       .store = store(flags.password_command)});
  table.push_back({.name = "prompt",
                   .group = kCredentials,
                   .doc = "ask for the password on the terminal",
                   .store = store(flags.prompt)});
}

void append_flags(FlagTable& table, WebSocketFlags& flags) {
  table.push_back({.name = "ws",
                   .group = kWebSocket,
                   .doc = "speak MQTT over WebSocket with the host given by -h",
                   .store = store(flags.ws)});
  table.push_back({.name = "ws-path",
                   .value_name = "PATH",
                   .kind = FlagKind::Value,
                   .group = kWebSocket,
                   .doc = "path and query of the HTTP request",
                   .default_text = "/mqtt",
                   .secret = Secret::Url,
                   .store = store(flags.path)});
  table.push_back(
      {.name = "ws-header",
       .value_name = "HEADER",
       .kind = FlagKind::List,
       .group = kWebSocket,
       .doc = "header of the HTTP request, 'Name: value'; @FILE reads them from a file",
       .details =
           "A header that is sent with the HTTP request, as 'Name: value'; may be given several "
           "times. @FILE reads headers from a file, one a line. A Host or Origin given here "
           "replaces the usual one. Values are treated as secrets.",
       .secret = Secret::Header,
       .store = store(flags.headers)});
}

}  // namespace mqtk
