#include "support/scripted_broker.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "server/loop_thread.hpp"
#include "support/script_player.hpp"

namespace mqtk {

wire::Decoded<wire::Packet> ScriptedBroker::Received::packet() const {
  return decode_whole(octets, version);
}

/// What the broker's thread writes and others ask for.
struct ScriptedBroker::Shared : ScriptAudience {
  void accepted() override {
    change([this] { ++connections; });
  }
  void received(std::size_t connection, wire::ProtocolVersion version, Bytes octets) override {
    const auto type = static_cast<wire::PacketType>(u8(octets[0]) >> 4U);
    Received packet{connection, monotonic_now(), type, version, std::string(octets)};
    change([this, &packet] { packets.push_back(std::move(packet)); });
  }
  void mismatch(std::string text) override {
    change([this, &text] { mismatches.push_back(std::move(text)); });
  }
  void played() override {
    change([this] { ++scripts_played; });
  }

  template <typename Change>
  void change(Change make) {
    const std::lock_guard lock(mutex);
    make();
    changed.notify_all();
  }
  template <typename Condition>
  bool wait(Duration deadline, Condition condition) const {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, deadline, condition);
  }

  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  std::size_t connections = 0;
  std::size_t scripts_played = 0;
  std::vector<Received> packets;
  std::vector<std::string> mismatches;
};

/// What lives in the broker's thread.
class ScriptedBroker::Stage {
 public:
  Stage(Shared& shared, const ScriptedBrokerOptions& options) : shared_(shared) {
    layers_ = options.layers;
    Error why;
    thread_.run([this, &options, &why] {
      auto listener = Listener::open(thread_.loop(), options.listen,
                                     [this](UniqueFd fd) { accept(std::move(fd)); });
      if (listener) {
        listener_ = std::move(*listener);
        listener_->pause_accepting(true);
      } else {
        why = listener.error();
      }
    });
    if (!listener_) throw std::runtime_error(why.message);
    port_ = listener_->port();
  }

  ~Stage() {
    thread_.run([this] {
      listener_.reset();
      players_.clear();
    });
  }

  void start() {
    thread_.run([this] { listener_->pause_accepting(false); });
  }

  std::uint16_t port() const { return port_; }

  std::deque<Script> scripts;
  std::unique_ptr<Script> further;

 private:
  void accept(UniqueFd fd) {
    const std::size_t number = players_.size() + 1;
    shared_.accepted();
    const Script* script = number <= scripts.size() ? &scripts[number - 1] : further.get();
    if (script == nullptr) {
      shared_.mismatch("connection " + std::to_string(number) + " was not expected");
      return;
    }
    const bool counts = number <= scripts.size();
    players_.push_back(std::make_unique<ScriptPlayer>(thread_.loop(), std::move(fd), *script,
                                                      shared_, number, counts));
    players_.back()->start(layers_);
  }

  Shared& shared_;
  PeerLayers layers_;
  std::uint16_t port_ = 0;
  LoopThread thread_;
  std::unique_ptr<Listener> listener_;
  std::vector<std::unique_ptr<ScriptPlayer>> players_;
};

ScriptedBroker::ScriptedBroker(const ScriptedBrokerOptions& options)
    : shared_(std::make_unique<Shared>()),
      stage_(std::make_unique<Stage>(*shared_, options)),
      port_(stage_->port()) {}

ScriptedBroker::~ScriptedBroker() = default;

Script& ScriptedBroker::connection() {
  return stage_->scripts.emplace_back();
}

Script& ScriptedBroker::further_connections() {
  stage_->further = std::make_unique<Script>();
  return *stage_->further;
}

void ScriptedBroker::start() {
  stage_->start();
}

bool ScriptedBroker::finish(Duration deadline) {
  if (stage_) {
    const std::size_t wanted = stage_->scripts.size();
    shared_->wait(deadline, [this, wanted] {
      return shared_->scripts_played >= wanted || !shared_->mismatches.empty();
    });
    if (const std::size_t came = connections(); came < wanted) {
      shared_->mismatch("only " + std::to_string(came) + " of " + std::to_string(wanted) +
                        " connections came");
    }
    stage_.reset();
  }
  const std::lock_guard lock(shared_->mutex);
  return shared_->mismatches.empty();
}

std::vector<ScriptedBroker::Received> ScriptedBroker::received() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->packets;
}

std::string ScriptedBroker::received_types(std::size_t connection) const {
  std::string text;
  for (const Received& packet : received()) {
    if (packet.connection != connection) continue;
    if (!text.empty()) text += ' ';
    text += wire::name(packet.type);
  }
  return text;
}

std::size_t ScriptedBroker::connections() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->connections;
}

bool ScriptedBroker::wait_connections(std::size_t count, Duration deadline) const {
  return shared_->wait(deadline, [this, count] { return shared_->connections >= count; });
}

bool ScriptedBroker::wait_received(wire::PacketType type, std::size_t count,
                                   Duration deadline) const {
  return shared_->wait(deadline, [this, type, count] {
    std::size_t seen = 0;
    for (const Received& packet : shared_->packets) seen += packet.type == type ? 1U : 0U;
    return seen >= count;
  });
}

std::vector<std::string> ScriptedBroker::mismatches() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->mismatches;
}

std::string ScriptedBroker::report() const {
  std::string text;
  for (const std::string& mismatch : mismatches()) text += mismatch + "\n";
  return text;
}

}  // namespace mqtk
