// Runs two or more commands in turn and compares what each run cost, as the operating system
// accounts for it:
//   mqtk_measure RUNS [--stdin FILE] [--out-a FILE] [--out-b FILE]... -- COMMAND_A... --
//   COMMAND_B...
// Prints one line: median wall and CPU milliseconds of A, of B and so on, then how many runs of
// each failed. One more run of each comes first and is not counted when there are ten or more.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

extern char** environ;

namespace {

struct Side {
  std::vector<char*> argv{};
  std::string out = "/dev/null";
  std::vector<double> wall_ms{};
  std::vector<double> cpu_ms{};
  int failed = 0;
};

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

void run(Side& side, const std::string& input, bool counted) {
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, 0, input.c_str(), O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, 1, side.out.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
  const auto start = std::chrono::steady_clock::now();
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, side.argv[0], &files, nullptr, side.argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  if (error != 0) {
    std::fprintf(stderr, "mqtk_measure: cannot run %s\n", side.argv[0]);
    std::exit(66);
  }
  int status = 0;
  rusage usage{};
  ::wait4(pid, &status, 0, &usage);
  const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
  if (!counted) return;
  side.wall_ms.push_back(wall.count());
  side.cpu_ms.push_back(milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime));
  if (status != 0) ++side.failed;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

}  // namespace

int main(int argc, char** argv) {
  std::string input = "/dev/null";
  std::vector<std::string> outs;
  const int runs = argc > 1 ? std::atoi(argv[1]) : 0;
  int at = 2;
  for (; at + 1 < argc && std::string_view(argv[at]) != "--"; at += 2) {
    const std::string_view option = argv[at];
    if (option == "--stdin") input = argv[at + 1];
    if (option.size() == 7 && option.substr(0, 6) == "--out-" && option[6] >= 'a') {
      const auto side = static_cast<std::size_t>(option[6] - 'a');
      outs.resize(std::max(outs.size(), side + 1), "/dev/null");
      outs[side] = argv[at + 1];
    }
  }
  std::vector<Side> sides;
  for (; at < argc; ++at) {
    if (std::string_view(argv[at]) == "--") {
      sides.emplace_back();
    } else {
      sides.back().argv.push_back(argv[at]);
    }
  }
  bool usable = runs >= 1 && sides.size() >= 2;
  for (Side& side : sides) {
    usable = usable && !side.argv.empty();
    side.argv.push_back(nullptr);
  }
  if (!usable) {
    std::fprintf(stderr,
                 "usage: mqtk_measure RUNS [--stdin FILE] -- COMMAND_A... -- COMMAND_B...\n");
    return 64;
  }
  for (std::size_t i = 0; i < std::min(outs.size(), sides.size()); ++i) sides[i].out = outs[i];
  if (runs >= 10) {
    for (Side& side : sides) run(side, input, false);
  }
  for (int i = 0; i < runs; ++i) {
    for (Side& side : sides) run(side, input, true);
  }
  for (const Side& side : sides)
    std::printf("%.3f %.3f ", median(side.wall_ms), median(side.cpu_ms));
  for (const Side& side : sides)
    std::printf("%d%c", side.failed, &side == &sides.back() ? '\n' : ' ');
  return 0;
}
