// From argv to a subcommand: the first word that is no option names it.
#include <algorithm>
#include <string>

#include "base/spelling.hpp"
#include "options/subcommand.hpp"
#include "options/words.hpp"

namespace mqtk {

namespace {

bool is_option(std::string_view word) {
  return word.size() > 1 && word.front() == '-';
}
bool is_target(std::string_view word) {
  return word.find("://") != std::string_view::npos || (word.size() > 1 && word.front() == '@');
}

bool is_called(const SubcommandEntry& entry, std::string_view word) {
  bool found = entry.word == word;
  for_each_word(entry.aliases, [&](std::string_view alias) { found |= alias == word; });
  return found;
}

Error unknown_word(const Suite& suite, std::string_view word) {
  Error error{
      ErrorKind::Usage, Cause::None, "there is no subcommand '" + std::string(word) + "'", {}};
  const auto nearest =
      std::ranges::min_element(suite.subcommands, {}, [word](const SubcommandEntry& entry) {
        return entry.word.starts_with(word) ? 1 : spelling_distance(word, entry.word);
      });
  const bool close = nearest->word.starts_with(word) || spelling_distance(word, nearest->word) <= 2;
  if (close && word.size() > 1) {
    error.hint = "did you mean " + std::string(nearest->word) + "?";
    return error;
  }
  for (std::string_view rest = suite.unknown_hint; !rest.empty();) {
    const auto mark = rest.find("%s");
    error.hint += rest.substr(0, mark);
    if (mark == std::string_view::npos) break;
    error.hint += word;
    rest.remove_prefix(mark + 2);
  }
  return error;
}

int run(const Suite& suite, const SubcommandEntry& entry, int argc, char** argv) {
  Report report(suite.program.name);
  const std::unique_ptr<Subcommand> subcommand = entry.make();
  FlagTable table = subcommand->flags();
  append_help_flags(table);
  const Environment environment = read_environment();
  auto line = read_command_line(entry.program, table, argc, argv, environment);
  if (!line) return subcommand->refuse(report, line.error());
  if (line->text) return print_and_exit_code(*line->text);
  report.configure(subcommand->report_flags(), environment);
  return subcommand->run({report, environment, *line, {argv, argv + argc}});
}

}  // namespace

const SubcommandEntry* find_subcommand(const Suite& suite, std::string_view word) {
  const auto found = std::ranges::find_if(
      suite.subcommands, [word](const SubcommandEntry& entry) { return is_called(entry, word); });
  return found == suite.subcommands.end() ? nullptr : &*found;
}

int dispatch(const Suite& suite, int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  // Without a subcommand, help and documents are about the whole program.
  if (const auto text = whole_document(suite, argc, argv)) return print_and_exit_code(*text);
  if (first.empty() || is_option(first) || is_target(first)) {
    if (const SubcommandEntry* entry = find_subcommand(suite, suite.otherwise)) {
      return run(suite, *entry, argc, argv);
    }
    return Report(suite.program.name)
        .finish({ErrorKind::Usage, Cause::None, "the first word must be a subcommand",
                 std::string(suite.program.name) + " --help lists them"});
  }
  const SubcommandEntry* entry = find_subcommand(suite, first);
  if (entry == nullptr) return Report(suite.program.name).finish(unknown_word(suite, first));
  return run(suite, *entry, argc - 1, argv + 1);
}

}  // namespace mqtk
