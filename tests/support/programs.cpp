#include "support/programs.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <regex>
#include <sstream>
#include <utility>

#include "support/process.hpp"

namespace mqtk::test {

std::string built_program(std::string_view name) {
  const char* const folder = std::getenv("MQTK_BIN_DIR");
  return std::string(folder == nullptr ? MQTK_BIN_DIR : folder).append("/").append(name);
}

bool programs_are_sanitized() {
#ifdef MQTK_SANITIZED
  return true;
#else
  return std::getenv("MQTK_SANITIZED") != nullptr;
#endif
}

std::string find_program(std::string_view name) {
  const char* const path = std::getenv("PATH");
  const std::string folders = std::string(path == nullptr ? "/usr/bin:/bin" : path) +
                              ":/usr/sbin:/sbin:/usr/local/sbin:/usr/local/bin";
  for (std::size_t begin = 0; begin < folders.size();) {
    const std::size_t end = std::min(folders.find(':', begin), folders.size());
    const std::string candidate = folders.substr(begin, end - begin) + "/" + std::string(name);
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    begin = end + 1;
  }
  return {};
}

std::vector<int> installed_version(std::string_view name, const std::string& option) {
  const std::string path = find_program(name);
  if (path.empty()) return {};
  ProcessOptions options;
  options.argv = {path, option};
  const ProcessResult told = run(std::move(options));
  std::smatch found;
  std::vector<int> version;
  const std::string text = told.out + told.err;
  if (!std::regex_search(text, found, std::regex("[0-9]+([.][0-9]+)+"))) return version;
  std::istringstream numbers(found.str());
  for (std::string number; std::getline(numbers, number, '.');)
    version.push_back(std::stoi(number));
  return version;
}

}  // namespace mqtk::test
