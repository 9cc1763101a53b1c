// Messages that are to be published, kept in a file until the broker has them: what was accepted is
// there after a crash, a power loss, or days without the broker. SQLite does that, in a module. An
// object belongs to one thread; several processes may have the same file open.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "client/message.hpp"

namespace mqtk {

struct OutboxRecord {
  std::uint64_t number = 0;  ///< from 1, in the order of acceptance, never used again
  std::string topic;
  std::string payload;
  std::string properties;  ///< encoded, as PropertiesView::raw()
  wire::Qos qos = wire::Qos::AtMostOnce;
  bool retain = false;
  std::int64_t accepted_ms = 0;  ///< since the epoch
  std::uint16_t packet_id = 0;   ///< QoS 2: what it was, or was about to be, sent under
  bool released = false;         ///< QoS 2: the server had it
};

struct OutboxCounts {
  std::uint64_t accepted = 0;  ///< ever; the others add up to it with what waits
  std::uint64_t delivered = 0;
  std::uint64_t refused = 0;
  std::uint64_t expired = 0;
  std::uint64_t dropped = 0;  ///< to make room
  std::uint64_t octets = 0;   ///< of what waits, each message with kOutboxOverhead
  std::uint64_t waiting() const { return accepted - delivered - refused - expired - dropped; }
};

/// What a message counts besides its topic, payload and properties.
inline constexpr std::uint64_t kOutboxOverhead = 64;

/// Changes are gathered in a transaction that the first of them opens; they are on disk, and seen
/// by other processes, once commit() has returned.
class Outbox {
 public:
  enum class End : std::uint8_t { Delivered, Refused, Expired };

  virtual ~Outbox() = default;

  /// False: there is no room for it.
  virtual Result<bool> add(const OutgoingMessage& message, std::int64_t now_ms) = 0;
  /// Takes the oldest that are not under way out until `octets` are free; false: that is not
  /// enough.
  virtual Result<bool> drop_oldest(std::uint64_t octets) = 0;
  /// The record is about to be sent under this identifier; 0: it is not any more.
  virtual Result<void> assign(std::uint64_t number, std::uint16_t packet_id) = 0;
  virtual Result<void> release(std::uint64_t number) = 0;
  /// It is taken out.
  virtual Result<void> settle(std::uint64_t number, End end) = 0;
  virtual Result<void> commit() = 0;
  /// Work on the file that is due now and then and best done between transactions, since it takes
  /// as long as the disk does.
  virtual Result<void> tidy() = 0;
  /// Is there something to commit?
  virtual bool changed() const = 0;

  /// Records above `after` without an identifier, in order, up to `octets` of them but at least
  /// one.
  virtual Result<std::vector<OutboxRecord>> read(std::uint64_t after, std::uint64_t octets) = 0;
  /// Those with an identifier, in order.
  virtual Result<std::vector<OutboxRecord>> under_way() = 0;
  virtual Result<OutboxCounts> counts() = 0;
  /// When the oldest record was accepted.
  virtual Result<std::optional<std::int64_t>> oldest_ms() = 0;
  /// The client id that goes with the file: `proposal` when it has none yet.
  virtual Result<std::string> client_id(const std::string& proposal) = 0;
};

/// Opens or makes the file, which holds at most `limit` octets as OutboxCounts counts them.
Result<std::unique_ptr<Outbox>> open_outbox(const std::string& path, std::uint64_t limit);

}  // namespace mqtk
