// mqtt-sub: from the command line to a Subscriber.
#include <unistd.h>

#include "base/process.hpp"
#include "options/run.hpp"
#include "output/writer.hpp"
#include "sub/sub_flags.hpp"
#include "sub/sub_options.hpp"
#include "sub/subscriber.hpp"

using namespace mqtk;

int main(int argc, char** argv) {
  prepare_process();
  Report report("mqtt-sub");
  sub::SubFlags flags;
  const FlagTable table = sub::sub_flag_table(flags);
  const Environment environment = read_environment();
  auto line = read_command_line(sub::sub_program(), table, argc, argv, environment);
  if (!line) return report.finish(line.error());
  report.adopt(*line);
  if (line->text) return print_and_exit_code(*line);
  report.configure(flags.client.report, environment);
  auto options = sub::resolve(flags, environment, *line);
  wipe(*line);
  if (!options) return report.finish(options.error());
  for (const std::string& warning : options->client.warnings) report.warning(warning);
  for (const std::string& warning : options->warnings) report.warning(warning);
  for (const std::string& note : options->client.notes) report.debug(note);

  Runner runner(report);
  Writer writer(STDOUT_FILENO, [&runner] { runner.wake(); });
  sub::Subscriber subscriber(*options, writer, runner, sub::child_starter(runner.loop()));
  const auto client =
      make_client(options->client.engine, runner.loop(), options->client.config, subscriber);
  if (auto started = subscriber.start(*client); !started) return report.finish(started.error());
  runner.run(subscriber, options->deadline);
}
