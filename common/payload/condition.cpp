#include "payload/condition.hpp"

#include <array>
#include <charconv>

#include "base/numbers.hpp"
#include "output/json_reader.hpp"
#include "output/json_text.hpp"
#include "wire/utf8.hpp"

namespace mqtk {

namespace {

Unexpected<Error> bad_condition(std::string_view text, std::string what) {
  return fail(ErrorKind::Usage, "'" + std::string(text) + "': " + std::move(what),
              "such as '.temperature > 20', 'topic =~ ^a/', 'qos == 1', 'retain', '!.ok'");
}

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") + 1 - from);
}

/// Where an operator begins, outside of quotes and brackets; npos: there is none.
std::size_t find_operator(std::string_view text) {
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && quoted) {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && std::string_view("=<>!~").find(text[at]) != std::string_view::npos) {
      return at;
    }
  }
  return std::string_view::npos;
}

bool is_json_number(Bytes json) {
  return !json.empty() && (json[0] == '-' || (json[0] >= '0' && json[0] <= '9'));
}

template <typename Number>
std::optional<Number> exactly(Bytes json) {
  Number number{};
  const char* const end = json.data() + json.size();
  const auto read = std::from_chars(json.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

template <typename Number>
int order_of(Number left, Number right) {
  return left < right ? -1 : (left > right ? 1 : 0);
}

/// Whole numbers of 64 bits are compared exactly. 2: they have no order.
int compare_numbers(Bytes left, Bytes right) {
  const auto left_unsigned = exactly<std::uint64_t>(left);
  const auto right_unsigned = exactly<std::uint64_t>(right);
  if (left_unsigned && right_unsigned) return order_of(*left_unsigned, *right_unsigned);
  const auto left_signed = exactly<std::int64_t>(left);
  const auto right_signed = exactly<std::int64_t>(right);
  if (left_signed && right_signed) return order_of(*left_signed, *right_signed);
  const auto left_double = parse_double(left);
  const auto right_double = parse_double(right);
  if (left_double && right_double) return order_of(*left_double, *right_double);
  return 2;
}

constexpr int kNoOrder = 2;

}  // namespace

Result<Condition> Condition::parse(std::string_view whole) {
  struct Operator {
    std::string_view text;
    Relation relation;
  };
  static constexpr std::array<Operator, 10> kOperators = {{{"==", Relation::Equal},
                                                           {"!=", Relation::NotEqual},
                                                           {"=~", Relation::Matches},
                                                           {"!~", Relation::MatchesNot},
                                                           {"<=", Relation::LessOrEqual},
                                                           {">=", Relation::GreaterOrEqual},
                                                           {"<", Relation::Less},
                                                           {">", Relation::Greater},
                                                           {"=", Relation::Equal},
                                                           {"~", Relation::Matches}}};
  Condition condition;
  std::string_view text = trimmed(whole);
  const bool negated = text.starts_with('!');
  if (negated) text = trimmed(text.substr(1));
  const std::size_t at = find_operator(text);
  const std::string_view left = trimmed(text.substr(0, at));
  if (left.starts_with('.') || left.starts_with('/') || left.starts_with('[')) {
    auto path = JsonPath::parse(left);
    if (!path) return fail(path.error());
    condition.subject_ = Subject::Path;
    condition.path_ = std::move(*path);
  } else {
    static constexpr std::array<std::string_view, 5> kWords = {"topic", "payload", "qos", "retain",
                                                               "size"};
    std::size_t word = 0;
    while (word < kWords.size() && kWords[word] != left) ++word;
    if (word == kWords.size()) {
      return bad_condition(whole,
                           "it begins with a path (.a or /a), topic, payload, qos, retain or size");
    }
    condition.subject_ = static_cast<Subject>(word);
  }
  if (at == std::string_view::npos) {
    if (condition.subject_ != Subject::Path && condition.subject_ != Subject::Retain) {
      return bad_condition(whole, "an operator is missing: == != < <= > >= =~ !~");
    }
    condition.relation_ = negated ? Relation::IsFalse : Relation::IsTrue;
    return condition;
  }
  if (negated) return bad_condition(whole, "'!' stands before a path alone, or before retain");
  for (const Operator& candidate : kOperators) {
    if (!text.substr(at).starts_with(candidate.text)) continue;
    condition.relation_ = candidate.relation;
    if (auto parsed = condition.parse_value(trimmed(text.substr(at + candidate.text.size())));
        !parsed) {
      return bad_condition(whole, std::move(parsed.error().message));
    }
    return condition;
  }
  return bad_condition(whole, "the operators are == != < <= > >= =~ !~");
}

Result<void> Condition::parse_value(std::string_view text) {
  const bool quoted = text.starts_with('"') && is_json(text);
  value_text_ = quoted ? json_string_text(text) : std::string(text);
  if (relation_ == Relation::Matches || relation_ == Relation::MatchesNot) {
    auto pattern = Pattern::compile(value_text_);
    if (!pattern) return fail(pattern.error());
    pattern_ = std::move(*pattern);
    return {};
  }
  if (text.empty()) return fail(ErrorKind::Usage, "a value is missing");
  if (is_json(text)) {
    value_ = text;
  } else {
    if (!wire::is_utf8(text)) return fail(ErrorKind::Usage, "the value is not UTF-8");
    append_json_string(value_, text);
  }
  const bool number = is_json_number(value_);
  if ((subject_ == Subject::Qos || subject_ == Subject::Size) && !number) {
    return fail(ErrorKind::Usage, "the value is no number");
  }
  if (subject_ == Subject::Retain && value_ != "true" && value_ != "false") {
    return fail(ErrorKind::Usage, "the value is neither true nor false");
  }
  return {};
}

bool Condition::ordered(int order) const {
  switch (relation_) {
    case Relation::Equal:
      return order == 0;
    case Relation::NotEqual:
      return order != 0;
    case Relation::Less:
      return order == -1;
    case Relation::LessOrEqual:
      return order == -1 || order == 0;
    case Relation::Greater:
      return order == 1;
    case Relation::GreaterOrEqual:
      return order == 1 || order == 0;
    case Relation::IsTrue:
    case Relation::IsFalse:
    case Relation::Matches:
    case Relation::MatchesNot:
      break;
  }
  return false;
}

bool Condition::compare_text(Bytes text) const {
  if (pattern_) return pattern_->matches(text) == (relation_ == Relation::Matches);
  const int order = text.compare(value_text_);
  return ordered(order < 0 ? -1 : (order > 0 ? 1 : 0));
}

bool Condition::compare_json(Bytes json) const {
  const bool positive = !json.empty() && json != "null" && json != "false";
  if (relation_ == Relation::IsTrue) return positive;
  if (relation_ == Relation::IsFalse) return !positive;
  if (json.empty()) return false;
  const bool text = json[0] == '"';
  if (pattern_) return text ? compare_text(json_string_text(json)) : compare_text(json);
  if (text && value_[0] == '"') return compare_text(json_string_text(json));
  if (is_json_number(json) && is_json_number(value_)) return ordered(compare_numbers(json, value_));
  return ordered(json == value_ ? 0 : kNoOrder);
}

bool Condition::holds(const ConditionInput& input) const {
  switch (subject_) {
    case Subject::Topic:
      return compare_text(input.topic);
    case Subject::Payload:
      return compare_text(input.payload);
    case Subject::Qos:
      return compare_json(std::to_string(input.qos));
    case Subject::Size:
      return compare_json(std::to_string(input.payload.size()));
    case Subject::Retain:
      return compare_json(input.retain ? "true" : "false");
    case Subject::Path:
      break;
  }
  const Bytes document = input.json ? input.json() : Bytes();
  return compare_json(document.empty() ? Bytes() : path_.find(document));
}

}  // namespace mqtk
