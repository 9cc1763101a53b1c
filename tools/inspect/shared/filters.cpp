#include "inspect/shared/filters.hpp"

#include "wire/topic.hpp"

namespace mqtk::inspect {

namespace {

bool is_filter(std::string_view word) {
  return word.find("://") == std::string_view::npos;
}

}  // namespace

Flag filter_flag(std::vector<std::string>& filters, std::string_view group, std::string_view doc) {
  return {.letter = 't',
          .name = "topic",
          .value_name = "FILTER",
          .kind = FlagKind::List,
          .group = group,
          .doc = doc,
          .common = true,
          .operand = is_filter,
          .store = store(filters)};
}

Result<std::vector<std::string>> checked_filters(std::vector<std::string> filters,
                                                 std::vector<std::string> otherwise) {
  if (filters.empty()) filters = std::move(otherwise);
  if (filters.empty()) {
    return fail(ErrorKind::Usage, "no topic filter is given", "name one: 'sensors/#'");
  }
  for (const std::string& filter : filters) {
    if (const auto fault = wire::check_topic_filter(filter)) {
      return fail(ErrorKind::Usage, "the filter '" + filter + "': " + std::string(fault->what));
    }
  }
  return filters;
}

}  // namespace mqtk::inspect
