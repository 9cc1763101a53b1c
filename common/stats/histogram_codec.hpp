// A Histogram as octets and as text: the V2 encoding of HdrHistogram, plain and compressed.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "stats/histogram.hpp"

namespace mqtk {

/// Plain V2 encoding.
std::string encode_histogram(const Histogram& histogram);
/// Errors are of kind BadInput. Nothing that `octets` says makes it allocate more than the cells
/// do.
Result<Histogram> decode_histogram(Bytes octets);

/// Compressed V2 encoding in base64: "HISTFAAA...".
std::string histogram_text(const Histogram& histogram);
Result<Histogram> parse_histogram(std::string_view text);

}  // namespace mqtk
