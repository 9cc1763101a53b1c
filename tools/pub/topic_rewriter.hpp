// --rewrite FROM TO: other topics for messages that name their own. FROM is a topic filter; a + in
// TO stands for what the + of FROM at the same count matched, a # for what its # matched.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace mqtk::pub {

class TopicRewriter {
 public:
  /// The first rule whose FROM matches decides. Errors are of kind Usage.
  Result<void> add(std::string_view from, std::string_view to);
  bool empty() const { return rules_.empty(); }

  /// `topic` itself where no rule matches; else a text that is valid until the next call.
  std::string_view apply(std::string_view topic);

 private:
  struct Rule {
    std::vector<std::string> from;  ///< levels
    std::vector<std::string> to;
  };
  bool rewrite(const Rule& rule, std::string_view topic);

  std::vector<Rule> rules_;
  std::vector<std::string_view> levels_;   ///< of the topic at hand
  std::vector<std::string_view> matched_;  ///< by the + of the rule, in order
  std::string last_topic_, last_result_;   ///< streams repeat their topics
};

}  // namespace mqtk::pub
