// What a user is told when something is wrong: one row a fault, with the command that meets it and
// the sentence, cause word and exit code that must come of it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mqtk::test {

/// Whatever a row needs to run, kept alive while its command does.
using Scene = std::vector<std::shared_ptr<void>>;

struct Fault {
  std::string name;
  /// Sets the scene and answers the whole command line; an empty one: the reason to skip is in
  /// `skip`.
  std::function<std::vector<std::string>(Scene& scene, std::string& skip)> command;
  std::string sentence;  ///< part of what stderr says
  std::string cause;     ///< the word after "cause: "
  int exit_code = 1;
  std::string input{};  ///< for standard input
};

/// Faults that real brokers, proxies and the lack of them produce.
std::vector<Fault> real_faults();
/// Faults that a scripted broker plays.
std::vector<Fault> scripted_faults();

}  // namespace mqtk::test
