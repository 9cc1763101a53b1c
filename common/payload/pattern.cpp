#include "payload/pattern.hpp"

#include <regex.h>

namespace mqtk {

struct Pattern::Compiled {
  Compiled() = default;
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  ~Compiled() {
    if (ready) ::regfree(&expression);
  }
  regex_t expression{};
  bool ready = false;
};

Result<Pattern> Pattern::compile(std::string_view expression) {
  if (expression.find('\0') != std::string_view::npos) {
    return fail(ErrorKind::Usage, "a NUL cannot be part of a regular expression");
  }
  const auto compiled = std::make_shared<Compiled>();
  const std::string text(expression);
  const int code = ::regcomp(&compiled->expression, text.c_str(), REG_EXTENDED | REG_NOSUB);
  if (code != 0) {
    char reason[200];
    ::regerror(code, &compiled->expression, reason, sizeof reason);
    return fail(ErrorKind::Usage, "'" + text + "' is no regular expression: " + reason);
  }
  compiled->ready = true;
  Pattern pattern;
  pattern.compiled_ = compiled;
  return pattern;
}

bool Pattern::matches(Bytes text) const {
#ifdef REG_STARTEND
  regmatch_t range{};
  range.rm_so = 0;
  range.rm_eo = static_cast<regoff_t>(text.size());
  const char* const data = text.empty() ? "" : text.data();
  return ::regexec(&compiled_->expression, data, 0, &range, REG_STARTEND) == 0;
#else
  return ::regexec(&compiled_->expression, std::string(text).c_str(), 0, nullptr, 0) == 0;
#endif
}

}  // namespace mqtk
