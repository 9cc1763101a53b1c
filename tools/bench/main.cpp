// mqtt-bench: hands over to a subcommand.
#include "base/process.hpp"
#include "bench/subcommands.hpp"

int main(int argc, char** argv) {
  mqtk::prepare_process();
  return mqtk::dispatch(mqtk::bench::suite(), argc, argv);
}
