// The source that the options ask for, with everything it stands on.
#pragma once

#include <memory>

#include "base/unique_fd.hpp"
#include "options/run.hpp"
#include "pub/block_reader.hpp"
#include "pub/message_source.hpp"
#include "pub/pub_options.hpp"

namespace mqtk::pub {

struct ChosenSource {
  std::shared_ptr<const std::string> payload;
  UniqueFd file;
  std::unique_ptr<BlockInput> input;
  std::unique_ptr<MessageSource> messages;
};

/// Files that can be read only once are read here, before anything is connected; at most until the
/// deadline, counted from `started`. `options` outlives the result.
Result<std::unique_ptr<ChosenSource>> make_source(const PubOptions& options, Host& host,
                                                  TimePoint started);

}  // namespace mqtk::pub
