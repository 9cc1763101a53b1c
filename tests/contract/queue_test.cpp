// The queue between Paho's threads and ours, with many of both. Built with the thread sanitizer.
#include <atomic>
#include <thread>
#include <vector>

#include "client/paho/event_queue.hpp"
#include "support/catch.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

PahoEvent message(std::string payload) {
  PahoEvent event;
  event.kind = PahoEvent::Kind::Message;
  event.payload = std::move(payload);
  return event;
}

}  // namespace

TEST_CASE("everything that several threads write is read once and in each thread's order") {
  constexpr unsigned kWriters = 4;
  constexpr unsigned kEach = 5'000;
  std::atomic<unsigned> wakes{0};
  PahoEventQueue queue([&] { ++wakes; });
  std::vector<std::thread> writers;
  for (unsigned writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&queue, writer] {
      for (unsigned i = 0; i < kEach; ++i) {
        PahoEvent event = message(std::to_string(i));
        event.request = writer;
        queue.push(std::move(event));
      }
    });
  }
  std::vector<unsigned> next(kWriters, 0);
  unsigned total = 0;
  bool ordered = true;
  std::size_t largest = 0;
  while (total < kWriters * kEach) {
    std::vector<PahoEvent> events;
    queue.take(events);
    largest = std::max(largest, events.size());
    for (const PahoEvent& event : events) {
      ordered = ordered && event.payload == std::to_string(next[event.request]++);
      ++total;
    }
    if (events.empty()) std::this_thread::yield();
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(ordered);
  CHECK(largest <= PahoEventQueue::kMaxEvents);
  CHECK(wakes > 0);
  CHECK(queue.size() == 0);
}

TEST_CASE("a writer waits while the queue is full, by number and by octets") {
  for (const bool octets : {false, true}) {
    PahoEventQueue queue([] {});
    std::atomic<unsigned> written{0};
    const std::string payload(octets ? PahoEventQueue::kMaxOctets : 1, 'x');
    const std::size_t limit = octets ? 1 : PahoEventQueue::kMaxEvents;
    std::thread writer([&] {
      for (std::size_t i = 0; i < limit + 1; ++i) {
        queue.push(message(payload));
        ++written;
      }
    });
    CHECK(wait_until([&] { return written == limit; }, 30s));
    CHECK(queue.size() == limit);
    // What is not a message never waits.
    queue.push(PahoEvent{});
    CHECK(queue.size() == limit + 1);
    std::vector<PahoEvent> events;
    queue.take(events);
    writer.join();
    CHECK(written == limit + 1);
  }
}

TEST_CASE("a writer gives way to a call into Paho, and to the end") {
  for (const bool end : {false, true}) {
    PahoEventQueue queue([] {});
    for (std::size_t i = 0; i < PahoEventQueue::kMaxEvents; ++i) queue.push(message("x"));
    std::atomic<bool> through{false};
    std::thread writer([&] {
      queue.push(message("late"));
      through = true;
    });
    if (end) {
      queue.close();
      CHECK(wait_until([&] { return through.load(); }, 30s));
      CHECK(queue.size() == 0);
    } else {
      const PahoCall call;
      CHECK(wait_until([&] { return through.load(); }, 30s));
      CHECK(queue.size() == PahoEventQueue::kMaxEvents + 1);
    }
    writer.join();
  }
}

TEST_CASE("after close() nobody is woken, whoever is writing") {
  for (int round = 0; round < 200; ++round) {
    std::atomic<bool> closed{false};
    std::atomic<bool> woken_late{false};
    std::atomic<bool> stop{false};
    auto queue = std::make_shared<PahoEventQueue>([&] {
      if (closed) woken_late = true;
    });
    std::thread writer([&, queue] {
      while (!stop) {
        queue->push(message("x"));
        std::vector<PahoEvent> events;
        queue->take(events);
      }
    });
    queue->close();
    closed = true;
    std::this_thread::yield();
    stop = true;
    writer.join();
    CHECK_FALSE(woken_late);
  }
}
