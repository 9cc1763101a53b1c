#include "pub/templated_source.hpp"

#include "output/terminal_text.hpp"
#include "wire/topic.hpp"

namespace mqtk::pub {

MessageSource::Next TemplatedSource::next() {
  if (failed_) return Next::Failed;
  const Next next = inner().next();
  if (next != Next::Message || ready_) return next;
  message_ = inner().message();
  uuid_.clear();
  random_.clear();
  const TemplateValues values{.number = inner().number(),
                              .file = inner().file(),
                              .client_id = client_id_,
                              .uuid = &uuid_,
                              .random = &random_};
  if (topic_template_) {
    topic_.clear();
    topic_template_->append(topic_, values);
    if (const auto fault = wire::check_topic_name(topic_)) {
      failed_ = true;
      error_ = {ErrorKind::BadInput,
                Cause::None,
                "topic '" + terminal_text(topic_) + "': " + std::string(fault->what),
                {}};
      return Next::Failed;
    }
    message_.topic = topic_;
  }
  if (payload_template_) {
    payload_.clear();
    payload_template_->append(payload_, values);
    message_.payload = payload_;
    message_.owner.reset();
  }
  if (answer_template_) {
    answer_.clear();
    answer_template_->append(answer_, values);
  }
  ready_ = true;
  return next;
}

void TemplatedSource::advance() {
  ready_ = false;
  inner().advance();
}

}  // namespace mqtk::pub
