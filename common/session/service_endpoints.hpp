// The brokers behind domains whose service records name them: `_mqtt._tcp.DOMAIN`, for TLS
// `_secure-mqtt._tcp.DOMAIN`.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "net/dns/srv_lookup.hpp"
#include "session/client_config.hpp"

namespace mqtk {

/// The name under which the records of an endpoint's domain stand.
std::string service_name(const Endpoint& domain);

class ServiceEndpoints {
 public:
  /// What to try, in this order: never empty. The error of the last domain when none has brokers.
  using Callback = std::function<void(Result<std::vector<Endpoint>>)>;

  ServiceEndpoints(EventLoop& loop, std::vector<Endpoint> domains)
      : lookup_(loop), domains_(std::move(domains)) {}

  /// Looks up one domain after the other, each for at most `limit` (0: no limit of ours). Never
  /// calls back before it returns.
  void find(Duration limit, Callback done);
  const std::vector<Endpoint>& domains() const { return domains_; }
  /// The callback is not called any more.
  void cancel() { lookup_.cancel(); }

 private:
  void ask();
  void answered(Result<std::vector<SrvRecord>> records);

  SrvLookup lookup_;
  std::vector<Endpoint> domains_;
  std::size_t asked_ = 0;
  Duration limit_ = 0ns;
  std::vector<Endpoint> found_;
  Callback done_;
};

/// Where `config` asks for service records: looks them up, waiting, and puts what they name into
/// its endpoints; for programs that choose their brokers once. May take longer than its limit for
/// resolving by what the system's resolver takes to give up.
Result<void> use_service_records(ClientConfig& config);

}  // namespace mqtk
