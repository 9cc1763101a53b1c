// Plays one Script over one connection, in the loop of its peer.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>

#include "server/peer.hpp"
#include "support/script.hpp"

namespace mqtk {

/// Whom a player tells what happens; called in the loop's thread.
class ScriptAudience {
 public:
  virtual ~ScriptAudience() = default;
  virtual void accepted() = 0;
  virtual void received(std::size_t connection, wire::ProtocolVersion version, Bytes octets) = 0;
  virtual void mismatch(std::string text) = 0;
  /// A script has come to its end, good or bad.
  virtual void played() = 0;
};

class ScriptPlayer : private PeerListener {
 public:
  /// `counts`: its end is told by played().
  ScriptPlayer(EventLoop& loop, UniqueFd fd, const Script& script, ScriptAudience& audience,
               std::size_t number, bool counts);
  /// A script that is not at its end by then is a mismatch.
  ~ScriptPlayer() override;
  void start(const PeerLayers& layers);

 private:
  void on_open(Peer& peer) override;
  void on_frame(Peer& peer, const wire::Frame& frame) override;
  void on_batch_end(Peer& peer) override;
  void on_end(Peer& peer, const Error& why) override;

  bool at_end() const { return step_ >= script_.steps().size(); }
  const ScriptStep& step() const { return script_.steps()[step_]; }
  void advance();
  /// Plays one step; false when it has to wait, or all is over.
  bool play();
  bool play_expect();
  bool play_expect_end();
  bool play_serve();
  void call(const ScriptStep::Action& action);
  void send(const ScriptStep& step);
  bool answer_ping();
  std::size_t version_index() const;
  void differ(const std::string& text);
  void end();

  const Script& script_;
  ScriptAudience& audience_;
  std::size_t number_;
  bool counts_;
  std::size_t step_ = 0;
  bool playing_ = false;
  bool waiting_ = false;  ///< for a delay
  bool over_ = false;
  std::deque<std::string> inbox_;
  std::string last_;  ///< the packet received last
  Timer timer_;
  Peer peer_;
};

/// Decodes a whole packet.
wire::Decoded<wire::Packet> decode_whole(Bytes packet, wire::ProtocolVersion version);

}  // namespace mqtk
