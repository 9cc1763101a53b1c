#include "pub/payload_coding.hpp"

namespace mqtk::pub {

Result<std::string> code_payload(Bytes payload, const PayloadCoding& coding) {
  auto octets = decode(payload, coding.input);
  return octets ? Result<std::string>(encode(*octets, coding.wire)) : std::move(octets);
}

MessageSource::Next CodedSource::next() {
  if (failed_) return Next::Failed;
  const Next next = inner().next();
  if (next != Next::Message || ready_) return next;
  message_ = inner().message();
  auto coded = code_payload(message_.payload, coding_);
  if (!coded) {
    failed_ = true;
    error_ = std::move(coded.error());
    return Next::Failed;
  }
  payload_ = std::move(*coded);
  message_.payload = payload_;
  constexpr std::size_t kLarge = 64 * 1024;
  message_.owner.reset();
  if (payload_.size() >= kLarge) {
    message_.owner = std::make_shared<const std::string>(std::move(payload_));
    message_.payload = *message_.owner;
  }
  ready_ = true;
  return next;
}

void CodedSource::advance() {
  ready_ = false;
  inner().advance();
}

}  // namespace mqtk::pub
