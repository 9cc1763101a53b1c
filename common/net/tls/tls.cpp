#include "net/tls/tls.hpp"

#include <array>
#include <cctype>

#include "base/module.hpp"
#include "net/tls/module.hpp"

#ifdef MQTK_STATIC_TLS
extern "C" const void* mqtk_module_tls(int version);
#endif

namespace mqtk {

namespace {

constexpr std::array<std::string_view, 4> kVersionNames = {"TLS 1.0", "TLS 1.1", "TLS 1.2",
                                                           "TLS 1.3"};

Result<const TlsModule*> tls_module() {
#ifdef MQTK_HAVE_TLS
#ifdef MQTK_STATIC_TLS
  link_module("tls", &mqtk_module_tls);
#endif
  auto table = load_module("tls");
  if (!table) return fail(std::move(table.error()));
  return static_cast<const TlsModule*>(*table);
#else
  return fail(ErrorKind::Configuration, "this build has no TLS",
              "it was built without OpenSSL; build with MQTK_WITH_TLS=ON");
#endif
}

}  // namespace

std::string_view name(TlsVersion version) {
  return kVersionNames[static_cast<std::size_t>(version)];
}

std::optional<TlsVersion> parse_tls_version(std::string_view text) {
  std::string lower;
  for (const char c : text) {
    if (c != ' ') lower.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  std::string_view rest = lower;
  if (rest.starts_with("tls")) rest.remove_prefix(3);
  if (rest.starts_with("v")) rest.remove_prefix(1);
  if (rest == "1" || rest == "1.0") return TlsVersion::Tls10;
  if (rest == "1.1") return TlsVersion::Tls11;
  if (rest == "1.2") return TlsVersion::Tls12;
  if (rest == "1.3") return TlsVersion::Tls13;
  return std::nullopt;
}

Result<std::unique_ptr<TlsContext>> make_tls_context(const TlsConfig& config, TlsRole role) {
  auto module = tls_module();
  if (!module) return fail(std::move(module.error()));
  return (*module)->create(config, role);
}

bool has_tls_engine(const std::string& id) {
  const auto module = tls_module();
  return module && (*module)->has_engine(id);
}

Result<std::string> tls_library_version() {
  auto module = tls_module();
  if (!module) return fail(std::move(module.error()));
  return (*module)->library_version();
}

}  // namespace mqtk
