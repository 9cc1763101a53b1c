#include "pub/payload_coding.hpp"

namespace mqtk::pub {

namespace {

std::string without_space(Bytes text) {
  std::string dense;
  dense.reserve(text.size());
  for (const char c : text) {
    if (c != ' ' && (c < '\t' || c > '\r')) dense += c;
  }
  return dense;
}

}  // namespace

Result<std::string> code_payload(Bytes payload, const PayloadCoding& coding) {
  std::string octets;
  switch (coding.input) {
    case Encoding::Raw:
      octets = payload;
      break;
    case Encoding::Hex:
      if (!from_hex(without_space(payload), octets)) {
        return fail(ErrorKind::BadInput, "the payload is not hexadecimal",
                    "--input-encoding hex wants pairs of digits");
      }
      break;
    case Encoding::Base64:
      if (!from_base64(without_space(payload), octets)) {
        return fail(ErrorKind::BadInput, "the payload is not base64");
      }
      break;
  }
  switch (coding.wire) {
    case Encoding::Raw:
      return octets;
    case Encoding::Hex:
      return to_hex(octets);
    case Encoding::Base64:
      break;
  }
  return to_base64(octets);
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
