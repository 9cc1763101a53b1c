#include "stats/histogram_codec.hpp"

#include <zlib.h>

#include <bit>
#include <limits>

namespace mqtk {

namespace {

constexpr std::uint32_t kPlainCookie = 0x1C84'9313;
constexpr std::uint32_t kCompressedCookie = 0x1C84'9314;
constexpr std::size_t kHeaderSize = 40;
/// Octets of the longest count.
constexpr std::size_t kLongestWord = 9;

Unexpected<Error> bad(std::string what) {
  return fail(ErrorKind::BadInput, "this is no histogram in the V2 encoding: " + std::move(what));
}

void append_u64(std::string& out, std::uint64_t value) {
  append_u32(out, static_cast<std::uint32_t>(value >> 32U));
  append_u32(out, static_cast<std::uint32_t>(value));
}
std::uint64_t read_u64(const char* p) {
  return (std::uint64_t{read_u32(p)} << 32U) | read_u32(p + 4);
}

/// ZigZag, seven bits an octet, the lowest first; the ninth octet has eight.
void append_word(std::string& out, std::int64_t value) {
  std::uint64_t rest =
      (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
  for (std::size_t i = 1; i < kLongestWord && rest >= 0x80; ++i) {
    out.push_back(octet(static_cast<unsigned>(rest & 0x7FU) | 0x80U));
    rest >>= 7U;
  }
  out.push_back(octet(static_cast<unsigned>(rest)));
}

/// false: the octets end within a word.
bool take_word(Bytes& octets, std::int64_t& value) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kLongestWord; ++i) {
    if (i == octets.size()) return false;
    const std::uint64_t one = u8(octets[i]);
    const bool whole = i + 1 == kLongestWord;
    bits |= (whole ? one : one & 0x7FU) << (7 * i);
    if (whole || one < 0x80) {
      octets.remove_prefix(i + 1);
      value = static_cast<std::int64_t>(bits >> 1U) ^ -static_cast<std::int64_t>(bits & 1U);
      return true;
    }
  }
  return false;
}

Result<std::string> inflate_octets(Bytes compressed, std::size_t limit) {
  std::string out(limit, '\0');
  uLongf size = out.size();
  const int code = ::uncompress(reinterpret_cast<Bytef*>(out.data()), &size,
                                reinterpret_cast<const Bytef*>(compressed.data()),
                                static_cast<uLong>(compressed.size()));
  if (code != Z_OK) return bad("its compressed part is damaged or too long");
  out.resize(size);
  return out;
}

}  // namespace

/// Sees the cells of a Histogram by number.
class HistogramCells {
 public:
  static void append_counts(std::string& out, const Histogram& histogram) {
    std::int64_t zeros = 0;
    for (const auto& page : histogram.pages_) {
      if (page.empty()) zeros += static_cast<std::int64_t>(histogram.page_size());
      for (const std::uint64_t n : page) {
        if (n == 0) {
          ++zeros;
          continue;
        }
        if (zeros > 0) append_word(out, zeros == 1 ? 0 : -zeros);
        zeros = 0;
        append_word(out, static_cast<std::int64_t>(n));
      }
    }
  }

  static Result<void> take_counts(Bytes octets, Histogram& histogram) {
    std::uint64_t cell = 0;
    while (!octets.empty()) {
      std::int64_t word = 0;
      if (!take_word(octets, word)) return bad("it ends within a count");
      if (word < 0) {
        cell += 0 - static_cast<std::uint64_t>(word);
      } else if (word > 0) {
        if (cell >= histogram.cell_count()) return bad("it has more cells than its range");
        const auto n = static_cast<std::uint64_t>(word);
        if (n > std::numeric_limits<std::int64_t>::max() - histogram.count_) {
          return bad("its counts overflow");
        }
        const auto index = static_cast<std::size_t>(cell);
        auto& page = histogram.pages_[index >> histogram.page_shift_];
        if (page.empty()) page.resize(histogram.page_size());
        page[index & (histogram.page_size() - 1)] = n;
        histogram.count_ += n;
        ++cell;
      } else {
        ++cell;
      }
      if (cell > histogram.cell_count()) return bad("it has more cells than its range");
    }
    return {};
  }
};

std::string encode_histogram(const Histogram& histogram) {
  std::string counts;
  HistogramCells::append_counts(counts, histogram);
  std::string out;
  append_u32(out, kPlainCookie);
  append_u32(out, static_cast<std::uint32_t>(counts.size()));
  append_u32(out, 0);  // by how much the cells are shifted
  append_u32(out, histogram.range().digits);
  append_u64(out, histogram.range().lowest);
  append_u64(out, histogram.range().highest);
  append_u64(out, std::bit_cast<std::uint64_t>(1.0));  // a factor for values that are no integers
  return out + counts;
}

Result<Histogram> decode_histogram(Bytes octets) {
  if (octets.size() < kHeaderSize) return bad("it is too short");
  if (read_u32(octets.data()) != kPlainCookie) return bad("it begins with another mark");
  if (read_u32(octets.data() + 4) != octets.size() - kHeaderSize) {
    return bad("its length is not the one it states");
  }
  if (read_u32(octets.data() + 8) != 0) return bad("its cells are shifted, which is not supported");
  const Histogram::Range range{.lowest = read_u64(octets.data() + 16),
                               .highest = read_u64(octets.data() + 24),
                               .digits = read_u32(octets.data() + 12)};
  if (!range.valid()) return bad("its range makes no sense");
  Histogram out(range);
  if (const auto taken = HistogramCells::take_counts(octets.substr(kHeaderSize), out); !taken) {
    return fail(taken.error());
  }
  return out;
}

std::string histogram_text(const Histogram& histogram) {
  const std::string plain = encode_histogram(histogram);
  std::string compressed(::compressBound(static_cast<uLong>(plain.size())), '\0');
  uLongf size = compressed.size();
  ::compress2(reinterpret_cast<Bytef*>(compressed.data()), &size,
              reinterpret_cast<const Bytef*>(plain.data()), static_cast<uLong>(plain.size()),
              Z_DEFAULT_COMPRESSION);
  compressed.resize(size);
  std::string out;
  append_u32(out, kCompressedCookie);
  append_u32(out, static_cast<std::uint32_t>(size));
  return to_base64(out + compressed);
}

Result<Histogram> parse_histogram(std::string_view text) {
  std::string octets;
  if (!from_base64(text, octets)) return bad("it is not base64");
  if (octets.size() < 8 || read_u32(octets.data()) != kCompressedCookie) {
    return bad("it begins with another mark");
  }
  if (read_u32(octets.data() + 4) != octets.size() - 8) {
    return bad("its length is not the one it states");
  }
  // No histogram of ours has more cells than one with five digits and the widest range.
  constexpr std::size_t kMostOctets = kHeaderSize + kLongestWord * 48 * (std::size_t{1} << 17U);
  // Deflate shrinks at most 1032 times.
  const std::size_t limit = std::min(kMostOctets, (octets.size() - 8) * 1032 + 64);
  const auto plain = inflate_octets(Bytes(octets).substr(8), limit);
  if (!plain) return fail(plain.error());
  return decode_histogram(*plain);
}

}  // namespace mqtk
