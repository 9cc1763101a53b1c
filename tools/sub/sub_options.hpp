// What mqtt-sub shall do: checked values.
#pragma once

#include "options/resolve.hpp"
#include "sub/end_condition.hpp"
#include "sub/exec_queue.hpp"
#include "sub/message_filter.hpp"
#include "sub/message_output.hpp"
#include "sub/recorder.hpp"
#include "sub/sub_flags.hpp"

namespace mqtk::sub {

struct SubOptions {
  ResolvedClient client;
  std::vector<Subscription> subscriptions;
  std::vector<std::string> unsubscriptions;
  wire::Properties subscribe_properties;
  wire::Properties unsubscribe_properties;
  MessageFilter filter;
  Encoding wire_encoding = Encoding::Raw;
  Decoder decoder = Decoder::Auto;
  OutputOptions output;
  RecordOptions record;
  ExecOptions exec;
  std::optional<bool> remove_retained;  ///< false: only say which ones

  std::uint64_t count = 0;  ///< 0: without end
  Duration deadline = 0ns;  ///< 0: none, here and below
  Duration window = 0ns;    ///< --for
  Duration idle = 0ns;
  EndCondition until;
  /// Nothing is to be listened to: end as soon as the broker has answered (-E, or -U alone).
  bool only_ask = false;
  bool message_rate = false;  ///< print how many came, not them
  std::vector<std::string> warnings;
};

/// What is printed; the forms exclude one another.
Result<void> choose_output(const SubFlags& flags, SubOptions& options);
/// --record, --exec, --remove-retained.
Result<void> choose_actions(const SubFlags& flags, SubOptions& options);

Result<SubOptions> resolve(const SubFlags& flags, const Environment& environment,
                           const CommandLine& line);

}  // namespace mqtk::sub
