// A POSIX extended regular expression, searched for anywhere in a text. Its matching needs no stack
// that grows with the text, so that a hostile payload cannot overflow it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mqtk {

class Pattern {
 public:
  /// Errors are of kind Usage.
  static Result<Pattern> compile(std::string_view expression);
  bool matches(Bytes text) const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace mqtk
