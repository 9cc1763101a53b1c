// One command line for Debian's program and for ours under its name; what both did.
#pragma once

#include <string>
#include <vector>

#include "broker/world.hpp"

namespace mqtk::test {

struct Side {
  std::string tool;             ///< "mosquitto_sub"
  Words words;                  ///< without -h and -p of the broker, see `at_broker`
  std::vector<Words> before{};  ///< command lines of mosquitto_pub and mosquitto_sub to run first
  std::string input{};
  bool at_broker = true;
  bool err = true;  ///< stderr is the same as well
  /// Lines of stdout come in any order.
  bool sorted = false;
};

struct Both {
  ProcessResult theirs;
  ProcessResult ours;
};

class SideBySide {
 public:
  explicit SideBySide(const Mosquitto& broker);
  Both run(const Side& side) const;

 private:
  ProcessResult run_one(const Side& side, bool ours) const;
  Words with_broker(Words words) const;
  const Mosquitto& broker_;
  /// What their -d calls a client without an id: "(null)" as 2.0.11 does, or "null" as 2.0.21 does.
  std::string nobody_;
};

/// False, and said, when Debian's programs are not installed.
bool have_clients();

}  // namespace mqtk::test
