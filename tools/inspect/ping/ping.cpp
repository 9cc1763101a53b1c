#include "inspect/ping/ping.hpp"

#include <charconv>

#include "inspect/shared/probe_phases.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::inspect {

namespace {

constexpr Token kPingToken = 1;

ClientConfig for_pings(ClientConfig config) {
  config.batch_wakeups = false;
  config.reconnect.enabled = false;
  return config;
}

}  // namespace

void PingResult::record(Duration time) {
  ++received;
  times.record(time);
  least = std::min(least, time);
  most = std::max(most, time);
}

PingJob::PingJob(EventLoop& loop, Host& host, ClientConfig config, PingOptions options)
    : ClientJob(loop, host, for_pings(std::move(config))),
      options_(std::move(options)),
      interval_(loop, [this] { round(); }),
      overdue_(loop, [this] { overdue(); }) {
  report_.target = target_text(config_);
  report_.client_id = config_.client_id;
  report_.loopback = options_.publish;
  report_.qos = options_.qos;
  report_.size = options_.size;
  client_->trace_packets(true);
}

void PingJob::begin(const ConnectionInfo& info) {
  if (!options_.json) {
    print("pinging " + terminal_text(info.address) + ", MQTT " +
          std::string(wire::name(info.version)) + "\n");
  }
  if (options_.publish) {
    client_->subscribe({{.filter = options_.topic, .qos = options_.qos}}, kPingToken);
    overdue_.after(options_.patience);
  } else {
    round();
  }
}

void PingJob::on_subscribed(Token, std::span<const SubscribeOutcome> outcomes) {
  overdue_.cancel();
  if (auto denied = denial_of(outcomes.front())) return fail_with(std::move(*denied));
  round();
}

void PingJob::round() {
  if (!client_->connected()) return;
  ++round_;
  round_began_ = host_.now();
  flight(PingKind::Pingreq) = {round_, round_began_};
  ++report_.of(PingKind::Pingreq).sent;
  asking_ = true;
  client_->ping();
  asking_ = false;
  if (!options_.publish) overdue_.at(round_began_ + options_.patience);
}

// After the answer to PINGREQ, so that neither waits for the other.
void PingJob::send_message() {
  std::string payload = config_.client_id + " " + std::to_string(round_) + " ";
  payload.resize(std::max(payload.size(), options_.size), '.');
  OutgoingMessage message;
  message.owner = std::make_shared<const std::string>(std::move(payload));
  message.topic = options_.topic;
  message.payload = *message.owner;
  message.qos = options_.qos;
  flight(PingKind::Loopback) = {round_, host_.now()};
  ++report_.of(PingKind::Loopback).sent;
  overdue_.at(host_.now() + options_.patience);
  if (client_->publish(message, round_) == PublishStatus::Refused) {
    fail_with(client_->last_error());
  }
}

void PingJob::on_packet(PacketDirection direction, const wire::Packet& packet,
                        wire::ProtocolVersion version) {
  ClientJob::on_packet(direction, packet, version);
  if (std::holds_alternative<wire::Pingreq>(packet) && !asking_ &&
      direction == PacketDirection::Sent) {
    ++keep_alive_pings_;
  } else if (std::holds_alternative<wire::Pingresp>(packet)) {
    if (keep_alive_pings_ > 0) {
      --keep_alive_pings_;
    } else if (flight(PingKind::Pingreq).number != 0) {
      answered(PingKind::Pingreq);
    }
  }
}

void PingJob::on_message(const MessageView& message) {
  const std::string expected =
      config_.client_id + " " + std::to_string(flight(PingKind::Loopback).number) + " ";
  if (flight(PingKind::Loopback).number == 0 || !message.payload.starts_with(expected)) return;
  answered(PingKind::Loopback);
}

void PingJob::on_published(Token, const PublishOutcome& outcome) {
  if (!outcome.ok && client_->connected()) fail_with(outcome.error);
}

void PingJob::answered(PingKind kind) {
  const Flight done = std::exchange(flight(kind), {});
  const Duration took = host_.now() - done.sent;
  report_.of(kind).record(took);
  if (!options_.json) {
    print(std::string(name(kind)) + " " + std::to_string(done.number) + ": " + milliseconds(took) +
          "\n");
  }
  if (kind == PingKind::Pingreq && options_.publish) return send_message();
  next();
}

void PingJob::overdue() {
  if (!waiting()) {
    return fail_with(
        {ErrorKind::Unreachable, Cause::MqttNoAnswer, "no answer to SUBSCRIBE in time", {}});
  }
  for (const PingKind kind : {PingKind::Pingreq, PingKind::Loopback}) {
    const Flight lost = std::exchange(flight(kind), {});
    if (lost.number == 0 || options_.json) continue;
    print(std::string(name(kind)) + " " + std::to_string(lost.number) + ": no answer within " +
          milliseconds(options_.patience) + "\n");
  }
  next();
}

void PingJob::next() {
  overdue_.cancel();
  if (options_.count != 0 && round_ >= options_.count) {
    const bool lost = report_.results[0].lost() + report_.results[1].lost() > 0;
    return conclude(lost ? exit_code(ErrorKind::Failed) : 0);
  }
  interval_.at(round_began_ + options_.interval);
}

void PingJob::report(const Error* error) {
  overdue_.cancel();
  interval_.cancel();
  if (error != nullptr) report_.error = *error;
  // What was under way when it was interrupted is not lost.
  for (const PingKind kind : {PingKind::Pingreq, PingKind::Loopback}) {
    if (flight(kind).number != 0 && error == nullptr) --report_.of(kind).sent;
  }
  print(options_.json ? ping_json(report_) : ping_text(report_));
}

}  // namespace mqtk::inspect
