#include "inspect/shared/client_job.hpp"

#include <utility>

namespace mqtk::inspect {

ClientJob::ClientJob(EventLoop& loop, Host& host, ClientConfig config)
    : loop_(loop),
      host_(host),
      config_(std::move(config)),
      log_(host.report(), config_.client_id),
      client_(make_native_client(loop, config_, *this)) {
  client_->trace_packets(host.report().debugging());
}

void ClientJob::on_connected(const ConnectionInfo& info) {
  log_.connected(info, host_.now());
  begin(info);
}

void ClientJob::on_retry(const Error& why, Duration retry_in) {
  log_.retry(why, retry_in, host_.now());
}

void ClientJob::on_packet(PacketDirection direction, const wire::Packet& packet,
                          wire::ProtocolVersion version) {
  if (host_.report().debugging()) log_.packet(direction, packet, version);
}

void ClientJob::on_end(const Error* error) {
  if (failure_) error = &*failure_;
  end(error, error != nullptr ? host_.report().finish(*error) : exit_code_);
}

void ClientJob::conclude(int exit_code) {
  exit_code_ = exit_code;
  client_->stop();
}

void ClientJob::fail_with(Error error) {
  failure_ = std::move(error);
  client_->abort();
}

// What was found is told at once: a broker that does not end the connection is not waited for.
void ClientJob::on_interrupt() {
  client_->abort();
  tell(nullptr);
}

void ClientJob::tell(const Error* error) {
  if (!std::exchange(told_, true)) report(error);
}

void ClientJob::print(std::string_view text) {
  if (const int code = print_and_exit_code(text); code != 0) printed_ = code;
}

void ClientJob::end(const Error* error, int exit_code) {
  if (std::exchange(ended_, true)) return;
  tell(error);
  host_.finish(printed_ != 0 ? printed_ : exit_code);
}

std::optional<Error> denial_of(const SubscribeOutcome& outcome) {
  if (outcome.ok) return std::nullopt;
  const auto code = static_cast<wire::ReasonCode>(outcome.code);
  return Error{ErrorKind::Permission, Cause::SubDenied,
               "the broker denies the subscription to '" + outcome.filter +
                   "': " + std::string(wire::name(code, wire::PacketType::Suback)),
               "try a topic that these credentials may read"};
}

}  // namespace mqtk::inspect
