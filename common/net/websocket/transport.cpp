// The WebSocket layer itself: upgrade, then frames.
#include "net/websocket/module.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/random.hpp"
#include "net/chain.hpp"
#include "net/websocket/close.hpp"
#include "net/websocket/frames.hpp"
#include "net/websocket/upgrade.hpp"

namespace mqtk {

namespace {

/// Payload of one frame, and about what is held encoded until the layer below takes it.
constexpr std::size_t kMaxFrame = 64 * 1024;
constexpr std::size_t kMaxHeld = 64 * 1024;
/// New frames are cut only with that much room, so that a slow peer does not get tiny ones.
constexpr std::size_t kMinRoom = kMaxHeld / 2;
/// With at least that much room the caller's buffer is read into directly.
constexpr std::size_t kMinDirect = 8 * 1024;

std::uint64_t to_seed(const std::string& bytes) {
  return std::uint64_t{read_u32(bytes.data())} << 32 | read_u32(bytes.data() + 4);
}

class WebSocketLayer final : public WebSocketTransport {
 public:
  WebSocketLayer(std::unique_ptr<Transport> lower, WebSocketSide side, std::uint64_t seed)
      : lower_(std::move(lower)), frames_(side, seed), side_(side) {}

  void use(std::unique_ptr<ClientUpgrade> upgrade) { start(std::move(upgrade)); }
  void use(std::unique_ptr<ServerUpgrade> upgrade) { start(std::move(upgrade)); }

  HandshakeStatus handshake() override;
  IoResult read(char* buffer, std::size_t size) override;
  IoResult write(Bytes data) override;
  IoResult flush() override;
  bool wants_write() const override { return held() > 0 || lower_->wants_write(); }
  void shutdown() override;
  const Error& error() const override;
  void release_buffers() override;
  const WebSocketInfo& info() const override { return info_; }
  void describe(ChainFacts& facts) const override {
    facts.websocket = info_;
    if (opening_) facts.heard = opening_->dialogue->heard();
    lower_->describe(facts);
  }

 private:
  /// The upgrade, only until it is over.
  struct Opening {
    std::unique_ptr<Dialogue> dialogue;
    const WebSocketInfo* info = nullptr;
    DialogueRunner runner;
  };

  /// Feeds wslay: first what came with the upgrade, then what the layer below has. Large reads go
  /// to the free end of the caller's buffer; what is made of them, always shorter, is moved to its
  /// front.
  class Input;

  template <typename Upgrade>
  void start(std::unique_ptr<Upgrade> upgrade) {
    opening_ = std::make_unique<Opening>();
    opening_->info = &upgrade->info();
    opening_->dialogue = std::move(upgrade);
  }

  std::size_t held() const { return out_.size() - out_sent_; }
  void answer_close(Bytes payload);
  void violate(const char* what, std::uint16_t code);
  void end(IoStatus status, Error error);
  IoResult push();
  void send_close(std::uint16_t code);

  std::unique_ptr<Transport> lower_;
  std::unique_ptr<Opening> opening_;
  WebSocketFrames frames_;
  WebSocketInfo info_;
  std::string early_;  ///< octets that came with the upgrade
  std::string out_;    ///< encoded frames
  std::size_t out_sent_ = 0;
  Bytes pending_;  ///< received payload that the caller had no room for, in wslay's buffer
  std::unique_ptr<std::string> owed_pong_;  ///< for the latest ping, while the peer takes nothing
  std::unique_ptr<Error> error_;
  IoStatus ended_ = IoStatus::Ok;  ///< Closed or Failed: what read() answers from now on
  WebSocketSide side_;
  bool open_ = false;
  bool close_sent_ = false;
  bool shutdown_wanted_ = false;  ///< the layer below is shut down when all is sent
  bool shutdown_done_ = false;
};

class WebSocketLayer::Input final : public FrameSource {
 public:
  Input(WebSocketLayer& layer, char* buffer, std::size_t size, const std::size_t& filled)
      : layer_(layer), buffer_(buffer), size_(size), filled_(filled) {}

