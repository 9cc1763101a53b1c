// A payload from a file, a pipe or standard input, read to its end.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace mqtk::pub {

/// Reads `path` ("-": standard input) once into one string. More than `limit` octets are BadInput,
/// known from a file's size before it is read. At `deadline` a pipe that has not ended is given up:
/// Timeout. Peak memory is the payload and a few MiB.
Result<std::shared_ptr<const std::string>> read_whole(const std::string& path, std::uint64_t limit,
                                                      TimePoint deadline = kNever);

/// A regular file, which can be read at any time; false for "-" and what is read only once. An
/// error when it cannot be opened or holds more than `limit` octets.
Result<bool> can_be_read_again(const std::string& path, std::uint64_t limit);

}  // namespace mqtk::pub
