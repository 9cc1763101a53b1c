#include "base/life.hpp"

#include <memory>
#include <optional>

#include "support/catch.hpp"

using namespace mqtk;

TEST_CASE("code on the stack learns that its object was closed") {
  Lifetime lifetime;
  const Life outer(lifetime);
  {
    const Life inner(lifetime);
    CHECK_FALSE(inner.over());
    lifetime.end();
    CHECK(inner.over());
  }
  CHECK(outer.over());
}

TEST_CASE("a life that begins after the end is another one") {
  Lifetime lifetime;
  const Life before(lifetime);
  lifetime.end();
  {
    const Life after(lifetime);
    CHECK_FALSE(after.over());
    lifetime.end();
    CHECK(after.over());
  }
  const Life last(lifetime);
  CHECK(before.over());
  CHECK_FALSE(last.over());
}

TEST_CASE("a life that has left the stack is not told of the end") {
  Lifetime lifetime;
  const Life outer(lifetime);
  std::optional<Life> inner(std::in_place, lifetime);
  inner.reset();
  CHECK_FALSE(outer.over());
  lifetime.end();
  CHECK(outer.over());
}

TEST_CASE("the object's destruction ends its lives") {
  auto lifetime = std::make_unique<Lifetime>();
  const Life outer(*lifetime);
  const Life inner(*lifetime);
  lifetime.reset();
  CHECK(inner.over());
  CHECK(outer.over());
}
