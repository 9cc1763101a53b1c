// A JSON document under construction, as the subcommands print it: keys stay in the order in which
// they were added, and what is open is closed at the end.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "payload/json_writer.hpp"

namespace mqtk::inspect {

class JsonText {
 public:
  /// Begins with the schema, as every document does; empty: none.
  explicit JsonText(std::string_view schema = {});
  JsonText(const JsonText&) = delete;
  JsonText& operator=(const JsonText&) = delete;

  /// An empty key adds an element to a list. Text that is no UTF-8 is shown escaped.
  JsonText& add(std::string_view key, std::string_view text);
  JsonText& add(std::string_view key, const char* text) { return add(key, std::string_view(text)); }
  template <typename Number>
  requires std::is_arithmetic_v<Number> JsonText& add(std::string_view key, Number value) {
    name(key);
    if constexpr (std::same_as<Number, bool>) {
      writer_.boolean(value);
    } else {
      writer_.number(value);
    }
    return *this;
  }
  /// Milliseconds with three digits behind the point.
  JsonText& milliseconds(std::string_view key, Duration value);
  JsonText& list(std::string_view key, const std::vector<std::string>& texts);
  /// `json` as it stands.
  JsonText& raw(std::string_view key, std::string_view json);
  /// The key when they are UTF-8, else KEY_base64.
  JsonText& octets(std::string_view key, Bytes value);
  /// ok, and of an error cause, message, hint.
  JsonText& outcome(const Error* error);

  JsonText& begin(std::string_view key = {});
  JsonText& begin_list(std::string_view key = {});
  JsonText& end();

  /// The whole document.
  std::string text();
  std::string line() { return text() + "\n"; }

 private:
  void name(std::string_view key) {
    if (!key.empty()) writer_.key(key);
  }
  std::string text_;
  std::string open_;  ///< what is open, the innermost last
  JsonWriter writer_;
};

}  // namespace mqtk::inspect
