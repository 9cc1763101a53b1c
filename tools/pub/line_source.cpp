#include "pub/line_source.hpp"

#include <cstring>

#include "output/terminal_text.hpp"
#include "wire/topic.hpp"
#include "wire/types.hpp"

namespace mqtk::pub {

MessageSource::Next LineSource::next() {
  if (have_line_) return Next::Message;
  if (failed_) return Next::Failed;
  if (splitter_.next(line_)) return use(line_);
  return fetch();
}

MessageSource::Next LineSource::fetch() {
  for (;;) {
    Bytes block;
    switch (input_.take(block)) {
      case BlockInput::Status::Data:
        splitter_.feed(block);
        if (splitter_.next(line_)) return use(line_);
        if (splitter_.pending() > wire::kMaxRemainingLength) {
          ++number_;
          return fail(ErrorKind::BadInput, "longer than the 256 MiB that MQTT can carry");
        }
        break;
      case BlockInput::Status::Wait:
        return Next::Wait;
      case BlockInput::Status::End:
        return splitter_.finish(line_) ? use(line_) : Next::End;
      case BlockInput::Status::Failed:
        ++number_;
        return fail(ErrorKind::NoInput,
                    std::string("cannot read input: ") + std::strerror(input_.error_code()));
    }
  }
}

MessageSource::Next LineSource::use(TextLine& line) {
  ++number_;
  if (separator_.empty()) {
    message_.payload = line.text;
  } else {
    const std::size_t at = line.text.find(separator_);
    if (at == Bytes::npos) {
      return fail(ErrorKind::BadInput, "no separator between topic and payload",
                  "--topic-sep says what separates them");
    }
    const Bytes topic = line.text.substr(0, at);
    if (topic != checked_topic_) {
      if (const auto fault = wire::check_topic_name(topic)) {
        return fail(ErrorKind::BadInput, "topic '" + terminal_text(topic.substr(0, 100)) +
                                             "': " + std::string(fault->what));
      }
      checked_topic_ = topic;
    }
    message_.topic = topic;
    message_.payload = line.text.substr(at + separator_.size());
  }
  if (message_.owner || line.owner) message_.owner = std::move(line.owner);
  have_line_ = true;
  return Next::Message;
}

MessageSource::Next LineSource::fail(ErrorKind kind, std::string message, std::string hint) {
  failed_ = true;
  error_ = {kind, Cause::None, std::move(message), std::move(hint)};
  return Next::Failed;
}

}  // namespace mqtk::pub
