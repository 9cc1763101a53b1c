#include "server/sink.hpp"

#include <signal.h>

#include "server/loop_thread.hpp"
#include "support/catch.hpp"
#include "support/certs.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/raw_client.hpp"
#include "support/skipped.hpp"
#include "support/wait_until.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

Process start_sink(std::vector<std::string> words) {
  ProcessOptions options;
  options.argv = {built_program("mqtk_sink"), "--port", "0"};
  options.argv.insert(options.argv.end(), words.begin(), words.end());
  return Process(options);
}

bool has(const std::string& json, const std::string& field) {
  INFO(json);
  CHECK(json.find("\"" + field + ",") != std::string::npos);
  return true;
}

bool without_mosquitto_clients() {
  if (!find_program("mosquitto_pub").empty()) return false;
  say_skipped("mosquitto's clients are not installed");
  return true;
}

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

wire::Subscribe subscribe(wire::Qos qos) {
  wire::Subscribe packet;
  packet.packet_id = 1;
  packet.requests = {{.filter = "feed/+/#", .qos = qos}};
  return packet;
}

}  // namespace

TEST_CASE("sink: counts what mosquitto_pub sends") {
  if (without_mosquitto_clients()) return;
  for (const char* qos : {"0", "1", "2"}) {
    Process sink = start_sink({});
    const auto port = sink.wait_stdout_line(0);
    REQUIRE(port);
    ProcessOptions options;
    options.argv = {"mosquitto_pub", "-p", *port, "-q", qos, "-t", "t", "-l"};
    options.stdin_text = lines(1000);
    CHECK(run(options).ok());
    const ProcessResult result = sink.stop();
    CHECK(result.exit_code == 0);
    const std::string json = result.out.substr(result.out.find('\n') + 1);
    CHECK(has(json, std::string("qos") + qos + "\":1000"));
    CHECK(has(json, "messages\":1000"));
    CHECK(has(json, "connects\":1"));
    CHECK(has(json, "disconnects\":1"));
    CHECK(has(json, "malformed\":0"));
  }
}

TEST_CASE("sink: ends with the pipe on its standard input") {
  ProcessOptions options;
  options.argv = {built_program("mqtk_sink")};
  options.stdin_pipe = true;
  Process sink(options);
  REQUIRE(sink.wait_stdout_line(0));
  CHECK(sink.write_stdin("counts\n"));
  CHECK(sink.wait_stdout_line(1));
  CHECK(sink.running());
  sink.close_stdin();
  CHECK(sink.wait().exit_code == 0);
}

TEST_CASE("sink: feeds a subscription") {
  SinkOptions options;
  options.feed = 5000;
  options.feed_size = 700;
  options.feed_window = 7;
  Hosted<Sink> sink([&options](EventLoop& loop) { return std::move(*Sink::start(loop, options)); });
  const std::uint16_t port = sink.call([](Sink& object) { return object.port(); });
  for (const wire::Qos qos :
       {wire::Qos::AtMostOnce, wire::Qos::AtLeastOnce, wire::Qos::ExactlyOnce}) {
    RawClient client(port);
    CHECK(client.send(plain_connect(), wire::ProtocolVersion::V311));
    CHECK(client.receive_type() == "CONNACK");
    CHECK(client.send(subscribe(qos)));
    CHECK(client.receive_type() == "SUBACK");
    std::size_t got = 0;
    std::size_t completed = 0;
    while (completed < options.feed) {
      const std::string packet = client.receive();
      if (packet.empty()) break;
      wire::Framer framer;
      wire::Frame frame;
      Bytes input = packet;
      REQUIRE(framer.next(input, frame) == wire::Framer::Status::Frame);
      const auto decoded = wire::decode(frame, wire::ProtocolVersion::V311);
      REQUIRE(decoded);
      if (const auto* message = std::get_if<wire::Publish>(&*decoded)) {
        ++got;
        REQUIRE(message->topic == "feed/feed/feed");
        REQUIRE(message->payload.size() == 700);
        REQUIRE(message->qos == qos);
        if (qos == wire::Qos::AtMostOnce) {
          ++completed;
        } else if (qos == wire::Qos::AtLeastOnce) {
          ++completed;
          client.send(wire::PublishReply{wire::PacketType::Puback, message->packet_id});
        } else {
          client.send(wire::PublishReply{wire::PacketType::Pubrec, message->packet_id});
        }
      } else {
        const auto& reply = std::get<wire::PublishReply>(*decoded);
        REQUIRE(reply.type == wire::PacketType::Pubrel);
        ++completed;
        client.send(wire::PublishReply{wire::PacketType::Pubcomp, reply.packet_id});
      }
    }
    CHECK(got == options.feed);
    CHECK(completed == options.feed);
  }
  CHECK(sink.call([](Sink& object) { return object.counts().fed; }) == 3 * options.feed);
}

