#include "options/url.hpp"

#include "support/catch.hpp"

using namespace mqtk;

namespace {

std::string refusal(std::string_view url) {
  const auto parsed = parse_broker_url(url);
  if (parsed) return "none";
  CHECK(parsed.error().kind == ErrorKind::Usage);
  const std::string start = "URL '" + masked_url(url) + "': ";
  CHECK(parsed.error().message.starts_with(start));
  return parsed.error().message.substr(std::min(start.size(), parsed.error().message.size()));
}

}  // namespace

TEST_CASE("schemes and their ports") {
  struct Row {
    const char* scheme;
    Scheme is;
    std::uint16_t port;
  };
  for (const Row& row : {Row{"mqtt", Scheme::Mqtt, 1883},
                         {"tcp", Scheme::Mqtt, 1883},
                         {"mqtts", Scheme::Mqtts, 8883},
                         {"ssl", Scheme::Mqtts, 8883},
                         {"tls", Scheme::Mqtts, 8883},
                         {"tcps", Scheme::Mqtts, 8883},
                         {"ws", Scheme::Ws, 80},
                         {"wss", Scheme::Wss, 443},
                         {"MQTTS", Scheme::Mqtts, 8883}}) {
    INFO(row.scheme);
    const auto url = parse_broker_url(std::string(row.scheme) + "://example.org");
    REQUIRE(url);
    CHECK(url->endpoint.scheme == row.is);
    CHECK(url->endpoint.port == row.port);
    CHECK_FALSE(url->port_given);
    CHECK(url->endpoint.host == "example.org");
    CHECK(url->topic.empty());
    CHECK(url->target.empty());
  }
}

TEST_CASE("every part of a URL") {
  const auto url = parse_broker_url("mqtts://al%40ice:p%3Aq%2F%20x@[::1]:1884/a/%C3%A4/b%2Fc");
  REQUIRE(url);
  CHECK(url->username == "al@ice");
  CHECK(url->password == "p:q/ x");
  CHECK(url->endpoint.host == "::1");
  CHECK(url->endpoint.port == 1884);
  CHECK(url->port_given);
  CHECK(url->topic == "a/\xC3\xA4/b/c");
}

TEST_CASE("users and passwords that are there, empty or missing") {
  CHECK_FALSE(parse_broker_url("mqtt://h")->username);
  CHECK(parse_broker_url("mqtt://u@h")->username == "u");
  CHECK_FALSE(parse_broker_url("mqtt://u@h")->password);
  CHECK(parse_broker_url("mqtt://u:@h")->password == "");
  CHECK_FALSE(parse_broker_url("mqtt://:p@h")->username);
  CHECK(parse_broker_url("mqtt://:p@h")->password == "p");
  CHECK(parse_broker_url("mqtt://u:a@b@h")->password == "a@b");
  CHECK(parse_broker_url("mqtt://u:a:b@h")->password == "a:b");
}

TEST_CASE("topics of mqtt-like URLs keep their slashes") {
  CHECK(parse_broker_url("mqtt://h/")->topic.empty());
  CHECK(parse_broker_url("mqtt://h//a")->topic == "/a");
  CHECK(parse_broker_url("mqtt://h/a/")->topic == "a/");
  CHECK(parse_broker_url("mqtt://h/%23")->topic == "#");
  CHECK(parse_broker_url("mqtt://h/$SYS/x")->topic == "$SYS/x");
}

TEST_CASE("path and query of WebSocket URLs go out as they were written") {
  CHECK(parse_broker_url("ws://h/mq%2Ftt?a=b%20c&d")->target == "/mq%2Ftt?a=b%20c&d");
  CHECK(parse_broker_url("wss://h?sig=1")->target == "/mqtt?sig=1");
  CHECK(parse_broker_url("ws://h/")->target == "/");
  CHECK(parse_broker_url("ws://h/x")->topic.empty());
}

TEST_CASE("Unix sockets") {
  const auto url = parse_broker_url("unix:///run/my%20broker.sock");
  REQUIRE(url);
  CHECK(url->endpoint.scheme == Scheme::Unix);
  CHECK(url->endpoint.host == "/run/my broker.sock");
  CHECK(refusal("unix://run/x") == "a Unix socket needs an absolute path");
  CHECK(refusal("unix:///a%00b") == "its path holds a NUL");
}

TEST_CASE("URLs that are none") {
  CHECK(refusal("http://h").find("scheme") != std::string::npos);
  CHECK(refusal("mqtt://") == "it names no host");
  CHECK(refusal("mqtt://u@") == "it names no host");
  CHECK(refusal("mqtt://:1883") == "it names no host");
  CHECK(refusal("mqtt://h:0").find("port") != std::string::npos);
  CHECK(refusal("mqtt://h:65536").find("port") != std::string::npos);
  CHECK(refusal("mqtt://h:").find("port") != std::string::npos);
  CHECK(refusal("mqtt://h:18 83").find("port") != std::string::npos);
  CHECK(refusal("mqtt://::1").find("more than one colon") != std::string::npos);
  CHECK(refusal("mqtt://[::1").find("']' is missing") != std::string::npos);
  CHECK(refusal("mqtt://[::1]x") == "only a port may follow the IPv6 address");
  CHECK(refusal("mqtt://[host]") == "what stands in brackets is no IPv6 address");
  CHECK(refusal("mqtt://h st").find("characters") != std::string::npos);
  CHECK(refusal("mqtt://h/%zz").find('%') != std::string::npos);
  CHECK(refusal("mqtt://h/%4").find('%') != std::string::npos);
  CHECK(refusal("mqtt://h/a%00") == "its topic is no UTF-8 text without NUL");
  CHECK(refusal("mqtt://h/%ff") == "its topic is no UTF-8 text without NUL");
  CHECK(refusal("mqtt://h?x") == "only /TOPIC may follow the host");
  CHECK(refusal("ws://h/a b").find("space") != std::string::npos);
  CHECK(refusal("ws://h/a\r\nX: y").find("control") != std::string::npos);
  CHECK(refusal("ws://h/a#t").find("fragment") != std::string::npos);
  CHECK_FALSE(parse_broker_url("h:1883"));
  CHECK_FALSE(parse_broker_url(""));
}

TEST_CASE("no message shows a password or a query") {
  CHECK(masked_url("mqtt://u:secret@h/t") == "mqtt://u:***@h/t");
  CHECK(masked_url("wss://h/p?sig=secret") == "wss://h/p?***");
  CHECK(masked_url("wss://u:secret@h/p?sig=secret") == "wss://u:***@h/p?***");
  CHECK(masked_url("mqtt://h:1883/a") == "mqtt://h:1883/a");
  for (const char* url :
       {"mqtt://u:secret@h:0", "mqtt://u:secret@", "wss://u:secret@h/a b?secret", "x://u:secret@h",
        "mqtt://u:sec@ret?secret@h:x", "u:secret@h", "mqtt://u:secret?x@h:y"}) {
    INFO(url);
    const auto parsed = parse_broker_url(url);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().message.find("secret") == std::string::npos);
    CHECK(parsed.error().hint.find("secret") == std::string::npos);
  }
}
