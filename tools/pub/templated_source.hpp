// The messages of another source with topic and payload made from templates, anew for each.
#pragma once

#include <optional>

#include "pub/message_source.hpp"
#include "pub/text_template.hpp"

namespace mqtk::pub {

class TemplatedSource final : public SourceFilter {
 public:
  /// Without a template the source's own topic or payload stays.
  TemplatedSource(std::unique_ptr<MessageSource> source, std::optional<TextTemplate> topic,
                  std::optional<TextTemplate> payload, std::optional<TextTemplate> answer,
                  std::string client_id)
      : SourceFilter(std::move(source)),
        topic_template_(std::move(topic)),
        payload_template_(std::move(payload)),
        answer_template_(std::move(answer)),
        client_id_(std::move(client_id)) {}

  Next next() override;
  const OutgoingMessage& message() const override { return message_; }
  void advance() override;
  std::string_view answer() const override { return answer_; }
  const Error& error() const override { return failed_ ? error_ : inner().error(); }

 private:
  std::optional<TextTemplate> topic_template_;
  std::optional<TextTemplate> payload_template_;
  std::optional<TextTemplate> answer_template_;
  std::string client_id_;
  OutgoingMessage message_;
  std::string topic_;
  std::string payload_;
  std::string answer_;
  std::string uuid_;
  std::string random_;
  bool ready_ = false;
  bool failed_ = false;
  Error error_;
};

}  // namespace mqtk::pub
