#include "bench/plot/picture.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "bench/plot/axis.hpp"
#include "bench/plot/svg.hpp"
#include "bench/results/figures.hpp"

namespace mqtk::bench {

namespace {

constexpr double kPictureWidth = 960, kLeft = 76, kRight = 930;
constexpr double kCurveTop = 112, kCurveHeight = 300;
constexpr double kRateHeight = 130, kTimeHeight = 130, kGap = 62;
constexpr double kRowHeight = 20;

/// Runs that were repeated have no series of their own; the first one's phases would mislead.
bool has_series(const Curve& curve) {
  return curve.result->series.size() > 1;
}

class Picture {
 public:
  Picture(Latency kind, std::vector<Curve> curves)
      : kind_(kind),
        curves_(std::move(curves)),
        over_time_(std::ranges::any_of(curves_, has_series)),
        rates_(over_time_ && std::ranges::any_of(curves_,
                                                 [](const Curve& curve) {
                                                   const MessageCounts counts =
                                                       curve.result->messages();
                                                   return counts.sent + counts.received > 0;
                                                 })),
        latencies_over_time_(over_time_ &&
                             std::ranges::any_of(curves_,
                                                 [&](const Curve& curve) {
                                                   return std::ranges::any_of(
                                                       curve.result->series,
                                                       [&](const Sample& sample) {
                                                         return sample.latencies.contains(kind_);
                                                       });
                                                 })),
        svg_(kPictureWidth, height()) {}

  std::string draw(const std::string& title, const std::string& subtitle) {
    svg_.text({kLeft, 36}, title, "title");
    svg_.text({kLeft, 56}, subtitle, "subtitle");
    draw_legend();
    draw_percentiles();
    double top = kCurveTop + kCurveHeight + kGap;
    if (rates_) {
      draw_rates(top);
      top += kRateHeight + kGap;
    }
    if (latencies_over_time_) {
      draw_latencies(top);
      top += kTimeHeight + kGap;
    }
    draw_table(top - 8);
    return svg_.document(title);
  }

 private:
  double height() const {
    return kCurveTop + kCurveHeight + kGap + (rates_ ? kRateHeight + kGap : 0) +
           (latencies_over_time_ ? kTimeHeight + kGap : 0) +
           kRowHeight * static_cast<double>(curves_.size()) + 24;
  }

  void panel(double top, double height, std::string_view heading) {
    svg_.rectangle({kLeft, top}, kRight - kLeft, height, "panel");
    svg_.text({kLeft, top - 10}, heading, "heading");
  }

  void vertical_ticks(const Axis& axis, const std::vector<Tick>& ticks) {
    for (const Tick& tick : ticks) {
      const double y = axis.place(tick.value);
      svg_.line({kLeft, y}, {kRight, y}, tick.label.empty() ? "minor" : "grid");
      if (!tick.label.empty()) svg_.text({kLeft - 8, y + 4}, tick.label, "tick", "end");
    }
  }

  void horizontal_ticks(const Axis& axis, const std::vector<Tick>& ticks, double top,
                        double bottom) {
    for (const Tick& tick : ticks) {
      const double x = axis.place(tick.value);
      svg_.line({x, top}, {x, bottom}, "grid");
      svg_.text({x, bottom + 17}, tick.label, "tick", "middle");
    }
    svg_.line({kLeft, bottom}, {kRight, bottom}, "axis");
  }

  void draw_legend() {
    double x = kLeft;
    const double y = 80;
    const auto entry = [&](std::string_view label, std::string_view style, const char* color) {
      svg_.path({{x, y - 4}, {x + 24, y - 4}}, style, color);
      svg_.text({x + 30, y}, label, "legend");
      x += 30 + 7.0 * static_cast<double>(label.size()) + 24;
    };
    const bool alone = curves_.size() == 1;
    for (const Curve& curve : curves_) {
      entry(alone ? "from when it was due" : curve.label, "curve", curve.color);
    }
    if (std::ranges::any_of(curves_,
                            [](const Curve& curve) { return curve.uncorrected != nullptr; })) {
      entry("uncorrected: from when it was sent", "dashed",
            alone ? kCurveColors[0] : kCurveColors[5]);
    }
  }

