#include "bench/results/file.hpp"

#include "options/secrets.hpp"

namespace mqtk::bench {

namespace {

constexpr std::size_t kLargestResult = std::size_t{1} << 30U;

}  // namespace

Result<RunResult> read_result(const std::string& path) {
  const std::string file = path == "-" ? "/dev/stdin" : path;
  const auto text = read_file(file, "result", kLargestResult, ErrorKind::NoInput);
  if (!text) return fail(text.error());
  auto result = parse_result(*text);
  if (!result) result.error().message = path + ": " + result.error().message;
  return result;
}

Result<std::vector<RunResult>> read_results(const std::vector<std::string>& paths) {
  std::vector<RunResult> out;
  for (const std::string& path : paths) {
    auto result = read_result(path);
    if (!result) return fail(result.error());
    out.push_back(std::move(*result));
  }
  return out;
}

}  // namespace mqtk::bench
