#include "session/attempt_inputs.hpp"

#include "support/catch.hpp"

using namespace mqtk;

namespace {

Persistence at_the_second(const ClientConfig& config) {
  Persistence persistence(config.reconnect, 2, 7);
  persistence.attempt_failed({ErrorKind::Unreachable, Cause::TcpRefused, "refused", {}}, {});
  return persistence;
}

}  // namespace

TEST_CASE("without sources an attempt goes where the configuration says, with no credentials") {
  ClientConfig config;
  config.endpoints = {{Scheme::Mqtt, "a", 1}, {Scheme::Mqtt, "b", 2}};
  Persistence persistence = at_the_second(config);
  const auto credentials = ask_before_attempt(config, persistence);
  REQUIRE(credentials);
  CHECK_FALSE(credentials->username);
  CHECK_FALSE(credentials->password);
  CHECK(persistence.endpoint() == 1);
  CHECK(config.endpoints.size() == 2);
}

TEST_CASE("an address that expires replaces what was there, before the credentials are asked for") {
  ClientConfig config;
  config.endpoints = {{Scheme::Mqtt, "a", 1}, {Scheme::Mqtt, "b", 2}};
  unsigned asked = 0;
  config.endpoint_source = [&asked]() -> Result<std::pair<Endpoint, std::string>> {
    ++asked;
    return std::pair(Endpoint{Scheme::Wss, "c", 443},
                     std::string("/mqtt?sig=") + char('0' + asked));
  };
  config.credentials = [&]() -> Result<Credentials> {
    return Credentials{config.endpoints[0].host, "p" + std::to_string(asked)};
  };
  for (unsigned round = 1; round <= 2; ++round) {
    Persistence persistence = at_the_second(config);
    const auto credentials = ask_before_attempt(config, persistence);
    REQUIRE(credentials);
    CHECK(persistence.endpoint() == 0);
    REQUIRE(config.endpoints.size() == 1);
    CHECK(config.endpoints[0].scheme == Scheme::Wss);
    CHECK(config.websocket.target == "/mqtt?sig=" + std::to_string(round));
    CHECK(credentials->username == "c");
    CHECK(credentials->password == "p" + std::to_string(round));
  }
}

TEST_CASE("the error of a source ends the attempt, and nothing else is asked") {
  ClientConfig config;
  config.endpoints = {{Scheme::Mqtt, "a", 1}};
  Persistence persistence(config.reconnect, 1, 7);
  bool asked = false;
  config.credentials = [&asked]() -> Result<Credentials> {
    asked = true;
    return fail(ErrorKind::Configuration, "no token");
  };
  config.endpoint_source = []() -> Result<std::pair<Endpoint, std::string>> {
    return fail(ErrorKind::Configuration, "no address");
  };
  const auto no_address = ask_before_attempt(config, persistence);
  REQUIRE_FALSE(no_address);
  CHECK(no_address.error().message == "no address");
  CHECK_FALSE(asked);
  CHECK(config.endpoints[0].host == "a");
  config.endpoint_source = nullptr;
  const auto no_token = ask_before_attempt(config, persistence);
  REQUIRE_FALSE(no_token);
  CHECK(no_token.error().message == "no token");
}
