// What was typed about the connection, group by group. Every member says "not given" in its initial
// state; defaults, environment and meaning come in resolve.hpp. A program composes its table from
// the groups it wants: append_flags(table, group) binds the group's entries to that very object,
// which must not move.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/engine.hpp"
#include "options/flag.hpp"
#include "output/packet_trace.hpp"

namespace mqtk {

/// A session that is kept until it is deleted [MQTT 5, 3.1.2.11.2].
inline constexpr std::uint32_t kNeverExpires = 0xFFFF'FFFF;

/// Where to connect and how long it may take.
struct ConnectionFlags {
  std::optional<std::string> host;       ///< -h a,b,c
  std::optional<std::uint16_t> port;     ///< -p
  std::optional<std::string> unix_path;  ///< --unix
  std::vector<std::string> urls;         ///< -L
  std::optional<std::string> url_file, url_command;
  bool srv = false;
  std::optional<std::string> bind_address;
  std::optional<std::string> proxy;
  std::optional<IpFamily> ip_family;  ///< -4, -6
  std::optional<bool> nodelay;
  std::optional<std::uint16_t> keep_alive_s;
  bool no_batching = false;
  std::optional<Duration> connect_timeout, resolve_timeout, tcp_timeout, proxy_timeout, tls_timeout,
      ws_timeout, mqtt_timeout, ping_timeout;
};

struct CredentialFlags {
  std::optional<std::string> username, username_file, username_command;
  std::optional<std::string> password, password_file, password_command;
  bool prompt = false;
};

struct TlsFlags {
  std::optional<std::string> cafile, capath, cert, key;
  std::optional<std::string> key_passphrase, key_passphrase_file, key_passphrase_command;
  bool key_passphrase_prompt = false;
  std::optional<TlsVersion> minimum, maximum;
  std::optional<std::string> engine, engine_kpass_sha1;
  std::optional<bool> key_in_engine;  ///< --keyform
  std::vector<std::string> alpn;
  std::optional<std::string> server_name, ciphers, tls13_ciphers, crl, keylog;
  std::optional<std::string> psk, psk_file, psk_identity;
  bool use_os_certs = false;
  bool no_tls = false;
  bool insecure = false;
};

struct WebSocketFlags {
  bool ws = false;
  std::optional<std::string> path;
  std::vector<std::string> headers;  ///< "Name: value" or "@FILE"
};

/// Who we are to the broker, and what it shall keep of us.
struct SessionFlags {
  std::optional<std::string> id, id_prefix;
  bool no_clean = false;
  std::optional<std::uint32_t> session_expiry_s;  ///< 4294967295: never
  std::optional<wire::ProtocolVersion> version;
  std::optional<std::uint16_t> max_inflight;
  std::optional<bool> resubscribe_always;
  std::optional<DisconnectMode> disconnect;
  std::vector<std::vector<std::string>> properties;  ///< -D: 3 or 4 words each
};

struct WillFlags {
  std::optional<std::string> topic, payload, file, base64;
  std::optional<wire::Qos> qos;
  bool retain = false;
  std::optional<std::uint32_t> delay_s;
  std::optional<std::string> birth_topic, birth_payload;
  std::optional<wire::Qos> birth_qos;
  bool birth_retain = false;
};

struct ReconnectFlags {
  std::optional<std::optional<Duration>> retry;  ///< --retry, --retry=DURATION
  std::optional<bool> reconnect;                 ///< --reconnect, --no-reconnect
  std::optional<Duration> interval, max_interval;
};

/// What becomes of messages to be published that cannot be delivered at once.
struct DeliveryFlags {
  std::optional<Duration> publish_timeout;
  std::optional<std::uint64_t> queue_size;
  std::optional<WhenFull> when_full;
};

enum class SummaryForm : std::uint8_t { None, Json, Text };

enum class ColorMode : std::uint8_t { Auto, Always, Never };

/// What is said on stderr besides the data.
struct ReportFlags {
  bool debug = false;
  TraceForm trace = TraceForm::Lines;  ///< another one: --trace
  SummaryForm summary = SummaryForm::None;
  bool quiet = false;
  ColorMode color = ColorMode::Auto;
};

/// Which implementation of MQTT does it.
struct EngineFlags {
  std::optional<Engine> engine;
};

struct ClientFlags {
  ConnectionFlags connection;
  CredentialFlags credentials;
  TlsFlags tls;
  WebSocketFlags websocket;
  SessionFlags session;
  WillFlags will;
  ReconnectFlags reconnect;
  DeliveryFlags delivery;  ///< appended on its own, by programs that publish
  EngineFlags engine;      ///< appended on its own, by programs that leave the choice
  ReportFlags report;
};

void append_flags(FlagTable& table, ConnectionFlags& flags);
void append_flags(FlagTable& table, EngineFlags& flags);
void append_flags(FlagTable& table, CredentialFlags& flags);
void append_flags(FlagTable& table, TlsFlags& flags);
void append_flags(FlagTable& table, WebSocketFlags& flags);
void append_flags(FlagTable& table, SessionFlags& flags);
void append_flags(FlagTable& table, WillFlags& flags);
void append_flags(FlagTable& table, ReconnectFlags& flags);
void append_flags(FlagTable& table, DeliveryFlags& flags);
void append_flags(FlagTable& table, ReportFlags& flags);
/// All of them except `delivery`.
void append_flags(FlagTable& table, ClientFlags& flags);

/// -V: 3.1 31 mqttv31, 3.1.1 311 mqttv311, 5 mqttv5.
Store store_protocol_version(std::optional<wire::ProtocolVersion>& target);
/// Whole seconds as a duration, `never` or -1 for 4294967295: MQTT 5's expiry intervals.
Store store_expiry(std::optional<std::uint32_t>& target, bool never_allowed = true);

}  // namespace mqtk
