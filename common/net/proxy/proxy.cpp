#include "net/proxy/proxy.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "net/chain.hpp"
#include "net/proxy/dialogue.hpp"

namespace mqtk {

namespace {

class ProxyTransport final : public Transport {
 public:
  ProxyTransport(std::unique_ptr<Transport> lower, std::unique_ptr<Dialogue> dialogue)
      : lower_(std::move(lower)), opening_(std::make_unique<Opening>()) {
    opening_->dialogue = std::move(dialogue);
  }

  HandshakeStatus handshake() override {
    if (!opening_) return error_ ? HandshakeStatus::Failed : HandshakeStatus::Done;
    const HandshakeStatus status = opening_->runner.run(*opening_->dialogue, *lower_);
    if (status == HandshakeStatus::Failed) {
      error_ = std::make_unique<Error>(opening_->runner.error());
    } else if (status == HandshakeStatus::Done) {
      early_ = opening_->dialogue->take_rest();
    } else {
      return status;
    }
    opening_.reset();
    return status;
  }

  IoResult read(char* buffer, std::size_t size) override {
    if (!ready()) return {IoStatus::Failed, 0};
    if (early_.empty()) return lower_->read(buffer, size);
    const std::size_t part = std::min(size, early_.size());
    std::memcpy(buffer, early_.data(), part);
    early_.erase(0, part);
    if (!early_.empty()) return {IoStatus::Ok, part};
    early_ = std::string();
    if (part == size) return {IoStatus::Ok, part};
    // A short count would say that the layer below has nothing.
    const IoResult more = lower_->read(buffer + part, size - part);
    return {IoStatus::Ok, part + (more.status == IoStatus::Ok ? more.bytes : 0)};
  }

  IoResult write(Bytes data) override {
    return ready() ? lower_->write(data) : IoResult{IoStatus::Failed, 0};
  }
  IoResult flush() override { return lower_->flush(); }
  bool wants_write() const override { return lower_->wants_write(); }
  void shutdown() override { lower_->shutdown(); }
  const Error& error() const override { return error_ ? *error_ : lower_->error(); }
  void release_buffers() override { lower_->release_buffers(); }
  void describe(ChainFacts& facts) const override {
    if (opening_) facts.heard = opening_->dialogue->heard();
    lower_->describe(facts);
  }

 private:
  /// Only until the way is through.
  struct Opening {
    std::unique_ptr<Dialogue> dialogue;
    DialogueRunner runner;
  };

  bool ready() const { return !opening_ && !error_; }

  std::unique_ptr<Transport> lower_;
  std::unique_ptr<Opening> opening_;
  std::string early_;  ///< octets that came with the proxy's last answer
  std::unique_ptr<Error> error_;
};

}  // namespace

std::unique_ptr<Transport> make_proxy_transport(std::unique_ptr<Transport> lower,
                                                const ProxyConfig& proxy, const std::string& host,
                                                std::uint16_t port) {
  std::unique_ptr<Dialogue> dialogue;
  if (proxy.kind == ProxyKind::Socks5) {
    dialogue = std::make_unique<Socks5Dialogue>(proxy, host, port);
  } else {
    dialogue = std::make_unique<HttpConnectDialogue>(proxy, host, port);
  }
  return std::make_unique<ProxyTransport>(std::move(lower), std::move(dialogue));
}

}  // namespace mqtk
