#include "session/service_endpoints.hpp"

#include <optional>
#include <utility>

namespace mqtk {

std::string service_name(const Endpoint& domain) {
  return (domain.uses_tls() ? "_secure-mqtt._tcp." : "_mqtt._tcp.") + domain.host;
}

void ServiceEndpoints::find(Duration limit, Callback done) {
  limit_ = limit;
  done_ = std::move(done);
  asked_ = 0;
  found_.clear();
  ask();
}

void ServiceEndpoints::ask() {
  lookup_.look_up(service_name(domains_[asked_]), limit_,
                  [this](Result<std::vector<SrvRecord>> records) { answered(std::move(records)); });
}

void ServiceEndpoints::answered(Result<std::vector<SrvRecord>> records) {
  const Endpoint& domain = domains_[asked_];
  if (records) {
    for (SrvRecord& record : *records) {
      Endpoint& target = found_.emplace_back(domain);
      target.host = std::move(record.target);
      target.port = record.port;
      target.verified_name = domain.host;
    }
  }
  if (++asked_ < domains_.size()) return ask();
  const Callback done = std::move(done_);
  if (found_.empty()) return done(fail(std::move(records.error())));
  done(std::move(found_));
}

Result<void> use_service_records(ClientConfig& config) {
  if (!config.service_records) return {};
  EventLoop loop;
  ServiceEndpoints services(loop, std::move(config.endpoints));
  std::optional<Result<std::vector<Endpoint>>> found;
  services.find(config.timeouts.resolve,
                [&found](Result<std::vector<Endpoint>> answer) { found = std::move(answer); });
  while (!found) loop.run_once();
  if (!*found) return fail(std::move(found->error()));
  config.endpoints = std::move(**found);
  config.service_records = false;
  return {};
}

}  // namespace mqtk
