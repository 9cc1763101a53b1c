// What the programs say, and how they end, when TLS does not come about.
#include "broker/world.hpp"
#include "support/catch.hpp"

using namespace mqtk;
using namespace mqtk::test;

TEST_CASE("every TLS fault has its exit code and its sentence") {
  if (!have_broker()) return;
  const Certs& certs = test_certs();
  const Mosquitto broker(world_config(certs));
  const Words ca = {"--cafile", certs.ca};
  const Words other = {"--cert", certs.other_client.certificate, "--key", certs.other_client.key};
  struct Case {
    const char* name;
    const char* listener;
    Words words;
    int exit_code;
    const char* sentence;
  };
  const std::vector<Case> cases = {
      {"wrong CA", "tls", {"--cafile", certs.other_ca}, 79, "which is not among"},
      {"expired", "expired", ca, 79, "the server's certificate expired on 20"},
      {"wrong host name", "wrong_name", ca, 79, "you asked for localhost"},
      {"wrong server name", "tls", ca + Words{"--server-name", "elsewhere"}, 79, "elsewhere"},
      {"revoked", "revoked", ca + Words{"--crl", certs.crl}, 79, "is revoked by its issuer"},
      {"no client certificate, 1.2", "mtls", ca + Words{"--tls-max-version", "tlsv1.2"}, 79,
       "the server requires a client certificate, and none was given"},
      {"no client certificate, 1.3", "mtls", ca + Words{"--tls-version", "tlsv1.3"}, 79,
       "the server requires a client certificate, and none was given"},
      {"foreign client certificate", "mtls", ca + other, 79,
       "the server rejected our client certificate"},
      {"wrong PSK",
       "psk",
       {"--psk", "00ff", "--psk-identity", kPskIdentity},
       79,
       "the server rejected the pre-shared key of identity 'device'"},
      {"wrong PSK identity",
       "psk",
       {"--psk", kPskHex, "--psk-identity", "nobody"},
       79,
       "the server rejected the pre-shared key of identity 'nobody'"},
      {"TLS to a plain port", "tcp", ca, 79, "TLS"},
      {"no such CA file", "tls", {"--cafile", "/nowhere/ca.pem"}, 78, "/nowhere/ca.pem"},
      {"key of another certificate", "mtls",
       ca + Words{"--cert", certs.client.certificate, "--key", certs.server.key}, 78, "key"},
      {"insecure, wrong CA", "tls", {"--cafile", certs.other_ca, "--insecure"}, 0, ""},
      {"insecure, expired", "expired", ca + Words{"--insecure"}, 0, ""},
      {"insecure, wrong host name", "wrong_name", ca + Words{"--insecure"}, 0, ""},
      {"the name that the certificate has", "wrong_name",
       ca + Words{"--server-name", "other.example"}, 0, ""},
  };
  for (const Case& fault : cases) {
    const Words words = at(broker, fault.listener) + fault.words + Words{"-t", "verdict"};
    for (const bool publishing : {true, false}) {
      const ProcessResult result =
          publishing ? publish(words + Words{"-m", "x"}) : subscribe(words + Words{"-E"});
      INFO(fault.name << (publishing ? ": mqtt-pub " : ": mqtt-sub ") << result.text());
      CHECK(result.exit_code == fault.exit_code);
      CHECK(result.out.empty());
      CHECK(result.err.find(fault.sentence) != std::string::npos);
      if (fault.exit_code != 0) CHECK(result.err.find("error: ") != std::string::npos);
    }
  }
}

TEST_CASE("refusals and faults before the broker answers have their exit codes") {
  if (!have_broker()) return;
  MosquittoConfig config;
  config.listeners[0].users = {{"alice", "right"}};
  config.listeners[0].anonymous = false;
  const Mosquitto broker(config);
  struct Case {
    const char* name;
    Words words;
    int exit_code;
    const char* sentence;
  };
  const std::vector<Case> cases = {
      {"right password", at(broker) + Words{"-u", "alice", "-P", "right"}, 0, ""},
      {"wrong password", at(broker) + Words{"-u", "alice", "-P", "wrong"}, 77, "error: "},
      {"no password", at(broker), 77, "error: "},
      {"nothing listens", {"-h", "127.0.0.1", "-p", "1"}, 69, "onnection refused"},
      {"unknown host", {"-h", "no-such-host.invalid"}, 68, "no-such-host.invalid"},
      {"unknown option", {"--no-such-option"}, 64, "unknown option --no-such-option"},
      {"failing password command", at(broker) + Words{"-u", "a", "--password-command", "exit 3"},
       78, "error: "},
  };
  for (const Case& fault : cases) {
    const ProcessResult result = publish(fault.words + Words{"-t", "a", "-m", "b"});
    INFO(fault.name << ": " << result.text());
    CHECK(result.exit_code == fault.exit_code);
    CHECK(result.err.find(fault.sentence) != std::string::npos);
    CHECK(result.err.find("wrong") == std::string::npos);
  }
}
