#include <arpa/inet.h>

#include <array>
#include <utility>

#include "net/proxy/dialogue.hpp"

namespace mqtk {

namespace {

constexpr char kVersion = 5;
constexpr char kPasswordVersion = 1;
constexpr char kNoAuthentication = 0;
constexpr char kUserNamePassword = 2;
constexpr unsigned kNoMethod = 0xFF;
constexpr std::size_t kMaxField = 255;

struct Refusal {
  ErrorKind kind;
  const char* words;
};

/// RFC 1928, section 6; the words follow "the SOCKS5 proxy ".
Refusal refusal(unsigned code) {
  switch (code) {
    case 1:
      return {ErrorKind::Unreachable, "failed for a reason it does not give"};
    case 2:
      return {ErrorKind::Permission, "does not allow the connection by its rules"};
    case 3:
      return {ErrorKind::Unreachable, "cannot reach the broker's network"};
    case 4:
      return {ErrorKind::Unreachable, "cannot reach the broker's host, or not resolve its name"};
    case 5:
      return {ErrorKind::Unreachable, "was refused the connection by the broker's host"};
    case 6:
      return {ErrorKind::Unreachable, "got no answer from the broker's host in time"};
    case 7:
      return {ErrorKind::ProtocolViolation, "does not know the command CONNECT"};
    case 8:
      return {ErrorKind::ProtocolViolation, "does not take this kind of address"};
    default:
      return {ErrorKind::Unreachable, "refused with a code that is not registered"};
  }
}

void append_field(std::string& out, std::string_view field) {
  out.push_back(octet(static_cast<unsigned>(field.size())));
  out.append(field);
}

}  // namespace

Socks5Dialogue::Socks5Dialogue(const ProxyConfig& proxy, std::string host, std::uint16_t port)
    : proxy_(proxy), host_(std::move(host)), port_(port) {}

Dialogue::Step Socks5Dialogue::fail(ErrorKind kind, Cause cause, std::string message,
                                    std::string hint) {
  error_ = {kind, cause, std::move(message), std::move(hint)};
  return Step::Failed;
}

Dialogue::Step Socks5Dialogue::await(Phase phase, std::size_t octets) {
  phase_ = phase;
  needed_ = octets;
  return Step::Talk;
}

Dialogue::Step Socks5Dialogue::open(std::string& out) {
  if (const char* wrong = check_proxy_credentials(proxy_)) {
    return fail(ErrorKind::Usage, Cause::None, wrong);
  }
  if (host_.empty() || host_.size() > kMaxField) {
    return fail(ErrorKind::Usage, Cause::None,
                "a SOCKS5 proxy takes host names of 1 to 255 octets only");
  }
  out.push_back(kVersion);
  out.push_back(proxy_.username ? 2 : 1);
  out.push_back(kNoAuthentication);
  if (proxy_.username) out.push_back(kUserNamePassword);
  return await(Phase::Method, 2);
}

Dialogue::Step Socks5Dialogue::feed(Bytes input, std::string& out) {
  input_.append(input);
  if (input_.size() < needed_) return Step::Talk;
  switch (phase_) {
    case Phase::Method:
      return on_method(out);
    case Phase::Password:
      // Some servers repeat the version of SOCKS here.
      if (input_[0] != kPasswordVersion && input_[0] != kVersion) {
        return fail(ErrorKind::ProtocolViolation, Cause::ProxyNotProxy,
                    "the proxy's answer to user name and password is no SOCKS5");
      }
      if (input_[1] != 0) {
        return fail(ErrorKind::Permission, Cause::ProxyAuth,
                    "the SOCKS5 proxy does not accept the user name or the password");
      }
      return request(out);
    case Phase::Reply:
    case Phase::ReplyLength:
      return on_reply();
    case Phase::ReplyRest:
      return Step::Done;
  }
  return Step::Failed;
}

Dialogue::Step Socks5Dialogue::on_method(std::string& out) {
  if (input_[0] != kVersion) {
    const std::string_view what = recognise(input_);
    return fail(ErrorKind::ProtocolViolation, Cause::ProxyNotProxy,
                what.empty()
                    ? "the proxy's answer is no SOCKS5"
                    : "the proxy does not speak SOCKS5: its answer looks like " + std::string(what),
                what == "HTTP" ? "use http:// for the proxy instead of socks5h://" : "");
  }
  const char method = input_[1];
  if (method == kNoAuthentication) return request(out);
  if (method == kUserNamePassword && proxy_.username) {
    out.push_back(kPasswordVersion);
    append_field(out, *proxy_.username);
    append_field(out, *proxy_.password);
    input_.clear();
    return await(Phase::Password, 2);
  }
  if (u8(method) != kNoMethod) {
    return fail(ErrorKind::ProtocolViolation, Cause::ProxyNotProxy,
                "the SOCKS5 proxy chose a way to log in that was not offered");
  }
  if (!proxy_.username) {
    return fail(ErrorKind::Permission, Cause::ProxyAuth, "the SOCKS5 proxy asks for credentials",
                "give them as socks5h://USER:PASSWORD@HOST");
  }
  return fail(ErrorKind::Permission, Cause::ProxyAuth,
              "the SOCKS5 proxy accepts neither user name and password nor a connection without");
}

Dialogue::Step Socks5Dialogue::request(std::string& out) {
  out.push_back(kVersion);
  out.push_back(1);  // CONNECT
  out.push_back(0);
  std::array<char, 16> address;
  if (inet_pton(AF_INET, host_.c_str(), address.data()) == 1) {
    out.push_back(1);
    out.append(address.data(), 4);
  } else if (inet_pton(AF_INET6, host_.c_str(), address.data()) == 1) {
    out.push_back(4);
    out.append(address.data(), 16);
  } else {
    out.push_back(3);
    append_field(out, host_);
  }
  append_u16(out, port_);
  input_.clear();
  return await(Phase::Reply, 2);
}

Dialogue::Step Socks5Dialogue::on_reply() {
  if (phase_ == Phase::Reply) {
    if (input_[0] != kVersion) {
      return fail(ErrorKind::ProtocolViolation, Cause::ProxyNotProxy,
                  "the proxy's answer to the request is no SOCKS5");
    }
    // Not all servers send the rest of a refusal.
    if (input_[1] != 0) {
      const Refusal refused = refusal(u8(input_[1]));
      return fail(refused.kind, Cause::ProxyRefused,
                  std::string("the SOCKS5 proxy ") + refused.words + " (code " +
                      std::to_string(u8(input_[1])) + ")");
    }
    return await(Phase::ReplyLength, 5);
  }
  // VER REP RSV ATYP, the address it uses itself, two octets of port.
  switch (u8(input_[3])) {
    case 1:
      return await(Phase::ReplyRest, 4 + 4 + 2);
    case 3:
      return await(Phase::ReplyRest, 4 + 1 + std::size_t{u8(input_[4])} + 2);
    case 4:
      return await(Phase::ReplyRest, 4 + 16 + 2);
    default:
      return fail(ErrorKind::ProtocolViolation, Cause::ProxyNotProxy,
                  "the SOCKS5 proxy's answer holds an address of unknown kind");
  }
}

Error Socks5Dialogue::ended(const Error& lower) const {
  if (!merely_closed(lower)) return lower;
  if (phase_ == Phase::Method) {
    return {ErrorKind::Unreachable, Cause::ProxyNotProxy,
            "the proxy closed the connection instead of speaking SOCKS5",
            "check the kind of proxy and its port"};
  }
  if (phase_ == Phase::Password) {
    return {ErrorKind::Permission,
            Cause::ProxyAuth,
            "the SOCKS5 proxy closed the connection on user name and password",
            {}};
  }
  return {ErrorKind::Unreachable,
          Cause::ProxyRefused,
          "the SOCKS5 proxy closed the connection instead of making one to the broker",
          {}};
}

}  // namespace mqtk
