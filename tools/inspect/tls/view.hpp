// One TLS handshake, and what the server's certificates say: nothing of MQTT is sent.
#pragma once

#include <optional>
#include <string>

#include "options/run.hpp"
#include "session/connect_plan.hpp"

namespace mqtk::inspect {

struct TlsLimits {
  Duration warn = 21 * 24h;  ///< a certificate that is valid for less is reported
  Duration crit = 7 * 24h;
};

enum class TlsVerdict : std::uint8_t { Ok, Warning, Critical, Failed };
/// "ok", "warning", "critical", "failed".
std::string_view name(TlsVerdict verdict);

struct TlsReport {
  std::string target;
  std::string address;  ///< that answered; empty: none
  std::optional<TlsInfo> tls;
  Duration handshake = -1ns;  ///< negative: it did not take place
  std::optional<Error> error;
  TlsLimits limits;

  /// Of the certificate that ends first; nullopt without certificates.
  std::optional<std::int64_t> days_left() const;
  TlsVerdict verdict() const;
  int exit_code() const;
};

std::string tls_text(const TlsReport& report);
/// mqtt-inspect.tls/1
std::string tls_json(const TlsReport& report);

class TlsView final : public Job, ConnectionListener {
 public:
  /// `config` has an endpoint that uses TLS.
  TlsView(EventLoop& loop, Host& host, ClientConfig config, TlsLimits limits, bool json);

  void start();
  void on_interrupt() override;
  void on_deadline(Duration) override { on_interrupt(); }

 private:
  void on_open() override;
  void on_data(Bytes) override {}
  Duration on_data_end(TimePoint) override { return 0ns; }
  void on_drained() override {}
  void on_losing() override { note_layers(); }
  void on_lost(const Error& why) override;

  void note_layers();
  void conclude();

  Host& host_;
  ClientConfig config_;
  TlsReport report_;
  bool json_;
  LazyTls tls_;
  Connection connection_;
  Timer alert_;  ///< a server may refuse the client's certificate only after the handshake
};

}  // namespace mqtk::inspect
