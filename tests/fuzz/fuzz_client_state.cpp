// A client driven by the input: the first octet chooses the version, then each operation is an
// octet and what it needs. However the server behaves, tokens are acknowledged at most once, the
// window holds, and everything that is sent is legal.
#include <algorithm>
#include <set>
#include <string>

#include "fuzz/fuzz.hpp"
#include "protocol/client_state.hpp"

namespace {

using namespace mqtk;

class Driver : ClientStateListener {
 public:
  Driver(Bytes input, wire::ProtocolVersion version)
      : input_(input), state_(settings(version), *this, out_) {}

  void run() {
    while (!input_.empty()) {
      step();
      MQTK_FUZZ_REQUIRE(state_.inflight() <= kWindow);
      check_output();
    }
  }

 private:
  static constexpr std::uint16_t kWindow = 4;

  static SessionSettings settings(wire::ProtocolVersion version) {
    SessionSettings settings;
    settings.version = version;
    settings.client_id = "c";
    settings.clean_start = false;
    settings.max_inflight = kWindow;
    settings.max_packet_size = 10'000;
    settings.topic_alias_maximum = 2;
    return settings;
  }

  unsigned take_octet() {
    if (input_.empty()) return 0;
    const unsigned value = u8(input_[0]);
    input_.remove_prefix(1);
    return value;
  }

  void step() {
    const unsigned operation = take_octet();
    switch (operation % 8) {
      case 0:
        lose();
        state_.connection_opened(now_);
        open_ = true;
        break;
      case 1: {
        const std::size_t wanted = take_octet();
        const std::size_t size = std::min(wanted, input_.size());
        const test::ExactCopy piece(input_.substr(0, size));
        input_.remove_prefix(size);
        if (open_ && !state_.feed(piece.bytes(), now_)) {
          MQTK_FUZZ_REQUIRE(state_.fault().has_value() && !state_.fault()->what.empty());
          check_output();
          lose();
        }
        break;
      }
      case 2: {
        ClientState::Outgoing message;
        message.topic = "t";
        message.payload = "payload";
        message.qos = static_cast<wire::Qos>(operation / 8 % 3);
        const auto accept = state_.publish(message, next_token_, now_);
        if (accept == ClientState::Accept::Sent) ++next_token_;
        MQTK_FUZZ_REQUIRE(state_.connected() || accept == ClientState::Accept::NotConnected);
        break;
      }
      case 3:
        if (state_.connected()) state_.subscribe({{"a"}, {"b/#"}}, 1, {}, now_);
        break;
      case 4:
        if (state_.connected()) state_.unsubscribe({"a"}, 2, {}, now_);
        break;
      case 5:
        now_ += std::chrono::seconds(take_octet());
        if (!state_.tick(now_,
                         operation / 8 % 2 == 0 ? out_.consumed_total() : out_.appended_total())) {
          check_output();
          lose();
        }
        break;
      case 6:
        lose();
        break;
      case 7:
        state_.disconnect();
        break;
    }
  }

  void lose() {
    out_.clear();
    state_.connection_lost();
    open_ = false;
  }

  // What was appended consists of whole, legal packets.
  void check_output() {
    std::string sent;
    while (!out_.empty()) {
      sent.append(out_.front());
      out_.consume(out_.front().size());
    }
    wire::Framer framer;
    Bytes rest = sent;
    wire::Frame frame;
    while (framer.next(rest, frame) == wire::Framer::Status::Frame) {
      MQTK_FUZZ_REQUIRE(wire::decode(frame, state_.settings().version).has_value());
    }
    MQTK_FUZZ_REQUIRE(framer.pending() == 0 && rest.empty());
  }

  void on_connack(const wire::Connack&) override {}
  void on_message(const wire::Publish& message) override {
    MQTK_FUZZ_REQUIRE(!message.topic.empty());
  }
  void on_acknowledged(std::uint64_t token, wire::ReasonCode, TimePoint) override {
    MQTK_FUZZ_REQUIRE(token < next_token_);
    MQTK_FUZZ_REQUIRE(acknowledged_.insert(token).second);
  }
  void on_suback(std::uint64_t, Bytes codes) override { MQTK_FUZZ_REQUIRE(codes.size() == 2); }
  void on_unsuback(std::uint64_t, Bytes) override {}
  void on_server_disconnect(const wire::Disconnect&) override {}

  Bytes input_;
  TimePoint now_{std::chrono::seconds(1)};
  SendQueue out_;
  ClientState state_;
  bool open_ = false;
  std::uint64_t next_token_ = 0;
  std::set<std::uint64_t> acknowledged_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  constexpr wire::ProtocolVersion kVersions[] = {
      wire::ProtocolVersion::V31, wire::ProtocolVersion::V311, wire::ProtocolVersion::V5};
  const Bytes input(reinterpret_cast<const char*>(data + 1), size - 1);
  Driver(input, kVersions[data[0] % 3]).run();
  return 0;
}
