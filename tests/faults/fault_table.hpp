// What a user is told when something is wrong: one row a fault, with the command that meets it and
// the sentence, cause word and exit code that must come of it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/mosquitto.hpp"

namespace mqtk::test {

/// Whatever a row needs to run, kept alive while its command does.
using Scene = std::vector<std::shared_ptr<void>>;

using Command = std::vector<std::string>;

/// mqtt-pub -d with one message of QoS 1.
Command pub_command(const Command& more);
/// A broker with one listener, alive as long as the scene.
std::shared_ptr<Mosquitto> start_broker(Scene& scene, const MosquittoListener& listener);

struct Fault {
  std::string name;
  /// Sets the scene and answers the whole command line; an empty one: the reason to skip is in
  /// `skip`.
  std::function<std::vector<std::string>(Scene& scene, std::string& skip)> command;
  std::string sentence;  ///< part of what stderr says
  std::string cause;     ///< the word after "cause: "
  int exit_code = 1;
  std::string further{};  ///< another part of stderr: a hint, a warning
  bool alike = false;     ///< looks from our side like the row before
};

/// Faults of TLS and of credentials, by real servers.
std::vector<Fault> server_faults();
/// Faults on the way to the broker: names, addresses, firewalls, proxies, reverse proxies.
std::vector<Fault> network_faults();
/// What a broker can answer, played by a scripted one.
std::vector<Fault> scripted_faults();

}  // namespace mqtk::test
