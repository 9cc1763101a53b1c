#include "inspect/connect/address_check.hpp"

#include "base/units.hpp"

namespace mqtk::inspect {

namespace {

constexpr Duration kLimit = 2s;
constexpr std::size_t kMostAddresses = 32;

}  // namespace

std::string host_of(const std::string& address) {
  std::string host = address.substr(0, address.rfind(':'));
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return host;
}

void AddressCheck::start(std::vector<AddressReport>& addresses, const std::string& bind_address,
                         std::function<void()> done) {
  finish_ = std::make_unique<Timer>(loop_, std::move(done));
  running_ = 1;  // this call
  const auto one_less = [this] {
    if (--running_ == 0) finish_->after(0ns);
  };
  for (AddressReport& entry : addresses) {
    if (entry.outcome != "not tried" && entry.outcome != "given up") continue;
    if (dialers_.size() == kMostAddresses) break;
    const auto port = parse_number(
        std::string_view(entry.address).substr(entry.address.rfind(':') + 1), 1, 65'535);
    if (!port) continue;
    auto known =
        resolve_now(host_of(entry.address), static_cast<std::uint16_t>(*port), IpFamily::Any);
    if (!known) continue;
    ++running_;
    Dialer& dialer = *dialers_.emplace_back(std::make_unique<Dialer>(loop_));
    DialOptions options;
    options.bind_address = bind_address;
    options.attempt_timeout = kLimit;
    dialer.dial(std::move(*known), entry.address, options,
                [&entry, &dialer, one_less](const Result<Dialed>&) {
                  entry.outcome = dialer.attempts().back().outcome;
                  entry.took = dialer.attempts().back().took;
                  one_less();
                });
  }
  one_less();
}

}  // namespace mqtk::inspect
