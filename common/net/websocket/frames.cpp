#include "net/websocket/frames.hpp"

#include <wslay/wslay.h>

#include <cstring>
#include <new>

namespace mqtk {

namespace {

/// splitmix64: enough for masks, which only keep naive intermediaries from misreading our octets.
std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

std::size_t header_size(const wslay_frame_iocb& frame) {
  const std::size_t length = frame.payload_length < 126     ? 0U
                             : frame.payload_length < 65536 ? 2U
                                                            : 8U;
  return 2 + length + (frame.mask != 0 ? 4U : 0U);
}

}  // namespace

/// What wslay calls back.
struct WebSocketFrames::Glue {
  static ssize_t send(const std::uint8_t* data, std::size_t size, int, void* self) {
    static_cast<WebSocketFrames*>(self)->out_->append(reinterpret_cast<const char*>(data), size);
    return static_cast<ssize_t>(size);
  }
  static ssize_t receive(std::uint8_t* buffer, std::size_t size, int, void* self) {
    auto& frames = *static_cast<WebSocketFrames*>(self);
    const std::size_t got = frames.source_->fill(reinterpret_cast<char*>(buffer), size);
    frames.dry_ = got == 0;
    frames.held_ += got;
    return got == 0 ? -1 : static_cast<ssize_t>(got);
  }
  static int mask(std::uint8_t* buffer, std::size_t size, void* self) {
    const std::uint64_t random = next_random(static_cast<WebSocketFrames*>(self)->mask_state_);
    std::memcpy(buffer, &random, size < sizeof random ? size : sizeof random);
    return 0;
  }
};

void WebSocketFrames::Freed::operator()(wslay_frame_context* context) const {
  wslay_frame_context_free(context);
}

WebSocketFrames::~WebSocketFrames() = default;

wslay_frame_context* WebSocketFrames::context() {
  if (!context_) {
    const wslay_frame_callbacks callbacks = {&Glue::send, &Glue::receive, &Glue::mask};
    wslay_frame_context* made = nullptr;
    if (wslay_frame_context_init(&made, &callbacks, this) != 0) throw std::bad_alloc();
    context_.reset(made);
  }
  return context_.get();
}

void WebSocketFrames::release() {
  if (held_ == 0 && !in_frame_) context_.reset();
  if (!in_frame_) control_ = std::string();
}

void WebSocketFrames::encode(WebSocketOpcode opcode, Bytes payload, std::string& out) {
  wslay_frame_iocb frame = {};
  frame.fin = 1;
  frame.opcode = static_cast<std::uint8_t>(opcode);
  frame.mask = side_ == WebSocketSide::Client ? 1 : 0;
  frame.payload_length = payload.size();
  frame.data = reinterpret_cast<const std::uint8_t*>(payload.data());
  frame.data_length = payload.size();
  out_ = &out;
  // Our send callback takes everything, so one call writes the whole frame.
  wslay_frame_send(context(), &frame);
  out_ = nullptr;
}

WebSocketFrames::Event WebSocketFrames::violate(const char* what, std::uint16_t code) {
  violation_ = what;
  close_code_ = code;
  return Event::Violation;
}

const char* WebSocketFrames::check_header(const wslay_frame_iocb& frame) {
  close_code_ = 1002;
  if (frame.rsv != 0) return "a frame with reserved bits set";
  if (side_ == WebSocketSide::Client && frame.mask != 0) return "a masked frame from a server";
  if (side_ == WebSocketSide::Server && frame.mask == 0) return "an unmasked frame from a client";
  switch (static_cast<WebSocketOpcode>(frame.opcode)) {
    case WebSocketOpcode::Continuation:
      return in_message_ ? nullptr : "a continuation without a message";
    case WebSocketOpcode::Text:
      close_code_ = 1003;
      return "a text message, where MQTT wants binary ones";
    case WebSocketOpcode::Binary:
      return in_message_ ? "a new message before the end of the last one" : nullptr;
    case WebSocketOpcode::Close:
    case WebSocketOpcode::Ping:
    case WebSocketOpcode::Pong:
      return nullptr;
  }
  return "a frame with a reserved opcode";
}

WebSocketFrames::Event WebSocketFrames::next(FrameSource& source, Bytes& octets) {
  source_ = &source;
  for (;;) {
    wslay_frame_iocb frame = {};
    dry_ = false;
    const ssize_t got = wslay_frame_recv(context(), &frame);
    if (got == WSLAY_ERR_WANT_READ) {
      if (dry_) return Event::NeedMore;
      continue;  // it asks the source but once a call
    }
    if (got < 0)
      return violate("a control frame in pieces, or a length that RFC 6455 does not allow", 1002);

    if (!in_frame_) {
      held_ -= header_size(frame);
      frame_offset_ = 0;
      control_.clear();
      if (const char* wrong = check_header(frame)) return violate(wrong, close_code_);
    }
    const auto size = static_cast<std::size_t>(got);
    held_ -= size;
    frame_offset_ += size;
    in_frame_ = frame_offset_ < frame.payload_length;
    const Bytes payload(reinterpret_cast<const char*>(frame.data), size);
    const auto opcode = static_cast<WebSocketOpcode>(frame.opcode);
    if (opcode == WebSocketOpcode::Binary || opcode == WebSocketOpcode::Continuation) {
      in_message_ = frame.fin == 0 || in_frame_;
      if (payload.empty()) continue;
      octets = payload;
      return Event::Data;
    }
    control_.append(payload);
    if (in_frame_) continue;
    octets = control_;
    if (opcode == WebSocketOpcode::Ping) return Event::Ping;
    if (opcode == WebSocketOpcode::Pong) return Event::Pong;
    return Event::Close;
  }
}

}  // namespace mqtk
