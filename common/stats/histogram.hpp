// Values counted in cells whose width is a fixed share of the value: the layout of HdrHistogram, so
// that its tools read ours (histogram_codec.hpp). Everything told is told by the cells, therefore
// the sum of two histograms says exactly what one histogram of all samples says. Values are
// nanoseconds unless the owner says otherwise. One thread uses a Histogram.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.hpp"

namespace mqtk {

class Histogram {
 public:
  /// What can be told apart. Two histograms add up only when their ranges are equal.
  struct Range {
    std::uint64_t lowest = 1'000;               ///< at least this is told from 0; 1 or more
    std::uint64_t highest = 3'600'000'000'000;  ///< what is above counts as this; >= 2 * lowest
    unsigned digits = 3;                        ///< decimal digits that are right; 1 to 5

    bool operator==(const Range&) const = default;
    /// Can a histogram have this range?
    bool valid() const;
  };

  /// 1 us to 1 h with three digits: 0.1 % of the value, half a microsecond at the low end.
  Histogram() : Histogram(Range{}) {}
  /// `range` shall be valid().
  explicit Histogram(const Range& range);

  void record(std::uint64_t value) { record_n(value, 1); }
  /// Below 0 counts as 0.
  void record(Duration value) { record_n(not_negative(value), 1); }
  /// A page of 8 KiB is allocated when the first value falls into it, nothing else ever.
  void record_n(std::uint64_t value, std::uint64_t n) {
    const std::size_t cell = cell_of(std::min(value, range_.highest));
    std::vector<std::uint64_t>& page = pages_[cell >> page_shift_];
    if (page.empty()) page.resize(page_size());
    page[cell & (page_size() - 1)] += n;
    count_ += n;
  }
  /// For a sampler that was expected every `interval` and was held up by the value it measured:
  /// records also what the samples missed meanwhile would have been. 0: as record().
  void record_corrected(Duration value, Duration interval);

  /// Exact. false, and nothing is changed, when the ranges differ.
  bool add(const Histogram& other);
  /// What was recorded since this was `earlier`, a former copy of it.
  Histogram since(const Histogram& earlier) const;
  /// Empty again; keeps its memory.
  void clear();

  const Range& range() const { return range_; }
  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  /// Of an empty histogram all of these are 0. A minimum is the low end of its cell, a maximum and
  /// a percentile the high end.
  std::uint64_t min() const;
  std::uint64_t max() const;
  double mean() const;
  double stddev() const;
  /// The value that `percent` (0 to 100) of the samples do not exceed.
  std::uint64_t percentile(double percent) const;

  /// The cells that count something, in order: each(first value, last value, count).
  template <typename Each>
  void for_each_cell(Each each) const {
    for (std::size_t page = 0; page < pages_.size(); ++page) {
      for (std::size_t i = 0; i < pages_[page].size(); ++i) {
        if (pages_[page][i] == 0) continue;
        const std::size_t cell = (page << page_shift_) + i;
        each(lowest_of(cell), lowest_of(cell + 1) - 1, pages_[page][i]);
      }
    }
  }

  bool operator==(const Histogram& other) const;

 private:
  friend class HistogramCells;  // histogram_codec.cpp: cells by number

  static std::uint64_t not_negative(Duration value) {
    return value.count() < 0 ? 0 : static_cast<std::uint64_t>(value.count());
  }
  std::size_t page_size() const { return std::size_t{1} << page_shift_; }
  /// The first two pages are linear; each further one doubles the range and the width of a cell.
  std::size_t cell_of(std::uint64_t value) const {
    const unsigned bits = static_cast<unsigned>(std::bit_width(value | linear_mask_));
    const unsigned bucket = bits - linear_bits_;
    const auto in_bucket = static_cast<std::size_t>(value >> (bucket + unit_shift_));
    return (std::size_t{bucket} << page_shift_) + in_bucket;
  }
  std::uint64_t lowest_of(std::size_t cell) const;
  std::size_t cell_count() const { return pages_.size() << page_shift_; }

  Range range_;
  unsigned unit_shift_;        ///< the narrowest cell is 2^this wide
  unsigned page_shift_;        ///< cells in a page, as a power of two
  unsigned linear_bits_;       ///< bits of the largest value in the first two pages
  std::uint64_t linear_mask_;  ///< that value
  std::uint64_t count_ = 0;
  std::vector<std::vector<std::uint64_t>> pages_;
};

}  // namespace mqtk
