#include "payload/cbor.hpp"

#include <cmath>

#include "payload/json_writer.hpp"
#include "payload/octet_reader.hpp"

namespace mqtk {

namespace {

constexpr unsigned kMaxCborDepth = 100;

enum Major : unsigned { kUnsigned, kNegative, kOctets, kText, kArray, kMap, kTag, kSimple };

struct Head {
  unsigned major = 0;
  std::uint64_t value = 0;
  bool indefinite = false;
};

/// IEEE 754 with 5 bits of exponent and 10 of fraction (RFC 8949, appendix D).
float half_float(std::uint32_t half) {
  const int exponent = static_cast<int>((half >> 10U) & 0x1FU);
  const auto fraction = static_cast<float>(half & 0x3FFU);
  float value = 0;
  if (exponent == 0) {
    value = std::ldexp(fraction, -24);
  } else if (exponent != 31) {
    value = std::ldexp(fraction + 1024, exponent - 25);
  } else {
    value = half & 0x3FFU ? NAN : INFINITY;
  }
  return (half & 0x8000U) != 0 ? -value : value;
}

class CborReader {
 public:
  CborReader(std::string& out, Bytes data) : in_(data), out_(out) {}

  Result<void> run() {
    value(0);
    return in_.finish();
  }

 private:
  static constexpr std::uint8_t kBreak = 0xFF;

  Head head() {
    const auto first = static_cast<unsigned>(in_.number(1));
    Head head{first >> 5U, first & 0x1FU, false};
    if (head.value == 31) {
      head.value = 0;
      head.indefinite = true;
      if (head.major <= kNegative || head.major == kTag) in_.fail("a length is missing");
    } else if (head.value > 27) {
      in_.fail("this form is reserved");
    } else if (head.value >= 24 && head.major != kSimple) {
      head.value = in_.number(1U << (head.value - 24));
    }
    return head;
  }

  bool at_break() {
    if (in_.peek() != kBreak || in_.at_end()) return false;
    in_.take(1);
    return true;
  }

  void value(unsigned depth) {
    if (depth > kMaxCborDepth) return in_.fail("it is nested too deep");
    const Head item = head();
    if (!in_.ok()) return;
    switch (item.major) {
      case kUnsigned:
        return out_.number(item.value);
      case kNegative:
        return out_.raw(negative(item.value));
      case kOctets:
        return out_.octets(chunks(item));
      case kText:
        return out_.string(chunks(item));
      case kArray:
        return array(item, depth);
      case kMap:
        return map(item, depth);
      case kTag:
        return tagged(item.value, depth);
      default:
        return simple(item);
    }
  }

  static std::string negative(std::uint64_t value) {
    if (value == ~std::uint64_t{0}) return "-18446744073709551616";
    return '-' + std::to_string(value + 1);
  }

  /// The octets of a string, which may come in pieces; valid until the next string.
  Bytes chunks(const Head& item) {
    if (!item.indefinite) return in_.take(item.value);
    joined_.clear();
    while (in_.ok() && !at_break()) {
      const Head piece = head();
      if (piece.major != item.major || piece.indefinite) {
        in_.fail("a string has a piece of another kind");
      }
      joined_ += in_.take(piece.value);
    }
    return joined_;
  }

  void array(const Head& item, unsigned depth) {
    // Each element takes an octet at least.
    if (item.value > in_.left()) return in_.fail("it ends too early");
    if (in_key_) return in_.fail("a key is a list");
    out_.begin_array();
    if (item.indefinite) {
      while (in_.ok() && !at_break()) value(depth + 1);
    } else {
      for (std::uint64_t i = 0; i < item.value && in_.ok(); ++i) value(depth + 1);
    }
    out_.end_array();
  }

  void map(const Head& item, unsigned depth) {
    if (item.value > in_.left() / 2) return in_.fail("it ends too early");
    if (in_key_) return in_.fail("a key is a map");
    out_.begin_object();
    const auto member = [&] {
      key(depth + 1);
      value(depth + 1);
    };
    if (item.indefinite) {
      while (in_.ok() && !at_break()) member();
    } else {
      for (std::uint64_t i = 0; i < item.value && in_.ok(); ++i) member();
    }
    out_.end_object();
  }

  /// A list as a key would be quoted, and quoted again inside the next one.
  void key(unsigned depth) {
    in_key_ = true;
    out_.key_from([&] { value(depth); });
    in_key_ = false;
  }

  void tagged(std::uint64_t tag, unsigned depth) {
    constexpr std::uint64_t kPositiveBig = 2;
    constexpr std::uint64_t kNegativeBig = 3;
    const bool big = tag == kPositiveBig || tag == kNegativeBig;
    if (!big || in_.peek() >> 5U != kOctets) return value(depth + 1);
    const Bytes digits = chunks(head());
    if (digits.size() > 8) return out_.octets(digits);
    std::uint64_t number = 0;
    for (const char c : digits) number = (number << 8U) | u8(c);
    out_.raw(tag == kPositiveBig ? std::to_string(number) : negative(number));
  }

  void simple(const Head& item) {
    if (item.indefinite) return in_.fail("a break stands outside of a list");
    switch (item.value) {
      case 20:
        return out_.boolean(false);
      case 21:
        return out_.boolean(true);
      case 22:
      case 23:
        return out_.null();
      case 24:
        in_.take(1);
        return out_.null();
      case 25:
        return out_.number(half_float(static_cast<std::uint32_t>(in_.number(2))));
      case 26:
        return out_.number(in_.float32());
      case 27:
        return out_.number(in_.float64());
      default:
        return out_.null();
    }
  }

  OctetReader in_;
  JsonWriter out_;
  bool in_key_ = false;
  std::string joined_;
};

}  // namespace

Result<void> append_cbor_as_json(std::string& out, Bytes data) {
  return CborReader(out, data).run();
}

}  // namespace mqtk
