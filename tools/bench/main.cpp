// mqtt-bench: hands over to a subcommand.
#include "bench/subcommands.hpp"

int main(int argc, char** argv) {
  mqtk::occupy_standard_descriptors();
  return mqtk::dispatch(mqtk::bench::suite(), argc, argv);
}
