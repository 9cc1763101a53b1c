// The options of the drop-in names and how their values are read. Private to this room.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "options/dialect/dialect.hpp"
#include "options/environment.hpp"
#include "options/layers.hpp"

namespace mqtk {

/// How the value of a drop-in option is read.
enum class DropInForm : std::uint8_t {
  Switch,
  Text,
  Payload,        ///< one source of the message; only one may be given
  PayloadSwitch,  ///< the same, without a value
  Topic,          ///< to publish to, or a filter of mosquitto_sub
  FilterOut,
  Unsubscribe,
  ResponseTopic,
  WillTopic,
  Port,
  KeepAlive,
  Qos,
  WillQos,
  Inflight,
  Version,
  SessionExpiry,
  Property,
  Url,
  Proxy,
  Repeat,
  RepeatDelay,
  Count,
  Timeout,
  RetainHandling,
  Percent,
  Format,
  Id,
  OptionsFile,
  Help,
  AboutVersion,  ///< --version
};

struct DropInOption {
  std::string_view letter;  ///< "-h"; empty: none
  std::string_view name;    ///< "--host"; empty: none
  std::string_view tools;   ///< of "PSR": mosquitto_pub, _sub, _rr
  std::string_view flag;    ///< the long name of ours that takes the value
  DropInForm form = DropInForm::Switch;
  std::string_view missing = {};  ///< "no host specified"
  std::string_view said = {};     ///< what messages call it; empty: letter, else name

  std::string_view spelled() const {
    if (!said.empty()) return said;
    return letter.empty() ? name : letter;
  }
};

std::span<const DropInOption> drop_in_options();
/// nullptr when that tool has no such option.
const DropInOption* find_drop_in_option(DropIn tool, std::string_view word);

/// What was made of a drop-in command line.
struct DropInLine {
  Layer flags;
  std::vector<std::span<char>> secrets;
  wire::ProtocolVersion version = wire::ProtocolVersion::V311;
  /// Nothing is to be run: `text` goes to stdout, `complaint` to stderr, and the program ends with
  /// 1.
  bool done = false;
  std::string text;
  std::string complaint;
};

/// Reads options file and command line as mosquitto's tools do: letters are not bundled, the word
/// behind an option is its value whatever it looks like, numbers end where they stop to be ones,
/// the last one wins.
DropInLine read_drop_in(const Dialect& dialect, std::span<const Flag> table, int argc, char** argv,
                        const Environment& environment);

/// What is wrong with "-D packet name value [value]", as mosquitto says it; empty: nothing.
std::string check_drop_in_property(std::span<const std::string_view> words);

}  // namespace mqtk
