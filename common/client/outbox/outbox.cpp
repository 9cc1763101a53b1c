#include "client/outbox/outbox.hpp"

#include "base/module.hpp"
#include "client/outbox/module.hpp"

#ifdef MQTK_STATIC_OUTBOX
extern "C" const void* mqtk_module_outbox(int version);
#endif

namespace mqtk {

Result<std::unique_ptr<Outbox>> open_outbox(const std::string& path, std::uint64_t limit) {
#ifdef MQTK_HAVE_OUTBOX
#ifdef MQTK_STATIC_OUTBOX
  link_module("outbox", &mqtk_module_outbox);
#endif
  auto table = load_module("outbox");
  if (!table) return fail(std::move(table.error()));
  return static_cast<const OutboxModule*>(*table)->open(path, limit);
#else
  static_cast<void>(limit);
  return fail(ErrorKind::Configuration, "'" + path + "': this build has no outbox",
              "install a build with SQLite");
#endif
}

}  // namespace mqtk
