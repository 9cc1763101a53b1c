// The short exchange before a layer passes data (WebSocket upgrade, proxies), without I/O; a
// DialogueRunner moves its octets over a transport.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "net/transport.hpp"

namespace mqtk {

class Dialogue {
 public:
  enum class Step : std::uint8_t { Talk, Done, Failed };

  virtual ~Dialogue() = default;

  /// Appends what is to be said first; Failed when there is nothing sensible to say.
  virtual Step open(std::string& out) = 0;
  /// At most so many octets may be handed to the next feed(), so that none behind the dialogue are
  /// taken.
  virtual std::size_t wanted() const = 0;
  /// Takes what the peer said and appends the answer to `out`, which is sent even when this fails.
  virtual Step feed(Bytes input, std::string& out) = 0;
  /// The peer ended the connection (`lower` says how) before the dialogue was over.
  virtual Error ended(const Error& lower) const = 0;
  /// What has come so far, where that is text.
  virtual Bytes heard() const { return {}; }
  /// After Failed.
  virtual const Error& error() const = 0;
  /// After Done: octets behind the dialogue, which belong to the layer above.
  virtual std::string take_rest() { return {}; }
};

/// Whether `lower` says no more than that the peer closed the connection or reset it: whose that
/// was, and what it should have said, the dialogue knows better.
bool merely_closed(const Error& lower);

class DialogueRunner {
 public:
  /// See Transport::handshake().
  HandshakeStatus run(Dialogue& dialogue, Transport& lower);
  /// After Failed.
  const Error& error() const { return error_; }

 private:
  HandshakeStatus fail(Error error);

  std::string out_;
  std::size_t sent_ = 0;
  Dialogue::Step step_ = Dialogue::Step::Talk;
  bool opened_ = false;
  bool flushed_ = true;
  bool failed_ = false;
  Error error_;
};

}  // namespace mqtk
