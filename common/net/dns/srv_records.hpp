// Service records of the DNS (RFC 2782): what an answer says, and in which order its targets are to
// be tried. Pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mqtk {

struct SrvRecord {
  std::uint16_t priority = 0;  ///< the lowest one first
  std::uint16_t weight = 0;    ///< the share among those of one priority
  std::uint16_t port = 0;
  std::string target;  ///< without the dot at its end

  bool operator==(const SrvRecord&) const = default;
};

/// Of one answer, at most: what a hostile one costs is bounded.
inline constexpr std::size_t kMaxSrvRecords = 64;

/// The records in a DNS message, in its order. Records that name no usable host or port 0 are left
/// out; an answer of which nothing is left is an error: DnsNotFound when it has no such records or
/// says that the service is not there (a target "."), DnsFailed when it is malformed.
Result<std::vector<SrvRecord>> parse_srv_answer(Bytes message, const std::string& service);

/// A number from 0 to `most`, each as likely as any other.
using SrvRandom = std::function<std::uint32_t(std::uint32_t most)>;

/// Sorts by priority; among those of one, draws by weight (RFC 2782, "Weight").
void order_srv(std::vector<SrvRecord>& records, const SrvRandom& random);

/// That there is no service of this name, for whatever reason.
Error no_such_service(const std::string& service, const std::string& why);
/// That the name server gave no answer that could be used.
Error service_unknown(const std::string& service, const std::string& why);

}  // namespace mqtk
