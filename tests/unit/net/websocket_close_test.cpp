#include "net/websocket/close.hpp"

#include <string>

#include "support/catch.hpp"

using namespace mqtk;

namespace {

struct Row {
  std::uint16_t code;
  ErrorKind kind;
};

}  // namespace

TEST_CASE("each close code has its kind of error") {
  const Row rows[] = {
      {1000, ErrorKind::Unreachable},
      {1001, ErrorKind::Unreachable},
      {1002, ErrorKind::ProtocolViolation},
      {1003, ErrorKind::ProtocolViolation},
      {1007, ErrorKind::ProtocolViolation},
      {1008, ErrorKind::Permission},
      {1009, ErrorKind::Failed},
      {1010, ErrorKind::ProtocolViolation},
      {1011, ErrorKind::Unreachable},
      {1012, ErrorKind::TryAgain},
      {1013, ErrorKind::TryAgain},
      {1014, ErrorKind::Unreachable},
      {3000, ErrorKind::Permission},
      {3003, ErrorKind::Permission},
      {3500, ErrorKind::Unreachable},
      {4999, ErrorKind::Unreachable},
  };
  for (const Row& row : rows) {
    const WebSocketClose close = read_close(close_payload(row.code), WebSocketSide::Client);
    INFO(row.code);
    CHECK(close.valid);
    CHECK(close.answer == row.code);
    CHECK(close.error.kind == row.kind);
    CHECK(close.error.cause == Cause::WsClosed);
    CHECK(close.error.message.find(std::to_string(row.code)) != std::string::npos);
  }
}

TEST_CASE("codes that may not stand in a frame are a violation") {
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
    std::string payload;
    append_u16(payload, static_cast<std::uint16_t>(code));
    const WebSocketClose close = read_close(payload, WebSocketSide::Client);
    INFO(code);
    CHECK_FALSE(close.valid);
    CHECK(close.answer == 1002);
    CHECK(close.error.cause == Cause::WsProtocol);
  }
}

TEST_CASE("a close frame's payload is checked") {
  const WebSocketClose none = read_close("", WebSocketSide::Server);
  CHECK(none.valid);
  CHECK(none.answer == 0);
  CHECK(none.error.message == "the client closed the WebSocket without a status code");

  CHECK(read_close("\x03", WebSocketSide::Client).answer == 1002);

  const WebSocketClose broken = read_close(close_payload(1000) + "\xC3(", WebSocketSide::Client);
  CHECK_FALSE(broken.valid);
  CHECK(broken.answer == 1007);
}

TEST_CASE("the reason is shown, without harm to a terminal") {
  const auto message = [](const std::string& reason) {
    return read_close(close_payload(1008) + reason, WebSocketSide::Client).error.message;
  };
  CHECK(message("not you") ==
        "the server closed the WebSocket: 1008, against the policy (\"not you\")");
  CHECK(message("gr\xC3\xBC\xC3\x9F") ==
        "the server closed the WebSocket: 1008, against the policy (\"gr\xC3\xBC\xC3\x9F\")");
  CHECK(message("a\x1B[31m\n").find("a\\x1b[31m\\x0a") != std::string::npos);
  CHECK(message("\xE2\x80\xAE").find("\\xe2\\x80\\xae") != std::string::npos);
}
