// What a closed loop of one message costs on so many connections when nothing is done but the two
// system calls: the part of mqtt-bench's figure that is the kernel's and the processor's caches'.
//   mqtk_floor PORT CONNECTIONS MESSAGES
// Prints microseconds of CPU time a message. PORT is that of `mqtt-bench sink`.
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

double cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(69);
}

int connect_client(std::uint16_t port, std::string id) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in broker{};
  broker.sin_family = AF_INET;
  broker.sin_port = htons(port);
  broker.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || connect(fd, reinterpret_cast<const sockaddr*>(&broker), sizeof broker) != 0) {
    fail("connect");
  }
  id.resize(12, '-');
  std::string packet("\x10\x18\x00\x04MQTT\x04\x02\x00\x00\x00\x0c", 14);
  packet += id;
  char connack[4];
  if (send(fd, packet.data(), packet.size(), 0) < 0 ||
      recv(fd, connack, sizeof connack, MSG_WAITALL) != sizeof connack) {
    fail("CONNECT");
  }
  return fd;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  const int connections = std::atoi(argv[2]);
  const long messages = std::atol(argv[3]);
  const int loop = epoll_create1(0);
  std::vector<int> clients;
  for (int i = 0; i < connections; ++i) {
    clients.push_back(connect_client(port, std::to_string(i)));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = clients.back();
    epoll_ctl(loop, EPOLL_CTL_ADD, clients.back(), &event);
  }
  // QoS 1, identifier 1, topic of 16 octets, payload of 64.
  std::string publish("\x32\x54\x00\x10mqtt-bench/12345\x00\x01", 22);
  publish.append(64, 'x');
  const double before = cpu_us();
  for (const int fd : clients) {
    if (send(fd, publish.data(), publish.size(), 0) < 0) fail("send");
  }
  std::vector<epoll_event> ready(1024);
  char answer[64];
  for (long answered = 0; answered < messages;) {
    const int count = epoll_wait(loop, ready.data(), static_cast<int>(ready.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = ready[static_cast<std::size_t>(i)].data.fd;
      if (recv(fd, answer, sizeof answer, 0) <= 0) fail("recv");
      if (send(fd, publish.data(), publish.size(), 0) < 0) fail("send");
      ++answered;
    }
  }
  std::printf("%.3f\n", (cpu_us() - before) / static_cast<double>(messages));
  for (const int fd : clients) close(fd);
  return 0;
}
