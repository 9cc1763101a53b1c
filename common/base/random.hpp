// Octets that nobody can foretell, from the operating system: one system call, where
// std::random_device asks the processor for each number, which a virtual machine makes slow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace mqtk {

/// `size` random octets; nothing when the system has none to give.
std::optional<std::string> random_octets(std::size_t size);

/// What a pseudo-random generator starts from; the clock's where the system gives nothing.
std::uint64_t random_seed();

}  // namespace mqtk
