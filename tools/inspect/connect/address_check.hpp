// Whether the addresses answer that the connection did not need: a broker with two addresses of
// which one is dead works for some clients and not for others.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/dialer.hpp"
#include "session/attempt_report.hpp"

namespace mqtk::inspect {

/// "192.0.2.1" of "192.0.2.1:1883", "::1" of "[::1]:1883".
std::string host_of(const std::string& address);

class AddressCheck {
 public:
  explicit AddressCheck(EventLoop& loop) : loop_(loop) {}

  /// Dials those of `addresses` that were not tried to their end, all at once, and sets their
  /// outcomes. `done` follows, not before this returns.
  void start(std::vector<AddressReport>& addresses, const std::string& bind_address,
             std::function<void()> done);

 private:
  EventLoop& loop_;
  std::vector<std::unique_ptr<Dialer>> dialers_;
  std::size_t running_ = 0;
  std::unique_ptr<Timer> finish_;
};

}  // namespace mqtk::inspect