  static std::vector<Point> steps(const Histogram& histogram, const Axis& x, const Axis& y) {
    std::vector<Point> out;
    std::uint64_t seen = 0;
    const auto all = static_cast<double>(histogram.count());
    double before = x.from;
    histogram.for_each_cell([&](std::uint64_t, std::uint64_t last, std::uint64_t n) {
      seen += n;
      const double level = y.place(static_cast<double>(last));
      const double after = x.place(nines(static_cast<double>(seen) / all));
      out.push_back({before, level});
      out.push_back({after, level});
      before = after;
    });
    return out;
  }

  void draw_percentiles() {
    const double bottom = kCurveTop + kCurveHeight;
    double samples = 10, least = 1e18, most = 1;
    for (const Curve& curve : curves_) {
      samples = std::max(samples, static_cast<double>(curve.corrected->count()));
      for (const Histogram* histogram : {curve.corrected, curve.uncorrected}) {
        if (histogram == nullptr) continue;
        // From below the narrowest cell up.
        least = std::min(least, std::max(1000.0, static_cast<double>(histogram->min())));
        most = std::max(most, static_cast<double>(histogram->max()));
      }
    }
    const Axis x = percentile_axis(samples, kLeft, kRight);
    const Axis y = latency_axis(least, most, bottom, kCurveTop);
    panel(kCurveTop, kCurveHeight, fmt::format("Latency by percentile: {}", latency_title(kind_)));
    vertical_ticks(y, latency_ticks(y));
    horizontal_ticks(x, percentile_ticks(x), kCurveTop, bottom);
    for (const Curve& curve : curves_) {
      if (curve.uncorrected != nullptr) {
        svg_.path(steps(*curve.uncorrected, x, y), "dashed", curve.color);
      }
    }
    for (const Curve& curve : curves_)
      svg_.path(steps(*curve.corrected, x, y), "curve", curve.color);
    if (curves_.size() == 1) mark_percentiles(curves_.front(), x, y);
  }

  void mark_percentiles(const Curve& curve, const Axis& x, const Axis& y) {
    for (const double percent : {50.0, 90.0, 99.0, 99.9, 99.99}) {
      const double place = nines(percent / 100);
      if (place > x.high) continue;
      const auto value = static_cast<double>(curve.corrected->percentile(percent));
      const Point at{x.place(place), y.place(value)};
      svg_.dot(at, curve.color);
      const auto level = [&](double nearby) {
        return y.place(static_cast<double>(curve.corrected->percentile(nearby)));
      };
      // Where the curve climbs steeply the number stands beside it.
      const double beyond = 100 - percent;
      const bool steep =
          std::abs(level(percent + beyond * 0.15) - level(percent - beyond * 0.15)) > 24;
      const bool last = at.x > kRight - 60;
      const double above = at.y < kCurveTop + 24 ? 20 : -10;
      svg_.text({last    ? at.x - 8
                 : steep ? at.x + 10
                         : at.x,
                 at.y + (steep && !last ? 4 : above)},
                latency_text(value), "value",
                last    ? "end"
                : steep ? "start"
                        : "middle",
                curve.color);
    }
  }

  Axis time_axis() const {
    double begin = 1e18, end = 0;
    for (const Curve& curve : curves_) {
      for (const Sample& sample : curve.result->series) {
        begin = std::min(begin, sample.time_s - sample.interval_s);
        end = std::max(end, sample.time_s);
      }
    }
    return {begin, std::max(end, begin + 1e-3), kLeft, kRight};
  }

  /// A step for each interval.
  template <typename Value>
  static std::vector<Point> over_time(const Curve& curve, const Axis& x, const Axis& y,
                                      Value value) {
    std::vector<Point> out;
    for (const Sample& sample : curve.result->series) {
      const std::optional<double> at = value(sample);
      if (!at) continue;
      out.push_back({x.place(sample.time_s - sample.interval_s), y.place(*at)});
      out.push_back({x.place(sample.time_s), y.place(*at)});
    }
    return out;
  }

  static double per_second(std::uint64_t count, const Sample& sample) {
    return sample.interval_s > 0 ? static_cast<double>(count) / sample.interval_s : 0;
  }

