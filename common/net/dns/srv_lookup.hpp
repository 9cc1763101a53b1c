// Asks the name server for the service records of a name (RFC 2782), without blocking the loop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/dns/srv_records.hpp"
#include "net/event_loop.hpp"

namespace mqtk {

class SrvLookup {
 public:
  /// The records in the order in which their targets are to be tried.
  using Callback = std::function<void(Result<std::vector<SrvRecord>>)>;
  explicit SrvLookup(EventLoop& loop) : loop_(loop) {}
  ~SrvLookup() { cancel(); }
  SrvLookup(const SrvLookup&) = delete;
  SrvLookup& operator=(const SrvLookup&) = delete;

  /// `service` is the whole name, "_mqtt._tcp.example.org"; nothing is appended to it. `limit` 0:
  /// as long as the system's resolver takes. Errors: DnsNotFound, DnsFailed (kind HostNotFound),
  /// DnsTimeout (kind Unreachable). One request at a time; never calls back before it returns.
  void look_up(const std::string& service, Duration limit, Callback done);
  /// The callback of a running request is not called any more.
  void cancel();

 private:
  struct Request;
  void overdue();

  EventLoop& loop_;
  Request* request_ = nullptr;
  std::unique_ptr<Timer> timer_;
  TimePoint started_;
};

}  // namespace mqtk
