// A loop with a thread of its own, and Hosted<T>: an object that lives in such a loop and is called
// from outside. Both may be used from any one thread but their own.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/result.hpp"
#include "net/event_loop.hpp"

namespace mqtk {

class LoopThread {
 public:
  LoopThread();
  /// Ends the loop; what lives in it must be gone by then.
  ~LoopThread();
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  EventLoop& loop();
  /// Runs `call` in the loop and waits until it has returned.
  void run(const std::function<void()>& call);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

template <typename T>
class Hosted {
 public:
  /// `make(EventLoop&)` runs in the loop's thread and answers a std::unique_ptr<T>.
  template <typename Make>
  explicit Hosted(Make make) {
    thread_.run([this, &make] { object_ = make(thread_.loop()); });
  }
  ~Hosted() {
    thread_.run([this] { object_.reset(); });
  }
  Hosted(const Hosted&) = delete;
  Hosted& operator=(const Hosted&) = delete;

  /// `use(T&)` in the loop's thread; answers what it answers, by value.
  template <typename Use>
  auto call(Use use) {
    using Answer = std::decay_t<std::invoke_result_t<Use, T&>>;
    if constexpr (std::is_void_v<Answer>) {
      thread_.run([this, &use] { use(*object_); });
    } else {
      std::optional<Answer> answer;
      thread_.run([this, &use, &answer] { answer.emplace(use(*object_)); });
      return std::move(*answer);
    }
  }

 private:
  LoopThread thread_;
  std::unique_ptr<T> object_;
};

}  // namespace mqtk
