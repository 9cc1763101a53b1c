// An engine of OpenSSL, "mqtk-sha1", that reads keys from files and wants the SHA-1 of the password
// "secret" for it, in the way that mosquitto hands it over.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/engine.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include <cstdio>
#include <cstring>

namespace {

constexpr const char* kId = "mqtk-sha1";
constexpr int kMode = ENGINE_CMD_BASE;
constexpr int kPin = ENGINE_CMD_BASE + 1;
constexpr long kSha1 = 0x1000;

const ENGINE_CMD_DEFN kCommands[] = {
    {kMode, "SECRET_MODE", "how PIN gives the password", ENGINE_CMD_FLAG_NUMERIC},
    {kPin, "PIN", "the password", ENGINE_CMD_FLAG_STRING},
    {0, nullptr, nullptr, 0}};

bool by_hash = false;
bool open = false;

int control(ENGINE* /*engine*/, int command, long number, void* text, void (* /*f*/)()) {
  if (command == kMode) {
    by_hash = number == kSha1;
    return by_hash ? 1 : 0;
  }
  if (command != kPin || !by_hash || text == nullptr) return 0;
  unsigned char hash[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>("secret"), 6, hash);
  open = std::memcmp(hash, text, sizeof(hash)) == 0;
  return 1;
}

EVP_PKEY* load(ENGINE* /*engine*/, const char* file, UI_METHOD* /*dialogue*/, void* /*data*/) {
  BIO* const bio = open ? BIO_new_file(file, "r") : nullptr;
  if (bio == nullptr) return nullptr;
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return key;
}

int bind_engine(ENGINE* engine, const char* /*id*/) {
  return ENGINE_set_id(engine, kId) == 1 && ENGINE_set_name(engine, "keys for a hash") == 1 &&
                 ENGINE_set_cmd_defns(engine, kCommands) == 1 &&
                 ENGINE_set_ctrl_function(engine, &control) == 1 &&
                 ENGINE_set_load_privkey_function(engine, &load) == 1
             ? 1
             : 0;
}

}  // namespace

extern "C" {
IMPLEMENT_DYNAMIC_CHECK_FN()
IMPLEMENT_DYNAMIC_BIND_FN(bind_engine)
}
