#include "stats/histogram.hpp"

#include <cmath>

namespace mqtk {

namespace {

/// A linear part so long that a step in it is at most 10^-digits of the values after its first
/// half.
unsigned linear_cell_bits(unsigned digits) {
  std::uint64_t wanted = 2;
  for (unsigned i = 0; i < digits; ++i) wanted *= 10;
  return static_cast<unsigned>(std::bit_width(wanted - 1));
}

unsigned log2_floor(std::uint64_t value) {
  return static_cast<unsigned>(std::bit_width(value)) - 1;
}

}  // namespace

bool Histogram::Range::valid() const {
  return lowest >= 1 && digits >= 1 && digits <= 5 && highest / 2 >= lowest &&
         highest <= (std::uint64_t{1} << 62) && log2_floor(lowest) + linear_cell_bits(digits) <= 61;
}

Histogram::Histogram(const Range& range)
    : range_(range),
      unit_shift_(log2_floor(range.lowest)),
      page_shift_(linear_cell_bits(range.digits) - 1),
      linear_bits_(unit_shift_ + page_shift_ + 1),
      linear_mask_((std::uint64_t{1} << linear_bits_) - 1) {
  // Two linear pages, and one for every further doubling until `highest` has a cell.
  std::size_t pages = 2;
  for (std::uint64_t end = std::uint64_t{1} << linear_bits_; end <= range.highest; end <<= 1U) {
    ++pages;
  }
  pages_.resize(pages);
}

std::uint64_t Histogram::lowest_of(std::size_t cell) const {
  const std::size_t page = cell >> page_shift_;
  const std::uint64_t within = cell & (page_size() - 1);
  if (page == 0) return within << unit_shift_;
  return (within + page_size()) << (page - 1 + unit_shift_);
}

void Histogram::record_corrected(Duration value, Duration interval) {
  record(value);
  const std::uint64_t step = not_negative(interval);
  if (step == 0 || not_negative(value) < 2 * step) return;
  // The missed samples are value - step, value - 2 * step, ... down to step; counted from below,
  // as many at once as fall into one cell.
  const std::uint64_t last = not_negative(value) - step;
  std::uint64_t missed = step + last % step;
  while (missed <= last) {
    const bool beyond = missed >= range_.highest;
    const std::uint64_t end = beyond ? last : std::min(last, lowest_of(cell_of(missed) + 1) - 1);
    const std::uint64_t n = (end - missed) / step + 1;
    record_n(missed, n);
    missed += n * step;
  }
}

bool Histogram::add(const Histogram& other) {
  if (range_ != other.range_) return false;
  for (std::size_t page = 0; page < pages_.size(); ++page) {
    const auto& from = other.pages_[page];
    if (from.empty()) continue;
    pages_[page].resize(page_size());
    for (std::size_t i = 0; i < from.size(); ++i) pages_[page][i] += from[i];
  }
  count_ += other.count_;
  return true;
}

Histogram Histogram::since(const Histogram& earlier) const {
  Histogram out(range_);
  for (std::size_t page = 0; page < pages_.size(); ++page) {
    if (pages_[page].empty()) continue;
    const auto& before = earlier.pages_[page];
    for (std::size_t i = 0; i < pages_[page].size(); ++i) {
      const std::uint64_t n = pages_[page][i] - (before.empty() ? 0 : before[i]);
      if (n == 0) continue;
      out.pages_[page].resize(page_size());
      out.pages_[page][i] = n;
      out.count_ += n;
    }
  }
  return out;
}

void Histogram::clear() {
  for (auto& page : pages_) std::fill(page.begin(), page.end(), 0);
  count_ = 0;
}

std::uint64_t Histogram::min() const {
  for (std::size_t page = 0; page < pages_.size(); ++page) {
    const auto found = std::find_if(pages_[page].begin(), pages_[page].end(),
                                    [](std::uint64_t n) { return n != 0; });
    if (found == pages_[page].end()) continue;
    return lowest_of((page << page_shift_) +
                     static_cast<std::size_t>(found - pages_[page].begin()));
  }
  return 0;
}

std::uint64_t Histogram::max() const {
  for (std::size_t page = pages_.size(); page-- > 0;) {
    for (std::size_t i = pages_[page].size(); i-- > 0;) {
      if (pages_[page][i] != 0) return lowest_of((page << page_shift_) + i + 1) - 1;
    }
  }
  return 0;
}

double Histogram::mean() const {
  if (empty()) return 0;
  double total = 0;
  for_each_cell([&](std::uint64_t first, std::uint64_t last, std::uint64_t n) {
    total += static_cast<double>(first + (last - first + 1) / 2) * static_cast<double>(n);
  });
  return total / static_cast<double>(count_);
}

double Histogram::stddev() const {
  if (empty()) return 0;
  const double middle = mean();
  double total = 0;
  for_each_cell([&](std::uint64_t first, std::uint64_t last, std::uint64_t n) {
    const double off = static_cast<double>(first + (last - first + 1) / 2) - middle;
    total += off * off * static_cast<double>(n);
  });
  return std::sqrt(total / static_cast<double>(count_));
}

std::uint64_t Histogram::percentile(double percent) const {
  if (empty()) return 0;
  // Rounded up to a whole sample, but not by what the division added in its last digit.
  const double share = std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(count_);
  const double exact = share - (std::nextafter(share, 2 * share + 1) - share);
  const auto wanted = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(exact)));
  std::uint64_t seen = 0;
  for (std::size_t page = 0; page < pages_.size(); ++page) {
    for (std::size_t i = 0; i < pages_[page].size(); ++i) {
      seen += pages_[page][i];
      if (seen < wanted) continue;
      const std::size_t cell = (page << page_shift_) + i;
      return percent <= 0 ? lowest_of(cell) : lowest_of(cell + 1) - 1;
    }
  }
  return max();
}

bool Histogram::operator==(const Histogram& other) const {
  if (range_ != other.range_ || count_ != other.count_) return false;
  for (std::size_t page = 0; page < pages_.size(); ++page) {
    const auto zero = [](std::uint64_t n) { return n == 0; };
    const auto &a = pages_[page], &b = other.pages_[page];
    const bool same = a.empty()   ? std::all_of(b.begin(), b.end(), zero)
                      : b.empty() ? std::all_of(a.begin(), a.end(), zero)
                                  : a == b;
    if (!same) return false;
  }
  return true;
}

}  // namespace mqtk