TEST_CASE("sink: feeds mosquitto_sub under MQTT 5") {
  if (without_mosquitto_clients()) return;
  Process sink = start_sink({"--feed", "2000", "--size", "10"});
  const auto port = sink.wait_stdout_line(0);
  REQUIRE(port);
  for (const char* qos : {"0", "1", "2"}) {
    const ProcessResult result = run(
        {"mosquitto_sub", "-V", "5", "-p", *port, "-q", qos, "-t", "t", "-C", "2000", "-W", "20"});
    INFO(result.err);
    CHECK(result.ok());
    CHECK(result.out.size() == 2000 * 11);
    CHECK(result.out.starts_with("abcdefghij\n"));
  }
}

TEST_CASE("sink: stands still after CONNACK when told to") {
  Process sink = start_sink({"--stall"});
  const auto port = sink.wait_stdout_line(0);
  REQUIRE(port);
  RawClient client(static_cast<std::uint16_t>(std::stoi(*port)));
  CHECK(client.send(plain_connect()));
  CHECK(client.receive_type() == "CONNACK");
  CHECK(client.send(wire::Pingreq{}));
  CHECK(client.receive_type(100ms).empty());
  const std::string out = sink.stop().out;
  CHECK(has(out, "connects\":1"));
  CHECK(has(out, "pings\":0"));
}

TEST_CASE("sink: ends connections that are no MQTT") {
  Hosted<Sink> sink([](EventLoop& loop) { return std::move(*Sink::start(loop, {})); });
  const std::uint16_t port = sink.call([](Sink& object) { return object.port(); });
  const std::string request = "GET / HTTP/1.1\r\nHost: " + std::string(70, 'x') + "\r\n\r\n";
  for (const Bytes octets : {Bytes("\x30\x80\x00", 3), Bytes(request), Bytes("\x32\x02\x00\x01", 4),
                             Bytes("\x36\x02\x00\x00", 4)}) {
    RawClient client(port);
    CHECK(client.send_raw(octets));
    CHECK(client.wait_end() != RawClient::End::None);
  }
  CHECK(sink.call([](Sink& object) { return object.counts().malformed; }) == 4);
  CHECK(sink.call([](Sink& object) { return object.counts().open; }) == 0);
}

TEST_CASE("sink: over TLS") {
  if (without_mosquitto_clients()) return;
  const Certs& certs = test_certs();
  Process sink = start_sink({"--cert", certs.server.certificate, "--key", certs.server.key});
  const auto port = sink.wait_stdout_line(0);
  REQUIRE(port);
  ProcessOptions options;
  options.argv = {"mosquitto_pub", "-p", *port, "--cafile", certs.ca, "-q", "1", "-t", "t", "-l"};
  options.stdin_text = lines(1000);
  const ProcessResult published = run(options);
  INFO(published.text());
  CHECK(published.ok());
  CHECK(has(sink.stop().out, "qos1\":1000"));
}

#ifdef MQTK_HAVE_WEBSOCKET
TEST_CASE("sink: over WebSocket") {
  Process sink = start_sink({"--ws"});
  const auto port = sink.wait_stdout_line(0);
  REQUIRE(port);
  RawClient client(static_cast<std::uint16_t>(std::stoi(*port)));
  CHECK(client.send_raw(
      "GET /mqtt HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
      "Sec-WebSocket-Protocol: mqtt\r\n\r\n"));
  std::string answer;
  while (!answer.ends_with("\r\n\r\n")) {
    const std::string octet = client.receive_octets(1);
    REQUIRE_FALSE(octet.empty());
    answer += octet;
  }
  CHECK(answer.starts_with("HTTP/1.1 101"));
  std::string connect;
  wire::encode(plain_connect(), connect);
  std::string frame("\x82", 1);
  frame += octet(0x80U + static_cast<unsigned>(connect.size()));
  frame += std::string(4, '\0') + connect;  // a mask that changes nothing
  CHECK(client.send_raw(frame));
  CHECK(client.receive_octets(6) == std::string("\x82\x04\x20\x02\x00\x00", 6));
}
#endif
