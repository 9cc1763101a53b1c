#include "support/raw_client.hpp"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace mqtk::test {

RawClient::RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fd_.reset();
  }
}

bool RawClient::send(const wire::Packet& packet, wire::ProtocolVersion version) {
  std::string octets;
  wire::encode(packet, version, octets);
  return send_raw(octets);
}

bool RawClient::send_raw(Bytes octets) {
  while (!octets.empty()) {
    const ssize_t n = ::send(fd_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void RawClient::finish() {
  ::shutdown(fd_.get(), SHUT_WR);
}

bool RawClient::fill(TimePoint until) {
  if (end_ != End::None) return false;
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(until - monotonic_now()).count();
  pollfd wanted{fd_.get(), POLLIN, 0};
  if (::poll(&wanted, 1, static_cast<int>(std::max<std::int64_t>(left, 0))) <= 0) return false;
  std::array<char, 64 * 1024> buffer;
  const ssize_t n = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
  if (n > 0) {
    received_.append(buffer.data(), static_cast<std::size_t>(n));
    return true;
  }
  end_ = n == 0 ? End::Fin : End::Reset;
  return false;
}

std::string RawClient::receive(Duration deadline) {
  const TimePoint until = monotonic_now() + deadline;
  while (true) {
    wire::Framer framer;
    wire::Frame frame;
    Bytes input = received_;
    if (framer.next(input, frame) == wire::Framer::Status::Frame) {
      std::string packet = received_.substr(0, frame.size);
      received_.erase(0, frame.size);
      return packet;
    }
    if (!fill(until)) return {};
  }
}

std::string RawClient::receive_type(Duration deadline) {
  const std::string packet = receive(deadline);
  if (packet.empty()) return {};
  return std::string(wire::name(static_cast<wire::PacketType>(u8(packet[0]) >> 4U)));
}

std::string RawClient::receive_octets(std::size_t octets, Duration deadline) {
  const TimePoint until = monotonic_now() + deadline;
  while (received_.size() < octets && fill(until)) {
  }
  std::string taken = received_.substr(0, octets);
  received_.erase(0, taken.size());
  return taken;
}

RawClient::End RawClient::wait_end(Duration deadline) {
  const TimePoint until = monotonic_now() + deadline;
  while (fill(until)) received_.clear();
  return end_;
}

wire::Connect plain_connect(Bytes client_id) {
  wire::Connect connect;
  connect.client_id = client_id;
  return connect;
}

}  // namespace mqtk::test
