// mqtt-inspect: hands over to a subcommand.
#include "base/process.hpp"
#include "inspect/subcommand.hpp"

int main(int argc, char** argv) {
  mqtk::prepare_process();
  return mqtk::dispatch(mqtk::inspect::suite(), argc, argv);
}
