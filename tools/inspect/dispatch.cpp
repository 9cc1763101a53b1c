#include "inspect/dispatch.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "inspect/documents.hpp"
#include "inspect/subcommand.hpp"

namespace mqtk::inspect {

namespace {

bool is_option(std::string_view word) {
  return word.size() > 1 && word.front() == '-';
}
bool is_url(std::string_view word) {
  return word.find("://") != std::string_view::npos;
}

// How many letters differ, were moved, left out or put in.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

Error unknown_word(std::string_view word) {
  Error error{
      ErrorKind::Usage, Cause::None, "there is no subcommand '" + std::string(word) + "'", {}};
  const auto all = subcommands();
  const auto nearest = std::ranges::min_element(all, {}, [word](const SubcommandEntry& entry) {
    return entry.word.starts_with(word) ? 1 : distance(word, entry.word);
  });
  const bool close = nearest->word.starts_with(word) || distance(word, nearest->word) <= 2;
  if (close && word.size() > 1) {
    error.hint = "did you mean " + std::string(nearest->word) + "?";
  } else {
    error.hint = "a broker is named with -h " + std::string(word) + " or as mqtt://" +
                 std::string(word) + "; mqtt-inspect --help lists the subcommands";
  }
  return error;
}

int run(const SubcommandEntry& entry, int argc, char** argv) {
  Report report("mqtt-inspect");
  const std::unique_ptr<Subcommand> subcommand = entry.make();
  FlagTable table = subcommand->flags();
  append_help_flags(table);
  auto line = parse_command_line(entry.program, table, argc, argv);
  if (!line) return subcommand->refuse(report, line.error());
  if (line->text) return print_and_exit_code(*line->text);
  const Environment environment = read_environment();
  report.configure(subcommand->report_flags(), environment);
  return subcommand->run({report, environment, *line});
}

}  // namespace

int dispatch(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  // Without a subcommand, help and documents are about the whole program.
  if (const auto text = whole_document(argc, argv)) return print_and_exit_code(*text);
  if (first.empty() || is_option(first) || is_url(first)) {
    return run(*find_subcommand("connect"), argc, argv);
  }
  const SubcommandEntry* entry = find_subcommand(first);
  if (entry == nullptr) return Report("mqtt-inspect").finish(unknown_word(first));
  return run(*entry, argc - 1, argv + 1);
}

}  // namespace mqtk::inspect
