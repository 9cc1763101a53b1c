#include "pub/outbox_delivery.hpp"

#include <algorithm>

namespace mqtk::pub {

namespace {

using wire::PropertyId;
using wire::Qos;

constexpr std::uint64_t kReadAhead = 256 * 1024;
constexpr std::size_t kLargePayload = 64 * 1024;

/// Seconds that are left of a message's life; nullopt: it has no end. 0: it is over.
std::optional<std::uint32_t> seconds_left(const OutboxRecord& record, std::int64_t now_ms) {
  const auto expiry =
      wire::PropertiesView(record.properties).number(PropertyId::MessageExpiryInterval);
  if (!expiry) return std::nullopt;
  const std::int64_t waited = std::max<std::int64_t>(0, now_ms - record.accepted_ms) / 1000;
  return waited >= *expiry ? 0 : *expiry - static_cast<std::uint32_t>(waited);
}

/// The properties with a shorter life.
wire::Properties with_expiry(wire::PropertiesView given, std::uint32_t seconds) {
  wire::Properties properties;
  for (const wire::Property& property : given) {
    if (property.info->id == PropertyId::MessageExpiryInterval) {
      properties.add(property.info->id, seconds);
    } else {
      properties.add(property);
    }
  }
  return properties;
}

OutgoingMessage message_of(const OutboxRecord& record) {
  OutgoingMessage message;
  message.topic = record.topic;
  message.payload = record.payload;
  message.qos = record.qos;
  message.retain = record.retain;
  message.properties = wire::PropertiesView(record.properties);
  message.packet_id = record.packet_id;
  return message;
}

}  // namespace

Result<void> OutboxDelivery::resume(Client& client) {
  ready_.clear();
  under_way_.clear();
  ids_.reset();
  read_to_ = 0;
  prepared_ = 0;
  auto records = outbox_.under_way();
  if (!records) return fail(std::move(records.error()));
  for (const OutboxRecord& record : *records) {
    if (client.restore(message_of(record), record.released, record.number)) {
      under_way_[record.number] = {record.packet_id, true};
      ids_.set(record.packet_id);
      last_id_ = record.packet_id;
    } else if (auto cleared = outbox_.assign(record.number, 0); !cleared) {
      return cleared;
    }
  }
  return {};
}

Result<void> OutboxDelivery::read_ahead() {
  auto records = outbox_.read(read_to_, kReadAhead);
  if (!records) return fail(std::move(records.error()));
  for (OutboxRecord& record : *records) {
    read_to_ = record.number;
    // After something was put back, what is still under way is read a second time.
    if (!under_way_.contains(record.number)) ready_.push_back({std::move(record), nullptr});
  }
  return {};
}

std::uint16_t OutboxDelivery::free_id() {
  do {
    last_id_ = last_id_ == 65'535 ? std::uint16_t{1} : static_cast<std::uint16_t>(last_id_ + 1);
  } while (ids_.test(last_id_));
  ids_.set(last_id_);
  return last_id_;
}

Result<void> OutboxDelivery::prepare(std::int64_t now_ms) {
  if (quota) return {};
  if (ready_.size() < window_) {
    if (auto read = read_ahead(); !read) return read;
  }
  const std::size_t room = window_ > under_way_.size() ? window_ - under_way_.size() : 0;
  while (prepared_ < std::min(room, ready_.size())) {
    OutboxRecord& record = ready_[prepared_].record;
    if (record.qos != Qos::AtMostOnce) record.packet_id = free_id();
    if (record.qos == Qos::ExactlyOnce && seconds_left(record, now_ms) != 0) {
      if (auto done = outbox_.assign(record.number, record.packet_id); !done) return done;
      must_commit_ = true;
    }
    ++prepared_;
  }
  return {};
}

void OutboxDelivery::send(Client& client, std::int64_t now_ms) {
  while (prepared_ > 0 && client.connected()) {
    Ready& next = ready_.front();
    const std::uint64_t number = next.record.number;
    const std::uint16_t packet_id = next.record.packet_id;
    const bool stored = next.record.qos == Qos::ExactlyOnce;
    const auto left = seconds_left(next.record, now_ms);
    if (left == 0) {
      ids_.reset(packet_id);
      ++expired;
      ended_.emplace_back(number, Outbox::End::Expired);
    } else {
      if (!next.owner && next.record.payload.size() >= kLargePayload) {
        next.owner = std::make_shared<const std::string>(std::move(next.record.payload));
      }
      OutgoingMessage message = message_of(next.record);
      const wire::Properties shorter =
          left ? with_expiry(message.properties, *left) : wire::Properties();
      if (left) message.properties = shorter;
      if (next.owner) {
        message.payload = *next.owner;
        message.owner = next.owner;
      }
      const PublishStatus status = client.publish(message, number);
      if (status == PublishStatus::Full) return;
      if (status == PublishStatus::Refused) {
        ids_.reset(packet_id);
        refuse(number, client.last_error());
      } else {
        under_way_[number] = {packet_id, stored};
      }
    }
    ready_.pop_front();
    --prepared_;
  }
}

Result<void> OutboxDelivery::released(Token number) {
  must_commit_ = true;
  return outbox_.release(number);
}

Result<void> OutboxDelivery::published(Token number, const PublishOutcome& outcome) {
  const auto found = under_way_.find(number);
  if (found == under_way_.end()) return {};
  const UnderWay entry = found->second;
  under_way_.erase(found);
  if (entry.packet_id != 0) ids_.reset(entry.packet_id);
  if (outcome.ok) {
    ++delivered;
    ended_.emplace_back(number, Outbox::End::Delivered);
    return {};
  }
  const bool full = outcome.reason == wire::ReasonCode::QuotaExceeded;
  if (!full && outcome.error.cause != Cause::MqttLost) {
    refuse(number, outcome.error);
    return {};
  }
  // It stays in the file: read again from there on.
  if (full) quota = outcome.error;
  for (const Ready& ready : ready_) {
    if (ready.record.packet_id != 0) ids_.reset(ready.record.packet_id);
  }
  const std::size_t unsent = std::exchange(prepared_, 0);
  for (std::size_t i = 0; i < unsent; ++i) {
    const OutboxRecord& record = ready_[i].record;
    if (record.qos != Qos::ExactlyOnce) continue;
    if (auto done = outbox_.assign(record.number, 0); !done) return done;
  }
  ready_.clear();
  read_to_ = std::min(read_to_, number - 1);
  return entry.stored ? outbox_.assign(number, 0) : Result<void>();
}

void OutboxDelivery::refuse(std::uint64_t number, const Error& why) {
  ++refused;
  if (!first_refusal) first_refusal = why;
  if (!worst_refusal || why.kind == ErrorKind::Permission) worst_refusal = why.kind;
  ended_.emplace_back(number, Outbox::End::Refused);
}

Result<void> OutboxDelivery::store_ended() {
  for (const auto& [number, end] : ended_) {
    if (auto settled = outbox_.settle(number, end); !settled) return settled;
  }
  ended_.clear();
  return {};
}

}  // namespace mqtk::pub
