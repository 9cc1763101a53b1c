// The options of --request.
#include "pub/pub_flags.hpp"

namespace mqtk::pub {

void append_request_flags(FlagTable& table, RequestFlags& flags) {
  constexpr std::string_view kRequest = "Request and response";
  table.push_back(
      {.name = "request",
       .group = kRequest,
       .doc = "wait for an answer to each message and print it; needs -e",
       .details = "Subscribe to the response topic of -e, publish each message as a request and "
                  "wait for its answer, which is printed on stdout. With MQTT 5, which this "
                  "implies unless -V says otherwise, requests carry the response topic and "
                  "correlation data, and an answer has to bring the same data; before MQTT 5 the "
                  "first message that comes after the request counts, see --match. Retained "
                  "messages are no answers. --repeat (or --count) sends several requests, one "
                  "after the other; -W limits the wait.",
       .store = store(flags.request)});
  table.push_back({.letter = 'e',
                   .name = "response-to",
                   .value_name = "TOPIC",
                   .kind = FlagKind::Value,
                   .group = kRequest,
                   .doc = "with --request: where answers are sent to",
                   .store = store(flags.response_to)});
  table.push_back({.name = "match",
                   .value_name = "TEXT",
                   .kind = FlagKind::Value,
                   .group = kRequest,
                   .doc = "with --request: an answer must contain TEXT; --template fills it in",
                   .store = store(flags.match)});
  table.push_back({.name = "latency",
                   .group = kRequest,
                   .doc = "with --request: say how long each answer took",
                   .store = store(flags.latency)});
  table.push_back({.letter = 'F',
                   .name = "format",
                   .value_name = "FORMAT",
                   .kind = FlagKind::Value,
                   .group = kRequest,
                   .doc = "with --request: how answers are printed, see mqtt-sub(1)",
                   .store = store(flags.format)});
  table.push_back({.letter = 'N',
                   .name = "no-newline",
                   .group = kRequest,
                   .doc = "with --request: no newline after an answer",
                   .store = store(flags.no_newline)});
  table.push_back({.name = "pretty",
                   .group = kRequest,
                   .doc = "with --request and %j or %J in -F: JSON over several lines",
                   .store = store(flags.pretty)});
  table.push_back({.letter = 'R',
                   .name = "no-retained",
                   .group = kRequest,
                   .doc = "with --request: let the broker send no retained messages (MQTT 5)",
                   .store = store(flags.no_retained)});
  table.push_back({.name = "retain-as-published",
                   .group = kRequest,
                   .doc = "with --request: subscribe with this option of MQTT 5",
                   .store = store(flags.retain_as_published)});
  table.push_back({.name = "retain-handling",
                   .value_name = "WHEN",
                   .kind = FlagKind::Value,
                   .group = kRequest,
                   .doc = "with --request: when the broker sends retained messages (MQTT 5)",
                   .choices = "always new never",
                   .store = store_choice<wire::RetainHandling>(
                       flags.retain_handling, "always new never",
                       {wire::RetainHandling::Send, wire::RetainHandling::SendIfNew,
                        wire::RetainHandling::DoNotSend})});
}

}  // namespace mqtk::pub
