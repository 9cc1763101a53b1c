#include "client/paho/event_queue.hpp"

#include <iterator>
#include <utility>

namespace mqtk {

namespace {

// One for all queues, as Paho's mutex is one for all clients. Never destroyed: Paho's threads
// outlive main().
struct Gate {
  std::mutex mutex;
  std::condition_variable room;
  unsigned callers = 0;
};

Gate& gate() {
  static auto* only = new Gate;
  return *only;
}

}  // namespace

void PahoEventQueue::push(PahoEvent event) {
  Gate& shared = gate();
  std::unique_lock lock(shared.mutex);
  if (event.kind == PahoEvent::Kind::Message) {
    shared.room.wait(lock, [&] { return closed_ || shared.callers > 0 || !full(); });
  }
  if (closed_) return;
  const bool first = events_.empty();
  octets_ += event.size();
  events_.push_back(std::move(event));
  if (first) wake_();
}

void PahoEventQueue::take(std::vector<PahoEvent>& out) {
  Gate& shared = gate();
  const std::lock_guard lock(shared.mutex);
  const bool was_full = full();
  if (out.empty()) {
    out.swap(events_);
  } else {
    out.insert(out.end(), std::make_move_iterator(events_.begin()),
               std::make_move_iterator(events_.end()));
    events_.clear();
  }
  octets_ = 0;
  if (was_full) shared.room.notify_all();
}

void PahoEventQueue::close() {
  Gate& shared = gate();
  const std::lock_guard lock(shared.mutex);
  closed_ = true;
  events_.clear();
  octets_ = 0;
  shared.room.notify_all();
}

std::size_t PahoEventQueue::size() const {
  const std::lock_guard lock(gate().mutex);
  return events_.size();
}

PahoCall::PahoCall() {
  Gate& shared = gate();
  const std::lock_guard lock(shared.mutex);
  ++shared.callers;
  shared.room.notify_all();
}

PahoCall::~PahoCall() {
  const std::lock_guard lock(gate().mutex);
  --gate().callers;
}

}  // namespace mqtk
