#include "options/property_options.hpp"

#include <array>

#include "support/catch.hpp"

using namespace mqtk;
using wire::PropertyId;

namespace {

using Words = std::vector<std::string>;

std::string property_complaint(std::vector<Words> options) {
  const auto sets = resolve_properties(options);
  if (sets) return "none";
  CHECK(sets.error().kind == ErrorKind::Usage);
  return sets.error().message;
}

}  // namespace

TEST_CASE("user-property takes four words, every other property three") {
  const auto count = [](std::vector<std::string_view> rest) { return property_word_count(rest); };
  CHECK(count({"publish", "user-property", "k", "v"}) == 4);
  CHECK(count({"publish", "content-type", "x"}) == 3);
  CHECK(count({"publish"}) >= 3);
  CHECK(count({}) >= 3);
}

TEST_CASE("properties go to the packet that is named") {
  const std::vector<Words> options{
      {"connect", "session-expiry-interval", "10"},  {"will", "content-type", "text/plain"},
      {"publish", "message-expiry-interval", "5"},   {"publish", "user-property", "k", "v"},
      {"publish", "user-property", "k", ""},         {"publish", "correlation-data", "-x"},
      {"subscribe", "subscription-identifier", "7"}, {"unsubscribe", "user-property", "a", "b"},
      {"disconnect", "session-expiry-interval", "0"}};
  const auto sets = resolve_properties(options);
  REQUIRE(sets);
  CHECK(sets->connect.view().number(PropertyId::SessionExpiryInterval) == 10U);
  CHECK(sets->will.view().find(PropertyId::ContentType)->value == "text/plain");
  CHECK(sets->publish.view().number(PropertyId::MessageExpiryInterval) == 5U);
  CHECK(sets->publish.view().find(PropertyId::CorrelationData)->value == "-x");
  std::size_t pairs = 0;
  for (const wire::Property& property : sets->publish.view()) {
    if (property.info->id == PropertyId::UserProperty) ++pairs;
  }
  CHECK(pairs == 2);
  CHECK(sets->subscribe.view().number(PropertyId::SubscriptionIdentifier) == 7U);
  CHECK_FALSE(sets->unsubscribe.empty());
  CHECK(sets->disconnect.view().number(PropertyId::SessionExpiryInterval) == 0U);
}

TEST_CASE("properties that cannot be") {
  CHECK(property_complaint({{"puback", "user-property", "k", "v"}}) != "none");
  CHECK(property_complaint({{"publish", "no-such-property", "1"}}) != "none");
  CHECK(property_complaint({{"publish", "session-expiry-interval", "1"}}) != "none");
  CHECK(property_complaint({{"connect", "receive-maximum", "0"}}) != "none");
  CHECK(property_complaint({{"connect", "receive-maximum", "65536"}}) != "none");
  CHECK(property_complaint({{"connect", "maximum-packet-size", "0"}}) != "none");
  CHECK(property_complaint({{"publish", "payload-format-indicator", "2"}}) != "none");
  CHECK(property_complaint({{"publish", "message-expiry-interval", "-1"}}) != "none");
  CHECK(property_complaint({{"publish", "message-expiry-interval", "x"}}) != "none");
  CHECK(property_complaint({{"subscribe", "subscription-identifier", "0"}}) != "none");
  CHECK(property_complaint({{"subscribe", "subscription-identifier", "268435456"}}) != "none");
  CHECK(property_complaint({{"publish", "content-type", "\xff"}}) != "none");
  CHECK(property_complaint({{"publish", "content-type", "a"}, {"publish", "content-type", "b"}}) !=
        "none");
  CHECK(property_complaint({{"publish", "response-topic", "a/+"}}) != "none");
}

TEST_CASE("an option of its own and -D for the same property are once too many") {
  wire::Properties set;
  CHECK(add_property(set, PropertyId::MessageExpiryInterval, 5U, "--expiry"));
  const auto again = add_property(set, PropertyId::MessageExpiryInterval, 6U, "--expiry");
  REQUIRE_FALSE(again);
  CHECK(again.error().message.find("--expiry") != std::string::npos);
  CHECK(add_user_property(set, "k=v=w"));
  CHECK(add_user_property(set, "k="));
  CHECK_FALSE(add_user_property(set, "no-equals-sign"));
}
