#include "inspect/trace/capture_trace.hpp"

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

class GapFinder final : public TcpListener {
 public:
  explicit GapFinder(std::set<std::uint64_t>& connections) : connections_(connections) {}

 private:
  void on_piece(const Piece& piece) override {
    if (piece.missing > 0) connections_.insert(piece.connection);
  }
  void on_ending(std::uint64_t, bool, Ending, WallTime) override {}

  std::set<std::uint64_t>& connections_;
};

std::string counted(std::uint64_t count, std::string_view one, std::string_view more) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : more);
}

struct FileMagic {
  std::string_view begins;
  std::string_view what;
  std::string_view unpacked_by;  ///< empty: nothing of ours is in it
};

constexpr FileMagic kOtherFiles[] = {
    {"\x1F\x8B", "compressed with gzip", "gzip -dc"},
    {"\x28\xB5\x2F\xFD", "compressed with zstd", "zstd -dc"},
    {"\xFD"
     "7zXZ",
     "compressed with xz", "xz -dc"},
    {"BZh", "compressed with bzip2", "bzip2 -dc"},
    {"\x04\x22\x4D\x18", "compressed with lz4", "lz4 -dc"},
    {"PK\x03\x04", "a zip archive", "unzip -p"},
    {"snoop", "a capture in the format of snoop", "editcap -F pcap"},
    {"GMBU", "a capture in the format of Network Monitor", "editcap -F pcap"},
    {"XCP", "a capture in the format of a Sniffer", "editcap -F pcap"},
    {"\x7F"
     "ELF",
     "a program", ""},
    {"\x89PNG", "a picture", ""},
};

bool is_text(Bytes content) {
  return std::ranges::all_of(content, [](char c) {
    return u8(c) >= 0x20 ? u8(c) != 0x7F : c == '\n' || c == '\r' || c == '\t' || c == '\f';
  });
}

/// An error when these octets cannot be what a client or a broker has sent.
Result<void> refuse_no_packets(Bytes content) {
  constexpr std::string_view kWanted =
      "--read takes a capture (pcap, pcapng), octets of MQTT, or these as hex text without offsets";
  if (content.empty()) {
    return fail(ErrorKind::BadInput, "there is nothing to read: it is empty", std::string(kWanted));
  }
  for (const FileMagic& file : kOtherFiles) {
    if (!content.starts_with(file.begins)) continue;
    return fail(ErrorKind::BadInput, "this is " + std::string(file.what) + ", no capture",
                file.unpacked_by.empty() ? std::string(kWanted)
                : file.unpacked_by.starts_with("editcap")
                    ? "convert it: " + std::string(file.unpacked_by) + " FILE capture.pcap"
                    : "unpack it: " + std::string(file.unpacked_by) +
                          " FILE | mqtt-inspect trace --read -");
  }
  // Every packet of MQTT but an empty one has a length or a count that no text has.
  if (is_text(content)) {
    return fail(ErrorKind::BadInput, "this is text, neither a capture nor octets of MQTT",
                std::string(kWanted));
  }
  if (u8(content[0]) >> 4U == 0) {
    return fail(ErrorKind::BadInput, "this is neither a capture nor MQTT: no packet begins so",
                std::string(kWanted));
  }
  return {};
}

