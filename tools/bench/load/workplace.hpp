// What a worker's clients share: configuration, counters, the maker of payloads, and what they are
// to do now. One thread.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "bench/load/payload.hpp"
#include "bench/load/scenario.hpp"
#include "bench/measure/stream_tracker.hpp"
#include "bench/measure/tally.hpp"
#include "net/event_loop.hpp"
#include "session/connect_plan.hpp"

namespace mqtk::bench {

class LoadClient;

/// The streams as all subscribers of a shared subscription together see them, over all threads.
class SharedStreams {
 public:
  explicit SharedStreams(std::size_t streams) : streams_(streams) {}
  Arrival arrived(std::uint32_t stream, std::uint64_t sequence) {
    const std::lock_guard lock(mutex_);
    return streams_[stream].arrived(sequence);
  }

 private:
  std::mutex mutex_;
  std::vector<StreamTracker> streams_;
};

/// What publishers do at present.
struct Order {
  bool active = false;
  bool measured = false;         ///< not while warming up
  TimePoint start{};             ///< when message 0 of the pacer is due
  const Pacer* pacer = nullptr;  ///< nullptr: a closed loop
  std::uint64_t limit = 0;       ///< messages of all publishers; 0: none
};

struct Workplace {
  explicit Workplace(const Scenario& s, std::uint64_t seed)
      : scenario(s), payload(s.payload, seed) {}
  virtual ~Workplace() = default;

  /// An attempt to connect is over, whatever came of it.
  virtual void attempt_over(LoadClient& client) = 0;
  /// For the first time the client stands (with its subscription), or it is known that it never
  /// will.
  virtual void decided(LoadClient& client) = 0;
  /// The client wants to connect again at `when`.
  virtual void connect_again(LoadClient& client, TimePoint when) = 0;
  /// The client has more to send than is good for one turn.
  virtual void continue_soon(LoadClient& client) = 0;
  /// It is past `clock_due` and `others_until`, and the loop may have many others to serve yet.
  virtual void clock_is_due(TimePoint now) = 0;

  const Scenario& scenario;
  EventLoop loop;
  Tally tally;
  PayloadMaker payload;
  Order order;
  LazyTls tls;
  SharedStreams* shared = nullptr;
  std::uint32_t given_up = 0;  ///< clients that do not stand and never will again
  TimePoint started{};
  TimePoint clock_due = kNever;  ///< when the worker has something to do
  TimePoint others_until{};      ///< whoever is ready is served until then, whatever is due
};

}  // namespace mqtk::bench
