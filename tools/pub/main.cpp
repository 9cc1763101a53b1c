// mqtt-pub: from the command line to what it asks for.
#include <utility>

#include "base/process.hpp"
#include "options/run.hpp"
#include "pub/launch.hpp"
#include "pub/pub_flags.hpp"

using namespace mqtk;

int main(int argc, char** argv) {
  prepare_process();
  Report report("mqtt-pub");
  pub::PubFlags flags;
  const FlagTable table = pub::pub_flag_table(flags);
  const Environment environment = read_environment();
  auto line = read_command_line(pub::pub_program(), table, argc, argv, environment);
  if (!line) return report.finish(line.error());
  report.adopt(*line);
  if (line->text) return print_and_exit_code(*line);
  report.configure(flags.client.report, environment);
  auto options = pub::resolve(flags, environment, *line);
  wipe(*line);
  if (!options) return report.finish(options.error());
  for (const std::string& warning : options->client.warnings) report.warning(warning);
  for (const std::string& note : options->client.notes) report.debug(note);
  return pub::launch(std::move(*options), report);
}
