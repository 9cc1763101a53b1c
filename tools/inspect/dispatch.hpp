// From argv to a subcommand: the first word that is no option names it; none, or a URL, is connect.
#pragma once

namespace mqtk::inspect {

/// Answers the exit code, unless the subcommand ends the process itself.
int dispatch(int argc, char** argv);

}  // namespace mqtk::inspect
