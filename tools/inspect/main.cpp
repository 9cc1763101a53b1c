// mqtt-inspect: hands over to a subcommand.
#include "inspect/dispatch.hpp"
#include "options/run.hpp"

int main(int argc, char** argv) {
  mqtk::occupy_standard_descriptors();
  return mqtk::inspect::dispatch(argc, argv);
}
