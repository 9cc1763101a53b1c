// One process at a time delivers what an outbox holds: a lock on a file beside it, which the system
// gives back when the process ends, however it does.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace mqtk::pub {

class OutboxLock {
 public:
  explicit OutboxLock(const std::string& outbox) : path_(outbox + "-lock") {}

  /// True: it is ours now, or was already. False: another process has it.
  Result<bool> take();
  void give_back() { file_.reset(); }
  bool held() const { return static_cast<bool>(file_); }

 private:
  std::string path_;
  UniqueFd file_;
};

}  // namespace mqtk::pub
