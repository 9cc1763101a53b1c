#include "session/connect_plan.hpp"

#include "support/catch.hpp"

using namespace mqtk;

TEST_CASE("a plan has all that the configuration says of the way to the broker") {
  ClientConfig config;
  const Endpoint endpoint{Scheme::Mqtts, "broker", 8883};
  LazyTls tls;
  const ConnectPlan plain = connect_plan(config, endpoint, tls);
  CHECK(plain.endpoint.host == "broker");
  CHECK(plain.proxy == nullptr);
  CHECK(plain.tcp_nodelay);

  config.ip_family = IpFamily::V6;
  config.bind_address = "::1";
  config.tcp_nodelay = false;
  config.proxy.emplace();
  config.timeouts.tls = 7s;
  const ConnectPlan plan = connect_plan(config, endpoint, tls);
  CHECK(plan.endpoint.scheme == Scheme::Mqtts);
  CHECK(plan.endpoint.port == 8883);
  CHECK(plan.family == IpFamily::V6);
  CHECK(plan.bind_address == "::1");
  CHECK_FALSE(plan.tcp_nodelay);
  CHECK(plan.proxy == &*config.proxy);
  CHECK(plan.websocket == &config.websocket);
  CHECK(plan.timeouts.tls == 7s);
}

TEST_CASE("the TLS context is made when a connection asks for it, and once") {
  ClientConfig config;
  config.tls.ca.file = "/does/not/exist.pem";
  LazyTls tls;
  const ConnectPlan plan = connect_plan(config, {Scheme::Mqtts, "broker", 8883}, tls);
  const auto missing = plan.tls();
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == ErrorKind::Configuration);

  config.tls = {};
  const auto first = plan.tls();
  REQUIRE(first);
  REQUIRE(*first != nullptr);
  config.tls.ca.file = "/does/not/exist.pem";
  const auto second = connect_plan(config, {Scheme::Wss, "other", 443}, tls).tls();
  REQUIRE(second);
  CHECK(*second == *first);
}
