// A test of one message: `topic =~ ^a/`, `qos > 0`, `retain`, `size >= 1000`, `payload =~ on`, or
// on a place of the decoded payload: `.temperature > 20.5`, `/a/0 == "x"`, `.alarm`, `!.ok`.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "payload/json_path.hpp"
#include "payload/pattern.hpp"

namespace mqtk {

/// What conditions ask of a message.
struct ConditionInput {
  Bytes topic;
  Bytes payload;
  unsigned qos = 0;
  bool retain = false;
  /// The payload as JSON text, decoded when first asked; empty: it is none.
  std::function<Bytes()> json;
};

class Condition {
 public:
  /// Errors are of kind Usage.
  static Result<Condition> parse(std::string_view text);

  bool holds(const ConditionInput& input) const;
  /// Does it look inside the payload, so that a decoder is needed?
  bool needs_json() const { return subject_ == Subject::Path; }

 private:
  enum class Subject : std::uint8_t { Topic, Payload, Qos, Retain, Size, Path };
  enum class Relation : std::uint8_t {
    IsTrue,  ///< there, and neither false nor null
    IsFalse,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
    MatchesNot,
  };

  Result<void> parse_value(std::string_view text);
  bool compare_text(Bytes text) const;
  bool compare_json(Bytes json) const;
  bool ordered(int order) const;

  Subject subject_ = Subject::Topic;
  Relation relation_ = Relation::IsTrue;
  JsonPath path_;
  std::string value_;       ///< JSON text
  std::string value_text_;  ///< what it says: of a string, its characters
  std::optional<Pattern> pattern_;
};

}  // namespace mqtk
