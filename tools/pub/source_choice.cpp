#include "pub/source_choice.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "output/terminal_text.hpp"
#include "pub/delivery_gap.hpp"
#include "pub/file_messages.hpp"
#include "pub/line_source.hpp"
#include "pub/looped_input.hpp"
#include "pub/rate_limit.hpp"
#include "pub/record_source.hpp"
#include "pub/repeated_message.hpp"
#include "pub/templated_source.hpp"
#include "pub/whole_input.hpp"

namespace mqtk::pub {

namespace {

using Source = std::unique_ptr<MessageSource>;
using Made = Result<Source>;

Source make_lines(const PubOptions& options, const OutgoingMessage& message, Host& host,
                  ChosenSource& chosen) {
  const StreamOptions& stream = options.stream;
  chosen.input = std::make_unique<BlockReader>(STDIN_FILENO, [&host] { host.wake(); });
  return std::make_unique<LineSource>(*chosen.input, message,
                                      LineFormat{.separator = stream.topic_separator,
                                                 .topics_only = stream.topics_only,
                                                 .line_end = stream.line_end,
                                                 .rewriter = stream.rewriter});
}

Made make_records(const PubOptions& options, Host& host, ChosenSource& chosen) {
  const StreamOptions& stream = options.stream;
  const std::string& path = options.files[0];
  int fd = STDIN_FILENO;
  if (path != "-") {
    chosen.file.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!chosen.file) {
      return fail(ErrorKind::NoInput,
                  "cannot open '" + terminal_text(path) + "': " + std::strerror(errno));
    }
    fd = chosen.file.get();
  }
  const auto read = [&host, fd] {
    return std::make_unique<BlockReader>(fd, [&host] { host.wake(); });
  };
  if (stream.rounds) {
    if (::lseek(fd, 0, SEEK_SET) < 0) {
      return fail(ErrorKind::Usage, "--loop: '" + terminal_text(path) + "' can be read only once");
    }
    chosen.input = std::make_unique<LoopedInput>(
        [read, fd] {
          ::lseek(fd, 0, SEEK_SET);
          return read();
        },
        *stream.rounds);
  } else {
    chosen.input = read();
  }
  return Source(std::make_unique<RecordSource>(
      *chosen.input,
      RecordOptions{.properties = options.client.config.version == wire::ProtocolVersion::V5,
                    .keep_going = stream.keep_going,
                    .pace = stream.pace,
                    .rewriter = stream.rewriter},
      host));
}

Made make_files(const PubOptions& options, OutgoingMessage message, TimePoint deadline,
                ChosenSource& chosen) {
  if (options.files.size() > 1) {
    auto files = FileMessages::open(message, options.files, options.repeat, options.payload_limit(),
                                    deadline);
    if (!files) return fail(std::move(files.error()));
    return Source(std::move(*files));
  }
  auto payload = read_whole(options.files[0], options.payload_limit(), deadline);
  if (!payload) return fail(std::move(payload.error()));
  chosen.payload = std::move(*payload);
  message.payload = *chosen.payload;
  message.owner = chosen.payload;
  auto source = std::make_unique<RepeatedMessage>(message, options.repeat);
  source->set_file(options.files[0]);
  return Source(std::move(source));
}

Made make_plain(const PubOptions& options, Host& host, TimePoint started, ChosenSource& chosen) {
  OutgoingMessage message{.topic = options.topic,
                          .payload = {},
                          .owner = nullptr,
                          .qos = options.qos,
                          .retain = options.retain,
                          .properties = options.properties};
  switch (options.input) {
    case Input::Lines:
      return make_lines(options, message, host, chosen);
    case Input::Records:
      return make_records(options, host, chosen);
    case Input::Files:
      return make_files(options, message,
                        options.deadline > 0ns ? started + options.deadline : kNever, chosen);
    case Input::None:
      return Source(std::make_unique<RepeatedMessage>(message, 0));
    case Input::Text:
      break;
  }
  message.payload = options.text;
  return Source(std::make_unique<RepeatedMessage>(message, options.repeat));
}

}  // namespace

Result<std::unique_ptr<ChosenSource>> make_source(const PubOptions& options, Host& host,
                                                  TimePoint started) {
  auto chosen = std::make_unique<ChosenSource>();
  auto plain = make_plain(options, host, started, *chosen);
  if (!plain) return fail(std::move(plain.error()));
  Source source = std::move(*plain);
  if (options.topic_template || options.text_template || options.answer_template) {
    source = std::make_unique<TemplatedSource>(std::move(source), options.topic_template,
                                               options.text_template, options.answer_template,
                                               options.client.config.client_id);
  }
  if (!options.coding.plain()) {
    source = std::make_unique<CodedSource>(std::move(source), options.coding);
  }
  if (options.repeat_delay > 0ns) {
    source = std::make_unique<DeliveryGap>(std::move(source), options.repeat_delay, host);
  }
  if (options.rate > 0) {
    source = std::make_unique<RateLimit>(std::move(source), options.rate, host);
  }
  chosen->messages = std::move(source);
  return chosen;
}

}  // namespace mqtk::pub
