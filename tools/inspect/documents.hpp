// Help, man page and completions of the whole program, made from the tables of its subcommands.
#pragma once

#include <optional>
#include <string>

namespace mqtk::inspect {

/// What --help, --version, --generate=DOCUMENT or the word `help` as the first argument ask for;
/// nothing when the command line begins otherwise.
std::optional<std::string> whole_document(int argc, char** argv);

}  // namespace mqtk::inspect
