// --remove-retained: says which retained messages would be removed, or removes them.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "client/client.hpp"
#include "options/report.hpp"

namespace mqtk::sub {

class RetainedRemoval {
 public:
  /// Removes nothing when `really` is false.
  RetainedRemoval(bool really, Report& report) : really_(really), report_(report) {}

  void take(Client& client, const MessageView& message);
  void on_published(const PublishOutcome& outcome);
  /// The client's queue has room again.
  void on_writable(Client& client);
  /// Every removal was acknowledged or refused.
  bool settled() const { return open_ == 0 && waiting_.empty(); }
  /// Says what was done, or would be; answers the exit code for it.
  int finish();

 private:
  bool publish(Client& client, const std::string& topic);

  bool really_;
  Report& report_;
  std::deque<std::string> waiting_;
  std::uint64_t found_ = 0;
  std::uint64_t open_ = 0;
  std::uint64_t removed_ = 0;
  std::uint64_t refused_ = 0;
  Error first_refusal_;
};

}  // namespace mqtk::sub
