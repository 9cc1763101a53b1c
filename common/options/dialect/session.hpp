// The values of a drop-in command line while it is read, what is checked across them, and what they
// become under our own names. Private to this room.
#pragma once

#include <string>
#include <string_view>

#include "options/dialect/options.hpp"
#include "options/url.hpp"

namespace mqtk {

class DropInSession {
 public:
  DropInSession(const Dialect& dialect, std::span<const Flag> table, DropInLine& line)
      : dialect_(dialect), table_(table), line_(line) {}

  const Flag* flag(std::string_view name) const { return find_long(table_, name); }
  bool has(std::string_view name) const { return given(name) != nullptr; }
  /// Replaces what was said before.
  void set(std::string_view name, std::string value);
  void add(std::string_view name, std::string value);
  void use_url(const BrokerUrl& url, bool tls, bool websocket);
  void keep_secret(char* place, std::size_t size) { line_.secrets.emplace_back(place, size); }

  /// "Error: TEXT" and where help is; `gap`: with an empty line between.
  void refuse(const std::string& text, bool gap = false);
  void refuse_file(const std::string& path, std::string_view why);
  void help();
  void about();

  /// Checks what belongs together and adds mosquitto's defaults.
  void finish();

 private:
  const ScannedFlag* given(std::string_view name) const;
  std::string_view value(std::string_view name) const;
  void drop(std::string_view name);
  void say(std::string complaint, std::string text = {});
  bool check();
  bool check_properties();
  bool check_tool();
  void settle_version();
  void settle_address();
  void settle_tls();
  bool settle_engine(bool tls);
  void settle_session();
  void settle_tool();
  std::string usage_text() const;

  const Dialect& dialect_;
  std::span<const Flag> table_;
  DropInLine& line_;
  bool url_tls_ = false;
};

}  // namespace mqtk
