#include "net/websocket/websocket.hpp"
#include "support/catch.hpp"
#include "support/pipe_transport.hpp"

using namespace mqtk;

TEST_CASE("without wslay the build says that it lacks WebSocket") {
  const auto ends = test::make_pipe();
  const auto client = make_websocket_client(test::over(ends.first), {}, "localhost");
  REQUIRE_FALSE(client);
  CHECK(client.error().kind == ErrorKind::Configuration);
  CHECK(client.error().message == "this build has no WebSocket support");
  const auto server = make_websocket_server(test::over(ends.second));
  REQUIRE_FALSE(server);
  CHECK(server.error().kind == ErrorKind::Configuration);
}
