// A ConnectReport as JSON.
#include <nlohmann/json.hpp>

#include "inspect/shared/connect_report.hpp"

namespace mqtk::inspect {

namespace {

using Json = nlohmann::ordered_json;

Json facts_json(const Facts& facts) {
  Json out = Json::object();
  for (const Fact& fact : facts) {
    std::visit([&](const auto& value) { out[fact.name] = value; }, fact.value);
  }
  return out;
}

double ms(Duration duration) {
  return static_cast<double>(duration / 1us) / 1000.0;
}

Json phase_json(const PhaseReport& phase) {
  Json out;
  out["name"] = phase.name;
  if (phase.verdict == Verdict::Skipped) {
    out["skipped"] = true;
  } else {
    out["ok"] = phase.verdict == Verdict::Ok;
    out["ms"] = ms(phase.took);
  }
  out["text"] = phase.text;
  out["details"] = facts_json(phase.details);
  return out;
}

Json tls_json(const TlsInfo& tls) {
  Json out;
  if (!tls.version.empty()) out["version"] = tls.version;
  if (!tls.cipher.empty()) out["cipher"] = tls.cipher;
  if (!tls.alpn.empty()) out["alpn"] = tls.alpn;
  out["verified"] = tls.verified;
  if (!tls.verify_result.empty()) out["verification"] = tls.verify_result;
  out["client_certificate_requested"] = tls.client_certificate_requested;
  out["chain"] = Json::array();
  for (const CertificateInfo& certificate : tls.chain) {
    Json entry;
    entry["subject"] = certificate.subject;
    entry["issuer"] = certificate.issuer;
    entry["san"] = certificate.names;
    entry["not_before"] = certificate.not_before;
    entry["not_after"] = certificate.not_after;
    entry["days_left"] = certificate.days_left;
    out["chain"].push_back(std::move(entry));
  }
  return out;
}

Json variant_json(const VariantReport& variant) {
  Json out;
  out["change"] = variant.change;
  out["option"] = variant.option;
  out["ok"] = variant.ok;
  if (variant.ok) return out;
  out["cause"] = name(variant.cause);
  out["message"] = variant.message;
  return out;
}

void add_outcome(Json& out, const ConnectReport& report) {
  out["ok"] = report.ok();
  if (report.error) {
    out["cause"] = name(report.error->cause);
    out["message"] = report.error->message;
    if (!report.error->hint.empty()) out["hint"] = report.error->hint;
  }
  out["exit_code"] = report.exit_code();
}

}  // namespace

std::string report_json(const ConnectReport& report) {
  Json out;
  out["schema"] = "mqtt-inspect.connect/1";
  out["target"] = report.target;
  out["client_id"] = report.client_id;
  out["protocol"] = report.version;
  add_outcome(out, report);
  out["total_ms"] = ms(report.total);
  out["phases"] = Json::array();
  for (const PhaseReport& phase : report.phases) out["phases"].push_back(phase_json(phase));
  out["addresses"] = Json::array();
  for (const AddressReport& address : report.addresses) {
    Json entry = {{"address", address.address}, {"outcome", address.outcome}};
    if (address.took > 0ns) entry["ms"] = ms(address.took);
    out["addresses"].push_back(std::move(entry));
  }
  if (!report.evidence.empty()) out["evidence"] = report.evidence;
  if (!report.notes.empty()) out["notes"] = report.notes;
  out["variants"] = Json::array();
  for (const VariantReport& variant : report.variants) {
    out["variants"].push_back(variant_json(variant));
  }
  if (report.tls) out["tls"] = tls_json(*report.tls);
  if (report.connack) {
    Json connack;
    connack["code"] = report.connack->code;
    connack["reason"] = report.connack->reason;
    connack["session_present"] = report.connack->session_present;
    connack["properties"] = facts_json(report.connack->properties);
    out["connack"] = std::move(connack);
  }
  return out.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace mqtk::inspect