  void draw_rates(double top) {
    const double bottom = top + kRateHeight;
    double most = 0;
    for (const Curve& curve : curves_) {
      for (const Sample& sample : curve.result->series) {
        most = std::max({most, per_second(sample.sent, sample), per_second(sample.received, sample),
                         sample.target_per_s});
      }
    }
    const Axis x = time_axis(), y = linear_axis(most, bottom, top);
    const bool alone = curves_.size() == 1;
    panel(top, kRateHeight,
          alone ? "Messages a second: sent (solid), received (dashed), asked for (dotted)"
                : "Messages a second");
    vertical_ticks(y, rate_ticks(y));
    horizontal_ticks(x, time_ticks(x), top, bottom);
    for (const Curve& curve : curves_) {
      const bool receives = curve.result->messages().received > 0;
      const bool sends = curve.result->messages().sent > 0;
      const auto sent = [](const Sample& s) { return std::optional(per_second(s.sent, s)); };
      const auto received = [](const Sample& s) {
        return std::optional(per_second(s.received, s));
      };
      const auto target = [](const Sample& s) {
        return s.target_per_s > 0 ? std::optional(s.target_per_s) : std::nullopt;
      };
      if (alone) {
        const std::vector<Point> asked = over_time(curve, x, y, target);
        for (std::size_t i = 0; i + 1 < asked.size(); i += 2)
          svg_.line(asked[i], asked[i + 1], "target");
        if (sends) svg_.path(over_time(curve, x, y, sent), "curve", curve.color);
        if (receives) svg_.path(over_time(curve, x, y, received), "dashed", kCurveColors[1]);
      } else if (receives) {
        svg_.path(over_time(curve, x, y, received), "curve", curve.color);
      } else {
        svg_.path(over_time(curve, x, y, sent), "curve", curve.color);
      }
    }
  }

  /// A percentile of the latency in an interval; nothing when it has none.
  auto percentile_at(double percent) const {
    return [kind = kind_, percent](const Sample& sample) -> std::optional<double> {
      const auto found = sample.latencies.find(kind);
      if (found == sample.latencies.end() || found->second.empty()) return std::nullopt;
      return static_cast<double>(found->second.percentile(percent));
    };
  }

  void draw_latencies(double top) {
    const double bottom = top + kTimeHeight;
    double least = 1e18, most = 1;
    for (const Curve& curve : curves_) {
      for (const Sample& sample : curve.result->series) {
        if (const auto low = percentile_at(50)(sample))
          least = std::min(least, std::max(1000.0, *low));
        if (const auto high = percentile_at(99)(sample)) most = std::max(most, *high);
      }
    }
    const Axis x = time_axis(), y = latency_axis(least, most, bottom, top);
    panel(top, kTimeHeight,
          fmt::format("Latency over time: {}, p99 (bold) and p50 (thin)", latency_title(kind_)));
    vertical_ticks(y, latency_ticks(y));
    horizontal_ticks(x, time_ticks(x), top, bottom);
    for (const Curve& curve : curves_) {
      const std::vector<Point> high = over_time(curve, x, y, percentile_at(99));
      const std::vector<Point> middle = over_time(curve, x, y, percentile_at(50));
      svg_.band(high, middle, curve.color);
      svg_.path(middle, "thin", curve.color);
      svg_.path(high, "curve", curve.color);
    }
  }

  void draw_table(double top) {
    static constexpr std::array<double, 9> kColumns = {372, 452, 532, 602, 672, 742, 812, 870, 930};
    const auto row = [&](double y, const std::vector<std::string>& cells, std::string_view style) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        svg_.text({kColumns[i], y}, cells[i], style, "end");
      }
    };
    row(top, {"sent", "received", "p50", "p90", "p99", "p99.9", "max", "lost", "errors"}, "header");
    for (std::size_t i = 0; i < curves_.size(); ++i) {
      const Curve& curve = curves_[i];
      const double y = top + kRowHeight * static_cast<double>(i + 1);
      const auto at = [&](double percent) {
        return latency_text(static_cast<double>(curve.corrected->percentile(percent)));
      };
      svg_.rectangle({kLeft - 16, y - 9}, 10, 10, "swatch", curve.color);
      svg_.text({kLeft, y}, curve.label, "cell");
      row(y,
          {rate_text(curve.result->sent_per_s()), rate_text(curve.result->received_per_s()), at(50),
           at(90), at(99), at(99.9), latency_text(static_cast<double>(curve.corrected->max())),
           count_text(curve.result->messages().lost), count_text(curve.result->error_count())},
          "cell");
    }
  }

  Latency kind_;
  std::vector<Curve> curves_;
  bool over_time_, rates_, latencies_over_time_;
  Svg svg_;
};

}  // namespace

std::string draw_picture(Latency kind, std::vector<Curve> curves, const std::string& title,
                         const std::string& subtitle) {
  return Picture(kind, std::move(curves)).draw(title, subtitle);
}

}  // namespace mqtk::bench
