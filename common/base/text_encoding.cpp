#include "base/text_encoding.hpp"

namespace mqtk {

namespace {

std::string without_space(Bytes text) {
  std::string dense;
  dense.reserve(text.size());
  for (const char c : text) {
    if (c != ' ' && (c < '\t' || c > '\r')) dense += c;
  }
  return dense;
}

}  // namespace

std::string encode(Bytes octets, Encoding encoding) {
  switch (encoding) {
    case Encoding::Raw:
      break;
    case Encoding::Hex:
      return to_hex(octets);
    case Encoding::Base64:
      return to_base64(octets);
  }
  return std::string(octets);
}

Result<std::string> decode(Bytes text, Encoding encoding) {
  std::string octets;
  switch (encoding) {
    case Encoding::Raw:
      octets = text;
      break;
    case Encoding::Hex:
      if (!from_hex(without_space(text), octets)) {
        return fail(ErrorKind::BadInput, "the payload is not hexadecimal",
                    "hexadecimal is pairs of digits");
      }
      break;
    case Encoding::Base64:
      if (!from_base64(without_space(text), octets)) {
        return fail(ErrorKind::BadInput, "the payload is not base64");
      }
      break;
  }
  return octets;
}

}  // namespace mqtk
