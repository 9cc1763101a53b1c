// How code on the stack learns that a callback has closed or destroyed the object it works for.
// One thread.
#pragma once

#include <utility>

namespace mqtk {

class Life;

/// A member of the object. It ends with the object, or earlier and more than once, by end().
class Lifetime {
 public:
  Lifetime() = default;
  ~Lifetime() { end(); }
  Lifetime(const Lifetime&) = delete;
  Lifetime& operator=(const Lifetime&) = delete;

  /// Every Life that is on the stack is over; one that begins later is not.
  void end();

 private:
  friend class Life;
  Life* innermost_ = nullptr;
};

/// On the stack of a member function, before it calls what may end the object.
class Life {
 public:
  explicit Life(Lifetime& lifetime) : lifetime_(lifetime), outer_(lifetime.innermost_) {
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
// It does not dangle: the destructor takes it back, unless end() has.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdangling-pointer"
#endif
    lifetime.innermost_ = this;
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#pragma GCC diagnostic pop
#endif
  }
  ~Life() {
    if (!over_) lifetime_.innermost_ = outer_;
  }
  Life(const Life&) = delete;
  Life& operator=(const Life&) = delete;

  /// Nothing of the object may be touched any more, when it could be the destructor that ended it.
  bool over() const {
    return over_;
  }

 private:
  friend class Lifetime;
  Lifetime& lifetime_;
  Life* outer_;
  bool over_ = false;
};

inline void Lifetime::end() {
  for (Life* each = std::exchange(innermost_, nullptr); each != nullptr; each = each->outer_) {
    each->over_ = true;
  }
}

}  // namespace mqtk
