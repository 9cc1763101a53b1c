// A network of the test's own: nothing but its loopback interface, and a name server's address of
// its choice. The whole process moves there, before it has any thread, and never comes back.
#pragma once

#include <string>

namespace mqtk::test {

/// Moves this process, and what it starts from now on, to a network where 127.0.0.1 is the name
/// server and names no domain to search; `resolv_conf` is a file to write that into. False, with
/// the reason in `why`, where the system does not let it.
bool enter_own_network(const std::string& resolv_conf, std::string& why);

}  // namespace mqtk::test
