#include "support/dns_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "base/unique_fd.hpp"
#include "support/dns_message.hpp"
#include "support/wait_until.hpp"

namespace mqtk::test {

namespace {

using Key = std::pair<std::string, std::uint16_t>;

constexpr std::size_t kHeader = 12;
constexpr std::uint16_t kAnswered = 0x8180;
constexpr std::uint16_t kTruncated = 0x0200;
constexpr std::uint16_t kServerFailure = 2;
constexpr std::uint16_t kNoSuchName = 3;

struct Question {
  std::uint16_t id = 0;
  std::string name;
  std::uint16_t type = 0;
};

std::uint16_t number_at(const std::string& text, std::size_t at) {
  const auto octet = [&text](std::size_t i) { return static_cast<unsigned char>(text.at(i)); };
  return static_cast<std::uint16_t>(octet(at) << 8U | octet(at + 1));
}

// Throws std::out_of_range when there is less than a question.
Question read_question(const std::string& message) {
  Question out;
  out.id = number_at(message, 0);
  std::size_t at = kHeader;
  while (message.at(at) != '\0') {
    const auto length = static_cast<unsigned char>(message[at]);
    out.name += (out.name.empty() ? "" : ".") + message.substr(at + 1, length);
    at += 1U + length;
  }
  out.type = number_at(message, at + 1);
  return out;
}

UniqueFd listen_on(int type) {
  UniqueFd fd(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(53);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  if (!fd || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      (type == SOCK_STREAM && ::listen(fd.get(), 8) != 0)) {
    throw std::runtime_error("no name server on port 53");
  }
  return fd;
}

}  // namespace

struct DnsServer::Impl {
  UniqueFd udp = listen_on(SOCK_DGRAM);
  UniqueFd tcp = listen_on(SOCK_STREAM);
  std::array<UniqueFd, 2> end;
  mutable std::mutex mutex;
  std::map<Key, DnsAnswer> table;
  std::map<Key, std::size_t> asked;
  std::thread thread;

  void serve();
  void serve_tcp();
  /// Empty: none is sent.
  std::string answer(const std::string& message, bool over_tcp);
};

std::string DnsServer::Impl::answer(const std::string& message, bool over_tcp) {
  using enum DnsAnswer::Manner;
  const Question question = read_question(message);
  const auto reply = [&](std::uint16_t flags, std::uint16_t count, const std::string& records) {
    return dns_answer(question.id, static_cast<std::uint16_t>(kAnswered | flags), question.name,
                      question.type, count, records);
  };
  const std::lock_guard lock(mutex);
  const Key key(question.name, question.type);
  ++asked[key];
  const auto found = table.find(key);
  const bool below_test = question.name.ends_with(".test");
  DnsAnswer wanted;
  if (found != table.end()) {
    wanted = found->second;
  } else if (question.type == kTypeA && below_test) {
    wanted.data = {std::string("\x7F\0\0\1", 4)};
  } else if (question.type == kTypeSrv || !below_test) {
    return reply(kNoSuchName, 0, {});
  }
  if (wanted.manner == Silence) return {};
  if (wanted.manner == ServerFailure) return reply(kServerFailure, 0, {});
  if (wanted.manner == OverTcpOnly && !over_tcp) return reply(kTruncated, 0, {});
  std::string records;
  for (const std::string& data : wanted.data) {
    records += dns_record(dns_name(question.name), question.type, data);
  }
  std::string out = reply(0, static_cast<std::uint16_t>(wanted.data.size()), records);
  if (wanted.manner == Broken) out.resize(out.size() - 3);
  return out;
}

void DnsServer::Impl::serve_tcp() {
  const UniqueFd connection(::accept(tcp.get(), nullptr, nullptr));
  std::string size(2, '\0');
  if (::recv(connection.get(), size.data(), size.size(), MSG_WAITALL) != 2) return;
  std::string message(number_at(size, 0), '\0');
  if (::recv(connection.get(), message.data(), message.size(), MSG_WAITALL) <= 0) return;
  const std::string text = answer(message, true);
  if (text.empty()) return;
  const std::string framed = dns_number(static_cast<std::uint32_t>(text.size())) + text;
  ::send(connection.get(), framed.data(), framed.size(), MSG_NOSIGNAL);
}

void DnsServer::Impl::serve() {
  for (;;) {
    std::array<pollfd, 3> ready{
        {{udp.get(), POLLIN, 0}, {tcp.get(), POLLIN, 0}, {end[0].get(), POLLIN, 0}}};
    if (::poll(ready.data(), ready.size(), -1) < 0) continue;
    if (ready[2].revents != 0) return;
    if (ready[1].revents != 0) serve_tcp();
    if (ready[0].revents == 0) continue;
    std::string message(512, '\0');
    sockaddr_in from{};
    socklen_t length = sizeof from;
    auto* const peer = reinterpret_cast<sockaddr*>(&from);
    const ssize_t got =
        ::recvfrom(udp.get(), message.data(), message.size(), MSG_DONTWAIT, peer, &length);
    if (got < static_cast<ssize_t>(kHeader)) continue;
    message.resize(static_cast<std::size_t>(got));
    const std::string text = answer(message, false);
    if (!text.empty()) ::sendto(udp.get(), text.data(), text.size(), 0, peer, length);
  }
}

DnsServer::DnsServer() : impl_(std::make_unique<Impl>()) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) throw std::runtime_error("no pipe");
  impl_->end[0].reset(pipe[0]);
  impl_->end[1].reset(pipe[1]);
  impl_->thread = std::thread([this] { impl_->serve(); });
}

DnsServer::~DnsServer() {
  impl_->end[1].reset();
  impl_->thread.join();
}

void DnsServer::set(const std::string& name, std::uint16_t type, DnsAnswer answer) {
  const std::lock_guard lock(impl_->mutex);
  impl_->table[{name, type}] = std::move(answer);
}

std::size_t DnsServer::asked(const std::string& name, std::uint16_t type) const {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->asked.find({name, type});
  return found == impl_->asked.end() ? 0 : found->second;
}

bool DnsServer::wait_asked(const std::string& name, std::uint16_t type, Duration deadline) const {
  return wait_until([&] { return asked(name, type) > 0; }, deadline);
}

}  // namespace mqtk::test
