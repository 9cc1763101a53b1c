#include "pub/source_choice.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/units.hpp"
#include "pub/line_source.hpp"
#include "pub/record_source.hpp"
#include "pub/repeated_message.hpp"
#include "pub/whole_input.hpp"

namespace mqtk::pub {

Result<std::unique_ptr<ChosenSource>> make_source(const PubOptions& options, Host& host,
                                                  TimePoint started) {
  auto chosen = std::make_unique<ChosenSource>();
  OutgoingMessage message{.topic = options.topic,
                          .payload = options.text,
                          .owner = nullptr,
                          .qos = options.qos,
                          .retain = options.retain,
                          .properties = options.properties};
  if (options.input == Input::Lines) {
    message.payload = {};
    chosen->input = std::make_unique<BlockReader>(STDIN_FILENO, [&host] { host.wake(); });
    chosen->messages =
        std::make_unique<LineSource>(*chosen->input, message, options.topic_separator);
    return chosen;
  }
  if (options.input == Input::Records) {
    if (options.file != "-") {
      chosen->file.reset(::open(options.file.c_str(), O_RDONLY | O_CLOEXEC));
      if (!chosen->file) {
        return fail(ErrorKind::NoInput,
                    "cannot open '" + options.file + "': " + std::strerror(errno));
      }
    }
    const int fd = chosen->file ? chosen->file.get() : STDIN_FILENO;
    chosen->input = std::make_unique<BlockReader>(fd, [&host] { host.wake(); });
    const bool properties = options.client.config.version == wire::ProtocolVersion::V5;
    chosen->messages = std::make_unique<RecordSource>(
        *chosen->input, RecordOptions{.properties = properties, .keep_going = options.keep_going});
    return chosen;
  }
  if (options.input == Input::File) {
    const TimePoint deadline = options.deadline > 0ns ? started + options.deadline : kNever;
    auto payload = read_whole(options.file, options.payload_limit(), deadline);
    if (!payload) return fail(std::move(payload.error()));
    chosen->payload = std::move(*payload);
    message.payload = *chosen->payload;
    message.owner = chosen->payload;
  }
  chosen->messages =
      std::make_unique<RepeatedMessage>(message, options.repeat, options.repeat_delay, host);
  return chosen;
}

}  // namespace mqtk::pub
