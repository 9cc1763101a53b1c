#include "bench/results/failures.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "bench/results/figures.hpp"

namespace mqtk::bench {

namespace {

std::uint64_t count_of(const RunResult& result, Cause cause) {
  const auto found = std::ranges::find(result.errors, name(cause), &ErrorCount::cause);
  return found == result.errors.end() ? 0 : found->count;
}

std::int64_t scenario_number(const RunResult& result, std::string_view fact) {
  const Fact* found = result.scenario_fact(fact);
  const auto* number = found == nullptr ? nullptr : std::get_if<std::int64_t>(&found->value);
  return number == nullptr ? 0 : *number;
}

/// "3 of 10 connections were lost", "connections were lost 12 times".
std::string part_of(std::uint64_t part, std::uint64_t whole, const char* things, const char* what) {
  if (part > whole) return fmt::format("{} {} {} times", things, what, count_text(part));
  const std::string some = part == whole ? "all" : count_text(part) + " of";
  return fmt::format("{} {} {} {}", some, count_text(whole), things, what);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " and " : ", ";
    out += parts[i];
  }
  return out;
}

/// " (mostly mqtt.lost, first after 2.3 s)".
std::string errors_text(const RunResult& result) {
  const ErrorCount* error = most_frequent_error(result);
  if (error == nullptr) return {};
  return fmt::format(" ({}{}, first after {:.1f} s)", result.errors.size() > 1 ? "mostly " : "",
                     error->cause, error->first_s);
}

std::vector<std::string> connection_failures(const RunResult& result) {
  const ConnectionCounts& counts = result.connections;
  std::uint64_t missing = counts.requested - std::min(counts.opened, counts.requested);
  // Who was interrupted has not asked for all of them.
  if (result.interrupted) missing = counts.failed;
  std::vector<std::string> out;
  if (missing > 0) {
    out.push_back(part_of(missing, counts.requested, "connections", "were not opened"));
  }
  // Those that came back, as --reconnect has them do, are part of what was to be measured. In a
  // storm that is what the connections do that it has cut, and the others only are counted as lost.
  const bool storm = result.scenario_fact("storm_s") != nullptr;
  const std::uint64_t came_back = storm ? 0 : std::min(counts.reconnected, counts.lost);
  const std::uint64_t gone = counts.lost - came_back;
  if (gone > 0) out.push_back(part_of(gone, counts.opened, "connections", "were lost"));
  if (const std::uint64_t denied = count_of(result, Cause::SubDenied); denied > 0) {
    const auto subscribers = static_cast<std::uint64_t>(scenario_number(result, "subscribers"));
    const std::uint64_t runs = std::max<std::uint64_t>(1, result.repeats.size());
    out.push_back(
        part_of(denied, std::max(denied, subscribers * runs), "subscriptions", "were denied"));
  }
  return out;
}

/// Why no message tells anything; empty: some do.
std::string nothing_delivered(const RunResult& result) {
  const MessageCounts all = result.messages();
  MessageCounts confirmed = result.by_qos[1];
  confirmed += result.by_qos[2];
  if (all.sent == 0 && (all.scheduled > 0 || count_of(result, Cause::PubTooLarge) > 0)) {
    return all.scheduled > 0
               ? fmt::format("not one of {} messages could be sent", count_text(all.scheduled))
               : "no message could be sent";
  }
  if (confirmed.sent > 0 && confirmed.failed == confirmed.sent) {
    return fmt::format("all {} messages were refused", count_text(confirmed.sent));
  }
  if (confirmed.sent > 0 && confirmed.acked == 0) {
    return fmt::format("not one of {} messages was acknowledged", count_text(confirmed.sent));
  }
  if (all.expected > 0 && all.received == 0) {
    return fmt::format("not one of {} deliveries came", count_text(all.expected));
  }
  return {};
}

/// At QoS 0 nobody promises that a message arrives.
bool broke_its_word(const RunResult& result) {
  const bool promised =
      result.scenario_fact("sub_qos") == nullptr || scenario_number(result, "sub_qos") > 0;
  return std::any_of(
      result.by_qos.begin() + 1, result.by_qos.end(), [promised](const MessageCounts& counts) {
        return counts.failed > 0 || counts.in_flight > 0 || (promised && counts.lost > 0);
      });
}

}  // namespace

const ErrorCount* most_frequent_error(const RunResult& result) {
  const auto found = std::ranges::max_element(result.errors, {}, &ErrorCount::count);
  return found == result.errors.end() ? nullptr : &*found;
}

RunFailures find_failures(const RunResult& result) {
  const ErrorCount* error = most_frequent_error(result);
  if (const auto parts = connection_failures(result); !parts.empty()) {
    const bool told = error != nullptr && error->exit_code != 0;
    return {joined(parts) + errors_text(result),
            told ? static_cast<int>(error->exit_code) : exit_code(ErrorKind::Unreachable)};
  }
  std::string nothing = nothing_delivered(result);
  if (nothing.empty() && !broke_its_word(result)) return {};
  if (!nothing.empty()) nothing += errors_text(result);
  const int denied = exit_code(ErrorKind::Permission);
  const bool not_allowed = error != nullptr && error->exit_code == static_cast<unsigned>(denied);
  return {std::move(nothing), not_allowed ? denied : exit_code(ErrorKind::Failed)};
}

}  // namespace mqtk::bench
