// mqtt-inspect: hands over to a subcommand.
#include "inspect/subcommand.hpp"

int main(int argc, char** argv) {
  mqtk::occupy_standard_descriptors();
  return mqtk::dispatch(mqtk::inspect::suite(), argc, argv);
}
