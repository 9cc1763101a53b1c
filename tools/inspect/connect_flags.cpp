#include "inspect/connect_flags.hpp"

#include "inspect/subcommand.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::string_view kDiagnosis = "Diagnosis";
constexpr std::uint64_t kLargestPayload = 256'000'000;

}  // namespace

FlagTable connect_flag_table(ConnectFlags& flags) {
  FlagTable table;
  table.push_back({.name = "json",
                   .group = kDiagnosis,
                   .doc = "print the report as JSON (schema mqtt-inspect.connect/1)",
                   .common = true,
                   .store = store(flags.json)});
  table.push_back({.name = "no-variants",
                   .group = kDiagnosis,
                   .doc = "after a failure do not try what else might work",
                   .details =
                       "After a failure do not try what else might work. Otherwise at most six "
                       "other ways are tried, with a client id of the program's own and never "
                       "after the broker or a proxy has refused the credentials.",
                   .common = true,
                   .store = store(flags.no_variants)});
  table.push_back({.name = "safe",
                   .group = kDiagnosis,
                   .doc = "publish nothing: end after SUBSCRIBE",
                   .common = true,
                   .store = store(flags.safe)});
  table.push_back({.letter = 'q',
                   .name = "qos",
                   .value_name = "QOS",
                   .kind = FlagKind::Value,
                   .group = kDiagnosis,
                   .doc = "publish at this quality of service only",
                   .default_text = "0, 1 and 2",
                   .choices = "0 1 2",
                   .store = store_number(flags.qos, 0, 2)});
  table.push_back({.letter = 's',
                   .name = "size",
                   .value_name = "SIZE",
                   .kind = FlagKind::Value,
                   .group = kDiagnosis,
                   .doc = "octets of the payload that is published",
                   .default_text = "40",
                   .store = store_size(flags.size, 40, kLargestPayload)});
  table.push_back({.letter = 'r',
                   .name = "retain",
                   .group = kDiagnosis,
                   .doc = "publish with the retain flag, and clear the message afterwards",
                   .store = store(flags.retain)});
  table.push_back({.letter = 't',
                   .name = "topic",
                   .value_name = "TOPIC",
                   .kind = FlagKind::Value,
                   .group = kDiagnosis,
                   .doc = "publish to this topic; others that subscribe to it see the messages",
                   .default_text = "a random one",
                   .store = store(flags.topic)});
  table.push_back({.name = "topic-prefix",
                   .value_name = "PREFIX",
                   .kind = FlagKind::Value,
                   .group = kDiagnosis,
                   .doc = "what the random topic begins with, where access is limited",
                   .default_text = "mqtt-inspect/",
                   .store = store(flags.topic_prefix)});
  append_connection_flags(table, flags.client);
  return table;
}

}  // namespace mqtk::inspect
