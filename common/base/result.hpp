// Errors as values: Expected<T, E> is a T or an E; Result<T> is a T or an Error (base/error.hpp).
// The part of std::expected that g++ 12 lacks in C++20, so that a later swap is a `using`.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "base/error.hpp"

namespace mqtk {

template <typename E>
struct Unexpected {
  E error;
};
template <typename E>
Unexpected(E) -> Unexpected<E>;

template <typename T, typename E>
class [[nodiscard]] Expected {
 public:
  Expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Expected(Unexpected<E> unexpected)
      : state_(std::in_place_index<1>, std::move(unexpected.error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  /// Only when has_value().
  T& value() { return *std::get_if<0>(&state_); }
  const T& value() const { return *std::get_if<0>(&state_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// Only when !has_value().
  E& error() { return *std::get_if<1>(&state_); }
  const E& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, E> state_;
};

template <typename E>
class [[nodiscard]] Expected<void, E> {
 public:
  Expected() = default;
  Expected(Unexpected<E> unexpected) : error_(std::move(unexpected.error)) {}

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  E& error() { return *error_; }
  const E& error() const { return *error_; }

 private:
  std::optional<E> error_;
};

template <typename T>
using Result = Expected<T, Error>;

/// `return fail(ErrorKind::Usage, "no topic given", "say which with -t TOPIC");`
inline Unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint = {}) {
  return {Error{kind, Cause::None, std::move(message), std::move(hint)}};
}
inline Unexpected<Error> fail(ErrorKind kind, Cause cause, std::string message,
                              std::string hint = {}) {
  return {Error{kind, cause, std::move(message), std::move(hint)}};
}
inline Unexpected<Error> fail(Error error) {
  return {std::move(error)};
}

}  // namespace mqtk
