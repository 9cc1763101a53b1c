// One connection through a Relay: two sockets and what flows between them.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "net/dialer.hpp"
#include "net/dns/resolver.hpp"
#include "net/stream.hpp"
#include "net/tcp_transport.hpp"
#include "support/packet_scanner.hpp"
#include "support/relay.hpp"

namespace mqtk {

class RelayConnection {
 public:
  RelayConnection(Relay& relay, std::uint64_t id, UniqueFd client);
  ~RelayConnection();
  RelayConnection(const RelayConnection&) = delete;
  RelayConnection& operator=(const RelayConnection&) = delete;

  void dial();
  /// Ends both sides now; what is held is dropped.
  void cut(RelayEnding ending);
  void half_close(RelayDirection direction);
  /// After a change of the relay's settings: looks again at what to wait for.
  void update();

 private:
  struct Side final : StreamUser {
    explicit Side(RelayConnection& whose);
    void on_stream_handshake() override {}
    void on_stream_data(Bytes data) override { owner.came(owner.flow_from(*this), data); }
    Duration on_stream_pause(TimePoint) override;
    void on_stream_writable() override { owner.update(); }
    void on_stream_end(StreamEnd how, const Error&) override { owner.side_ended(*this, how); }

    RelayConnection& owner;
    Stream stream;        ///< what it holds waits for this side to take it
    bool broken = false;  ///< it takes nothing any more
    bool shut = false;    ///< our direction is ended
  };
  struct Delayed {
    TimePoint due;
    std::string octets;
  };
  /// What flows from one side to the other.
  struct Flow {
    Flow(RelayDirection which, Side& source, Side& sink, std::size_t capture)
        : direction(which), from(source), to(sink), scanner(capture) {}
    RelayDirection direction;
    Side& from;
    Side& to;
    PacketScanner scanner;
    RelayRules::Verdict verdict{};
    std::string copy{};  ///< of the packet in passing, when it passes twice or later
    std::string held{};  ///< packets that pass after the next one
    std::deque<Delayed> delayed{};
    std::size_t delayed_size = 0;
    std::unique_ptr<Timer> timer{};
    TimePoint rests_until{};  ///< what a rate allows has passed
    std::unique_ptr<Timer> rest{};
    std::optional<RelayEnding> end{};  ///< the source has ended so
    bool discard = false;              ///< what still comes is dropped
  };
  enum class State : std::uint8_t { Dialing, Open, Cutting, Gone };

  Flow& flow(RelayDirection direction) { return flows_[static_cast<std::size_t>(direction)]; }
  Flow& flow_from(const Side& side) { return flows_[&side == &client_ ? 0 : 1]; }
  void attach(Side& side, UniqueFd fd);
  void dialed(Result<Dialed> result);
  void came(Flow& flow, Bytes octets);
  void side_ended(Side& side, StreamEnd how);
  void limit_reading(Flow& flow);
  void forward(Flow& flow, Bytes octets);
  bool begin_packet(Flow& flow);
  void end_packet(Flow& flow);
  void queue(Flow& flow, Bytes octets);
  void disorder(Flow& flow, const PacketScanner::Piece& piece);
  void release_due(Flow& flow);
  void write(Side& side);
  void pass_on_end(Flow& flow);
  void cut_when_sent(RelayEnding ending);
  void finish();
  void gone();
  std::size_t room(const Flow& flow) const;
  void rest(Flow& flow, std::size_t octets);
  bool reads(const Flow& flow) const;

  Relay& relay_;
  std::uint64_t id_;
  State state_ = State::Dialing;
  Side client_{*this};
  Side target_{*this};
  std::array<Flow, 2> flows_;
  std::unique_ptr<Resolver> resolver_;
  std::unique_ptr<Dialer> dialer_;
  std::unique_ptr<Timer> linger_;
  bool updating_ = false;
  bool greeted_ = false;  ///< the client's first octet has passed
  RelayEnding ending_ = RelayEnding::Fin;
  wire::ProtocolVersion version_ = wire::ProtocolVersion::V311;
};

}  // namespace mqtk
