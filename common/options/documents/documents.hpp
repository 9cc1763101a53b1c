// What can be said of a flag table: short and full help, man page, completions, the table as JSON.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "options/command_line.hpp"
#include "options/flag.hpp"

namespace mqtk {

/// --help: the common flags and the examples.
std::string short_help(const Program& program, std::span<const Flag> table);
/// --help=all: every flag under its group's heading.
std::string full_help(const Program& program, std::span<const Flag> table);

/// Fills the frame of a man page: the line "@OPTIONS@" becomes the options by group, "@SYNOPSIS@"
/// the usage lines, "@CAUSES@" the words for causes, "@PROFILE_KEYS@" the keys of a profile;
/// "@VERSION@" inside a line becomes the version.
std::string man_page(const Program& program, std::span<const Flag> table,
                     std::string_view page_template);

std::string bash_completion(const Program& program, std::span<const Flag> table);
/// How a completion for zsh begins: what is being typed there, for those who look for profiles.
inline constexpr std::string_view kZshProgram = "local program=${(Q)words[1]}\n";
std::string zsh_completion(const Program& program, std::span<const Flag> table);
std::string fish_completion(const Program& program, std::span<const Flag> table);
/// {"program":...,"flags":[{"name":...,"letter":...,...}]}, indented.
std::string table_json(const Program& program, std::span<const Flag> table);

}  // namespace mqtk
