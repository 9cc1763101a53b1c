// One table of TLS verdicts for both engines. The engine decides; why it failed is then told by our
// own layers, which go the same way (PahoDiagnosis).
#include "contract/contract.hpp"
#include "support/certs.hpp"
#include "support/mosquitto.hpp"

using namespace mqtk;
using namespace mqtk::test;

namespace {

MosquittoListener listener(const char* name, const Identity& identity) {
  MosquittoListener out;
  out.name = name;
  out.cert_file = identity.certificate;
  out.key_file = identity.key;
  return out;
}

MosquittoConfig listeners(const Certs& certs) {
  MosquittoConfig config;
  MosquittoListener mutual = listener("mutual", certs.server);
  mutual.ca_file = certs.ca;
  mutual.require_certificate = true;
  MosquittoListener only_13 = listener("only_1.3", certs.server);
  only_13.extra = {"tls_version tlsv1.3"};
  MosquittoListener wss = listener("wss", certs.server);
  wss.websocket = true;
  config.listeners = {MosquittoListener{},
                      listener("tls", certs.server),
                      listener("expired", certs.expired),
                      listener("wrong_name", certs.wrong_name),
                      listener("self_signed", certs.self_signed),
                      mutual,
                      only_13,
                      wss};
  return config;
}

struct Row {
  const char* name;
  const char* listener;
  std::function<void(TlsConfig&, const Certs&)> change;
  Cause cause;  ///< None: it connects
};

const std::vector<Row>& rows() {
  using T = TlsConfig;
  using C = Certs;
  static const std::vector<Row> table = {
      {"right", "tls", [](T&, const C&) {}, Cause::None},
      {"CA directory", "tls",
       [](T& t, const C& c) {
         t.ca = {};
         t.ca_directory = c.capath;
       },
       Cause::None},
      {"wrong CA", "tls", [](T& t, const C& c) { t.ca.file = c.other_ca; }, Cause::TlsUntrusted},
      {"system's CAs", "tls", [](T& t, const C&) { t.ca = {}; }, Cause::TlsUntrusted},
      {"self-signed", "self_signed", [](T&, const C&) {}, Cause::TlsUntrusted},
      {"expired", "expired", [](T&, const C&) {}, Cause::TlsExpired},
      {"wrong name", "wrong_name", [](T&, const C&) {}, Cause::TlsNameMismatch},
      {"no client certificate", "mutual", [](T&, const C&) {}, Cause::TlsClientCertRequired},
      {"client certificate", "mutual",
       [](T& t, const C& c) {
         t.certificate.file = c.client.certificate;
         t.key.file = c.client.key;
       },
       Cause::None},
      {"encrypted key", "mutual",
       [](T& t, const C& c) {
         t.certificate.file = c.client_encrypted.certificate;
         t.key.file = c.client_encrypted.key;
         t.key_passphrase = "secret";
       },
       Cause::None},
      {"foreign client certificate", "mutual",
       [](T& t, const C& c) {
         t.certificate.file = c.other_client.certificate;
         t.key.file = c.other_client.key;
       },
       Cause::TlsClientCertRejected},
      {"1.3 where 1.2 would do", "only_1.3", [](T&, const C&) {}, Cause::None},
      {"application protocol", "tls", [](T& t, const C&) { t.alpn = {"mqtt"}; }, Cause::None},
      {"TLS to a plain port", "tcp", [](T&, const C&) {}, Cause::TlsNotTls},
      {"insecure, wrong CA", "tls",
       [](T& t, const C& c) {
         t.ca.file = c.other_ca;
         t.insecure = true;
       },
       Cause::None},
      {"insecure, expired", "expired", [](T& t, const C&) { t.insecure = true; }, Cause::None},
      {"insecure, wrong name", "wrong_name", [](T& t, const C&) { t.insecure = true; },
       Cause::None},
  };
  return table;
}

}  // namespace

CONTRACT("TLS: who is trusted, and why not") {
  const Certs& certs = test_certs();
  const Mosquitto broker(listeners(certs));
  for (const Row& row : rows()) {
    INFO(row.name);
    ClientConfig config = config_for(subject.version, broker.port(row.listener));
    config.endpoints[0].scheme = Scheme::Mqtts;
    config.endpoints[0].host = "localhost";
    config.tls.ca.file = certs.ca;
    config.timeouts.connect = 20s;
    row.change(config.tls, certs);
    Party party(subject.engine, config);
    const bool connected = party.connect();
    CHECK(connected == (row.cause == Cause::None));
    if (party.end_error) {
      INFO(party.error().message);
      CHECK(name(party.error().cause) == name(row.cause));
      CHECK(party.error().kind == ErrorKind::Tls);
    } else {
      CHECK(party.deliver("tls", "x", wire::Qos::AtLeastOnce));
    }
  }
}

CONTRACT("TLS: a file that is not there is an error of the configuration") {
  ClientConfig config = config_for(subject.version, 1);
  config.endpoints[0].scheme = Scheme::Mqtts;
  config.tls.ca.file = "/nowhere/ca.pem";
  Party party(subject.engine, config);
  CHECK_FALSE(party.connect());
  REQUIRE(party.end_error);
  // Nothing listens on port 1, so an engine that dials first says that.
  CHECK(
      (party.error().kind == ErrorKind::Configuration || party.error().cause == Cause::TcpRefused));
}

CONTRACT("WebSocket over TLS carries messages") {
  const Certs& certs = test_certs();
  const Mosquitto broker(listeners(certs));
  ClientConfig config = config_for(subject.version, broker.port("wss"));
  config.endpoints[0].scheme = Scheme::Wss;
  config.endpoints[0].host = "localhost";
  config.tls.ca.file = certs.ca;
  config.websocket.headers = {{"X-Token", "abc"}};
  Party party(subject.engine, config);
  REQUIRE(party.connect());
  REQUIRE(party.subscribe({"w"}) == "\2");
  CHECK(party.deliver("w", std::string(100'000, 'w'), wire::Qos::AtLeastOnce));
  REQUIRE(party.run_until([&] { return party.arrived.size() == 1; }));
  CHECK(party.arrived[0].payload.size() == 100'000);
  CHECK(party.leave());
}
