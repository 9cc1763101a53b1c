#include "bench/load/payload.hpp"

#include <algorithm>

#include "base/units.hpp"
#include "bench/load/name_template.hpp"

namespace mqtk::bench {

namespace {

constexpr std::size_t kDrawn = 4096;
constexpr std::uint64_t kLargest = 268'435'455 - 65'535 - 16;

std::uint64_t draw(const std::vector<SizeChoice>& sizes, Random& random) {
  double all = 0;
  for (const SizeChoice& each : sizes) all += each.weight;
  double at = random.unit() * all;
  for (const SizeChoice& each : sizes) {
    at -= each.weight;
    if (at >= 0 && &each != &sizes.back()) continue;
    return each.low + random.next() % (each.high - each.low + 1);
  }
  return 0;
}

}  // namespace

// SplitMix64 by its published constants.
std::uint64_t Random::next() {
  std::uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

Result<std::vector<SizeChoice>> parse_sizes(std::string_view text) {
  const auto wrong = [text] {
    return fail(ErrorKind::Usage, "--size: '" + std::string(text) + "' is no size",
                "64, 64-1KiB, or sizes with weights: 64:9,1KiB:1");
  };
  std::vector<SizeChoice> sizes;
  for (std::string_view rest = text;;) {
    const auto comma = rest.find(',');
    std::string_view part = rest.substr(0, comma);
    SizeChoice choice;
    if (const auto colon = part.find(':'); colon != std::string_view::npos) {
      const auto weight = parse_number(part.substr(colon + 1), 1, 1'000'000'000);
      if (!weight) return wrong();
      choice.weight = static_cast<double>(*weight);
      part = part.substr(0, colon);
    }
    const auto dash = part.find('-');
    const auto low = parse_size(part.substr(0, dash));
    const auto high = dash == std::string_view::npos ? low : parse_size(part.substr(dash + 1));
    if (!low || !high || *low > *high || *high > kLargest) return wrong();
    choice.low = *low;
    choice.high = *high;
    sizes.push_back(choice);
    if (comma == std::string_view::npos) return sizes;
    rest.remove_prefix(comma + 1);
  }
}

double mean_size(const std::vector<SizeChoice>& sizes) {
  double sum = 0;
  double weights = 0;
  for (const SizeChoice& each : sizes) {
    sum += each.weight * (static_cast<double>(each.low) + static_cast<double>(each.high)) / 2;
    weights += each.weight;
  }
  return weights > 0 ? sum / weights : 0;
}

PayloadMaker::PayloadMaker(const PayloadPlan& plan, std::uint64_t seed)
    : plan_(plan), random_(seed) {
  if (!plan_.texts.empty()) return;
  const bool one = plan_.sizes.size() == 1 && plan_.sizes[0].low == plan_.sizes[0].high;
  for (std::size_t i = 0; i < (one ? 1 : kDrawn); ++i) {
    drawn_.push_back(static_cast<std::uint32_t>(draw(plan_.sizes, random_)));
  }
  buffer_.resize(*std::ranges::max_element(drawn_));
  for (char& octet : buffer_) octet = static_cast<char>(random_.next());
}

std::uint64_t PayloadMaker::largest() const {
  std::uint64_t size = buffer_.size();
  for (const std::string& text : plan_.texts) {
    size = std::max<std::uint64_t>(size, text.size() + PayloadHeader::kSize);
  }
  return size;
}

Bytes PayloadMaker::make(const PayloadHeader& header, std::string_view client_id) {
  const Bytes payload = make_without_header(header, client_id);
  if (plan_.stamped) write_header(header, buffer_.data());
  return payload;
}

Bytes PayloadMaker::make_without_header(const PayloadHeader& header, std::string_view client_id) {
  const std::size_t turn = turn_++;
  if (plan_.texts.empty()) return Bytes(buffer_).substr(0, drawn_[turn % drawn_.size()]);
  const std::string& text = plan_.texts[turn % plan_.texts.size()];
  if (!plan_.stamped && !plan_.filled) return text;
  buffer_.resize(plan_.stamped ? PayloadHeader::kSize : 0);
  if (plan_.filled) {
    TemplateValues values;
    values.index = header.stream;
    values.client_id = client_id;
    values.number = header.sequence;
    fill_template(text, values, buffer_);
  } else {
    buffer_ += text;
  }
  return buffer_;
}

}  // namespace mqtk::bench
