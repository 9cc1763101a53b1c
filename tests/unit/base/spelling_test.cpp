#include "base/spelling.hpp"

#include "support/catch.hpp"

namespace mqtk::test {

TEST_CASE("words are as far apart as there are slips between them") {
  CHECK(spelling_distance("", "") == 0);
  CHECK(spelling_distance("topic", "topic") == 0);
  CHECK(spelling_distance("", "abc") == 3);
  CHECK(spelling_distance("topic", "topics") == 1);
  CHECK(spelling_distance("topic", "tpic") == 1);
  CHECK(spelling_distance("topic", "topid") == 1);
  // Two neighbours in the wrong order are one slip, not two.
  CHECK(spelling_distance("topic", "tpoic") == 1);
  CHECK(spelling_distance("connect", "conect") == 1);
  CHECK(spelling_distance("kitten", "sitting") == 3);
  CHECK(spelling_distance("abc", "xyz") == 3);
}

}  // namespace mqtk::test
