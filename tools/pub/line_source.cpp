#include "pub/line_source.hpp"

#include "output/terminal_text.hpp"
#include "wire/topic.hpp"

namespace mqtk::pub {

MessageSource::Next LineSource::next() {
  if (have_line_) return Next::Message;
  if (failed_) return Next::Failed;
  switch (lines_.next(line_)) {
    case LineReader::Next::Line:
      return use(line_);
    case LineReader::Next::Wait:
      return Next::Wait;
    case LineReader::Next::End:
      return Next::End;
    case LineReader::Next::Failed:
      break;
  }
  failed_ = true;
  error_ = lines_.error();
  return Next::Failed;
}

MessageSource::Next LineSource::use(TextLine& line) {
  const std::string& separator = format_.separator;
  if (format_.topics_only) {
    if (!use_topic(line.text)) return Next::Failed;
  } else if (separator.empty()) {
    message_.payload = line.text;
  } else {
    const std::size_t at = line.text.find(separator);
    if (at == Bytes::npos) {
      return fail("no separator between topic and payload", "--topic-sep says what separates them");
    }
    if (!use_topic(line.text.substr(0, at))) return Next::Failed;
    message_.payload = line.text.substr(at + separator.size());
  }
  if (message_.owner || line.owner) message_.owner = std::move(line.owner);
  have_line_ = true;
  return Next::Message;
}

bool LineSource::use_topic(Bytes topic) {
  if (!format_.rewriter.empty()) topic = format_.rewriter.apply(topic);
  if (topic != checked_topic_) {
    if (const auto fault = wire::check_topic_name(topic)) {
      fail("topic '" + terminal_text(topic.substr(0, 100)) + "': " + std::string(fault->what));
      return false;
    }
    checked_topic_ = topic;
  }
  message_.topic = topic;
  return true;
}

MessageSource::Next LineSource::fail(std::string message, std::string hint) {
  failed_ = true;
  error_ = {ErrorKind::BadInput, Cause::None, std::move(message), std::move(hint)};
  return Next::Failed;
}

}  // namespace mqtk::pub
