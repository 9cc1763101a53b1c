#include <algorithm>

#include "base/bytes.hpp"
#include "options/resolve_parts.hpp"
#include "options/secrets.hpp"
#include "options/usage_error.hpp"

namespace mqtk {

namespace {

void warn_of_unused(const TlsFlags& flags, std::vector<std::string>& warnings) {
  const std::pair<std::string_view, bool> options[] = {
      {"--insecure", flags.insecure},
      {"--server-name", flags.server_name.has_value()},
      {"--tls-version", flags.minimum.has_value()},
      {"--tls-max-version", flags.maximum.has_value()},
      {"--tls-alpn", !flags.alpn.empty()},
      {"--ciphers", flags.ciphers.has_value()},
      {"--tls13-ciphers", flags.tls13_ciphers.has_value()},
      {"--crl", flags.crl.has_value()},
      {"--tls-keylog", flags.keylog.has_value()},
      {"--cafile", flags.cafile.has_value()},
      {"--capath", flags.capath.has_value()},
      {"--cert", flags.cert.has_value()},
      {"--tls-engine", flags.engine.has_value()},
      {"--psk", flags.psk.has_value() || flags.psk_file.has_value()},
      {"--tls-use-os-certs", flags.use_os_certs}};
  for (const auto& [option, given] : options) {
    if (given) warnings.push_back(std::string(option) + " has no effect without TLS");
  }
}

Result<void> check(const TlsFlags& flags) {
  if (flags.key && !flags.cert) return usage_error("--key needs --cert");
  const bool in_engine = flags.key_in_engine.value_or(false);
  if (in_engine && (!flags.engine || !flags.key)) {
    return usage_error("--keyform engine needs --tls-engine and --key");
  }
  if (flags.engine_kpass_sha1 && !in_engine) {
    return usage_error("--tls-engine-kpass-sha1 needs --tls-engine and --keyform engine");
  }
  if (flags.engine_kpass_sha1 && !sha1_of_hex(*flags.engine_kpass_sha1)) {
    return usage_error("--tls-engine-kpass-sha1: not 40 hexadecimal digits");
  }
  const int passphrases = (flags.key_passphrase ? 1 : 0) + (flags.key_passphrase_file ? 1 : 0) +
                          (flags.key_passphrase_command ? 1 : 0) +
                          (flags.key_passphrase_prompt ? 1 : 0);
  if (passphrases > 1) {
    return usage_error(
        "--key-passphrase, --key-passphrase-file, --key-passphrase-command and "
        "--key-passphrase-prompt exclude each other");
  }
  if (passphrases > 0 && !flags.cert) return usage_error("a key passphrase needs --cert");
  const bool psk = flags.psk || flags.psk_file;
  if (flags.psk && flags.psk_file) return usage_error("--psk and --psk-file exclude each other");
  if (psk && (flags.cafile || flags.capath || flags.cert)) {
    return usage_error("--psk excludes --cafile, --capath and --cert");
  }
  if (psk && !flags.psk_identity) return usage_error("--psk needs --psk-identity");
  if (flags.psk_identity && !psk) return usage_error("--psk-identity needs --psk");
  if (flags.minimum && flags.maximum && *flags.minimum > *flags.maximum) {
    return usage_error("--tls-version is above --tls-max-version");
  }
  for (const std::string& protocol : flags.alpn) {
    if (protocol.empty() || protocol.size() > 255) {
      return usage_error("--tls-alpn: a protocol's name has 1 to 255 octets");
    }
  }
  return {};
}

// A file, or the document itself.
PemSource pem_source(const std::optional<std::string>& value) {
  if (!value) return {};
  if (value->find("-----BEGIN ") != std::string::npos) return {{}, *value};
  return {*value, {}};
}

Result<void> resolve_tls(const TlsFlags& flags, const Environment& environment, TlsConfig& out) {
  if (auto checked = check(flags); !checked) return checked;
  out.ca = pem_source(flags.cafile);
  out.ca_directory = flags.capath.value_or("");
  out.system_store = flags.use_os_certs;
  out.certificate = pem_source(flags.cert);
  out.engine = flags.engine.value_or("");
  out.key_in_engine = flags.key_in_engine.value_or(false);
  out.key = out.key_in_engine ? PemSource{*flags.key, {}} : pem_source(flags.key);
  if (flags.engine_kpass_sha1) out.key_password_sha1 = *sha1_of_hex(*flags.engine_kpass_sha1);
  out.key_passphrase = flags.key_passphrase;
  if (flags.key_passphrase_file) {
    auto passphrase = read_secret_file(*flags.key_passphrase_file, "key passphrase file");
    if (!passphrase) return fail(std::move(passphrase.error()));
    out.key_passphrase = std::move(*passphrase);
  }
  if (flags.key_passphrase_command) {
    auto printed = run_secret_command(*flags.key_passphrase_command, "--key-passphrase-command");
    if (!printed) return fail(std::move(printed.error()));
    out.key_passphrase = std::move(*printed);
  }
  if (flags.key_passphrase_prompt && out.key_in_engine) {
    out.ask_passphrase = [] { return prompt_secret("Password of the key: "); };
  } else if (flags.key_passphrase_prompt) {
    auto typed = prompt_secret("Passphrase for the key: ");
    if (!typed) return fail(std::move(typed.error()));
    out.key_passphrase = std::move(*typed);
  }
  out.psk_hex = flags.psk;
  if (flags.psk_file) {
    auto key = read_secret_file(*flags.psk_file, "file of the pre-shared key");
    if (!key) return fail(std::move(key.error()));
    out.psk_hex = std::move(*key);
  }
  std::string octets;
  if (out.psk_hex && (!from_hex(*out.psk_hex, octets) || octets.empty())) {
    return fail(flags.psk_file ? ErrorKind::Configuration : ErrorKind::Usage,
                "--psk: the key is not made of pairs of hexadecimal digits");
  }
  out.psk_identity = flags.psk_identity.value_or("");
  out.server_name = flags.server_name.value_or("");
  out.alpn = flags.alpn;
  if (flags.minimum) out.minimum = *flags.minimum;
  out.maximum = flags.maximum;
  if (!flags.minimum && out.maximum) out.minimum = std::min(out.minimum, *out.maximum);
  out.ciphers = flags.ciphers.value_or("");
  out.ciphersuites = flags.tls13_ciphers.value_or("");
  out.crl_file = flags.crl.value_or("");
  // As in other programs, what stands in the environment is a wish, an option an order.
  out.keylog_optional = !flags.keylog.has_value();
  out.keylog_file = flags.keylog ? *flags.keylog : environment.ssl_keylog_file.value_or("");
  out.insecure = flags.insecure;
  return {};
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

// `where` stands in the error instead of the header, whose value is a secret.
Result<void> add_header(std::string_view line, const std::string& where,
                        std::vector<HttpHeader>& out) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || trim(line.substr(0, colon)).empty()) {
    return usage_error(where + ": a header is written 'Name: value'");
  }
  out.push_back(
      {std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
  return {};
}

Result<void> add_headers_of_file(const std::string& path, std::vector<HttpHeader>& out) {
  auto content = read_file(path, "header file");
  if (!content) return fail(std::move(content.error()));
  std::string_view rest = *content;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    const std::string_view line = trim(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (line.empty()) continue;
    const std::string where = "header file '" + path + "', line " + std::to_string(number);
    if (auto added = add_header(line, where, out); !added) {
      added.error().kind = ErrorKind::Configuration;
      return added;
    }
  }
  return {};
}

Result<void> resolve_websocket(const WebSocketFlags& flags, const Targets& targets,
                               ResolvedClient& out) {
  WebSocketConfig& config = out.config.websocket;
  if (flags.path && !targets.ws_target.empty()) {
    return usage_error("--ws-path and the URL both name a path");
  }
  if (!targets.ws_target.empty()) config.target = targets.ws_target;
  if (flags.path) config.target = flags.path->starts_with('/') ? *flags.path : "/" + *flags.path;
  for (const std::string& header : flags.headers) {
    auto added = header.starts_with('@') ? add_headers_of_file(header.substr(1), config.headers)
                                         : add_header(header, "--ws-header", config.headers);
    if (!added) return added;
  }
  if (const char* fault = check_websocket_config(config)) {
    return usage_error("the WebSocket request cannot be sent: " + std::string(fault));
  }
  return {};
}

using UrlSource = std::function<Result<std::pair<Endpoint, std::string>>()>;

// TLS follows the URL that comes, as everywhere; the target is kept when the URL names none.
UrlSource make_url_source(const ClientFlags& flags, std::string target) {
  ClientFlags inherited;
  inherited.tls = flags.tls;
  const bool file = flags.connection.url_file.has_value();
  const std::string option = file ? "--url-file" : "--url-command";
  return [option, file, from = file ? *flags.connection.url_file : *flags.connection.url_command,
          inherited = std::move(inherited),
          target = std::move(target)]() -> Result<std::pair<Endpoint, std::string>> {
    auto url = file ? read_secret_file(from, "URL file") : run_secret_command(from, option);
    if (!url) return fail(std::move(url.error()));
    ClientFlags asked = inherited;
    asked.connection.urls = {std::move(*url)};
    auto targets = resolve_targets(asked, {});
    if (!targets) {
      Error error = std::move(targets.error());
      error.kind = ErrorKind::Configuration;
      error.message = option + ": " + error.message;
      return fail(std::move(error));
    }
    if (targets->username || targets->password) {
      return fail(ErrorKind::Configuration, option + ": the URL names a user or a password",
                  "give them with --username and --password-command");
    }
    return std::pair{targets->endpoints.front(),
                     targets->ws_target.empty() ? target : targets->ws_target};
  };
}

}  // namespace

Result<void> resolve_transport(const ClientFlags& flags, const Environment& environment,
                               const Targets& targets, ResolvedClient& out) {
  ClientConfig& config = out.config;
  config.endpoints = targets.endpoints;
  config.service_records = flags.connection.srv;
  if (auto tls = resolve_tls(flags.tls, environment, config.tls); !tls) return tls;
  if (auto ws = resolve_websocket(flags.websocket, targets, out); !ws) return ws;
  if (flags.connection.proxy) {
    const bool unix_socket = std::ranges::any_of(
        targets.endpoints, [](const Endpoint& e) { return e.scheme == Scheme::Unix; });
    if (unix_socket) return usage_error("--proxy cannot reach a Unix socket");
    auto proxy = parse_proxy_url(*flags.connection.proxy);
    if (!proxy) return fail(std::move(proxy.error()));
    config.proxy = std::move(*proxy);
  }
  if (flags.connection.url_command || flags.connection.url_file) {
    config.endpoint_source = make_url_source(flags, config.websocket.target);
    return {};
  }
  if (!targets.any_tls()) warn_of_unused(flags.tls, out.warnings);
  if (!targets.any_websocket()) {
    if (flags.websocket.path)
      out.warnings.emplace_back("--ws-path has no effect without WebSocket");
    if (!flags.websocket.headers.empty()) {
      out.warnings.emplace_back("--ws-header has no effect without WebSocket");
    }
  }
  if (flags.tls.insecure && targets.any_tls()) {
    out.notes.emplace_back("--insecure: the broker's certificate is not verified");
  }
  return {};
}

}  // namespace mqtk
