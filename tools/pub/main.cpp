// mqtt-pub: from the command line to a Publisher.
#include <unistd.h>

#include "options/run.hpp"
#include "pub/pub_flags.hpp"
#include "pub/pub_options.hpp"
#include "pub/publisher.hpp"
#include "pub/source_choice.hpp"

using namespace mqtk;

int main(int argc, char** argv) {
  occupy_standard_descriptors();
  Report report("mqtt-pub");
  pub::PubFlags flags;
  const FlagTable table = pub::pub_flag_table(flags);
  auto line = parse_command_line(pub::pub_program(), table, argc, argv);
  if (!line) return report.finish(line.error());
  if (line->text) return print_and_exit_code(*line->text);

  const Environment environment = read_environment();
  report.configure(flags.client.report, environment);
  auto options = pub::resolve(flags, environment, *line);
  wipe(*line);
  if (!options) return report.finish(options.error());
  for (const std::string& warning : options->client.warnings) report.warning(warning);
  for (const std::string& note : options->client.notes) report.debug(note);

  Runner runner(report);
  auto source = pub::make_source(*options, runner, runner.started());
  if (!source) return report.finish(source.error());
  pub::Publisher publisher({.client_id = options->client.config.client_id,
                            .disconnect = options->client.disconnect,
                            .trace = options->trace,
                            .verbose = options->verbose},
                           *(*source)->messages, runner);
  const auto client = make_native_client(runner.loop(), options->client.config, publisher);
  publisher.start(*client);
  runner.run(publisher, options->deadline);
}
