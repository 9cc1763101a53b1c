// Points in time as results write them: UTC, RFC 3339, nanoseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mqtk::bench {

std::int64_t unix_now_ns();

/// Unix time in nanoseconds -> "2026-11-20T23:42:27.202606123Z".
std::string iso_time(std::int64_t unix_ns);
/// Back; the fraction may have 0 to 9 digits. nullopt when it is not that.
std::optional<std::int64_t> parse_iso_time(std::string_view text);

}  // namespace mqtk::bench
