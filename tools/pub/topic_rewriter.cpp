#include "pub/topic_rewriter.hpp"

#include <algorithm>

#include "output/terminal_text.hpp"
#include "wire/topic.hpp"

namespace mqtk::pub {

namespace {

template <typename Text>
void split(std::string_view topic, std::vector<Text>& levels) {
  levels.clear();
  for (std::size_t at = 0;;) {
    const std::size_t slash = topic.find('/', at);
    levels.emplace_back(topic.substr(at, slash - at));
    if (slash == std::string_view::npos) return;
    at = slash + 1;
  }
}

Unexpected<Error> bad_rewrite(std::string_view topic, std::string_view what) {
  return fail(ErrorKind::Usage, "--rewrite: '" + terminal_text(topic) + "': " + std::string(what),
              "--rewrite 'house/+/temp' 'copy/+', --rewrite 'house/#' 'copy/#'");
}

}  // namespace

Result<void> TopicRewriter::add(std::string_view from, std::string_view to) {
  for (const std::string_view topic : {from, to}) {
    if (const auto fault = wire::check_topic_filter(topic)) return bad_rewrite(topic, fault->what);
  }
  Rule rule;
  split(from, rule.from);
  split(to, rule.to);
  const auto wildcards = [](const std::vector<std::string>& levels, const char* which) {
    return std::ranges::count(levels, which);
  };
  for (const char* wildcard : {"+", "#"}) {
    if (wildcards(rule.to, wildcard) > wildcards(rule.from, wildcard)) {
      return bad_rewrite(
          to, "has more " + std::string(wildcard) + " than '" + terminal_text(from) + "'");
    }
  }
  rules_.push_back(std::move(rule));
  return {};
}

std::string_view TopicRewriter::apply(std::string_view topic) {
  if (!last_topic_.empty() && topic == last_topic_) return last_result_;
  split(topic, levels_);
  for (const Rule& rule : rules_) {
    if (!rewrite(rule, topic)) continue;
    last_topic_ = topic;
    return last_result_;
  }
  return topic;
}

/// Into last_result_; false: the rule does not match.
bool TopicRewriter::rewrite(const Rule& rule, std::string_view topic) {
  const bool open = rule.from.back() == "#";
  const std::size_t fixed = rule.from.size() - (open ? 1 : 0);
  if (levels_.size() < fixed || (!open && levels_.size() > fixed)) return false;
  // A wildcard at the front does not stand for topics of the broker's own [MQTT-4.7.2-1].
  if (topic.starts_with('$') && (rule.from[0] == "+" || rule.from[0] == "#")) return false;
  matched_.clear();
  for (std::size_t i = 0; i < fixed; ++i) {
    if (rule.from[i] == "+") {
      matched_.push_back(levels_[i]);
    } else if (rule.from[i] != levels_[i]) {
      return false;
    }
  }
  last_result_.clear();
  std::size_t plus = 0;
  bool first = true;
  const auto append = [&](std::string_view level) {
    if (!std::exchange(first, false)) last_result_ += '/';
    last_result_ += level;
  };
  for (const std::string& level : rule.to) {
    if (level == "+") {
      append(matched_[plus++]);
    } else if (level == "#") {
      for (std::size_t i = fixed; i < levels_.size(); ++i) append(levels_[i]);
    } else {
      append(level);
    }
  }
  return true;
}

}  // namespace mqtk::pub
