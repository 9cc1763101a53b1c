// --input-encoding and --wire-encoding: what was given is decoded to octets, and the octets may
// travel as base64.
#pragma once

#include "base/text_encoding.hpp"
#include "pub/message_source.hpp"

namespace mqtk::pub {

struct PayloadCoding {
  Encoding input = Encoding::Raw;
  Encoding wire = Encoding::Raw;
  bool plain() const { return input == Encoding::Raw && wire == Encoding::Raw; }
};

/// Errors are of kind BadInput.
Result<std::string> code_payload(Bytes payload, const PayloadCoding& coding);

/// Codes the payloads of another source.
class CodedSource final : public SourceFilter {
 public:
  CodedSource(std::unique_ptr<MessageSource> source, PayloadCoding coding)
      : SourceFilter(std::move(source)), coding_(coding) {}

  Next next() override;
  const OutgoingMessage& message() const override { return message_; }
  void advance() override;
  const Error& error() const override { return failed_ ? error_ : inner().error(); }

 private:
  PayloadCoding coding_;
  OutgoingMessage message_;
  std::string payload_;
  bool ready_ = false;
  bool failed_ = false;
  Error error_;
};

}  // namespace mqtk::pub
