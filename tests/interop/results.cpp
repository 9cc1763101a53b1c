#include "interop/results.hpp"

#include <algorithm>

namespace mqtk::test {

namespace {

std::string row(const std::vector<std::string>& fields) {
  std::string text = "|";
  for (const std::string& field : fields) text += " " + field + " |";
  return text + "\n";
}

}  // namespace

InteropTable::Column& InteropTable::column(const std::string& transport,
                                           const std::string& version) {
  for (Column& known : columns_) {
    if (known.transport == transport && known.version == version) return known;
  }
  return columns_.emplace_back(Column{transport, version});
}

void InteropTable::add(const std::string& transport, const std::string& version,
                       const std::string& feature, const std::string& outcome) {
  column(transport, version).outcomes[feature] = outcome;
  if (std::find(features_.begin(), features_.end(), feature) == features_.end()) {
    features_.push_back(feature);
  }
}

std::string InteropTable::markdown() const {
  std::vector<std::string> head = {title_};
  for (const Column& known : columns_) head.push_back(known.transport + " " + known.version);
  std::string text =
      "## " + title_ + "\n\n" + row(head) + row(std::vector<std::string>(head.size(), "---"));
  std::vector<std::string> notes;
  for (const std::string& feature : features_) {
    std::vector<std::string> fields = {feature};
    for (const Column& known : columns_) {
      const auto found = known.outcomes.find(feature);
      std::string outcome = found == known.outcomes.end() ? "none" : found->second;
      if (outcome != "yes" && outcome != "none") {
        auto note = std::find(notes.begin(), notes.end(), outcome);
        if (note == notes.end()) note = notes.insert(notes.end(), outcome);
        outcome = "(" + std::to_string(note - notes.begin() + 1) + ")";
      }
      fields.push_back(outcome);
    }
    text += row(fields);
  }
  text += "\n";
  for (std::size_t i = 0; i < notes.size(); ++i) {
    text += "(" + std::to_string(i + 1) + ") " + notes[i] + (i + 1 < notes.size() ? "  \n" : "\n");
  }
  return text + (notes.empty() ? "" : "\n");
}

}  // namespace mqtk::test
