#include "inspect/capture_trace.hpp"

#include <algorithm>

namespace mqtk::inspect {

namespace {

constexpr std::size_t kLongestHead = 64 * 1024;
constexpr std::size_t kLongestFrame = 512U << 20U;

struct FrameHead {
  std::size_t size = 0;  ///< 0: not complete
  bool last = true;
  unsigned opcode = 0;
  bool masked = false;
  std::uint64_t payload = 0;
};

FrameHead frame_head(Bytes data) {
  FrameHead out;
  if (data.size() < 2) return out;
  out.last = (u8(data[0]) & 0x80U) != 0;
  out.opcode = u8(data[0]) & 15U;
  out.masked = (u8(data[1]) & 0x80U) != 0;
  out.payload = u8(data[1]) & 0x7FU;
  std::size_t size = 2;
  if (out.payload == 126) {
    size = 4;
    if (data.size() >= size) out.payload = read_u16(data.data() + 2);
  } else if (out.payload == 127) {
    size = 10;
    if (data.size() >= size) {
      out.payload = (std::uint64_t{read_u32(data.data() + 2)} << 32U) | read_u32(data.data() + 6);
    }
  }
  if (out.masked) size += 4;
  if (data.size() >= size) out.size = size;
  return out;
}

}  // namespace

bool WebSocketOctets::feed(Bytes octets, std::string& out) {
  pending_ += octets;
  if (!upgraded_) {
    const auto end = pending_.find("\r\n\r\n");
    if (end == std::string::npos) return pending_.size() < kLongestHead;
    pending_.erase(0, end + 4);
    upgraded_ = true;
  }
  std::size_t at = 0;
  for (;;) {
    const Bytes rest = Bytes(pending_).substr(at);
    const FrameHead head = frame_head(rest);
    if (head.size == 0) break;
    if (head.payload > kLongestFrame) return false;
    if (rest.size() - head.size < head.payload) break;
    if (head.opcode == 1 || head.opcode == 2) data_ = head.opcode == 2;
    if (head.opcode == 2 || (head.opcode == 0 && data_)) {
      const Bytes payload = rest.substr(head.size, static_cast<std::size_t>(head.payload));
      const char* const mask = rest.data() + head.size - 4;
      for (std::size_t i = 0; i < payload.size(); ++i) {
        out += head.masked ? octet(u8(payload[i]) ^ unsigned{u8(mask[i % 4])}) : payload[i];
      }
    }
    at += head.size + static_cast<std::size_t>(head.payload);
  }
  pending_.erase(0, at);
  return true;
}

CaptureTrace::CaptureTrace(PacketSink sink) : sink_(std::move(sink)) {}

void CaptureTrace::said(const TcpStreams::Piece& piece) {
  Trace& trace = traces_[piece.connection];
  if (trace.kind == Kind::Unknown) {
    const std::uint8_t first = u8(piece.octets[0]);
    if (piece.octets.starts_with("GET ") || piece.octets.starts_with("HTTP/1.1 101")) {
      trace.kind = Kind::WebSocket;
    } else if (first == 0x16 || first == 0x17) {
      trace.kind = Kind::Tls;
      tls_servers_.insert(to_string(piece.server));
    } else if (piece.from_client ? first == 0x10 : first == 0x20) {
      trace.kind = Kind::Mqtt;
    } else if (piece.client.port == 1883 || piece.server.port == 1883) {
      // The middle of a connection; what is cut off at its beginning is reported as such.
      trace.kind = Kind::Mqtt;
    } else {
      trace.kind = Kind::Other;
      ++others_;
    }
    trace.packets = std::make_unique<TraceStream>(piece.connection, sink_);
  }
  const Side side = piece.from_client ? Side::Client : Side::Broker;
  if (trace.kind == Kind::Mqtt) {
    trace.packets->feed(side, piece.octets, piece.time);
  } else if (trace.kind == Kind::WebSocket) {
    std::string payload;
    WebSocketOctets& websocket = trace.websocket[static_cast<std::size_t>(side)];
    if (!websocket.feed(piece.octets, payload)) trace.kind = Kind::Other;
    trace.packets->feed(side, payload, piece.time);
  }
}

Result<void> CaptureTrace::read(Bytes content) {
  if (!is_capture(content)) {
    // Octets as they were sent by a client, or hex text of them.
    const auto octets = octets_of_hex(content);
    const std::string raw = octets ? *octets : std::string(content);
    const bool broker = !raw.empty() && u8(raw[0]) >> 4U == 2;
    traces_[1].packets = std::make_unique<TraceStream>(1, sink_);
    traces_[1].packets->feed(broker ? Side::Broker : Side::Client, raw, {});
    return {};
  }
  auto capture = read_capture(content);
  if (!capture) return fail(std::move(capture.error()));
  damage_ = capture->damage;
  TcpStreams streams([this](const TcpStreams::Piece& piece) { said(piece); });
  for (const CapturedFrame& frame : capture->frames) streams.add(frame);
  missing_ = streams.missing();
  return {};
}

std::vector<std::string> CaptureTrace::notes(const std::string& path) const {
  std::vector<std::string> out;
  for (const std::string& server : tls_servers_) {
    const std::string port = server.substr(server.rfind(':') + 1);
    out.push_back(
        "the connections to " + server +
        " are TLS; with the keys that --tls-keylog or SSLKEYLOGFILE has written: tshark -r " +
        path + " -o tls.keylog_file:KEYS -d tls.port==" + port + ",mqtt -Y mqtt -V");
  }
  if (others_ > 0) out.push_back(std::to_string(others_) + " connections are something else");
  if (missing_ > 0) {
    out.push_back(std::to_string(missing_) +
                  " octets were not captured; what follows them on their connection is not shown");
  }
  if (!damage_.empty()) out.push_back(damage_);
  return out;
}

std::optional<std::string> octets_of_hex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ':') continue;
    digits += c;
  }
  std::string out;
  if (digits.empty() || !from_hex(digits, out)) return std::nullopt;
  return out;
}

}  // namespace mqtk::inspect
