#include "bench/results/assertion.hpp"

#include <fmt/core.h>

#include <array>

#include "base/units.hpp"
#include "bench/results/figures.hpp"

namespace mqtk::bench {

namespace {

using Relation = Assertion::Comparison;

struct Operator {
  std::string_view word;
  Relation comparison;
};
// The longer of two that begin alike comes first.
constexpr std::array<Operator, 6> kOperators = {{{"<=", Relation::LessOrEqual},
                                                 {">=", Relation::GreaterOrEqual},
                                                 {"==", Relation::Equal},
                                                 {"!=", Relation::Unequal},
                                                 {"<", Relation::Less},
                                                 {">", Relation::Greater}}};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool is_bare_number(std::string_view text) {
  return text.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::optional<double> parse_time(std::string_view text, double ns_per_unit) {
  const auto duration = parse_duration(text);
  if (!duration) return std::nullopt;
  return static_cast<double>(duration->count()) / ns_per_unit;
}

std::optional<double> parse_bytes(std::string_view text) {
  const auto size = parse_size(text);
  if (!size) return std::nullopt;
  return static_cast<double>(*size);
}

std::optional<double> parse_limit(std::string_view text, Unit unit) {
  switch (unit) {
    case Unit::Microseconds:
      if (is_bare_number(text) && text != "0") return std::nullopt;
      return parse_time(text, 1e3);
    case Unit::Seconds:
      return parse_time(text, 1e9);
    case Unit::PerSecond:
      return parse_rate(text);
    case Unit::Bytes:
      return parse_bytes(text);
    case Unit::BytesPerSecond:
      if (text.ends_with("/s")) text.remove_suffix(2);
      return parse_bytes(text);
    case Unit::Percent:
      if (text.ends_with('%')) text = trimmed(text.substr(0, text.size() - 1));
      return is_bare_number(text) ? parse_rate(text) : std::nullopt;
    case Unit::Count:
      return text.find('/') == std::string_view::npos ? parse_rate(text) : std::nullopt;
  }
  return std::nullopt;
}

std::string_view example(Unit unit) {
  switch (unit) {
    case Unit::Microseconds:
      return "a latency such as 20ms or 350us";
    case Unit::Seconds:
      return "a duration such as 10s";
    case Unit::PerSecond:
      return "a rate such as 1000/s or 50k/s";
    case Unit::Bytes:
      return "a size such as 4KiB";
    case Unit::BytesPerSecond:
      return "a rate such as 10MB/s";
    case Unit::Percent:
      return "a percentage such as 80%";
    case Unit::Count:
      break;
  }
  return "a number such as 0 or 10k";
}

}  // namespace

bool Assertion::holds(double value) const {
  switch (comparison) {
    case Relation::Less:
      return value < limit;
    case Relation::LessOrEqual:
      return value <= limit;
    case Relation::Greater:
      return value > limit;
    case Relation::GreaterOrEqual:
      return value >= limit;
    case Relation::Equal:
      return value == limit;
    case Relation::Unequal:
      return value != limit;
  }
  return false;
}

Result<Assertion> parse_assertion(std::string_view text) {
  const auto place = text.find_first_of("<>=!");
  if (place == std::string_view::npos) {
    return fail(ErrorKind::Usage, fmt::format("'{}' compares nothing", text),
                "write PATH OP NUMBER, for example 'e2e.p99<20ms'");
  }
  const std::string_view rest = text.substr(place);
  const Operator* chosen = nullptr;
  for (const Operator& each : kOperators) {
    if (chosen == nullptr && rest.starts_with(each.word)) chosen = &each;
  }
  const std::string_view number = chosen ? trimmed(rest.substr(chosen->word.size())) : rest;
  if (chosen == nullptr || number.find_first_of("<>=!") != std::string_view::npos) {
    return fail(ErrorKind::Usage, fmt::format("'{}' has no comparison that is known", text),
                "one of < <= > >= == !=");
  }
  auto metric = find_metric(trimmed(text.substr(0, place)));
  if (!metric) return fail(metric.error());
  const auto limit = parse_limit(number, metric->unit);
  if (!limit) {
    const std::string given = number.empty() ? "nothing" : fmt::format("'{}'", number);
    return fail(ErrorKind::Usage, fmt::format("'{}' compares with {}", text, given),
                metric->path + " compares with " + std::string(example(metric->unit)));
  }
  return Assertion{.expression = std::string(text),
                   .metric = std::move(*metric),
                   .comparison = chosen->comparison,
                   .limit = *limit};
}

AssertionOutcome check_assertion(const Assertion& assertion, const RunResult& result) {
  AssertionOutcome out{.expression = assertion.expression, .value = assertion.metric.value(result)};
  out.passed = out.value && assertion.holds(*out.value);
  return out;
}

std::string outcome_text(const AssertionOutcome& outcome) {
  std::string out = outcome.expression + (outcome.passed ? " holds: " : " failed: ");
  if (!outcome.value) return out + "it was not measured";
  // The expression has been parsed before, or comes from a result that this program wrote.
  const auto parsed = parse_assertion(outcome.expression);
  const Unit unit = parsed ? parsed->metric.unit : Unit::Count;
  return out + "it was " + figure_text(*outcome.value, unit);
}

}  // namespace mqtk::bench
