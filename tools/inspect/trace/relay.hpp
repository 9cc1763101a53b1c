// A relay that shows what passes: it ends TLS and WebSocket of the client's side, opens them again
// towards the broker, and passes the octets between on unchanged, legal or not.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/output_file.hpp"
#include "inspect/trace/capture_file.hpp"
#include "inspect/trace/stream.hpp"
#include "options/run.hpp"
#include "output/writer.hpp"
#include "server/listener.hpp"
#include "server/peer.hpp"
#include "session/connect_plan.hpp"

namespace mqtk::inspect {

struct TraceRelayOptions {
  ListenAddress listen;
  PeerLayers layers;
  std::string capture;  ///< pcapng file; empty: none
  TraceFormat format;
};

/// "127.0.0.1:1884", "[::1]:1884", "localhost:1884", "1884".
std::optional<ListenAddress> parse_listen_address(std::string_view text);

class RelayLink;

class TraceRelay final : public Job {
 public:
  TraceRelay(EventLoop& loop, Host& host, ClientConfig broker, TraceRelayOptions options);
  ~TraceRelay() override;

  Result<void> open();
  void on_wake() override;
  void on_interrupt() override;
  void on_deadline(Duration) override { on_interrupt(); }

 private:
  friend class RelayLink;
  void accept(UniqueFd client);
  void show(const TracedPacket& packet);
  void captured(std::string_view blocks);
  Result<void> open_capture();
  /// A capture that cannot go on ends the run: it is what was asked for.
  void write_capture();
  void ended(std::uint64_t link);
  /// Nothing more is read while a slow reader of our output has not caught up.
  void hold(bool on);
  void flush();

  EventLoop& loop_;
  Host& host_;
  ClientConfig broker_;
  TraceRelayOptions options_;
  LazyTls broker_tls_;
  std::unique_ptr<Listener> listener_;
  std::map<std::uint64_t, std::unique_ptr<RelayLink>> links_;
  std::vector<std::uint64_t> ended_;
  std::uint64_t accepted_ = 0;
  std::optional<OutputFile> capture_;
  std::string blocks_;  ///< of the capture, not yet written
  bool held_ = false;
  Writer writer_;
  Deferred turn_;
};

}  // namespace mqtk::inspect
