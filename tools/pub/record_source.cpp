#include "pub/record_source.hpp"

#include <utility>

#include "wire/topic.hpp"

namespace mqtk::pub {

MessageSource::Next RecordSource::next() {
  if (have_record_) return ready();
  if (failed_) return Next::Failed;
  for (;;) {
    TextLine line;
    switch (lines_.next(line)) {
      case LineReader::Next::Line:
        if (line.text.find_first_not_of(" \t\r") == Bytes::npos) continue;
        if (use(line.text)) return ready();
        if (failed_) return Next::Failed;
        continue;
      case LineReader::Next::Wait:
        return Next::Wait;
      case LineReader::Next::End:
        return end();
      case LineReader::Next::Failed:
        failed_ = true;
        error_ = lines_.error();
        return Next::Failed;
    }
  }
}

MessageSource::Next RecordSource::ready() const {
  return options_.pace > 0 && host_.now() < due_ ? Next::Wait : Next::Message;
}

bool RecordSource::use(Bytes line) {
  auto parsed = parse_record(line);
  if (!parsed) {
    bad_line(std::move(parsed.error()));
    return false;
  }
  if (!parsed->properties.empty() && !options_.properties) {
    bad_line({ErrorKind::BadInput, Cause::None,
              "the record has properties, which only MQTT 5 carries",
              "add -V 5, or take them out: jq -c 'del(.properties)'"});
    return false;
  }
  record_ = std::move(*parsed);
  if (!options_.rewriter.empty() && !rewrite_topic()) return false;
  if (options_.pace > 0) due_ = clock_.due(record_.time, host_.now());
  // A large payload goes out as it is, without another copy, and lives on until acknowledged.
  constexpr std::size_t kLarge = 64 * 1024;
  message_ = {.topic = record_.topic,
              .payload = record_.payload,
              .owner = nullptr,
              .qos = record_.qos,
              .retain = record_.retain,
              .properties = record_.properties};
  if (record_.payload.size() >= kLarge) {
    message_.owner = std::make_shared<const std::string>(std::move(record_.payload));
    message_.payload = *message_.owner;
  }
  have_record_ = true;
  return true;
}

bool RecordSource::rewrite_topic() {
  const Bytes topic = options_.rewriter.apply(record_.topic);
  if (topic.data() == record_.topic.data()) return true;
  record_.topic = topic;
  const auto fault = wire::check_topic_name(record_.topic);
  if (fault) {
    bad_line({ErrorKind::BadInput,
              Cause::None,
              "its topic, rewritten: " + std::string(fault->what),
              {}});
  }
  return !fault;
}

void RecordSource::bad_line(Error error) {
  if (bad_lines_++ == 0) {
    error_ = std::move(error);
    first_bad_line_ = lines_.number();
  }
  if (options_.keep_going) return;
  failed_ = true;
  first_bad_ = first_bad_line_;
}

MessageSource::Next RecordSource::end() {
  if (bad_lines_ == 0) return Next::End;
  failed_ = true;
  first_bad_ = first_bad_line_;
  if (bad_lines_ > 1) {
    error_.message += "; passed over with it: " + std::to_string(bad_lines_ - 1) + " further lines";
  }
  return Next::Failed;
}

}  // namespace mqtk::pub
