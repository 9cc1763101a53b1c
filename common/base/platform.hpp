// What differs between operating systems, and only that; one source file per platform.
#pragma once

#include <cstddef>
#include <string>

namespace mqtk {

/// The running program's own file, never a link to it; empty when the system does not tell.
std::string executable_path();

/// Has names of hosts looked up by what the C library itself can do, /etc/hosts and then DNS, in
/// programs without shared libraries; changes nothing in others. To be called before the first one.
void use_own_name_services();

/// Octets that were written to a socket and that the peer's system has not acknowledged: they wait
/// in the send buffer or are on their way. 0 when the system does not tell.
std::size_t unacknowledged_octets(int socket);

}  // namespace mqtk
