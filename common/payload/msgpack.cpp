#include "payload/msgpack.hpp"

#include <ctime>

#include "payload/json_writer.hpp"
#include "payload/octet_reader.hpp"

namespace mqtk {

namespace {

constexpr unsigned kMaxMsgpackDepth = 100;

class MsgpackReader {
 public:
  MsgpackReader(std::string& out, Bytes data) : in_(data), out_(out) {}

  Result<void> run() {
    value(0);
    return in_.finish();
  }

 private:
  void value(unsigned depth) {
    if (depth > kMaxMsgpackDepth) return in_.fail("it is nested too deep");
    const auto type = static_cast<unsigned>(in_.number(1));
    if (!in_.ok()) return;
    if (type < 0x80) return out_.number(type);
    if (type < 0x90) return map(type & 0x0FU, depth);
    if (type < 0xA0) return array(type & 0x0FU, depth);
    if (type < 0xC0) return out_.string(in_.take(type & 0x1FU));
    if (type >= 0xE0) return out_.number(static_cast<std::int8_t>(type));
    other(type, depth);
  }

  void other(unsigned type, unsigned depth) {
    switch (type) {
      case 0xC0:
        return out_.null();
      case 0xC2:
      case 0xC3:
        return out_.boolean(type == 0xC3);
      case 0xC4:
      case 0xC5:
      case 0xC6:
        return out_.octets(in_.take(in_.number(1U << (type - 0xC4))));
      case 0xC7:
      case 0xC8:
      case 0xC9:
        return extension(in_.number(1U << (type - 0xC7)));
      case 0xCA:
        return out_.number(in_.float32());
      case 0xCB:
        return out_.number(in_.float64());
      case 0xCC:
      case 0xCD:
      case 0xCE:
      case 0xCF:
        return out_.number(in_.number(1U << (type - 0xCC)));
      case 0xD0:
        return out_.number(static_cast<std::int8_t>(in_.number(1)));
      case 0xD1:
        return out_.number(static_cast<std::int16_t>(in_.number(2)));
      case 0xD2:
        return out_.number(static_cast<std::int32_t>(in_.number(4)));
      case 0xD3:
        return out_.number(static_cast<std::int64_t>(in_.number(8)));
      case 0xD4:
      case 0xD5:
      case 0xD6:
      case 0xD7:
      case 0xD8:
        return extension(1U << (type - 0xD4));
      case 0xD9:
      case 0xDA:
      case 0xDB:
        return out_.string(in_.take(in_.number(1U << (type - 0xD9))));
      case 0xDC:
      case 0xDD:
        return array(in_.number(type == 0xDC ? 2 : 4), depth);
      case 0xDE:
      case 0xDF:
        return map(in_.number(type == 0xDE ? 2 : 4), depth);
      default:
        return in_.fail("no value begins with this octet");
    }
  }

  void array(std::uint64_t size, unsigned depth) {
    // Each element takes an octet at least.
    if (size > in_.left()) return in_.fail("it ends too early");
    if (in_key_) return in_.fail("a key is a list");
    out_.begin_array();
    for (std::uint64_t i = 0; i < size && in_.ok(); ++i) value(depth + 1);
    out_.end_array();
  }

  void map(std::uint64_t size, unsigned depth) {
    if (size > in_.left() / 2) return in_.fail("it ends too early");
    if (in_key_) return in_.fail("a key is a map");
    out_.begin_object();
    for (std::uint64_t i = 0; i < size && in_.ok(); ++i) {
      key(depth + 1);
      value(depth + 1);
    }
    out_.end_object();
  }

  /// A list as a key would be quoted, and quoted again inside the next one.
  void key(unsigned depth) {
    in_key_ = true;
    out_.key_from([&] { value(depth); });
    in_key_ = false;
  }

  void extension(std::uint64_t size) {
    constexpr std::int8_t kTimestamp = -1;
    const auto type = static_cast<std::int8_t>(in_.number(1));
    if (type == kTimestamp && (size == 4 || size == 8 || size == 12)) return timestamp(size);
    const Bytes data = in_.take(size);
    if (in_key_) return in_.fail("a key is an extension");
    out_.begin_object();
    out_.key("ext");
    out_.number(type);
    out_.key("data");
    out_.octets(data);
    out_.end_object();
  }

  void timestamp(std::uint64_t size) {
    std::uint64_t nanoseconds = 0;
    std::int64_t seconds = 0;
    if (size == 4) {
      seconds = static_cast<std::int64_t>(in_.number(4));
    } else if (size == 8) {
      const std::uint64_t both = in_.number(8);
      nanoseconds = both >> 34U;
      seconds = static_cast<std::int64_t>(both & 0x3'FFFF'FFFFU);
    } else {
      nanoseconds = in_.number(4);
      seconds = static_cast<std::int64_t>(in_.number(8));
    }
    const std::time_t time = seconds;
    std::tm utc{};
    if (nanoseconds > 999'999'999 || gmtime_r(&time, &utc) == nullptr || utc.tm_year > 8099 ||
        utc.tm_year < -1900) {
      return out_.null();
    }
    char text[32];
    std::string out(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc));
    if (nanoseconds > 0) {
      const std::string fraction = std::to_string(nanoseconds);
      out += '.' + std::string(9 - fraction.size(), '0') + fraction;
    }
    out_.string(out + 'Z');
  }

  OctetReader in_;
  JsonWriter out_;
  bool in_key_ = false;
};

}  // namespace

Result<void> append_msgpack_as_json(std::string& out, Bytes data) {
  return MsgpackReader(out, data).run();
}

}  // namespace mqtk
