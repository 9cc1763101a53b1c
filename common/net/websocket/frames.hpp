// WebSocket frames (RFC 6455, section 5) through wslay's frame interface: one 4 KiB buffer,
// allocated on first use, given back between frames. Knows which frames MQTT allows; knows nothing
// of transports.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.hpp"

struct wslay_frame_context;
struct wslay_frame_iocb;

namespace mqtk {

enum class WebSocketSide : std::uint8_t { Client, Server };

enum class WebSocketOpcode : std::uint8_t {
  Continuation = 0,
  Text = 1,
  Binary = 2,
  Close = 8,
  Ping = 9,
  Pong = 10,
};

/// Where the octets of received frames come from.
class FrameSource {
 public:
  virtual ~FrameSource() = default;
  /// Fills at most `size` octets; 0: nothing more now.
  virtual std::size_t fill(char* buffer, std::size_t size) = 0;
};

class WebSocketFrames {
 public:
  enum class Event : std::uint8_t {
    NeedMore,  ///< the source ran dry
    Data,      ///< `octets` of binary messages, in order
    Ping,
    Pong,
    Close,      ///< `octets` is its payload
    Violation,  ///< violation() says what, close_code() how to answer; the end
  };

  /// `seed` must come from the system's random numbers: masks are made of it.
  WebSocketFrames(WebSocketSide side, std::uint64_t seed) : mask_state_(seed), side_(side) {}
  ~WebSocketFrames();
  WebSocketFrames(const WebSocketFrames&) = delete;
  WebSocketFrames& operator=(const WebSocketFrames&) = delete;

  /// `octets` stays valid until the next call of any other function.
  Event next(FrameSource& source, Bytes& octets);
  /// Appends one whole, final frame.
  void encode(WebSocketOpcode opcode, Bytes payload, std::string& out);

  const char* violation() const { return violation_; }
  std::uint16_t close_code() const { return close_code_; }

  /// Gives the buffer back unless part of a frame stands in it.
  void release();

 private:
  struct Glue;
  struct Freed {
    void operator()(wslay_frame_context* context) const;
  };

  wslay_frame_context* context();
  Event violate(const char* what, std::uint16_t code);
  /// Checks the header of a frame that begins; nullptr when it is allowed.
  const char* check_header(const wslay_frame_iocb& frame);

  std::unique_ptr<wslay_frame_context, Freed> context_;
  FrameSource* source_ = nullptr;  ///< only during next()
  std::string* out_ = nullptr;     ///< only during encode()
  std::string control_;            ///< payload of the control frame being received
  const char* violation_ = "";
  std::uint64_t mask_state_;
  std::uint64_t frame_offset_ = 0;
  std::size_t held_ = 0;  ///< octets in wslay's buffer
  std::uint16_t close_code_ = 1002;
  WebSocketSide side_;
  bool in_frame_ = false;
  bool in_message_ = false;
  bool dry_ = false;
};

}  // namespace mqtk
