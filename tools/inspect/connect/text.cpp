// A ConnectReport for people.
#include <algorithm>

#include "inspect/shared/connect_report.hpp"
#include "inspect/shared/probe_phases.hpp"
#include "output/terminal_text.hpp"

namespace mqtk::inspect {

namespace {

constexpr std::string_view kIndent = "                            ";

void append_line(std::string& out, std::string_view text) {
  out.append(kIndent).append(terminal_text(text)).append("\n");
}

void append_certificate(std::string& out, const CertificateInfo& certificate, std::size_t index) {
  append_line(out, (index == 0 ? "certificate " : "issued by   ") + certificate.subject);
  append_line(out, "  issuer " + certificate.issuer);
  if (!certificate.names.empty()) {
    std::string names;
    for (const std::string& name : certificate.names) names.append(" ").append(name);
    append_line(out, "  names" + names);
  }
  append_line(out, "  valid until " + certificate.not_after + ", " +
                       std::to_string(certificate.days_left) + " days left");
}

std::string value_text(const Fact& fact) {
  if (const auto* text = std::get_if<std::string>(&fact.value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&fact.value)) return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&fact.value)) return *flag ? "yes" : "no";
  std::string out;
  for (const std::string& one : std::get<std::vector<std::string>>(fact.value)) {
    out.append(out.empty() ? "" : ", ").append(one);
  }
  return out;
}

}  // namespace

std::string chain_text(const TlsInfo& tls) {
  std::string out;
  for (std::size_t i = 0; i < tls.chain.size(); ++i) append_certificate(out, tls.chain[i], i);
  return out;
}

std::string phase_text(const PhaseReport& phase, const ConnectReport& report) {
  std::string out = phase.verdict == Verdict::Ok       ? "ok      "
                    : phase.verdict == Verdict::Failed ? "FAILED  "
                                                       : "skipped ";
  std::string name = phase.name;
  std::ranges::replace(name, '_', ' ');
  const std::string took = phase.verdict == Verdict::Skipped ? "" : milliseconds(phase.took);
  out += name + std::string(name.size() < 13 ? 13 - name.size() : 1, ' ');
  out += std::string(took.size() < 10 ? 10 - took.size() : 0, ' ') + took + "  ";
  out += terminal_text(phase.text) + "\n";
  if (phase.name == "tls" && report.tls) out += chain_text(*report.tls);
  if (phase.name == "websocket") {
    for (const Fact& fact : phase.details) {
      if (fact.name.starts_with("header_")) {
        append_line(out, fact.name.substr(7) + ": " + value_text(fact));
      }
    }
  }
  if (phase.name == "connect" && report.connack) {
    for (const Fact& fact : report.connack->properties) {
      append_line(out, fact.name + " " + value_text(fact));
    }
  }
  return out;
}

std::string verdict_text(const ConnectReport& report) {
  std::string out;
  const auto line = [&out](std::string_view label, std::string_view text) {
    out.append(label).append(8 - label.size(), ' ').append(terminal_text(text)).append("\n");
  };
  for (const std::string& note : report.notes) line("note", note);
  if (report.ok()) {
    line("result", "everything works, " + milliseconds(report.total) + " in all");
    return out;
  }
  line("cause", std::string(name(report.error->cause)) +
                    (report.error->cause == Cause::None ? "" : ": ") + report.error->message);
  for (const std::string& evidence : report.evidence) line("seen", evidence);
  for (const VariantReport& variant : report.variants) {
    line("tried",
         variant.change + ": " +
             (variant.ok ? "works"
                         : std::string(name(variant.cause)) + " (" + variant.message + ")"));
  }
  if (!report.error->hint.empty()) line("next", report.error->hint);
  return out;
}

}  // namespace mqtk::inspect
