#include "options/toml_depth.hpp"

#include "support/catch.hpp"

namespace mqtk::test {

namespace {

std::string repeated(std::string_view what, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += what;
  return out;
}

}  // namespace

TEST_CASE("a TOML document that nests too deep is found before it is read") {
  CHECK(too_deep_toml_line("[a" + repeated(".a", 50'000) + "]\n") == 1);
  CHECK(too_deep_toml_line("# one\n\nx" + repeated(".\"y.z\"", 50'000) + " = 1\n") == 3);
  CHECK(too_deep_toml_line("a = '''\n\n'''\nb = " + std::string(50'000, '[')) == 4);
  CHECK(too_deep_toml_line("a = " + repeated("{ a = ", 50'000)) == 1);
  CHECK(too_deep_toml_line("a = [ # [ [ [\n" + repeated("[\n", 50'000)) > 1);
}

TEST_CASE("what is no nesting is not taken for it") {
  const std::string dots(1000, '.');
  const std::string brackets(1000, '[');
  CHECK(too_deep_toml_line("a = \"" + dots + brackets + "\\\"" + dots + "\"\n") == 0);
  CHECK(too_deep_toml_line("a = '" + dots + brackets + "'\n# " + dots + brackets + "\n") == 0);
  CHECK(too_deep_toml_line("a = \"\"\"\n" + dots + brackets + "\n\"\"\"\nb.c = 1.5\n") == 0);
  CHECK(too_deep_toml_line("a = [" + repeated("1.5, ", 1000) + "]\n") == 0);
  CHECK(too_deep_toml_line(repeated("[[a.b]]\nc = { d = [1] }\n", 1000)) == 0);
  CHECK(too_deep_toml_line("a = \"never ends" + dots) == 0);
  CHECK(too_deep_toml_line("") == 0);
}

}  // namespace mqtk::test
