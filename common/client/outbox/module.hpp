// The border of the outbox module: what mqtk_module_outbox() returns.
#pragma once

#include "client/outbox/outbox.hpp"

namespace mqtk {

struct OutboxModule {
  Result<std::unique_ptr<Outbox>> (*open)(const std::string& path, std::uint64_t limit);
};

/// What stands behind the module's table; see open_outbox().
Result<std::unique_ptr<Outbox>> open_sqlite_outbox(const std::string& path, std::uint64_t limit);

}  // namespace mqtk
