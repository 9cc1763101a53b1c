// A folder of a test's own, removed with all it holds.
#pragma once

#include <string>
#include <string_view>

namespace mqtk::test {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }
  /// Writes a file in it and answers its path.
  std::string write(std::string_view name, std::string_view content) const;

 private:
  std::string path_;
};

/// The whole content; empty when there is no such file.
std::string read_file(const std::string& path);
/// Aborts the test when it cannot be written.
void write_file(const std::string& path, std::string_view content);

}  // namespace mqtk::test
