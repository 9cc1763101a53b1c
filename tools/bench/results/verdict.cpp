#include "bench/results/verdict.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "bench/results/failures.hpp"
#include "bench/results/figures.hpp"

namespace mqtk::bench {

namespace {

/// The latency that stands for the run: as a subscriber, then as a publisher sees it.
const LatencyPair* main_latency(const RunResult& result) {
  for (const Latency kind : {Latency::EndToEnd, Latency::Pubcomp, Latency::Puback}) {
    const auto found = result.latencies.find(kind);
    if (found != result.latencies.end() && !found->second.corrected.empty()) return &found->second;
  }
  return nullptr;
}

double p99(const Histogram& histogram) {
  return static_cast<double>(histogram.percentile(99));
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

class Judge {
 public:
  Judge(const RunResult& result, const JudgeLimits& limits)
      : result_(result), limits_(limits), counts_(result.messages()) {}

  Verdict verdict() const {
    if (const std::string why = find_failures(result_).void_because; !why.empty()) {
      return {Limit::None, false, why + "; the figures do not judge the broker"};
    }
    if (counts_.scheduled == 0 && counts_.received == 0) return without_messages();
    return result_.throughput.target_per_s > 0 ? open_loop() : closed_loop();
  }

 private:
  static Verdict generator(std::string reason) {
    return {Limit::Generator, false, std::move(reason)};
  }

  bool busy() const { return result_.generator.busiest_percent >= limits_.busy_percent; }
  double waiting_share() const {
    const double all = result_.duration_s * std::max(1U, result_.generator.threads);
    return all > 0 ? result_.generator.waiting_s / all : 0;
  }
  bool starved() const { return waiting_share() >= limits_.waiting_share; }

  /// What kept this program from being in time, as far as the system tells.
  std::string own_trouble() const {
    std::string busiest = fmt::format("its busiest thread used {} of a core",
                                      percent_text(result_.generator.busiest_percent));
    if (!starved()) return busiest;
    return fmt::format("it waited {} of the time for a processor, {}",
                       percent_text(100 * waiting_share()), busiest);
  }

  Verdict without_messages() const {
    const ConnectionCounts& counts = result_.connections;
    if (counts.requested == 0) return {Limit::None, true, "nothing was asked for"};
    if (counts.opened > 0 && (busy() || starved())) {
      return generator(
          fmt::format("this program was the limit: {}; the figures do not judge the "
                      "broker",
                      own_trouble()));
    }
    if (counts.opened == counts.requested) {
      return {Limit::Target, true,
              fmt::format("the number asked for was the limit: all {} connections were opened, and "
                          "this program had time left",
                          count_text(counts.requested))};
    }
    return {Limit::None, true,
            fmt::format("{} of {} connections were opened before the end",
                        count_text(counts.opened), count_text(counts.requested))};
  }

  /// More than half of what an acknowledgement takes is the way to the broker and back.
  bool far_away() const {
    const auto connect = result_.latencies.find(Latency::Connect);
    const LatencyPair* answer = main_latency(result_);
    if (connect == result_.latencies.end() || answer == nullptr) return false;
    const Histogram& time = answer->uncorrected.empty() ? answer->corrected : answer->uncorrected;
    const double way = static_cast<double>(connect->second.corrected.percentile(50));
    // Below a millisecond it is the machines that take the time, not the way.
    return way >= 1e6 && way * 2 > static_cast<double>(time.percentile(50));
  }

  std::string loss() const {
    if (counts_.lost > 0) return fmt::format("; {} messages were lost", count_text(counts_.lost));
    return {};
  }

  Verdict open_loop() const {
    const double target = result_.throughput.target_per_s;
    const double late = p99(result_.generator.send_late);
    const LatencyPair* latency = main_latency(result_);
    const double allowed =
        latency == nullptr
            ? limits_.late_ns
            : std::max(limits_.late_ns, limits_.late_share * p99(latency->corrected));
    if (late > allowed) {
      return generator(fmt::format(
          "this program was the limit: 1 % of the messages left more than {} late although nothing "
          "but this machine held them up ({}); the figures do not judge the broker",
          latency_text(late), own_trouble()));
    }
    const double behind = 1 - share(counts_.sent, counts_.scheduled);
    const double held = share(result_.generator.held_up, counts_.scheduled);
    const bool sent_in_time = behind <= limits_.shortfall;
    if (!sent_in_time && behind > held) {
      return generator(
          fmt::format("this program was the limit: it sent {} of {} messages that were due, and {} "
                      "of them were "
                      "held up by the broker ({}); the figures do not judge the broker",
                      count_text(counts_.sent), count_text(counts_.scheduled),
                      result_.generator.held_up == 0 ? "none" : "only " + percent_text(100 * held),
                      own_trouble()));
    }
    // An answer that came and was not read yet holds messages up as well.
    if (!sent_in_time && (busy() || starved())) {
      return generator(fmt::format(
          "this program was the limit: {} of the {} asked for could be sent, and it had no time "
          "left to read answers and to send ({}); the figures do not judge the broker",
          rate_text(result_.sent_per_s()), rate_text(target), own_trouble()));
    }
    const bool delivered =
        counts_.expected == 0 || share(counts_.received, counts_.expected) >= 1 - limits_.shortfall;
    if (sent_in_time && delivered) {
      std::string held_text;
      if (result_.generator.held_up > 0) {
        held_text =
            fmt::format(", {} of them held up by the broker for a while", percent_text(100 * held));
      }
      return {Limit::Target, true,
              fmt::format("the rate asked for was the limit: {} of {} were sent{}{}",
                          rate_text(result_.sent_per_s()), rate_text(target), held_text, loss())};
    }
    const Limit limit = far_away() ? Limit::Network : Limit::Broker;
    if (!sent_in_time) {
      return {limit, true,
              fmt::format("the {} was the limit: {} of the {} asked for could be sent, {} of the "
                          "messages waited for an acknowledgement or a full socket{}",
                          name(limit), rate_text(result_.sent_per_s()), rate_text(target),
                          percent_text(100 * held), loss())};
    }
    return {limit, true,
            fmt::format("the {} was the limit: all was sent, but only {} of {} deliveries came{}",
                        name(limit), count_text(counts_.received), count_text(counts_.expected),
                        loss())};
  }

  Verdict closed_loop() const {
    if (busy() || starved()) {
      return generator(
          fmt::format("this program was the limit: {}; the figures do not judge the "
                      "broker",
                      own_trouble()));
    }
    if (counts_.scheduled == 0) {
      return {Limit::Target, true,
              fmt::format("what others publish was the limit: {} came, and this program had time "
                          "left{}",
                          rate_text(result_.received_per_s()), loss())};
    }
    const LatencyPair* answer = main_latency(result_);
    const bool acknowledged = counts_.acked > 0 && answer != nullptr;
    if (far_away()) {
      return {
          Limit::Network, true,
          fmt::format("the network was the limit: half of all answers take {} and most of that "
                      "is the way to the broker and back{}",
                      latency_text(static_cast<double>(answer->corrected.percentile(50))), loss())};
    }
    if (acknowledged) {
      return {
          Limit::Window, true,
          fmt::format("the window was the limit: {} were sent at an answer time of {} (median), "
                      "and this program had time left; whether the broker can do more, a larger "
                      "--inflight or more clients show{}",
                      rate_text(result_.sent_per_s()),
                      latency_text(static_cast<double>(answer->corrected.percentile(50))), loss())};
    }
    return {Limit::Broker, true,
            fmt::format("the broker was the limit: it took {}, and this program had time left{}",
                        rate_text(result_.sent_per_s()), loss())};
  }

  const RunResult& result_;
  const JudgeLimits& limits_;
  MessageCounts counts_;
};

}  // namespace

Verdict judge(const RunResult& result, const JudgeLimits& limits) {
  for (std::size_t i = 0; i < result.repeats.size(); ++i) {
    Verdict verdict = result.repeats[i].verdict;
    if (verdict.valid) continue;
    verdict.reason = fmt::format("run {} of {}: {}", i + 1, result.repeats.size(), verdict.reason);
    return verdict;
  }
  return Judge(result, limits).verdict();
}

int exit_code(const RunResult& result) {
  const RunFailures failures = find_failures(result);
  if (!failures.void_because.empty()) return failures.exit_code;
  if (!result.verdict.valid) return mqtk::exit_code(ErrorKind::TryAgain);
  if (failures.exit_code != 0) return failures.exit_code;
  const bool passed = std::ranges::all_of(result.assertions, &AssertionOutcome::passed);
  return passed ? 0 : mqtk::exit_code(ErrorKind::Failed);
}

}  // namespace mqtk::bench
