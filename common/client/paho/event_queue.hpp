// From Paho's threads to the loop's: a bounded queue whose writers wait while it is full. Paho
// calls back while it holds its one mutex, which every call into Paho wants as well; so a writer
// waits only as long as nobody is calling Paho, and gives way as soon as somebody does (PahoCall).
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "client/paho/link.hpp"

namespace mqtk {

class PahoEventQueue {
 public:
  /// The bounds: of messages, and of their octets.
  static constexpr std::size_t kMaxEvents = 1'000;
  static constexpr std::size_t kMaxOctets = 4 * 1024 * 1024;

  /// `wake` is called with a lock held, from any thread, when the queue was empty before.
  explicit PahoEventQueue(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// Any thread. A message waits for room; everything else is bounded by what was asked for.
  void push(PahoEvent event);
  /// Appends what is queued to `out`, in order, and lets writers go on.
  void take(std::vector<PahoEvent>& out);
  /// Nothing is queued and nobody is woken any more; waiting writers return.
  void close();
  std::size_t size() const;

 private:
  bool full() const { return events_.size() >= kMaxEvents || octets_ >= kMaxOctets; }

  std::function<void()> wake_;
  std::vector<PahoEvent> events_;
  std::size_t octets_ = 0;
  bool closed_ = false;
};

/// While one exists, no writer waits.
class PahoCall {
 public:
  PahoCall();
  ~PahoCall();
  PahoCall(const PahoCall&) = delete;
  PahoCall& operator=(const PahoCall&) = delete;
};

}  // namespace mqtk
