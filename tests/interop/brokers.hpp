// The brokers of the interop tier, and every way to reach each of them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "broker/world.hpp"

namespace mqtk::test {

/// A started broker; it ends with the last copy.
struct InteropBroker {
  std::vector<Link> links{};  ///< "TCP", "TLS", "WebSocket", "WSS"; without credentials
  std::string user{};         ///< the only one; its password is "secret"
  std::shared_ptr<const void> server{};
  std::function<std::string()> log{};  ///< what the broker says, where it keeps a log

  Words login(const std::string& password = "secret") const { return {"-u", user, "-P", password}; }
};

struct InteropKind {
  std::string name;
  std::string package;  ///< of Debian; "npm" for what comes from there
  std::function<bool()> available;
  std::function<InteropBroker()> start;
};

/// All of them, in the order of the document.
const std::vector<InteropKind>& interop_kinds();
const InteropKind& interop_kind(const std::string& name);

/// As the packages say, without Debian's revision; empty when that cannot be found out.
std::string installed_version(const InteropKind& kind);

/// Where npm's packages and our scripts for them are.
std::string node_folder();

}  // namespace mqtk::test
