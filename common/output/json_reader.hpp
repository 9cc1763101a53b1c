// Reads JSON (RFC 8259) piece by piece without changing it: every piece is the text as it stands,
// so digits, order of keys and escapes are kept. Allocates nothing. Nesting is bounded.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.hpp"

namespace mqtk {

class JsonReader {
 public:
  enum class Kind : std::uint8_t {
    ObjectBegin,
    ObjectEnd,
    ArrayBegin,
    ArrayEnd,
    Key,     ///< of a member; its value follows
    String,  ///< with its quotes, as Key
    Number,
    Literal,  ///< true, false, null
    End,      ///< the document is complete
    Fault,    ///< this is no JSON; see at()
  };
  struct Token {
    Kind kind = Kind::Fault;
    Bytes text;
  };
  static constexpr unsigned kMaxDepth = 512;

  explicit JsonReader(Bytes text) : text_(text) {}

  /// After End or Fault the same again.
  Token next();
  /// Where the next piece is looked for; after a fault, where it lies.
  std::size_t at() const { return at_; }
  unsigned depth() const { return depth_; }
  /// After a fault: it is one more level than kMaxDepth, so nobody knows whether it is JSON.
  bool too_deep() const;
  /// Passes over the rest of what began with `first`; false: there is a fault in it.
  bool skip(const Token& first);

 private:
  enum class State : std::uint8_t {
    Value,
    FirstKey,
    FirstElement,
    AfterValue,
    Colon,
    Done,
    Faulty
  };

  Token fault();
  Token take(Kind kind, std::size_t size);
  Token open(Kind kind, State first);
  Token close(Kind kind);
  Token value();
  Token string(Kind kind);
  Token number();
  Token literal(std::string_view word);
  void skip_space();
  bool in_object() const { return ((objects_[depth_ / 64] >> (depth_ % 64)) & 1U) != 0; }

  Bytes text_;
  std::size_t at_ = 0;
  State state_ = State::Value;
  unsigned depth_ = 0;
  std::array<std::uint64_t, kMaxDepth / 64 + 1> objects_{};  ///< a bit for each depth
};

enum class JsonFault : std::uint8_t { None, NotJson, TooDeep };

/// Is this one JSON value and nothing else?
JsonFault check_json(Bytes text);
inline bool is_json(Bytes text) {
  return check_json(text) == JsonFault::None;
}

/// What the JSON string `quoted` stands for, in UTF-8; `quoted` comes from a JsonReader. A
/// surrogate without its other half becomes U+FFFD.
std::string json_string_text(Bytes quoted);

}  // namespace mqtk
