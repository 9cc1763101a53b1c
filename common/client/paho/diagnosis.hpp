// Why Paho did not get through: its own words are "TCP/TLS connect failure". The same way is gone
// once more with our own layers, up to where MQTT would begin, and what they say is told.
#pragma once

#include <functional>
#include <memory>

#include "net/connection.hpp"
#include "session/client_config.hpp"

namespace mqtk {

class PahoDiagnosis final : ConnectionListener {
 public:
  /// `found` gets the error, or nothing when the way is free; it may destroy this.
  using Found = std::function<void(std::optional<Error>)>;

  /// `plan` as for a connection; its time-outs are cut to kPatience.
  PahoDiagnosis(EventLoop& loop, ConnectPlan plan, Found found);
  ~PahoDiagnosis() override;

 private:
  /// For each phase; and how long an open connection may take to be refused after all, as TLS 1.3
  /// does with client certificates.
  static constexpr Duration kPatience = 2s;
  static constexpr Duration kLateRefusal = 300ms;

  void on_open() override;
  void on_data(Bytes) override { tell(std::nullopt); }
  Duration on_data_end(TimePoint) override { return 0ns; }
  void on_drained() override {}
  void on_lost(const Error& why) override;
  void tell(std::optional<Error> error);

  EventLoop& loop_;
  Connection connection_;
  Found found_;
  bool opened_ = false;
  std::optional<Error> error_;
  std::unique_ptr<Timer> late_;
  Deferred told_;
};

}  // namespace mqtk
