// What was found, as a table for people.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace mqtk::test {

/// What one broker does, feature by feature, over each transport in each version.
class InteropTable {
 public:
  explicit InteropTable(std::string title) : title_(std::move(title)) {}

  void add(const std::string& transport, const std::string& version, const std::string& feature,
           const std::string& outcome);
  /// A section of a Markdown document: a table, and below it in words what is not a yes.
  std::string markdown() const;

 private:
  struct Column {
    std::string transport;
    std::string version;
    std::map<std::string, std::string> outcomes{};
  };
  Column& column(const std::string& transport, const std::string& version);
  std::string title_;
  std::vector<Column> columns_;
  std::vector<std::string> features_;
};

}  // namespace mqtk::test
