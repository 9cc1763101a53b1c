#include "base/bytes.hpp"

#include <random>

#include "support/catch.hpp"

namespace mqtk::test {

TEST_CASE("big-endian numbers") {
  std::string out;
  append_u16(out, 0x0102);
  append_u32(out, 0xFFFE8001);
  CHECK(to_hex(out) == "0102fffe8001");
  CHECK(read_u16(out.data()) == 0x0102);
  CHECK(read_u32(out.data() + 2) == 0xFFFE8001);
  CHECK(u8('\xFF') == 255);
  CHECK(octet(0x1FF) == '\xFF');
}

TEST_CASE("hexadecimal") {
  std::string out = "left over";
  CHECK(to_hex("") == "");
  CHECK(to_hex(Bytes("\x00\x7F\xFF", 3)) == "007fff");
  CHECK(from_hex("007fFF", out));
  CHECK(out == Bytes("\x00\x7F\xFF", 3));
  CHECK(from_hex("", out));
  CHECK(out.empty());
  for (const std::string_view text : {"0", "0g", "g0", "00 ", " 00", "0x00", "+1", "-1", "00\n0"}) {
    CAPTURE(text);
    CHECK_FALSE(from_hex(text, out));
  }
}

TEST_CASE("base64 of RFC 4648, section 10") {
  const std::pair<std::string_view, std::string_view> cases[] = {{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"},
                                                                 {"\xFB\xFF\xBF", "+/+/"}};
  for (const auto& [plain, encoded] : cases) {
    CAPTURE(plain);
    CHECK(to_base64(plain) == encoded);
    std::string out = "left over";
    CHECK(from_base64(encoded, out));
    CHECK(out == plain);
    CHECK(from_base64(encoded.substr(0, encoded.find('=')), out));
    CHECK(out == plain);
  }
}

TEST_CASE("what is not base64 is refused") {
  std::string out;
  for (const std::string_view text :
       {"A", "A===", "=", "==", "====", "AA=", "AAA==", "AAAA=", "AAAA==", "AAAA====", "AA=A",
        "A A=", "AAA\n", "Zg==Zg==", "A-A_", "Zh==", "Zm9=", "Zh", "Zm9"}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text, out));
  }
}

TEST_CASE("random bytes survive hexadecimal and base64") {
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 200; ++size) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = octet(static_cast<unsigned>(random()));
    std::string out;
    REQUIRE(from_hex(to_hex(bytes), out));
    REQUIRE(out == bytes);
    REQUIRE(from_base64(to_base64(bytes), out));
    REQUIRE(out == bytes);
    REQUIRE(to_base64(bytes).size() == (size + 2) / 3 * 4);
  }
}

TEST_CASE("SHA-1 of known texts") {
  CHECK(to_hex(sha1("")) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(to_hex(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(to_hex(sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  CHECK(to_hex(sha1(std::string(1'000'000, 'a'))) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  // RFC 6455, 1.3: the handshake of a WebSocket.
  CHECK(to_base64(sha1("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) ==
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("SHA-1 where its padding needs a block more") {
  CHECK(to_hex(sha1(std::string(55, 'a'))) == "c1c8bbdc22796e28c0e15163d20899b65621d65a");
  CHECK(to_hex(sha1(std::string(56, 'a'))) == "c2db330f6083854c99d4b5bfb6e8f29f201be699");
  CHECK(to_hex(sha1(std::string(64, 'a'))) == "0098ba824b5c16427bd7a1122a5a442a25ec644d");
}

TEST_CASE("a SHA-1 in hexadecimal is 40 digits") {
  const std::string digits = "a9993e364706816aba3e25717850c26c9cd0d89d";
  CHECK(sha1_of_hex(digits) == sha1("abc"));
  CHECK_FALSE(sha1_of_hex(digits.substr(1)));
  CHECK_FALSE(sha1_of_hex(digits + "00"));
  CHECK_FALSE(sha1_of_hex("g" + digits.substr(1)));
  CHECK_FALSE(sha1_of_hex(""));
}

}  // namespace mqtk::test
