#include "support/own_network.hpp"

#ifdef __linux__
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/unique_fd.hpp"
#endif

namespace mqtk::test {

#ifdef __linux__

namespace {

bool write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::flush;
  return file.good();
}

// Without privileges this takes a namespace of users in which we are root.
bool unshare_network() {
  constexpr int kWanted = CLONE_NEWNET | CLONE_NEWNS;
  if (::unshare(kWanted) == 0) return true;
  const std::string user = std::to_string(::getuid());
  const std::string group = std::to_string(::getgid());
  return ::unshare(CLONE_NEWUSER | kWanted) == 0 && write_text("/proc/self/setgroups", "deny") &&
         write_text("/proc/self/uid_map", "0 " + user + " 1") &&
         write_text("/proc/self/gid_map", "0 " + group + " 1");
}

// An address besides 127.0.0.1 is what makes the resolver look for IPv4 addresses at all.
bool raise_loopback() {
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq up{};
  std::strcpy(up.ifr_name, "lo");
  if (!fd || ::ioctl(fd.get(), SIOCGIFFLAGS, &up) != 0) return false;
  up.ifr_flags = static_cast<short>(up.ifr_flags | IFF_UP | IFF_RUNNING);
  if (::ioctl(fd.get(), SIOCSIFFLAGS, &up) != 0) return false;
  ifreq second{};
  std::strcpy(second.ifr_name, "lo:1");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  ::inet_pton(AF_INET, "10.53.0.1", &address.sin_addr);
  std::memcpy(&second.ifr_addr, &address, sizeof address);
  return ::ioctl(fd.get(), SIOCSIFADDR, &second) == 0;
}

}  // namespace

bool enter_own_network(const std::string& resolv_conf, std::string& why) {
  const auto failed = [&why](const std::string& what) {
    why = what + ": " + std::strerror(errno);
    return false;
  };
  if (!write_text(resolv_conf, "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n")) {
    return failed("cannot write " + resolv_conf);
  }
  if (!unshare_network()) return failed("no network of its own");
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount(resolv_conf.c_str(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr) != 0) {
    return failed("cannot mount a resolv.conf");
  }
  return raise_loopback() || failed("no loopback interface");
}

#else

bool enter_own_network(const std::string&, std::string& why) {
  why = "networks of one's own are Linux's";
  return false;
}

#endif

}  // namespace mqtk::test
