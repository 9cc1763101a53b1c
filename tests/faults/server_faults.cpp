#include <stdexcept>

#include "faults/fault_table.hpp"
#include "support/certs.hpp"
#include "support/programs.hpp"
#include "support/skipped.hpp"
#include "support/wait_until.hpp"

namespace mqtk::test {

namespace {

Command operator+(Command left, const Command& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

MosquittoListener tls_listener(const Identity& server) {
  MosquittoListener listener;
  listener.cert_file = server.certificate;
  listener.key_file = server.key;
  return listener;
}

// A publisher over TLS to a broker that shows `server`, with further options.
auto over_tls(const Identity& server, const Command& more, bool want_certificate = false,
              const std::vector<std::string>& extra = {}) {
  return [=](Scene& scene, std::string&) {
    MosquittoListener listener = tls_listener(server);
    if (want_certificate) {
      listener.ca_file = test_certs().ca;
      listener.require_certificate = true;
    }
    listener.extra = extra;
    const auto started = start_broker(scene, listener);
    return pub_command({"-h", "localhost", "-4", "-p", std::to_string(started->port())}) + more;
  };
}

auto to_broker(const MosquittoListener& listener, const Command& more) {
  return [=](Scene& scene, std::string&) {
    const auto started = start_broker(scene, listener);
    return pub_command({"-h", "127.0.0.1", "-p", std::to_string(started->port())}) + more;
  };
}

/// OpenSSL's own server, which insists on an application protocol when one is offered.
auto alpn_of_openssl(const std::string& spoken, const Command& more) {
  return [=](Scene& scene, std::string& skip) -> Command {
    if (find_program("openssl").empty()) {
      skip = "openssl is not installed";
      return {};
    }
    const Identity& server = test_certs().server;
    ProcessOptions options;
    options.argv = {
        find_program("openssl"), "s_server", "-alpn",   spoken, "-accept", "127.0.0.1:0", "-cert",
        server.certificate,      "-key",     server.key};
    options.stdin_pipe = true;  // at its end it would end
    const auto process = std::make_shared<Process>(options);
    scene.push_back(process);
    const std::string accepts = "ACCEPT 127.0.0.1:";
    std::string said;
    if (!wait_until([&] {
          said = process->out_so_far();
          const std::size_t at = said.find(accepts);
          return at != std::string::npos && said.find('\n', at) != std::string::npos;
        })) {
      throw std::runtime_error("openssl s_server does not say where it listens");
    }
    const std::size_t start = said.find(accepts) + accepts.size();
    const std::string port = said.substr(start, said.find('\n', start) - start);
    return pub_command({"-h", "localhost", "-4", "-p", port}) + more;
  };
}

}  // namespace

std::vector<Fault> server_faults() {
  if (!Mosquitto::available()) {
    say_skipped("mosquitto is not installed");
    return {};
  }
  const Certs& certs = test_certs();
  const Command trusted = {"--cafile", certs.ca};
  const Command foreign = {"--cert", certs.other_client.certificate, "--key",
                           certs.other_client.key};
  MosquittoListener psk;
  psk.psk_identity = "device";
  psk.psk_hex = "00112233445566778899aabbccddeeff";
  MosquittoListener with_users;
  with_users.users = {{"alice", "secret"}};
  with_users.anonymous = false;

  return {
      {"plain client at a TLS port", to_broker(tls_listener(certs.server), {}),
       "instead of answering CONNECT", "mqtt.closed_after_connect", 69,
       "the port may expect TLS (mqtts://)"},
      {"TLS client at a plain port", to_broker({}, trusted), "TLS", "tls.not_tls", 79},
      {"untrusted CA", over_tls(certs.server, {"--cafile", certs.other_ca}), "", "tls.untrusted",
       79},
      {"expired", over_tls(certs.expired, trusted), "expired", "tls.expired", 79},
      {"not yet valid", over_tls(certs.not_yet_valid, trusted), "not valid", "tls.not_yet_valid",
       79},
      {"another name", over_tls(certs.wrong_name, trusted), "other.example", "tls.name_mismatch",
       79},
      {"revoked", over_tls(certs.revoked, {"--cafile", certs.ca, "--crl", certs.crl}), "revoked",
       "tls.revoked", 79},
      {"no client certificate, TLS 1.2",
       over_tls(certs.server, trusted + Command{"--tls-max-version", "1.2"}, true),
       "the server requires a client certificate, and none was given", "tls.client_cert_required",
       79, "--cert and --key"},
      {"no client certificate, TLS 1.3: told only after the handshake",
       over_tls(certs.server, trusted + Command{"--tls-version", "1.3"}, true),
       "the server requires a client certificate, and none was given", "tls.client_cert_required",
       79, "--cert and --key", true},
      {"client certificate of another authority, TLS 1.2",
       over_tls(certs.server, trusted + foreign + Command{"--tls-max-version", "1.2"}, true),
       "the server rejected our client certificate", "tls.client_cert_rejected", 79},
      {"client certificate of another authority, TLS 1.3",
       over_tls(certs.server, trusted + foreign + Command{"--tls-version", "1.3"}, true),
       "the server rejected our client certificate",
       "tls.client_cert_rejected",
       79,
       {},
       true},
      {"version floor",
       over_tls(certs.server, trusted + Command{"--tls-max-version", "1.2"}, false,
                {"tls_version tlsv1.3"}),
       "version", "tls.version", 79},
      {"no application protocol in common",
       alpn_of_openssl("http/1.1", trusted + Command{"--tls-alpn", "x-amzn-mqtt-ca"}),
       "none of the application protocols that we offer", "tls.alpn", 79, "--tls-alpn"},
      {"wrong pre-shared key",
       to_broker(psk, {"--psk", "ffffffffffffffffffffffffffffffff", "--psk-identity", "device"}),
       "pre-shared key", "tls.psk", 79},
      {"certificate file that is none",
       [](Scene&, std::string&) {
         return pub_command({"-h", "127.0.0.1", "-p", "1", "--cafile", "/dev/null"});
       },
       "/dev/null", "", 78},
      {"wrong password", to_broker(with_users, {"-u", "alice", "-P", "wrong"}), "not authorised",
       "mqtt.not_authorised", 77},
  };
}

}  // namespace mqtk::test
