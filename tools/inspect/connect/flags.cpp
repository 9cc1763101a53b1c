#include "inspect/connect/flags.hpp"

#include "inspect/shared/flags.hpp"
#include "inspect/subcommand.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::string_view kDiagnosis = "Diagnosis";

}  // namespace

FlagTable connect_flag_table(ConnectFlags& flags) {
  FlagTable table;
  table.push_back(json_flag(flags.json, kDiagnosis,
                            "print the report as JSON (schema mqtt-inspect.connect/1)"));
  table.push_back({.name = "no-variants",
                   .group = kDiagnosis,
                   .doc = "after a failure do not try what else might work",
                   .details =
                       "After a failure do not try what else might work. Otherwise at most six "
                       "other ways are tried, with a client id of the program's own and never "
                       "after the broker or a proxy has refused the credentials.",
                   .common = true,
                   .store = store(flags.no_variants)});
  table.push_back(safe_flag(flags.safe, kDiagnosis, "publish nothing: end after SUBSCRIBE"));
  table.push_back(qos_flag(store_number(flags.qos, 0, 2), kDiagnosis,
                           "publish at this quality of service only", "0, 1 and 2"));
  table.push_back(
      payload_size_flag(flags.size, kDiagnosis, "octets of the payload that is published"));
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
  table.push_back(topic_prefix_flag(flags.topic_prefix, kDiagnosis));
  append_connection_flags(table, flags.client);
  return table;
}

}  // namespace mqtk::inspect
