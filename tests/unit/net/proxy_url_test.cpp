#include <string>

#include "net/proxy/proxy.hpp"
#include "support/catch.hpp"

using namespace mqtk;

namespace {

struct Good {
  const char* url;
  ProxyKind kind;
  const char* host;
  std::uint16_t port;
  const char* username;
  const char* password;
};

}  // namespace

TEST_CASE("proxy URLs") {
  const Good rows[] = {
      {"socks5h://proxy", ProxyKind::Socks5, "proxy", 1080, nullptr, nullptr},
      {"socks5://proxy/", ProxyKind::Socks5, "proxy", 1080, nullptr, nullptr},
      {"SOCKS5H://10.0.0.1:9050", ProxyKind::Socks5, "10.0.0.1", 9050, nullptr, nullptr},
      {"http://proxy", ProxyKind::HttpConnect, "proxy", 8080, nullptr, nullptr},
      {"http://proxy:65535/", ProxyKind::HttpConnect, "proxy", 65535, nullptr, nullptr},
      {"http://[::1]:3128", ProxyKind::HttpConnect, "::1", 3128, nullptr, nullptr},
      {"socks5h://[2001:db8::1]", ProxyKind::Socks5, "2001:db8::1", 1080, nullptr, nullptr},
      {"socks5h://[fe80::1%25eth0]:1", ProxyKind::Socks5, "fe80::1%eth0", 1, nullptr, nullptr},
      {"socks5h://u:p@proxy", ProxyKind::Socks5, "proxy", 1080, "u", "p"},
      {"socks5h://u%40x:p%3A%25%2F@proxy:1", ProxyKind::Socks5, "proxy", 1, "u@x", "p:%/"},
      {"socks5h://u:p:q@[::1]:1", ProxyKind::Socks5, "::1", 1, "u", "p:q"},
      {"http://u@proxy", ProxyKind::HttpConnect, "proxy", 8080, "u", nullptr},
      {"http://u:@proxy", ProxyKind::HttpConnect, "proxy", 8080, "u", ""},
      {"http://u:p@ss@proxy", ProxyKind::HttpConnect, "proxy", 8080, "u", "p@ss"},
  };
  for (const Good& row : rows) {
    INFO(row.url);
    const auto proxy = parse_proxy_url(row.url);
    REQUIRE(proxy);
    CHECK(proxy->kind == row.kind);
    CHECK(proxy->host == row.host);
    CHECK(proxy->port == row.port);
    CHECK(proxy->username.has_value() == (row.username != nullptr));
    if (row.username != nullptr) CHECK(*proxy->username == row.username);
    CHECK(proxy->password.has_value() == (row.password != nullptr));
    if (row.password != nullptr) CHECK(*proxy->password == row.password);
  }
}

TEST_CASE("wrong proxy URLs say what is wrong and never show themselves") {
  struct Bad {
    std::string url;
    const char* part;
  };
  const std::string secret = "hunter2";
  const Bad rows[] = {
      {"", "names no kind"},
      {"proxy:1080", "names no kind"},
      {"hunter2@proxy", "names no kind"},
      {"ftp://u:hunter2@proxy", "is not known"},
      {"https://u:hunter2@proxy", "want TLS themselves"},
      {"socks4://proxy", "only 5"},
      {"socks5h://", "no host"},
      {"socks5h://u:hunter2@", "no host"},
      {"socks5h://:1080", "no host"},
      {"socks5h://proxy:", "no port"},
      {"socks5h://proxy:0", "1 to 65535"},
      {"socks5h://proxy:65536", "1 to 65535"},
      {"socks5h://proxy:12x", "1 to 65535"},
      {"socks5h://proxy:-1", "1 to 65535"},
      {"socks5h://proxy:99999999999999999999", "1 to 65535"},
      {"socks5h://2001:db8::1", "more than one colon"},
      {"socks5h://[2001:db8::1", "not closed"},
      {"socks5h://[proxy]", "no IPv6 address"},
      {"socks5h://[]", "no IPv6 address"},
      {"socks5h://[::1]x", "only a port"},
      {"socks5h://[::1]:", "no port"},
      {"socks5h://proxy/path", "nothing may follow"},
      {"socks5h://u:hunter2/@proxy", "nothing may follow"},
      {"socks5h://proxy?x", "nothing may follow"},
      {"socks5h://proxy#x", "nothing may follow"},
      {"socks5h://a b", "space"},
      {"socks5h://a\r\nb", "space or a control character"},
      {"socks5h://u:hunter2%zz@proxy", "% in the password"},
      {"socks5h://u:hunter2%4@proxy", "% in the password"},
      {"socks5h://u:hunter2%00@proxy", "% in the password"},
      {"socks5h://u%:hunter2@proxy", "% in the user name"},
      {"socks5h://pro%xy", "% in the host"},
      {"socks5h://a%20b", "no host name has"},
      {"socks5h://a%2Fb", "no host name has"},
      {"socks5h://u@proxy", "password of 1 to 255"},
      {"socks5h://u:@proxy", "password of 1 to 255"},
      {"socks5h://:hunter2@proxy", "user names of 1 to 255"},
      {"socks5h://" + std::string(256, 'u') + ":hunter2@proxy", "user names of 1 to 255"},
      {"socks5h://u:" + std::string(256, 'p') + "@proxy", "password of 1 to 255"},
      {"http://u%3Av:hunter2@proxy", "colon"},
      {"http://" + std::string(256, 'h'), "longer than 255"},
  };
  for (const Bad& row : rows) {
    INFO(row.url);
    const auto proxy = parse_proxy_url(row.url);
    REQUIRE_FALSE(proxy);
    CHECK(proxy.error().kind == ErrorKind::Usage);
    INFO(proxy.error().message);
    CHECK(proxy.error().message.find(row.part) != std::string::npos);
    CHECK((proxy.error().message + proxy.error().hint).find(secret) == std::string::npos);
  }
  CHECK(parse_proxy_url("socks5h://" + std::string(255, 'u') + ":" + std::string(255, 'p') + "@h"));
}