  std::size_t fill(char* to, std::size_t room) override {
    if (!layer_.early_.empty()) {
      const std::size_t part = std::min(room, layer_.early_.size());
      std::memcpy(to, layer_.early_.data(), part);
      layer_.early_.erase(0, part);
      if (layer_.early_.empty()) layer_.early_ = std::string();
      return part;
    }
    if (begin_ == end_) {
      if (dry_) return 0;
      const std::size_t free = size_ - filled_;
      if (free < kMinDirect) return fetch(to, room);
      begin_ = filled_;
      end_ = filled_ + fetch(buffer_ + filled_, free);
    }
    const std::size_t part = std::min(room, end_ - begin_);
    if (part > 0) std::memcpy(to, buffer_ + begin_, part);
    begin_ += part;
    return part;
  }

 private:
  std::size_t fetch(char* to, std::size_t room) {
    const IoResult got = layer_.lower_->read(to, room);
    if (got.status == IoStatus::Closed || got.status == IoStatus::Failed) {
      layer_.end(got.status, layer_.lower_->error());
    }
    const std::size_t bytes = got.status == IoStatus::Ok ? got.bytes : 0;
    dry_ = bytes < room;
    return bytes;
  }

  WebSocketLayer& layer_;
  char* buffer_;
  std::size_t size_;
  const std::size_t& filled_;  ///< octets at the front of the buffer that are the caller's already
  std::size_t begin_ = 0;      ///< octets in the buffer that wslay has not seen
  std::size_t end_ = 0;
  bool dry_ = false;
};

HandshakeStatus WebSocketLayer::handshake() {
  if (!opening_) return open_ ? HandshakeStatus::Done : HandshakeStatus::Failed;
  const HandshakeStatus status = opening_->runner.run(*opening_->dialogue, *lower_);
  if (status != HandshakeStatus::Done && status != HandshakeStatus::Failed) return status;
  info_ = *opening_->info;
  if (status == HandshakeStatus::Done) {
    early_ = opening_->dialogue->take_rest();
    open_ = true;
  } else {
    end(IoStatus::Failed, opening_->runner.error());
  }
  opening_.reset();
  return status;
}

void WebSocketLayer::end(IoStatus status, Error error) {
  if (ended_ != IoStatus::Ok) return;
  ended_ = status;
  error_ = std::make_unique<Error>(std::move(error));
}

const Error& WebSocketLayer::error() const {
  return error_ ? *error_ : lower_->error();
}

void WebSocketLayer::send_close(std::uint16_t code) {
  if (close_sent_) return;
  close_sent_ = true;
  owed_pong_.reset();
  frames_.encode(WebSocketOpcode::Close, close_payload(code), out_);
}

void WebSocketLayer::answer_close(Bytes payload) {
  WebSocketClose close = read_close(payload, side_);
  send_close(close.answer);
  end(close.valid ? IoStatus::Closed : IoStatus::Failed, std::move(close.error));
}

void WebSocketLayer::violate(const char* what, std::uint16_t code) {
  send_close(code);
  shutdown_wanted_ = true;
  end(IoStatus::Failed, {ErrorKind::ProtocolViolation,
                         Cause::WsProtocol,
                         std::string("the peer broke the WebSocket protocol: ") + what,
                         {}});
}

IoResult WebSocketLayer::read(char* buffer, std::size_t size) {
  std::size_t filled = 0;
  bool answered = false;
  Input input(*this, buffer, size, filled);
  while (filled < size) {
    if (!pending_.empty()) {
      const std::size_t part = std::min(pending_.size(), size - filled);
      std::memcpy(buffer + filled, pending_.data(), part);
      pending_.remove_prefix(part);
      filled += part;
      continue;
    }
    if (ended_ != IoStatus::Ok || !open_) break;
    Bytes octets;
    const WebSocketFrames::Event event = frames_.next(input, octets);
    if (event == WebSocketFrames::Event::NeedMore) break;
    switch (event) {
      case WebSocketFrames::Event::Data:
        pending_ = octets;
        break;
      case WebSocketFrames::Event::Ping:
        if (close_sent_) break;
        if (held() < kMaxHeld) {
          frames_.encode(WebSocketOpcode::Pong, octets, out_);
        } else {
          owed_pong_ = std::make_unique<std::string>(octets);
        }
        answered = true;
        break;
      case WebSocketFrames::Event::Close:
        answer_close(octets);
        answered = true;
        break;
      case WebSocketFrames::Event::Violation:
        violate(frames_.violation(), frames_.close_code());
        answered = true;
        break;
      case WebSocketFrames::Event::Pong:
      case WebSocketFrames::Event::NeedMore:
        break;
    }
  }
  if (answered) flush();
  if (filled > 0 || size == 0) return {IoStatus::Ok, filled};
  if (ended_ != IoStatus::Ok) return {ended_, 0};
  return {IoStatus::WouldBlock, 0};
}

IoResult WebSocketLayer::push() {
  for (;;) {
    while (held() > 0) {
      const IoResult wrote = lower_->write(Bytes(out_).substr(out_sent_));
      if (wrote.status == IoStatus::WouldBlock) return {IoStatus::WouldBlock, 0};
      if (wrote.status != IoStatus::Ok) {
        end(wrote.status, lower_->error());
        return {wrote.status, 0};
      }
      out_sent_ += wrote.bytes;
    }
    out_.clear();
    out_sent_ = 0;
    if (!owed_pong_) return {IoStatus::Ok, 0};
    frames_.encode(WebSocketOpcode::Pong, *owed_pong_, out_);
    owed_pong_.reset();
  }
}

IoResult WebSocketLayer::write(Bytes data) {
  if (!open_ || close_sent_ || ended_ == IoStatus::Failed) return {IoStatus::Failed, 0};
  std::size_t taken = 0;
  while (taken < data.size()) {
    if (kMaxHeld - std::min(kMaxHeld, held()) < std::min(kMinRoom, data.size() - taken)) {
      const IoResult pushed = push();
      if (pushed.status == IoStatus::Closed || pushed.status == IoStatus::Failed) return pushed;
      if (held() > kMaxHeld - kMinRoom) break;
    }
    if (out_sent_ > 0) {
      out_.erase(0, out_sent_);
      out_sent_ = 0;
    }
    const std::size_t part = std::min({data.size() - taken, kMaxFrame, kMaxHeld - held()});
    // At once for large frames; small ones grow the buffer by doubling.
    if (part > kMaxFrame / 4) out_.reserve(out_.size() + part + 14);
    frames_.encode(WebSocketOpcode::Binary, data.substr(taken, part), out_);
    taken += part;
  }
  if (taken == 0 && !data.empty()) return {IoStatus::WouldBlock, 0};
  return {IoStatus::Ok, taken};
}

IoResult WebSocketLayer::flush() {
  const IoResult pushed = push();
  if (pushed.status != IoStatus::Ok) return pushed;
  if (shutdown_wanted_ && !shutdown_done_) {
    shutdown_done_ = true;
    lower_->shutdown();
  }
  return lower_->flush();
}

void WebSocketLayer::shutdown() {
  if (open_ && ended_ != IoStatus::Failed) send_close(1000);
  shutdown_wanted_ = true;
  flush();
}

void WebSocketLayer::release_buffers() {
  if (held() == 0) {
    out_ = std::string();
    out_sent_ = 0;
  }
  if (pending_.empty()) frames_.release();
  lower_->release_buffers();
}

Unexpected<Error> no_random() {
  return fail(ErrorKind::Failed, "the system gives no random numbers");
}

}  // namespace

Result<std::unique_ptr<WebSocketTransport>> make_wslay_client(std::unique_ptr<Transport> lower,
                                                              const WebSocketConfig& config,
                                                              const std::string& authority) {
  if (const char* wrong = check_websocket_config(config)) {
    return fail(ErrorKind::Usage, std::string("WebSocket: ") + wrong);
  }
  const auto random = random_octets(24);
  if (!random) return no_random();
  auto layer = std::make_unique<WebSocketLayer>(std::move(lower), WebSocketSide::Client,
                                                to_seed(random->substr(16)));
  layer->use(std::make_unique<ClientUpgrade>(config, authority, random->substr(0, 16)));
  return std::unique_ptr<WebSocketTransport>(std::move(layer));
}

Result<std::unique_ptr<WebSocketTransport>> make_wslay_server(std::unique_ptr<Transport> lower) {
  // A server's frames carry no mask, so there is no seed.
  auto layer = std::make_unique<WebSocketLayer>(std::move(lower), WebSocketSide::Server, 0);
  layer->use(std::make_unique<ServerUpgrade>());
  return std::unique_ptr<WebSocketTransport>(std::move(layer));
}

}  // namespace mqtk
