#include "server/loop_thread.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace mqtk {

struct LoopThread::Impl {
  struct Job {
    const std::function<void()>* call;
    bool done = false;
  };

  Impl()
      : waker(std::make_unique<Waker>(loop, [this] { work(); })), thread([this] { loop.run(); }) {}

  ~Impl() {
    submit([this] { loop.stop(); });
    thread.join();
    waker.reset();
  }

  void submit(const std::function<void()>& call) {
    Job job{&call};
    std::unique_lock lock(mutex);
    jobs.push_back(&job);
    waker->wake();
    finished.wait(lock, [&job] { return job.done; });
  }

  void work() {
    std::unique_lock lock(mutex);
    while (!jobs.empty()) {
      Job* const job = jobs.front();
      jobs.pop_front();
      lock.unlock();
      (*job->call)();
      lock.lock();
      job->done = true;
      finished.notify_all();
    }
  }

  EventLoop loop;
  std::unique_ptr<Waker> waker;
  std::mutex mutex;
  std::condition_variable finished;
  std::deque<Job*> jobs;
  std::thread thread;
};

LoopThread::LoopThread() : impl_(std::make_unique<Impl>()) {}
LoopThread::~LoopThread() = default;

EventLoop& LoopThread::loop() {
  return impl_->loop;
}

void LoopThread::run(const std::function<void()>& call) {
  impl_->submit(call);
}

}  // namespace mqtk
