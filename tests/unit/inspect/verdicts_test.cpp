// The verdicts of acl, session, tls and caps, without a broker.
#include <nlohmann/json.hpp>

#include "inspect/acl/acl.hpp"
#include "inspect/caps/probes.hpp"
#include "inspect/session/report.hpp"
#include "inspect/tls/view.hpp"
#include "support/catch.hpp"

namespace mqtk::inspect {

namespace {

using Json = nlohmann::json;

AclRow row(Finding subscribe, Finding publish, Finding receive) {
  return {"f/#", "f/x", {subscribe, ""}, {publish, ""}, {receive, ""}};
}

TlsReport chain_of(std::initializer_list<std::int64_t> days) {
  TlsReport report;
  report.tls.emplace();
  for (const std::int64_t left : days) {
    report.tls->chain.push_back({"CN=a", "CN=b", {"DNS:a"}, "2026-01-01", "2027-01-01", left});
  }
  return report;
}

Capability capability(std::string name, Finding finding, std::string observed = "") {
  return {std::move(name), finding, std::move(observed), ""};
}

}  // namespace

TEST_CASE("acl: the topic that stands for a filter") {
  CHECK(topic_for("a/b", "x") == "a/b");
  CHECK(topic_for("a/+/c", "x") == "a/x/c");
  CHECK(topic_for("a/#", "x") == "a/x");
  CHECK(topic_for("#", "x") == "x");
  CHECK(topic_for("+/+", "x") == "x/x");
  CHECK(topic_for("$share/group/a/+", "x") == "a/x");
}

TEST_CASE("acl: one refusal denies, uncertainty does not") {
  CHECK_FALSE(row(Finding::Yes, Finding::Yes, Finding::Yes).denied());
  CHECK(row(Finding::No, Finding::Yes, Finding::NotTested).denied());
  CHECK(row(Finding::Yes, Finding::No, Finding::NotTested).denied());
  CHECK(row(Finding::Yes, Finding::Yes, Finding::No).denied());
  CHECK_FALSE(row(Finding::Yes, Finding::Unclear, Finding::NotTested).denied());
  AclReport report;
  report.rows = {row(Finding::Yes, Finding::NotTested, Finding::No)};
  report.rows[0].receive.text = "nothing arrives";
  const Json json = Json::parse(acl_json(report));
  CHECK(json["schema"] == "mqtt-inspect.acl/1");
  CHECK(json["filters"][0]["denied"] == true);
  CHECK(json["filters"][0]["publish"]["finding"] == "not_tested");
  CHECK(acl_text(report).find("receive: nothing arrives") != std::string::npos);
}

TEST_CASE("session: what is said and the exit code of each outcome") {
  SessionReport report;
  report.client_id = "device\x1b[31m";
  CHECK(report.exit_code() == 1);
  CHECK(session_text(report) == "no session of 'device\\x1b[31m'\n");
  report.present = true;
  CHECK(report.exit_code() == 0);
  CHECK(session_text(report).find("no message of QoS 1 or 2 waits in it") != std::string::npos);
  report.waiting = 2;
  report.octets = 10;
  report.topics = {"a", "b"};
  CHECK(session_text(report).find("at least 2 messages (10 octets) wait in it, of 2 topics: a b") !=
        std::string::npos);
  report.deleted = false;
  CHECK(report.exit_code() == 1);
  CHECK(session_text(report).find("it is still there") != std::string::npos);
  report.deleted = true;
  CHECK(report.exit_code() == 0);
  report.refusal = "refused (2, identifier rejected)";
  CHECK(report.exit_code() == 77);
  CHECK(session_text(report).find(report.refusal) != std::string::npos);
  const Json json = Json::parse(session_json(report));
  CHECK(json["schema"] == "mqtt-inspect.session/1");
  CHECK(json["refused"] == true);
  CHECK(json["waiting"]["at_least"] == 2);
}

TEST_CASE("tls: the certificate that ends first decides") {
  CHECK(chain_of({400, 90}).verdict() == TlsVerdict::Ok);
  CHECK(chain_of({21}).verdict() == TlsVerdict::Ok);
  CHECK(chain_of({400, 20}).verdict() == TlsVerdict::Warning);
  CHECK(chain_of({7}).verdict() == TlsVerdict::Warning);
  CHECK(chain_of({400, 6}).verdict() == TlsVerdict::Critical);
  CHECK(chain_of({-3}).verdict() == TlsVerdict::Critical);
  CHECK(chain_of({90, 20, 400}).days_left() == 20);
  CHECK(chain_of({400, 20}).exit_code() == 0);
  CHECK(chain_of({6}).exit_code() == 1);
  // A pre-shared key has no certificate, and nothing that ends.
  CHECK(chain_of({}).verdict() == TlsVerdict::Ok);
  TlsReport refused = chain_of({400});
  refused.error = Error{ErrorKind::Tls, Cause::TlsUntrusted, "unknown issuer", {}};
  CHECK(refused.verdict() == TlsVerdict::Failed);
  CHECK(refused.exit_code() == 79);
  refused.tls->chain[0].days_left = std::numeric_limits<std::int64_t>::min();
  CHECK(refused.days_left() == std::numeric_limits<std::int64_t>::min());
}

TEST_CASE("tls: the chain in words") {
  const std::string text = tls_text(chain_of({400, 6}));
  CHECK(text.find("critical") == 0);
  CHECK(text.find("certificate CN=a") != std::string::npos);
  CHECK(text.find("issued by   CN=a") != std::string::npos);
  CHECK(text.find("issuer CN=b") != std::string::npos);
  CHECK(text.find("names DNS:a") != std::string::npos);
  CHECK(text.find("the first certificate to end has 6 days left") != std::string::npos);
  const Json json = Json::parse(tls_json(chain_of({400, 6})));
  CHECK(json["verdict"] == "critical");
  CHECK(json["exit_code"] == 1);
  CHECK(json["chain"][1]["days_left"] == 6);
}

TEST_CASE("caps: what a search found, and what became of a request") {
  CHECK(text(Bisection{200, true, false}) == "200");
  CHECK(text(Bisection{1024, true, true}).find("at least 1024") == 0);
  CHECK(text(Bisection{16384, false, false}).find("16384") == 0);
  CHECK(text(Bisection{16384, false, false}) != "16384");
  CHECK(refusal_text(false, 0, wire::PacketType::Suback) == "nothing comes");
  CHECK(refusal_text(true, 0, wire::PacketType::Puback) == "the connection is closed");
  CHECK(refusal_text(false, 0x87, wire::PacketType::Suback).find("0x87") != std::string::npos);
}

TEST_CASE("caps: the exit code is about the broker, not about what it lacks") {
  CapsReport report;
  report.capabilities = {capability("mqtt_5", Finding::No), capability("qos", Finding::Limited)};
  CHECK(report.exit_code() == 0);
  CHECK(report.find("qos")->finding == Finding::Limited);
  CHECK(report.find("nothing") == nullptr);
  report.left_behind = {"a retained message at x"};
  CHECK(report.exit_code() == 1);
  CHECK(caps_text(report).find("left behind: a retained message at x") != std::string::npos);
  report.error = Error{ErrorKind::Unreachable, Cause::TcpRefused, "connection refused", {}};
  CHECK(report.exit_code() == 69);
}

TEST_CASE("caps: a comparison marks what differs, also what one side was not asked") {
  CapsReport left;
  left.target = "mqtt://left";
  left.capabilities = {capability("mqtt_5", Finding::Yes, "accepted"),
                       capability("qos", Finding::Limited, "1"),
                       capability("retained", Finding::Yes, "kept")};
  CapsReport right = left;
  right.target = "mqtt://right";
  right.capabilities[1].observed = "2";
  right.capabilities.pop_back();
  const Json json = Json::parse(comparison_json(left, right));
  CHECK(json["differences"] == Json({"qos", "retained"}));
  const std::string text = comparison_text(left, right);
  CHECK(text.find("! qos") != std::string::npos);
  CHECK(text.find("! retained") != std::string::npos);
  CHECK(text.find("  mqtt 5") != std::string::npos);
}

}  // namespace mqtk::inspect
