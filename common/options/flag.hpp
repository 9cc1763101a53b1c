// One entry of a program's flag table. The table is the only place that knows an option: parsing,
// help, man pages and completions are all made from it. An entry stores what was typed and checks
// its form; it opens no file and asks no host, which is resolve.hpp's work.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/text_encoding.hpp"

namespace mqtk {

enum class FlagKind : std::uint8_t {
  Switch,         ///< takes no value; stored with an empty text
  Value,          ///< the last one wins
  List,           ///< every one is stored
  OptionalValue,  ///< --name or --name=VALUE; without one the empty text is stored
  Words,          ///< several words, as many as Flag::words says; stored joined by NUL
};

enum class Completion : std::uint8_t { None, File, Directory, Host, Profile };

/// What must not stay readable in the list of processes.
enum class Secret : std::uint8_t {
  No,
  Whole,     ///< the value
  Url,       ///< the password and the query in it
  Header,    ///< what follows the colon
  Pin,       ///< the PIN in the name of a key
  Property,  ///< of a Words flag: the last word, when one before it says authentication-data
};

/// Headings that other code asks for.
inline constexpr std::string_view kHelpGroup = "Help";
inline constexpr std::string_view kProfileGroup = "Profiles and options files";

/// Takes one value; answers with what is wrong with it, in words that follow "--name: ", or with
/// nothing.
using Store = std::function<std::optional<std::string>(std::string_view value)>;

/// How many words belong to a Words flag, given all that follow it on the command line.
using WordCount = std::size_t (*)(std::span<const std::string_view> rest);

/// All texts are literals. Write entries with designated initialisers, in this order.
struct Flag {
  char letter = 0;                   ///< 0: none
  std::string_view name = {};        ///< long name without dashes; never empty
  std::string_view aliases = {};     ///< further long names, separated by spaces
  std::string_view value_name = {};  ///< "TOPIC"; empty exactly for a Switch
  FlagKind kind = FlagKind::Switch;
  std::string_view group = {};         ///< heading in --help=all and in the man page
  std::string_view doc = {};           ///< one line for help and completions, no full stop
  std::string_view details = {};       ///< a paragraph for the man page; empty: `doc`
  std::string_view default_text = {};  ///< shown as it stands; empty: none worth showing
  std::string_view choices = {};  ///< the words allowed, separated by spaces; checked by `store`
  Completion completion = Completion::None;
  bool common = false;  ///< stands in the short --help
  bool hidden = false;  ///< works, but stands in no document
  bool mqtt5 = false;   ///< exists in MQTT 5 only, and implies -V 5
  Secret secret = Secret::No;
  WordCount words = nullptr;  ///< only for FlagKind::Words
  /// Set: a word that belongs to no option and that this accepts is a value of this flag; one that
  /// is no List takes a single word.
  bool (*operand)(std::string_view word) = nullptr;
  Store store = {};
};

/// Room for the entries of a program: a table that has to grow moves every entry it has.
inline constexpr std::size_t kFlagsAbout = 160;
using FlagTable = std::vector<Flag>;

/// "-t, --topic", or "--topic" when there is no letter.
std::string spelling(const Flag& flag);

/// How a value is kept. The target must stay where it is until parsing is done.
Store store(std::string& target);
Store store(std::optional<std::string>& target);
Store store(std::vector<std::string>& target);
Store store(bool& target, bool value = true);
Store store(std::optional<bool>& target, bool value = true);
/// A duration as in base/units.hpp, 0 included.
Store store(Duration& target);
Store store(std::optional<Duration>& target);
/// OptionalValue: the outer optional says that the flag was given, the inner one that a value was.
Store store(std::optional<std::optional<Duration>>& target);
/// Octets: 64KiB, 1MB.
Store store_size(std::optional<std::uint64_t>& target, std::uint64_t low = 0,
                 std::uint64_t high = std::numeric_limits<std::uint64_t>::max());
/// Events per second: 50k/s.
Store store_rate(std::optional<double>& target);

/// A whole number within [low, high]; T is an unsigned integer, an optional of one, or an enum.
using NumberSink = std::function<void(std::uint64_t)>;
Store store_number_into(NumberSink sink, std::uint64_t low, std::uint64_t high);
template <typename T>
Store store_number(T& target, std::uint64_t low, std::uint64_t high) {
  return store_number_into([&target](std::uint64_t n) { target = static_cast<T>(n); }, low, high);
}
template <typename T>
Store store_number(std::optional<T>& target, std::uint64_t low, std::uint64_t high) {
  return store_number_into([&target](std::uint64_t n) { target = static_cast<T>(n); }, low, high);
}

/// One of a few words; sink gets its place in `words` (separated by spaces, as in Flag::choices).
Store store_choice_into(std::function<void(std::size_t)> sink, std::string_view words);
/// The same with a value for each word: store_choice(when, "block drop-oldest", {A, B}).
template <typename T>
Store store_choice(std::optional<T>& target, std::string_view words, std::vector<T> values) {
  return store_choice_into(
      [&target, values = std::move(values)](std::size_t i) { target = values[i]; }, words);
}
template <typename T>
requires std::is_enum_v<T> Store store_choice(T& target, std::string_view words,
                                              std::vector<T> values) {
  return store_choice_into(
      [&target, values = std::move(values)](std::size_t i) { target = values[i]; }, words);
}
/// One of kEncodingNames.
Store store_encoding(std::optional<Encoding>& target);
/// Each value split at its NULs is one element.
Store store_words(std::vector<std::vector<std::string>>& target);

}  // namespace mqtk
