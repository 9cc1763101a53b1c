// Faults that take a whole diagnosis to see: one row a fault, with the command line of mqtt-inspect
// connect and what it must find.
#pragma once

#include <string>
#include <vector>

#include "faults/fault_table.hpp"

namespace mqtk::test {

struct InspectFault {
  std::string name;
  /// As in Fault; words behind "mqtt-inspect connect --json".
  std::function<Command(Scene& scene, std::string& skip)> words;
  std::string phase;  ///< that failed
  std::string cause;
  std::string sentence;  ///< part of the message
  int exit_code = 1;
  std::string next{};     ///< part of the hint: "" is any
  std::string variant{};  ///< a change that works; empty: none does
};

std::vector<InspectFault> inspect_faults();

/// A network namespace with a route that swallows every packet to 10.99.0.2.
class DroppingNamespace {
 public:
  DroppingNamespace();
  ~DroppingNamespace();
  DroppingNamespace(const DroppingNamespace&) = delete;
  DroppingNamespace& operator=(const DroppingNamespace&) = delete;
  /// False where this user or system cannot make one.
  bool ready() const { return ready_; }
  Command enter(const Command& command) const;

 private:
  std::string name_;
  bool ready_ = false;
};

}  // namespace mqtk::test
