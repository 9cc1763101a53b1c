// What turns on TLS and WebSocket, where the broker is, and what has no effect there.
#include <algorithm>

#include "options/resolve.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace mqtk;

namespace {

Result<ResolvedClient> resolved_transport(const ClientFlags& flags) {
  return resolve_client(flags, {}, {});
}

std::string endpoint(const ClientFlags& flags) {
  const auto out = resolved_transport(flags);
  return out ? to_string(out->config.endpoints.front()) : out.error().message;
}

std::string transport_complaint(const ClientFlags& flags) {
  const auto out = resolved_transport(flags);
  return out ? "none" : out.error().message;
}

bool warns(const ClientFlags& flags, std::string_view part) {
  const auto out = resolved_transport(flags);
  REQUIRE(out);
  return std::ranges::any_of(out->warnings, [&](const std::string& warning) {
    return warning.find(part) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("hosts and ports") {
  ClientFlags flags;
  flags.connection.host = "h";
  CHECK(endpoint(flags) == "mqtt://h:1883");
  flags.connection.port = std::uint16_t{1};
  CHECK(endpoint(flags) == "mqtt://h:1");
  flags.connection.host = "[::1]";
  CHECK(endpoint(flags) == "mqtt://[::1]:1");
  flags.connection.host = "::1";
  CHECK(endpoint(flags) == "mqtt://[::1]:1");
  flags.connection.host = "h:1884";
  CHECK(transport_complaint(flags) == "--host: 'h:1884' is no host name");
  CHECK(resolved_transport(flags).error().hint == "write -h h -p 1884");
  flags.connection.host = "mqtt://h";
  CHECK(transport_complaint(flags) == "--host: a URL is no host name");
  for (const char* wrong : {"", "a,,b", "a,", "a b", "a/b", "u@h"}) {
    INFO(wrong);
    flags.connection.host = wrong;
    CHECK(transport_complaint(flags).starts_with("--host: "));
  }
}

TEST_CASE("service records are those of domains, which have no port") {
  ClientFlags flags;
  CHECK_FALSE(resolved_transport(flags)->config.service_records);
  flags.connection.srv = true;
  CHECK(transport_complaint(flags) == "--srv: 'localhost' is no domain");
  flags.connection.host = "a.example,b.example";
  CHECK(endpoint(flags) == "mqtt://a.example");
  CHECK(resolved_transport(flags)->config.service_records);
  CHECK(resolved_transport(flags)->config.endpoints.size() == 2);
  flags.tls.use_os_certs = true;
  CHECK(endpoint(flags) == "mqtts://a.example");
  flags.websocket.ws = true;
  CHECK(transport_complaint(flags) ==
        "--srv: there are no service records for MQTT over WebSocket");
  flags.websocket.ws = false;
  flags.connection.port = std::uint16_t{8883};
  CHECK(transport_complaint(flags) == "--srv and --port exclude each other");
  flags.connection.port.reset();
  flags.connection.host = "192.0.2.1";
  CHECK(transport_complaint(flags) == "--srv: '192.0.2.1' is no domain");
  flags.connection.host.reset();
  for (const char* url : {"mqtts://a.example", "mqtts://a.example/topic"}) {
    flags.connection.urls = {url};
    CHECK(endpoint(flags) == "mqtts://a.example");
  }
  flags.connection.urls = {"mqtt://a.example:1883"};
  CHECK(transport_complaint(flags) == "--srv: the URL names a port, and the service records do");
  flags.connection.urls = {"wss://a.example/mqtt"};
  CHECK(transport_complaint(flags) ==
        "--srv: there are no service records for MQTT over WebSocket");
  flags.connection.urls = {"unix:///run/m.sock"};
  CHECK(transport_complaint(flags) == "--srv: '/run/m.sock' is no domain");
  flags.connection.urls.clear();
  flags.connection.url_command = "echo mqtt://a.example";
  CHECK(transport_complaint(flags) == "--srv and --url-command exclude each other");
  flags.connection.url_command.reset();
  flags.connection.unix_path = "/run/m.sock";
  CHECK(transport_complaint(flags) == "--srv and --unix exclude each other");
}

TEST_CASE("several hosts keep their order") {
  ClientFlags flags;
  flags.connection.host = "a,b,::1";
  flags.connection.port = std::uint16_t{1884};
  const auto out = resolved_transport(flags);
  REQUIRE(out);
  REQUIRE(out->config.endpoints.size() == 3);
  CHECK(to_string(out->config.endpoints[0]) == "mqtt://a:1884");
  CHECK(to_string(out->config.endpoints[2]) == "mqtt://[::1]:1884");
  ClientFlags urls;
  urls.connection.urls = {"mqtt://a", "wss://b/x"};
  const auto mixed = resolved_transport(urls);
  REQUIRE(mixed);
  CHECK(to_string(mixed->config.endpoints[1]) == "wss://b:443");
  CHECK(mixed->config.websocket.target == "/x");
  urls.connection.urls = {"mqtt://u@a", "mqtt://v@b"};
  CHECK(transport_complaint(urls) == "the URLs differ in their user");
  urls.connection.urls = {"mqtt://a/x", "mqtt://b/y"};
  CHECK(transport_complaint(urls) == "the URLs differ in their topic");
}

TEST_CASE("what turns TLS on") {
  const auto with = [](auto change) {
    ClientFlags flags;
    flags.connection.host = "h";
    change(flags);
    return endpoint(flags);
  };
  CHECK(with([](ClientFlags& f) { f.tls.cafile = "ca"; }) == "mqtts://h:8883");
  CHECK(with([](ClientFlags& f) { f.tls.capath = "d"; }) == "mqtts://h:8883");
  CHECK(with([](ClientFlags& f) { f.tls.cert = "c"; }) == "mqtts://h:8883");
  CHECK(with([](ClientFlags& f) { f.tls.use_os_certs = true; }) == "mqtts://h:8883");
  CHECK(with([](ClientFlags& f) {
          f.tls.psk = "00ff";
          f.tls.psk_identity = "i";
        }) == "mqtts://h:8883");
  CHECK(with([](ClientFlags& f) { f.connection.port = std::uint16_t{8883}; }) == "mqtts://h:8883");
  CHECK(with([](ClientFlags& f) {
          f.tls.cafile = "ca";
          f.connection.port = std::uint16_t{1883};
        }) == "mqtts://h:1883");
  CHECK(with([](ClientFlags& f) {
          f.connection.port = std::uint16_t{8883};
          f.tls.no_tls = true;
        }) == "mqtt://h:8883");
  CHECK(with([](ClientFlags& f) {
          f.websocket.ws = true;
          f.tls.cafile = "ca";
        }) == "wss://h:443");
  CHECK(with([](ClientFlags& f) { f.tls.insecure = true; }) == "mqtt://h:1883");
  ClientFlags url;
  url.tls.cafile = "ca";
  url.connection.urls = {"mqtt://h"};
  CHECK(endpoint(url) == "mqtts://h:8883");
  url.connection.urls = {"ws://h"};
  CHECK(endpoint(url) == "wss://h:443");
  url.connection.urls = {"mqtt://h:1883"};
  CHECK(endpoint(url) == "mqtts://h:1883");
  url.tls = {};
  url.connection.urls = {"mqtt://h:8883"};
  CHECK(endpoint(url) == "mqtts://h:8883");
  url.tls.no_tls = true;
  url.connection.urls = {"mqtts://h"};
  CHECK(transport_complaint(url) == "--no-tls contradicts the URL's scheme mqtts");
}

TEST_CASE("TLS options that need or exclude each other") {
  const auto with = [](auto change) {
    ClientFlags flags;
    change(flags.tls);
    return transport_complaint(flags);
  };
  CHECK(with([](TlsFlags& t) { t.key = "k"; }) == "--key needs --cert");
  CHECK(with([](TlsFlags& t) { t.key_passphrase = "p"; }) == "a key passphrase needs --cert");
  CHECK(with([](TlsFlags& t) { t.psk = "00"; }) == "--psk needs --psk-identity");
  CHECK(with([](TlsFlags& t) { t.psk_identity = "i"; }) == "--psk-identity needs --psk");
  for (const char* wrong : {"0", "0x00", "", "zz"}) {
    CHECK(with([&](TlsFlags& t) {
            t.psk = wrong;
            t.psk_identity = "i";
          }) == "--psk: the key is not made of pairs of hexadecimal digits");
  }
  CHECK(with([](TlsFlags& t) {
          t.psk = "00";
          t.psk_identity = "i";
          t.cafile = "ca";
        }) == "--psk excludes --cafile, --capath and --cert");
  CHECK(with([](TlsFlags& t) {
          t.cafile = "ca";
          t.minimum = TlsVersion::Tls13;
          t.maximum = TlsVersion::Tls12;
        }) == "--tls-version is above --tls-max-version");
  CHECK(with([](TlsFlags& t) {
          t.cert = t.key = "k";
          t.key_in_engine = true;
        }) == "--keyform engine needs --tls-engine and --key");
  CHECK(with([](TlsFlags& t) {
          t.cert = "c";
          t.engine = "e";
          t.key_in_engine = true;
        }) == "--keyform engine needs --tls-engine and --key");
  CHECK(with([](TlsFlags& t) {
          t.engine = "e";
          t.engine_kpass_sha1 = std::string(40, '0');
        }) == "--tls-engine-kpass-sha1 needs --tls-engine and --keyform engine");
  CHECK(with([](TlsFlags& t) {
          t.cert = t.key = t.engine = "e";
          t.key_in_engine = true;
          t.engine_kpass_sha1 = std::string(38, '0');
        }) == "--tls-engine-kpass-sha1: not 40 hexadecimal digits");
  CHECK(with([](TlsFlags& t) { t.alpn = {""}; }) ==
        "--tls-alpn: a protocol's name has 1 to 255 octets");
  ClientFlags lower;
  lower.tls.cafile = "ca";
  lower.tls.maximum = TlsVersion::Tls11;
  CHECK(resolved_transport(lower)->config.tls.minimum == TlsVersion::Tls11);
}

TEST_CASE("options without effect are warned of") {
  ClientFlags flags;
  flags.tls.insecure = true;
  flags.tls.server_name = "n";
  flags.websocket.path = "/x";
  flags.websocket.headers = {"A: b"};
  CHECK(warns(flags, "--insecure has no effect without TLS"));
  CHECK(warns(flags, "--server-name has no effect without TLS"));
  CHECK(warns(flags, "--ws-path has no effect without WebSocket"));
  CHECK(warns(flags, "--ws-header has no effect without WebSocket"));
}

TEST_CASE("WebSocket paths and headers") {
  ClientFlags flags;
  flags.websocket.ws = true;
  CHECK(resolved_transport(flags)->config.websocket.target == "/mqtt");
  flags.websocket.path = "x";
  CHECK(resolved_transport(flags)->config.websocket.target == "/x");
  flags.websocket.headers = {"Authorization:  Bearer t ", "X:"};
  const auto out = resolved_transport(flags);
  REQUIRE(out);
  REQUIRE(out->config.websocket.headers.size() == 2);
  CHECK(out->config.websocket.headers[0].name == "Authorization");
  CHECK(out->config.websocket.headers[0].value == "Bearer t");
  CHECK(out->config.websocket.headers[1].value.empty());
  flags.websocket.headers = {"secret-without-colon"};
  CHECK(transport_complaint(flags) == "--ws-header: a header is written 'Name: value'");
  flags.websocket.headers = {"A: b\r\nC: d"};
  CHECK(transport_complaint(flags).starts_with("the WebSocket request cannot be sent: "));
  flags.websocket.headers.clear();
  flags.connection.urls = {"ws://h/y"};
  CHECK(transport_complaint(flags) == "--ws-path and the URL both name a path");
  flags.websocket.path.reset();
  flags.connection.urls = {"mqtt://h"};
  CHECK(transport_complaint(flags) == "--ws contradicts the URL's scheme mqtt");
}

TEST_CASE("headers from a file") {
  const mqtk::test::TempDir folder;
  ClientFlags flags;
  flags.websocket.ws = true;
  flags.websocket.headers = {"@" + folder.write("headers", "A: 1\r\n\n  B : 2")};
  const auto out = resolved_transport(flags);
  REQUIRE(out);
  REQUIRE(out->config.websocket.headers.size() == 2);
  CHECK(out->config.websocket.headers[1].name == "B");
  CHECK(out->config.websocket.headers[1].value == "2");
  flags.websocket.headers = {"@" + folder.write("broken", "A: 1\nsecret")};
  const auto broken = resolved_transport(flags);
  REQUIRE_FALSE(broken);
  CHECK(broken.error().kind == ErrorKind::Configuration);
  CHECK(broken.error().message.find("line 2") != std::string::npos);
  CHECK(broken.error().message.find("secret") == std::string::npos);
  flags.websocket.headers = {"@" + folder.path() + "/missing"};
  CHECK(resolved_transport(flags).error().kind == ErrorKind::Configuration);
}

TEST_CASE("one way to say where the broker is") {
  ClientFlags flags;
  flags.connection.urls = {"mqtt://h"};
  flags.connection.host = "h";
  CHECK(transport_complaint(flags) == "--url and --host exclude each other");
  flags.connection.host.reset();
  flags.connection.port = std::uint16_t{1};
  CHECK(transport_complaint(flags) == "--url and --port exclude each other");
  flags = {};
  flags.connection.unix_path = "/s";
  CHECK(endpoint(flags) == "unix:///s");
  flags.connection.proxy = "socks5h://p";
  CHECK(transport_complaint(flags) == "--proxy cannot reach a Unix socket");
  flags = {};
  flags.connection.unix_path = "";
  CHECK(transport_complaint(flags) == "--unix: the path is empty");
  flags = {};
  flags.connection.bind_address = "";
  CHECK(transport_complaint(flags) == "--bind: the address is empty");
}

TEST_CASE("a URL that a command prints is asked for anew each time") {
  const mqtk::test::TempDir folder;
  const std::string count = folder.path() + "/count";
  ClientFlags flags;
  flags.connection.url_command = "echo x >> '" + count + "'; n=$(wc -l < '" + count +
                                 "'); echo \"wss://h$((n)):44$((n))/p?s=$((n))\"";
  const auto out = resolved_transport(flags);
  REQUIRE(out);
  REQUIRE(out->config.endpoint_source);
  for (const char* expected : {"wss://h1:441 /p?s=1", "wss://h2:442 /p?s=2"}) {
    const auto source = out->config.endpoint_source();
    REQUIRE(source);
    CHECK(to_string(source->first) + " " + source->second == expected);
  }
  flags.connection.url_command = "echo 'mqtt://u:secret@h'";
  const auto with_user = resolved_transport(flags)->config.endpoint_source();
  REQUIRE_FALSE(with_user);
  CHECK(with_user.error().kind == ErrorKind::Configuration);
  flags.connection.url_command = "echo 'nonsense://u:secret@h'";
  const auto wrong = resolved_transport(flags)->config.endpoint_source();
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().kind == ErrorKind::Configuration);
  CHECK(wrong.error().message.starts_with("--url-command: "));
  CHECK(wrong.error().message.find("secret") == std::string::npos);
}
