// What mqtt-sub shall do: checked values.
#pragma once

#include "options/resolve.hpp"
#include "output/message_format.hpp"
#include "sub/message_filter.hpp"
#include "sub/sub_flags.hpp"

namespace mqtk::sub {

struct SubOptions {
  ResolvedClient client;
  std::vector<Subscription> subscriptions;
  std::vector<std::string> unsubscriptions;
  wire::Properties subscribe_properties;
  wire::Properties unsubscribe_properties;
  MessageFilter filter;
  MessageFormat format;
  bool json = false;  ///< message records instead of `format`

  std::uint64_t count = 0;  ///< 0: without end
  Duration deadline = 0ns;  ///< 0: none, here and below
  Duration window = 0ns;    ///< --for
  Duration idle = 0ns;
  /// Nothing is to be listened to: end as soon as the broker has answered (-E, or -U alone).
  bool only_ask = false;
  bool trace = false;
  std::vector<std::string> warnings;
};

Result<SubOptions> resolve(const SubFlags& flags, const Environment& environment,
                           const CommandLine& line);

}  // namespace mqtk::sub
