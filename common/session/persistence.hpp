// Whether and when to connect again: which of several brokers is next, how long to wait, what
// connections mean that the broker ends soon. Pure: errors and times go in, a decision comes out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "session/backoff.hpp"
#include "session/client_config.hpp"

namespace mqtk {

/// May the same attempt fare better later?
bool retryable(const Error& error);

/// A connection that had been accepted, once it is lost.
struct LostConnection {
  Duration lasted = 0ns;
  /// A message, or the answer to one, came over it, be it the rest of an exchange that an earlier
  /// connection began.
  bool progress = false;
  bool explained = false;   ///< the broker said why: the error is its word (MQTT 5)
  bool unanswered = false;  ///< a message had been sent and was not acknowledged
  /// The client id, where it was asked for; empty: generated, or none.
  std::string_view given_id;
};

struct NextTry {
  std::optional<Duration> after;  ///< nothing: it is not worth another try
  Error why;                      ///< what to tell, with what the connections before it mean
};

class Persistence {
 public:
  /// A connection that lasted so long was none that the broker ended soon.
  static constexpr Duration kLongLife = 10s;
  /// So many in a row that the broker ends soon, each for a packet of one kind, are its refusal.
  static constexpr unsigned kShortLivesUntilRefusal = 3;
  /// So many in a row mean that another client connects with the same id, and each throws the other
  /// out. Where messages flow meanwhile, a bad network is as likely, so it takes more of them.
  static constexpr unsigned kShortIdleLivesUntilTakenOver = 5;
  static constexpr unsigned kShortLivesUntilTakenOver = 60;

  /// `policy` must stay where it is. `endpoints`: how many there are to choose from. Of clients
  /// with different `seed` not all come back at the same time.
  Persistence(const ReconnectPolicy& policy, std::size_t endpoints, std::uint64_t seed);
  Persistence(ReconnectPolicy&& policy, std::size_t endpoints, std::uint64_t seed) = delete;

  /// The first attempt is about to be made.
  void started(TimePoint now) { started_ = now; }
  /// Others are to be tried from now on, beginning with the first.
  void replace_endpoints(std::size_t count);
  /// The one to try: an index.
  std::size_t endpoint() const { return endpoint_; }
  /// None has failed since a connection was accepted or all were tried.
  bool round_begins() const { return failed_ == 0; }

  void accepted();
  bool ever_accepted() const { return ever_accepted_; }
  /// No connection was made, or it was refused.
  NextTry attempt_failed(Error why, TimePoint now);
  /// A connection that was accepted is gone.
  NextTry lost(Error why, const LostConnection& connection);

 private:
  bool wanted(TimePoint now) const;
  void count_short_lives(const LostConnection& connection);
  NextTry again(Error why, Duration delay);

  const ReconnectPolicy& policy_;
  std::uint32_t endpoints_;
  std::uint32_t endpoint_ = 0;
  std::uint32_t failed_ = 0;  ///< attempts since the last round began
  bool ever_accepted_ = false;
  unsigned short_lives_ = 0;       ///< connections in a row that the broker ended soon
  unsigned short_idle_lives_ = 0;  ///< those of them that brought nothing
  TimePoint started_{};
  Duration last_delay_ = 0ns;
  Backoff backoff_;
};

}  // namespace mqtk