/// "connection #1", "connections #1, #3"; of many, the first.
std::string numbered(const std::set<std::uint64_t>& connections) {
  constexpr std::size_t kMost = 10;
  std::string out = connections.size() == 1 ? "connection" : "connections";
  std::size_t shown = 0;
  for (const std::uint64_t each : connections) {
    if (++shown > kMost) {
      return out + " and " + std::to_string(connections.size() - kMost) + " more";
    }
    out += (shown == 1 ? " #" : ", #") + std::to_string(each);
  }
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

CaptureTrace::Kind CaptureTrace::kind_of(const Piece& piece) {
  if (piece.octets.empty()) return Kind::Unknown;
  const std::uint8_t first = u8(piece.octets[0]);
  if (piece.octets.starts_with("GET ") || piece.octets.starts_with("HTTP/1.1 101")) {
    return Kind::WebSocket;
  }
  if (first == 0x16 || first == 0x17) {
    tls_servers_.insert(to_string(piece.server));
    return Kind::Tls;
  }
  // On the port of MQTT it is MQTT also in the middle of a connection.
  if ((piece.from_client ? first == 0x10 : first == 0x20) || piece.client.port == 1883 ||
      piece.server.port == 1883) {
    return Kind::Mqtt;
  }
  ++others_;
  return Kind::Other;
}

void CaptureTrace::on_piece(const Piece& piece) {
  Trace& trace = traces_[piece.connection];
  const Side side = piece.from_client ? Side::Client : Side::Broker;
  const auto index = static_cast<std::size_t>(side);
  if (trace.kind == Kind::Unknown) {
    trace.kind = kind_of(piece);
    trace.packets = std::make_unique<TraceStream>(piece.connection, sink_);
    if (incomplete_.contains(piece.connection)) trace.packets->incomplete();
    if (trace.kind == Kind::Mqtt && !piece.begun) {
      late_.insert(piece.connection);
      trace.packets->no_beginning(piece.time);
    }
  }
  if (piece.missing > 0 && (trace.kind == Kind::Mqtt || trace.kind == Kind::WebSocket)) {
    missing_ += piece.missing;
    with_gaps_.insert(piece.connection);
    trace.packets->skip(side, piece.missing, piece.time);
    trace.lost[index] = trace.kind == Kind::WebSocket;
  }
  if (piece.octets.empty()) return;
  if (trace.kind == Kind::Mqtt) {
    trace.packets->feed(side, piece.octets, piece.time);
  } else if (trace.kind == Kind::WebSocket && trace.lost[index]) {
    unshown_ += piece.octets.size();
  } else if (trace.kind == Kind::WebSocket) {
    std::string payload;
    if (!trace.websocket[index].feed(piece.octets, payload)) trace.kind = Kind::Other;
    trace.packets->feed(side, payload, piece.time);
  }
}

void CaptureTrace::on_ending(std::uint64_t connection, bool from_client, Ending how,
                             WallTime time) {
  const auto found = traces_.find(connection);
  if (found == traces_.end() || !found->second.packets) return;
  const Side side = from_client ? Side::Client : Side::Broker;
  const std::string_view why = how == Ending::Closed  ? "the connection was closed"
                               : how == Ending::Reset ? "the connection was reset"
                                                      : "the capture ends";
  Trace& trace = found->second;
  trace.packets->end(side, why, time);
  const auto index = static_cast<std::size_t>(side);
  const std::size_t pending = trace.websocket[index].pending();
  if (trace.kind == Kind::WebSocket && !trace.lost[index] && pending > 0) {
    trace.packets->end_in_frame(side, why, pending, time);
  }
}

Result<void> CaptureTrace::read(Bytes content) {
  if (!is_capture(content)) {
    // Octets as they were sent by a client, or hex text of them.
    const auto octets = octets_of_hex(content);
    if (!octets) {
      if (auto refused = refuse_no_packets(content); !refused) return refused;
    }
    const std::string raw = octets ? *octets : std::string(content);
    const bool broker = u8(raw[0]) >> 4U == 2;
    traces_[1].packets = std::make_unique<TraceStream>(1, sink_);
    const Side side = broker ? Side::Broker : Side::Client;
    traces_[1].packets->feed(side, raw, {});
    traces_[1].packets->end(side, "the input ends", {});
    return {};
  }
  auto capture = read_capture(content);
  if (!capture) return fail(std::move(capture.error()));
  damage_ = capture->damage;
  from_capture_ = true;
  // An answer may stand before what is known to be missing: gaps are found first.
  GapFinder finder(incomplete_);
  TcpStreams first_look(finder);
  for (const CapturedFrame& frame : capture->frames) first_look.add(frame);
  first_look.finish();
  TcpStreams streams(*this);
  for (const CapturedFrame& frame : capture->frames) streams.add(frame);
  streams.finish();
  cut_frames_ = streams.cut_frames();
  passed_ = streams.passed();
  frames_ = capture->frames.size();
  return judge_passed();
}

// A capture of which nothing can be read is no input for this.
Result<void> CaptureTrace::judge_passed() const {
  std::uint64_t unknown = 0;
  std::string what;
  for (const auto& [passed, count] : passed_) {
    if (passed.why != PassedOver::Why::LinkType) continue;
    unknown += count;
    what += (what.empty() ? "" : ", ") + to_string(passed).substr(3);
  }
  if (unknown == 0 || unknown < frames_) return {};
  return fail(ErrorKind::BadInput,
              "no packet of this capture can be decoded: " + counted(unknown, "packet", "packets") +
                  " of " + what,
              "capture IP at an interface of the client or the broker");
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
  if (others_ > 0) {
    out.push_back(counted(others_, "connection is", "connections are") + " something else");
  }
  if (!late_.empty()) {
    out.push_back(numbered(late_) + ": the beginning was not captured");
  }
  if (missing_ > 0) {
    out.push_back(numbered(with_gaps_) + ": " + counted(missing_, "octet was", "octets were") +
                  " not captured; rules about what may follow what are not judged there");
  }
  if (unshown_ > 0) {
    out.push_back(counted(unshown_, "octet", "octets") +
                  " of WebSocket behind a gap cannot be told apart and are not shown");
  }
  if (cut_frames_ > 0) {
    out.push_back(counted(cut_frames_, "frame was", "frames were") +
                  " captured in part only: record with a larger snapshot length (tcpdump -s 0)");
  }
  std::string passed_over;
  for (const auto& [passed, count] : passed_) {
    passed_over +=
        (passed_over.empty() ? "passed over: " : ", ") +
        (passed_over.empty() ? counted(count, "packet", "packets") : std::to_string(count)) + " " +
        to_string(passed);
  }
  if (!passed_over.empty()) out.push_back(std::move(passed_over));
  if (!damage_.empty()) out.push_back(damage_);
  if (from_capture_ && traces_.empty()) {
    out.push_back("no MQTT was found in " + counted(frames_, "packet", "packets"));
  }
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
