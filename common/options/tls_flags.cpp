#include "options/client_flags.hpp"

namespace mqtk {

namespace {

constexpr std::string_view kTls = "TLS";

Store store_tls_version(std::optional<TlsVersion>& target) {
  return [&target](std::string_view value) {
    std::optional<std::string> complaint;
    target = parse_tls_version(value);
    if (!target) {
      complaint = "'" + std::string(value) +
                  "' is no TLS version (tlsv1.2 or tlsv1.3; also tlsv1, tlsv1.1)";
    }
    return complaint;
  };
}

}  // namespace

void append_flags(FlagTable& table, TlsFlags& flags) {
  table.push_back(
      {.name = "cafile",
       .value_name = "FILE",
       .kind = FlagKind::Value,
       .group = kTls,
       .doc = "certificates to trust (PEM); turns TLS on",
       .details =
           "File of certificates (PEM) to trust instead of the system's store. Turns TLS on. A "
           "value "
           "that begins with -----BEGIN is the document itself; --cert and --key take that too.",
       .completion = Completion::File,
       .common = true,
       .store = store(flags.cafile)});
  table.push_back({.name = "capath",
                   .value_name = "DIRECTORY",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "hashed directory of certificates to trust; turns TLS on",
                   .completion = Completion::Directory,
                   .store = store(flags.capath)});
  table.push_back(
      {.name = "cert",
       .value_name = "FILE",
       .kind = FlagKind::Value,
       .group = kTls,
       .doc = "client certificate (PEM); turns TLS on",
       .details =
           "Our own certificate (PEM), followed by intermediate ones. Without --key the same file "
           "holds the key. Turns TLS on.",
       .completion = Completion::File,
       .store = store(flags.cert)});
  table.push_back({.name = "key",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "key of the client certificate (PEM)",
                   .completion = Completion::File,
                   .secret = Secret::Pin,
                   .store = store(flags.key)});
  table.push_back({.name = "key-passphrase",
                   .value_name = "TEXT",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "passphrase of the key",
                   .secret = Secret::Whole,
                   .store = store(flags.key_passphrase)});
  table.push_back({.name = "key-passphrase-file",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "file with the passphrase of the key",
                   .completion = Completion::File,
                   .store = store(flags.key_passphrase_file)});
  table.push_back({.name = "key-passphrase-command",
                   .value_name = "COMMAND",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "command that prints the passphrase of the key, run once",
                   .store = store(flags.key_passphrase_command)});
  table.push_back({.name = "key-passphrase-prompt",
                   .group = kTls,
                   .doc = "ask for the passphrase of the key on the terminal",
                   .store = store(flags.key_passphrase_prompt)});
  table.push_back(
      {.name = "keyform",
       .value_name = "FORM",
       .kind = FlagKind::Value,
       .group = kTls,
       .doc = "what --key names: a PEM file, or a key in the engine (--tls-engine)",
       .default_text = "pem",
       .choices = "pem engine",
       .store = store_choice(flags.key_in_engine, "pem engine", std::vector<bool>{false, true})});
  table.push_back(
      {.name = "tls-engine",
       .value_name = "ENGINE",
       .kind = FlagKind::Value,
       .group = kTls,
       .doc = "engine of OpenSSL to use, such as pkcs11",
       .details =
           "Engine of OpenSSL that stands in for its own methods where it can, for smart cards, "
           "tokens and security modules. With --keyform engine it also holds the key of the client "
           "certificate, and --key is its name there; with the engine pkcs11: "
           "--key 'pkcs11:token=TOKEN;object=NAME'. The password (PIN) for it is given as that of "
           "a key in a file is, by --key-passphrase and the options like it; with "
           "--key-passphrase-prompt it is asked for when the engine wants it.",
       .store = store(flags.engine)});
  table.push_back({.name = "tls-engine-kpass-sha1",
                   .value_name = "HEX",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "SHA-1 of the key's password in hexadecimal, for engines that take that",
                   .secret = Secret::Whole,
                   .store = store(flags.engine_kpass_sha1)});
  table.push_back(
      {.name = "insecure",
       .group = kTls,
       .doc = "do not verify the broker's certificate; for tests only",
       .details =
           "Accept any certificate for any name. What is sent can then be read and changed on the "
           "way. For tests only.",
       .store = store(flags.insecure)});
  table.push_back({.name = "server-name",
                   .value_name = "NAME",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "name to ask for (SNI) and to verify instead of the host's",
                   .completion = Completion::Host,
                   .store = store(flags.server_name)});
  table.push_back(
      {.name = "tls-use-os-certs",
       .group = kTls,
       .doc = "trust the system's store, also beside --cafile and --capath; turns TLS on",
       .store = store(flags.use_os_certs)});
  table.push_back({.name = "no-tls",
                   .group = kTls,
                   .doc = "no TLS, whatever the port and the other options say",
                   .store = store(flags.no_tls)});
  table.push_back({.name = "tls-version",
                   .value_name = "VERSION",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "lowest TLS version to accept",
                   .default_text = "tlsv1.2",
                   .store = store_tls_version(flags.minimum)});
  table.push_back({.name = "tls-max-version",
                   .value_name = "VERSION",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "highest TLS version to accept",
                   .store = store_tls_version(flags.maximum)});
  table.push_back({.name = "tls-alpn",
                   .value_name = "PROTOCOL",
                   .kind = FlagKind::List,
                   .group = kTls,
                   .doc = "application protocol to offer (ALPN), such as x-amzn-mqtt-ca or mqtt",
                   .store = store(flags.alpn)});
  table.push_back({.name = "ciphers",
                   .value_name = "LIST",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "ciphers for TLS 1.2 and below, as OpenSSL writes them",
                   .store = store(flags.ciphers)});
  table.push_back({.name = "tls13-ciphers",
                   .value_name = "LIST",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "cipher suites for TLS 1.3, as OpenSSL writes them",
                   .store = store(flags.tls13_ciphers)});
  table.push_back({.name = "crl",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "revocation lists (PEM) to check the broker's certificate against",
                   .completion = Completion::File,
                   .store = store(flags.crl)});
  table.push_back({.name = "psk",
                   .value_name = "HEX",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "pre-shared key in hexadecimal; turns TLS on",
                   .secret = Secret::Whole,
                   .store = store(flags.psk)});
  table.push_back({.name = "psk-file",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "file with the pre-shared key in hexadecimal; turns TLS on",
                   .completion = Completion::File,
                   .store = store(flags.psk_file)});
  table.push_back({.name = "psk-identity",
                   .value_name = "NAME",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "name of the pre-shared key",
                   .store = store(flags.psk_identity)});
  table.push_back({.name = "tls-keylog",
                   .value_name = "FILE",
                   .kind = FlagKind::Value,
                   .group = kTls,
                   .doc = "append the session keys to this file, for Wireshark",
                   .completion = Completion::File,
                   .store = store(flags.keylog)});
}

}  // namespace mqtk
