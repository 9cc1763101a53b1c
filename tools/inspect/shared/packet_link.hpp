// A connection on which packets are sent as they are given, legal or not, and answers are waited
// for one by one: what a probe of a broker's behaviour needs and no client may do. Only the
// acknowledgements of received messages are sent by itself.
#pragma once

#include <coroutine>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "net/connection.hpp"
#include "options/run.hpp"
#include "session/connect_plan.hpp"
#include "wire/codec.hpp"

namespace mqtk::inspect {

/// How a probe reaches the broker; shared by all links.
struct Route {
  ClientConfig config;  ///< endpoint, TLS, WebSocket, proxy and time-outs
  LazyTls tls;
  Credentials credentials;
  wire::ProtocolVersion version = wire::ProtocolVersion::V311;
  Report* debug = nullptr;
};

/// What the links to `endpoint` need: TLS files are read, credentials are asked for.
Result<void> settle(Route& route, const Endpoint& endpoint);

/// An answer, or its absence.
struct Answer {
  enum class Kind : std::uint8_t { Packet, Closed, Overdue };
  Kind kind = Kind::Overdue;
  wire::PacketType type = wire::PacketType::Connack;
  /// CONNACK, PUBACK, PUBREC, the first of a SUBACK; of DISCONNECT when Closed; 0: none.
  std::uint8_t code = 0;
  bool session_present = false;
  bool retain = false;
  wire::Qos qos = wire::Qos::AtMostOnce;
  std::string topic;
  std::string payload;
  std::string properties;  ///< encoded

  bool is_packet() const { return kind == Kind::Packet; }
  bool accepted() const { return is_packet() && code < 0x80; }
  wire::PropertiesView view() const { return wire::PropertiesView(properties); }
};

class PacketLink final : ConnectionListener {
 public:
  PacketLink(EventLoop& loop, Route& route);
  ~PacketLink() override;

  /// Connects, with the route's credentials and version unless the packet says otherwise.
  void open(wire::Connect connect, std::string client_id,
            std::optional<wire::ProtocolVersion> version = {});
  void send(const wire::Packet& packet);
  void send_raw(Bytes octets);
  /// DISCONNECT and close, or a close without a word.
  void leave();
  void drop();
  void acknowledge(bool on) { acknowledging_ = on; }
  wire::ProtocolVersion version() const { return version_; }
  bool closed() const { return closed_; }

  /// `co_await link.next(type, limit)`: the next packet of that type, those of other types before
  /// it stay; Closed when the connection ends without one.
  struct Wait {
    PacketLink& link;
    wire::PacketType type;
    Duration limit;
    bool await_ready() const { return link.ready_for(type); }
    void await_suspend(std::coroutine_handle<> handle) { link.wait_for(type, limit, handle); }
    Answer await_resume() { return link.take(type); }
  };
  Wait next(wire::PacketType type, Duration limit) { return {*this, type, limit}; }

 private:
  void on_open() override;
  void on_data(Bytes data) override;
  Duration on_data_end(TimePoint) override { return 0ns; }
  void on_drained() override {}
  void on_lost(const Error& why) override;

  void handle(const wire::Frame& frame);
  void reply(wire::PacketType type, std::uint16_t packet_id);
  bool ready_for(wire::PacketType type) const;
  void wait_for(wire::PacketType type, Duration limit, std::coroutine_handle<> handle);
  Answer take(wire::PacketType type);
  void resume();

  Route& route_;
  Connection connection_;
  wire::Framer framer_;
  std::optional<ConnectionLog> log_;
  std::string greeting_;  ///< the encoded CONNECT
  wire::ProtocolVersion version_;
  std::deque<Answer> answers_;
  bool acknowledging_ = true;
  bool closed_ = false;
  std::uint8_t disconnect_code_ = 0;
  wire::PacketType awaited_ = wire::PacketType::Connack;
  std::coroutine_handle<> waiting_;
  Deferred wake_;
  Timer overdue_;
};

}  // namespace mqtk::inspect
