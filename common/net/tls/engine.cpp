// The one file that knows OpenSSL's engines, which OpenSSL 3 calls deprecated and still has.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "net/tls/engine.hpp"

#include <openssl/err.h>

#include <cstring>
#include <map>
#include <mutex>

#include "net/tls/key_uri.hpp"

#ifndef OPENSSL_NO_ENGINE
#include <openssl/engine.h>
#include <openssl/ui.h>
#endif

namespace mqtk {

#ifdef OPENSSL_NO_ENGINE

namespace {

Unexpected<Error> no_engines() {
  return fail(ErrorKind::Configuration, "this build's OpenSSL has no engines",
              "keys in files are possible: --key FILE");
}

}  // namespace

bool has_engine(const std::string&) {
  return false;
}

Result<void> use_engine(const TlsConfig& config) {
  if (config.engine.empty()) return {};
  return no_engines();
}

Result<OwnedKey> engine_key(const TlsConfig&) {
  return no_engines();
}

#else

namespace {

using OwnedEngine = Owned<ENGINE, &ENGINE_free>;
using EngineInUse = Owned<ENGINE, &ENGINE_finish>;
using OwnedDialogue = Owned<UI_METHOD, &UI_destroy_method>;

// By these names engines take the hash of a password in place of the password.
constexpr const char* kSecretMode = "SECRET_MODE";
constexpr long kSecretModeSha1 = 0x1000;
constexpr const char* kPin = "PIN";

int answer_question(char* buffer, int size, int writing, void* data);

// The engines in use and what they are answered. They ask when a key is loaded, and may do it again
// when it signs: so this lives as long as the process.
struct Engines {
  // Contexts are made in several threads, and an engine asks within the call that needs the answer.
  std::recursive_mutex turn;
  OwnedDialogue dialogue{UI_UTIL_wrap_read_pem_callback(&answer_question, 0)};
  std::map<std::string, EngineInUse> in_use;
  std::optional<std::string> password;
  std::function<Result<std::string>()> ask;
  bool asked = false;
  std::string refusal;  // why there is no answer
};

Engines& engines() {
  static Engines all;
  return all;
}

int answer_question(char* buffer, int size, int /*writing*/, void* /*data*/) {
  Engines& known = engines();
  const std::lock_guard lock(known.turn);
  known.asked = true;
  if (!known.password && known.ask) {
    auto typed = known.ask();
    if (typed) {
      known.password = std::move(*typed);
    } else {
      known.refusal = std::move(typed.error().message);
    }
  }
  if (known.password && known.password->size() > static_cast<std::size_t>(size)) {
    known.refusal = "the one given has more than " + std::to_string(size) + " octets";
  }
  if (!known.password || !known.refusal.empty()) return -1;
  std::memcpy(buffer, known.password->data(), known.password->size());
  return static_cast<int>(known.password->size());
}

// In the words of the engine, or none; the first failure is what led to the others.
std::string take_engine_reason() {
  const char* text = ERR_reason_error_string(ERR_peek_error());
  std::string out = text == nullptr ? "" : text;
  ERR_clear_error();
  return out;
}

Unexpected<Error> bad_engine(const TlsConfig& config, const std::string& what,
                             const std::string& reason, std::string hint = {}) {
  return fail(ErrorKind::Configuration,
              "the engine '" + config.engine + "' " + what + (reason.empty() ? "" : ": ") + reason,
              std::move(hint));
}

Unexpected<Error> explain_no_key(const TlsConfig& config, const Engines& known) {
  const std::string reason = take_engine_reason();
  const std::string key = "the key '" + without_pin(config.key.file) + "'";
  if (known.asked && (!known.refusal.empty() || !known.password)) {
    return bad_engine(config, "asks for the password of " + key,
                      known.refusal.empty() ? "none is given" : known.refusal,
                      "give it with --key-passphrase-file or --key-passphrase-prompt");
  }
  if (reason.find("PIN") != std::string::npos) {
    return bad_engine(config, "does not accept the password of " + key, reason,
                      "devices lock themselves after a few wrong ones");
  }
  return bad_engine(config, "does not give " + key, reason);
}

}  // namespace

bool has_engine(const std::string& id) {
  OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr);
  const OwnedEngine engine(ENGINE_by_id(id.c_str()));
  ERR_clear_error();
  return engine != nullptr;
}

Result<void> use_engine(const TlsConfig& config) {
  if (config.engine.empty()) return {};
  Engines& known = engines();
  const std::lock_guard lock(known.turn);
  if (known.in_use.contains(config.engine)) return {};
  ERR_clear_error();
  const OwnedEngine engine(ENGINE_by_id(config.engine.c_str()));
  if (!engine) {
    ERR_clear_error();
    return fail(ErrorKind::Configuration, "OpenSSL has no engine '" + config.engine + "'",
                "engines are files in the folder that 'openssl version -e' names");
  }
  // Where an engine knows these: what it has to say comes with the error, and it asks nowhere else.
  constexpr int kOptional = 1;
  ENGINE_ctrl_cmd(engine.get(), "QUIET", 0, nullptr, nullptr, kOptional);
  ENGINE_ctrl_cmd(engine.get(), "SET_USER_INTERFACE", 0, known.dialogue.get(), nullptr, kOptional);
  ERR_clear_error();
  if (ENGINE_init(engine.get()) != 1) {
    return bad_engine(config, "cannot be used", take_engine_reason());
  }
  known.in_use.emplace(config.engine, engine.get());
  ENGINE_set_default(engine.get(), ENGINE_METHOD_ALL);
  ERR_clear_error();
  return {};
}

Result<OwnedKey> engine_key(const TlsConfig& config) {
  Engines& known = engines();
  const std::lock_guard lock(known.turn);
  known.password = config.key_passphrase;
  known.ask = config.ask_passphrase;
  known.asked = false;
  known.refusal.clear();
  ERR_clear_error();
  const auto found = known.in_use.find(config.engine);
  if (found == known.in_use.end()) {
    return fail(ErrorKind::Configuration, "a key in an engine, and no engine");
  }
  ENGINE* const engine = found->second.get();
  if (!config.key_password_sha1.empty()) {
    std::string sha1 = config.key_password_sha1;
    if (ENGINE_ctrl_cmd(engine, kSecretMode, kSecretModeSha1, nullptr, nullptr, 0) != 1 ||
        ENGINE_ctrl_cmd(engine, kPin, 0, sha1.data(), nullptr, 0) != 1) {
      return bad_engine(config, "does not take the SHA-1 of a password", take_engine_reason(),
                        "give the password itself with --key-passphrase-file");
    }
  }
  OwnedKey key(
      ENGINE_load_private_key(engine, config.key.file.c_str(), known.dialogue.get(), nullptr));
  if (!key) return explain_no_key(config, known);
  ERR_clear_error();
  return key;
}

#endif

}  // namespace mqtk
