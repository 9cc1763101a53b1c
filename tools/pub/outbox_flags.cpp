// The options of the durable outbox.
#include "pub/pub_flags.hpp"

namespace mqtk::pub {

void append_outbox_flags(FlagTable& table, PubFlags& flags) {
  constexpr std::string_view kOutbox = "Durable outbox";
  table.push_back(
      {.name = "outbox",
       .value_name = "FILE",
       .kind = FlagKind::Value,
       .group = kOutbox,
       .doc = "keep messages in FILE until the broker has them",
       .details = "Messages are put into FILE first, and from there delivered. What was put there "
                  "is delivered by this run or a later one, whatever happens in between. Without "
                  "a message the run delivers what FILE holds. One process at a time delivers; "
                  "others only put messages there. See DURABLE OUTBOX.",
       .completion = Completion::File,
       .store = store(flags.outbox)});
  table.push_back({.name = "outbox-only",
                   .group = kOutbox,
                   .doc = "only put messages into the file; do not connect",
                   .store = store(flags.outbox_only)});
  table.push_back({.name = "outbox-status",
                   .group = kOutbox,
                   .doc = "print what the file holds, as one line of JSON, and end",
                   .store = store(flags.outbox_status)});
  table.push_back({.name = "outbox-limit",
                   .value_name = "SIZE",
                   .kind = FlagKind::Value,
                   .group = kOutbox,
                   .doc = "how much may wait in the file",
                   .details = "How much may wait in the file: topics, payloads, properties and 64 "
                              "bytes a message. When it is full, --when-full says what happens: "
                              "block waits until there is room, drop-oldest takes out the oldest, "
                              "error ends the run with 75 and what was accepted stays.",
                   .default_text = "1GiB",
                   .store = store_size(flags.outbox_limit, 1)});
}

}  // namespace mqtk::pub
