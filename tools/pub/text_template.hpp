// --template: text with placeholders in braces, {n}, {uuid}, {NAME}; {{ and }} are braces. Read
// once before the run, so that a mistake is found before anything is connected.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace mqtk::pub {

/// What a placeholder stands for at one message.
struct TemplateValues {
  std::uint64_t number = 1;    ///< of the message, from 1
  std::string_view file = {};  ///< {file}: its name without folders
  std::string_view client_id = {};
  /// What {uuid} and {random} became, so that they are the same wherever they stand in one message.
  std::string* uuid = nullptr;
  std::string* random = nullptr;
};

class TextTemplate {
 public:
  /// --var NAME=VALUE, as given.
  using Variables = std::vector<std::pair<std::string, std::string>>;
  static Result<Variables> read_variables(const std::vector<std::string>& definitions);

  /// `option` names where the text came from, for errors, which are of kind Usage.
  static Result<TextTemplate> compile(std::string_view text, const Variables& variables,
                                      std::string_view option);

  void append(std::string& out, const TemplateValues& values) const;
  /// Does every message have the same text?
  bool fixed() const { return parts_.empty(); }

 private:
  using Append = void (*)(std::string& out, const TemplateValues& values);
  struct Part {
    std::string before;
    Append append = nullptr;
  };
  struct Placeholder;
  static const Placeholder* find(std::string_view name);
  static std::string known_names(const Variables& variables);

  std::vector<Part> parts_;
  std::string rest_;
};

}  // namespace mqtk::pub
