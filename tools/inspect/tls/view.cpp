#include "inspect/tls/view.hpp"

#include <algorithm>

#include "inspect/shared/connect_report.hpp"
#include "inspect/shared/json_text.hpp"
#include "inspect/shared/probe_phases.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::inspect {

namespace {

/// With TLS 1.3 our handshake is over before the server has looked at our certificate.
constexpr Duration kAlertComes = 300ms;

// Only the TLS below a WebSocket is wanted.
ClientConfig without_websocket(ClientConfig config) {
  for (Endpoint& endpoint : config.endpoints) {
    if (endpoint.scheme == Scheme::Wss) endpoint.scheme = Scheme::Mqtts;
  }
  return config;
}

}  // namespace

std::string_view name(TlsVerdict verdict) {
  switch (verdict) {
    case TlsVerdict::Ok:
      return "ok";
    case TlsVerdict::Warning:
      return "warning";
    case TlsVerdict::Critical:
      return "critical";
    case TlsVerdict::Failed:
      break;
  }
  return "failed";
}

std::optional<std::int64_t> TlsReport::days_left() const {
  if (!tls || tls->chain.empty()) return std::nullopt;
  return std::ranges::min_element(tls->chain, {}, &CertificateInfo::days_left)->days_left;
}

TlsVerdict TlsReport::verdict() const {
  if (error) return TlsVerdict::Failed;
  const auto days = days_left();
  if (!days) return TlsVerdict::Ok;
  // A certificate that ends tomorrow has zero whole days left and is below "1d".
  const Duration left = std::clamp<std::int64_t>(*days, -36'500, 36'500) * Duration(24h);
  if (left < limits.crit) return TlsVerdict::Critical;
  return left < limits.warn ? TlsVerdict::Warning : TlsVerdict::Ok;
}

int TlsReport::exit_code() const {
  if (error) return mqtk::exit_code(error->kind);
  return verdict() == TlsVerdict::Critical ? mqtk::exit_code(ErrorKind::Failed) : 0;
}

TlsView::TlsView(EventLoop& loop, Host& host, ClientConfig config, TlsLimits limits, bool json)
    : host_(host),
      config_(without_websocket(std::move(config))),
      json_(json),
      connection_(loop, *this),
      alert_(loop, [this] { conclude(); }) {
  report_.target = to_string(config_.endpoints.front());
  report_.limits = limits;
}

void TlsView::start() {
  connection_.open(connect_plan(config_, config_.endpoints.front(), tls_));
}

void TlsView::note_layers() {
  report_.tls = connection_.facts().tls;
  report_.address = connection_.peer_address();
  report_.handshake = connection_.timings().phase[static_cast<int>(Phase::Tls)];
  if (report_.handshake < 0ns && connection_.phase() == Phase::Tls) {
    report_.handshake = connection_.phase_elapsed();
  }
}

void TlsView::on_open() {
  note_layers();
  if (report_.tls && report_.tls->client_certificate_requested) {
    alert_.after(kAlertComes);
  } else {
    alert_.after(0ns);
  }
}

void TlsView::on_lost(const Error& why) {
  // A server may well close a connection on which nobody speaks.
  if (!alert_.pending() || why.kind == ErrorKind::Tls) report_.error = why;
  alert_.after(0ns);
}

void TlsView::conclude() {
  connection_.close();
  const int printed = print_and_exit_code(json_ ? tls_json(report_) : tls_text(report_));
  if (report_.error) host_.report().error(*report_.error);
  host_.finish(printed != 0 ? printed : report_.exit_code());
}

void TlsView::on_interrupt() {
  connection_.close();
  host_.finish(0);
}

std::string tls_text(const TlsReport& report) {
  std::string out(name(report.verdict()));
  out.resize(10, ' ');
  if (report.tls && !report.tls->version.empty()) {
    out += report.tls->version + ", " + report.tls->cipher;
    if (!report.tls->alpn.empty()) out += ", ALPN " + terminal_text(report.tls->alpn);
    out += ", " + terminal_text(report.tls->verify_result);
  } else {
    out += report.error ? terminal_text(report.error->message) : "";
  }
  if (report.handshake >= 0ns) out += ", handshake " + milliseconds(report.handshake);
  out += '\n';
  if (report.tls) {
    if (report.tls->client_certificate_requested)
      out += "          a client certificate is asked for\n";
    out += chain_text(*report.tls);
  }
  if (const auto days = report.days_left(); days && report.verdict() != TlsVerdict::Ok) {
    out += "          the first certificate to end has " + std::to_string(*days) + " days left\n";
  }
  return out;
}

std::string tls_json(const TlsReport& report) {
  JsonText json("mqtt-inspect.tls/1");
  json.add("target", report.target);
  if (!report.address.empty()) json.add("address", report.address);
  json.outcome(report.error ? &*report.error : nullptr);
  json.add("verdict", name(report.verdict())).add("exit_code", report.exit_code());
  if (report.handshake >= 0ns) json.milliseconds("handshake_ms", report.handshake);
  if (const auto days = report.days_left()) json.add("days_left", *days);
  if (report.tls) {
    const TlsInfo& tls = *report.tls;
    if (!tls.version.empty()) json.add("version", tls.version).add("cipher", tls.cipher);
    if (!tls.alpn.empty()) json.add("alpn", tls.alpn);
    json.add("verified", tls.verified);
    if (!tls.verify_result.empty()) json.add("verification", tls.verify_result);
    json.add("client_certificate_requested", tls.client_certificate_requested);
    json.begin_list("chain");
    for (const CertificateInfo& each : tls.chain) {
      json.begin().add("subject", each.subject).add("issuer", each.issuer);
      json.list("san", each.names);
      json.add("not_before", each.not_before).add("not_after", each.not_after);
      json.add("days_left", each.days_left).end();
    }
    json.end();
  }
  return json.line();
}

}  // namespace mqtk::inspect
