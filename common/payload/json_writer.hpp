// Builds one line of JSON text piece by piece; the decoders of binary formats write with it.
// Octets become base64url without padding, numbers that JSON lacks become null (RFC 8949, 6.1).
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"

namespace mqtk {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(&out) {}

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  /// What follows is the value of this member. `name` need not be UTF-8: what is not is replaced.
  void key(Bytes name);
  /// The same with the name that `write` writes into this as a value; one that is no string is
  /// quoted as it is written.
  template <typename Write>
  void key_from(Write write) {
    separate();
    std::string name;
    std::string* const outer = std::exchange(out_, &name);
    first_ = true;
    write();
    out_ = outer;
    end_key(name);
  }
  void string(Bytes text);
  void octets(Bytes data);
  void number(std::integral auto value) { raw(std::to_string(value)); }
  /// The shortest digits that mean the value; a `float` is not widened first.
  void number(double value);
  void number(float value);
  void boolean(bool value) { raw(value ? "true" : "false"); }
  void null() { raw("null"); }
  /// A value that is JSON already.
  void raw(std::string_view json);

 private:
  void begin(char bracket);
  void end(char bracket);
  void separate();
  void end_key(std::string_view json);

  std::string* out_;
  bool first_ = true;
};

}  // namespace mqtk
