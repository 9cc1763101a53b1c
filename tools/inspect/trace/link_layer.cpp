#include "inspect/trace/link_layer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <string_view>
#include <utility>

namespace mqtk::inspect {

namespace {

using Why = PassedOver::Why;

/// Tunnels in tunnels are bounded; real ones have a handful of layers.
constexpr int kMostLayers = 32;

constexpr std::uint16_t kIpv4Type = 0x0800;
constexpr std::uint16_t kIpv6Type = 0x86DD;
constexpr std::uint16_t kBridged = 0x6558;  ///< an Ethernet frame
constexpr std::uint16_t kPppType = 0x880B;

struct NamedNumber {
  std::uint32_t number;
  std::string_view name;
};

constexpr NamedNumber kLinkTypes[] = {
    {119, "802.11"},   {163, "802.11"},    {177, "LAPD"},    {187, "Bluetooth"}, {189, "USB"},
    {195, "802.15.4"}, {201, "Bluetooth"}, {220, "USB"},     {227, "CAN"},       {230, "802.15.4"},
    {249, "USB"},      {251, "Bluetooth"}, {253, "netlink"}, {254, "Bluetooth"},
};
constexpr NamedNumber kNetworkTypes[] = {
    {0x0806, "ARP"},    {0x8035, "RARP"},     {0x8863, "PPPoE discovery"},
    {0x888E, "802.1X"}, {0x88CC, "LLDP"},     {0x8809, "LACP"},
    {0x88F7, "PTP"},    {0x8892, "PROFINET"},
};
constexpr NamedNumber kTransports[] = {
    {1, "ICMP"}, {2, "IGMP"}, {17, "UDP"}, {58, "ICMPv6"}, {89, "OSPF"}, {132, "SCTP"},
};

std::string numbered_kind(std::string_view what, std::uint32_t number, bool hex) {
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), hex ? "0x%04x" : "%u", number);
  return std::string(what) + " " + digits.data();
}

std::string_view name_in(std::span<const NamedNumber> names, std::uint32_t number) {
  const auto found = std::ranges::find(names, number, &NamedNumber::number);
  return found == names.end() ? std::string_view() : found->name;
}

std::uint32_t little_u16(const char* at) {
  return u8(at[0]) | (std::uint32_t{u8(at[1])} << 8U);
}

std::uint32_t little_u32(const char* at) {
  return little_u16(at) | (little_u16(at + 2) << 16U);
}

/// Takes off one layer after the other; the way in is the frame's link type.
class Unwrapper {
 public:
  explicit Unwrapper(Bytes octets) : data_(octets) {}

  std::optional<TransportLayer> run(std::uint32_t link_type) {
    next_ = {Layer::Link, link_type};
    for (int depth = 0; depth < kMostLayers; ++depth) {
      const Step step = next_;
      const bool more = step.layer == Layer::Link      ? link(step.type)
                        : step.layer == Layer::Network ? network(step.type)
                        : step.layer == Layer::Ppp     ? ppp()
                                                       : transport(step.type);
      if (found_) return std::move(out_);
      if (!more) return std::nullopt;
    }
    give_up(Why::Depth);
    return std::nullopt;
  }

  PassedOver passed() const { return passed_; }

 private:
  enum class Layer : std::uint8_t { Link, Network, Ppp, Transport };
  struct Step {
    Layer layer = Layer::Link;
    std::uint32_t type = 0;
  };

  bool give_up(Why why, std::uint32_t number = 0) {
    passed_ = {why, number};
    return false;
  }
  bool has(std::size_t size) {
    if (data_.size() < size) give_up(Why::Cut);
    return data_.size() >= size;
  }
  bool skip(std::size_t size) {
    if (!has(size)) return false;
    data_.remove_prefix(size);
    return true;
  }
  bool go(Layer layer, std::uint32_t type) {
    next_ = {layer, type};
    return true;
  }
  std::uint16_t number_at(std::size_t at) const { return read_u16(data_.data() + at); }

  /// Skips a header whose octets at `at` name the network layer.
  bool typed(std::size_t head, std::size_t at) {
    if (!has(head)) return false;
    const std::uint16_t type = number_at(at);
    skip(head);
    return go(Layer::Network, type);
  }

  bool raw_ip() {
    if (!has(1)) return false;
    const unsigned version = u8(data_[0]) >> 4U;
    if (version != 4 && version != 6) return give_up(Why::Cut);
    return go(Layer::Network, version == 6 ? kIpv6Type : kIpv4Type);
  }

  bool link(std::uint32_t type) {
    switch (type) {
      case 0:  // BSD loopback
      case 108:
        return skip(4) && raw_ip();
      case 1:
        return ethernet();
      case 9:    // PPP
      case 50:   // in frames like HDLC's, of Cisco too
      case 166:  // pppd, with the direction in the place of the address
        return go(Layer::Ppp, 0);
      case 51:  // PPPoE
        return go(Layer::Network, 0x8864);
      case 104:  // Cisco HDLC
        return typed(4, 2);
      case 12:  // raw IP, and its other numbers
      case 14:
      case 101:
      case 228:
      case 229:
        return raw_ip();
      case 105:
        return wifi();
      case 109:  // OpenBSD's decrypted IPsec
        return skip(12) && raw_ip();
      case 113:  // Linux cooked
        return typed(16, 14);
      case 276:
        return typed(20, 0);
      case 117:  // OpenBSD's packet filter: a length, filled up to four octets
        return has(1) && skip((u8(data_[0]) + std::size_t{3}) / 4 * 4) && raw_ip();
      case 127:  // radiotap
        return has(4) && skip(little_u16(data_.data() + 2)) && wifi();
      case 192:  // PPI
        return inner_link(8, 2, 4);
      case 204:  // PPP with a direction
        return skip(1) && go(Layer::Ppp, 0);
      case 219:
        return go(Layer::Network, 0x8847);
      case 239:
        return nflog();
      case 258:
        return inner_link(12, 0, 8);
      default:
        return give_up(Why::LinkType, type);
    }
  }

  /// A header that tells its own length and the link type of what follows, little-endian.
  bool inner_link(std::size_t smallest, std::size_t length_at, std::size_t type_at) {
    if (!has(smallest)) return false;
    const bool wide = length_at == 0;
    const char* const at = data_.data() + length_at;
    const std::size_t length = wide ? little_u32(at) : little_u16(at);
    const std::uint32_t type = little_u32(data_.data() + type_at);
    if (length < smallest) return give_up(Why::Cut);
    return skip(length) && go(Layer::Link, type);
  }

  bool ethernet() {
    if (!has(14)) return false;
    const std::uint16_t type = number_at(12);
    skip(14);
    return type < 0x0600 ? llc() : go(Layer::Network, type);
  }

  // Logical link control with SNAP; other services are nothing of ours.
  bool llc() {
    if (!has(8)) return false;
    const bool snap = u8(data_[0]) == 0xAA && u8(data_[1]) == 0xAA && u8(data_[2]) == 3;
    if (!snap) return give_up(Why::NetworkType, number_at(0));
    return typed(8, 6);
  }

  bool wifi() {
    if (!has(24)) return false;
    const unsigned kind = u8(data_[0]);
    const unsigned flags = u8(data_[1]);
    const bool data = (kind & 0x0CU) == 0x08 && (kind & 0x40U) == 0;
    const bool quality = (kind & 0x80U) != 0;
    if (!data) return give_up(Why::Management);
    if ((flags & 0x40U) != 0) return give_up(Why::Encrypted);
    std::size_t head = (flags & 3U) == 3 ? 30 : 24;
    if (quality) {
      if (!has(head + 2)) return false;
      if ((u8(data_[head]) & 0x80U) != 0) return give_up(Why::Management);
      head += (flags & 0x80U) != 0 ? 6 : 2;
    }
    return skip(head) && llc();
  }

  bool nflog() {
    if (!skip(4)) return false;
    while (has(4)) {
      const std::size_t length = little_u16(data_.data());
      const std::uint32_t type = little_u16(data_.data() + 2) & 0x7FFFU;
      if (length < 4) return give_up(Why::Cut);
      if (type == 9) {
        data_ = data_.substr(4, length - 4);
        return raw_ip();
      }
      if (!skip(std::min((length + 3) / 4 * 4, data_.size()))) return false;
    }
    return false;
  }

  bool ppp() {
    if (!has(2)) return false;
    // Address and control may be left out; Cisco's framing has an EtherType behind its own.
    const unsigned address = u8(data_[0]);
    if (address == 0x0F || address == 0x8F) return typed(4, 2);
    const bool control = u8(data_[1]) == 3 && (address == 0xFF || address <= 1);
    if (control && !skip(2)) return false;
    if (!has(2)) return false;
    // An odd octet is a protocol number that was cut to one.
    const bool small = (u8(data_[0]) & 1U) != 0;
    const std::uint16_t protocol = small ? u8(data_[0]) : number_at(0);
    skip(small ? 1 : 2);
    switch (protocol) {
      case 0x0021:
        return go(Layer::Network, kIpv4Type);
      case 0x0057:
        return go(Layer::Network, kIpv6Type);
      case 0x0281:
      case 0x0283:
        return go(Layer::Network, 0x8847);
      default:
        return give_up(Why::PppProtocol, protocol);
    }
  }

  bool network(std::uint32_t type) {
    switch (type) {
      case kIpv4Type:
        return ipv4();
      case kIpv6Type:
        return ipv6();
      case 0x8100:  // tags of virtual networks, in each other too
      case 0x88A8:
      case 0x9100:
      case 0x9200:
        return typed(4, 2);
      case 0x8847:
      case 0x8848:
        return mpls();
      case 0x8864:
        return skip(6) && go(Layer::Ppp, 0);
      case kBridged:
        return ethernet();
      case kPppType:
        return go(Layer::Ppp, 0);
      case 0x88BE:  // ERSPAN, with the header that comes with a sequence number
        return skip(8) && ethernet();
      case 0x22EB:
        return skip(12) && ethernet();
      case 0x88E5:
        return give_up(Why::Encrypted);
      default:
        return give_up(Why::NetworkType, type);
    }
  }

  bool mpls() {
    for (bool bottom = false; !bottom;) {
      if (!has(4)) return false;
      bottom = (u8(data_[2]) & 1U) != 0;
      skip(4);
    }
    if (!has(1)) return false;
    const unsigned first = u8(data_[0]) >> 4U;
    if (first == 4 || first == 6) return raw_ip();
    // A control word says that Ethernet follows; without one nothing else is carried here.
    if (first == 0 && has(4) && !skip(4)) return false;
    return ethernet();
  }

  bool ipv4() {
    if (!has(20)) return false;
    if (u8(data_[0]) >> 4U != 4) return give_up(Why::Cut);
    const std::size_t head = (u8(data_[0]) & 15U) * std::size_t{4};
    const std::size_t total = number_at(2);
    if (head < 20 || !has(head)) return give_up(Why::Cut);
    if ((number_at(6) & 0x3FFFU) != 0) return give_up(Why::Fragment);
    const unsigned protocol = u8(data_[9]);
    out_.source = data_.substr(12, 4);
    out_.destination = data_.substr(16, 4);
    // Behind the packet, Ethernet may have filled up; 0: the network card cuts segments itself.
    out_.cut = total > data_.size() ? total - data_.size() : 0;
    if (total >= head && total <= data_.size()) data_ = data_.substr(0, total);
    skip(head);
    return go(Layer::Transport, protocol);
  }

  bool ipv6() {
    if (!has(40)) return false;
    if (u8(data_[0]) >> 4U != 6) return give_up(Why::Cut);
    const std::size_t length = number_at(4);
    const unsigned next = u8(data_[6]);
    out_.source = data_.substr(8, 16);
    out_.destination = data_.substr(24, 16);
    skip(40);
    out_.cut = length > data_.size() ? length - data_.size() : 0;
    if (length != 0 && length <= data_.size()) data_ = data_.substr(0, length);
    return go(Layer::Transport, next);
  }

  bool transport(std::uint32_t protocol) {
    switch (protocol) {
      case 6:
        out_.tcp = data_;
        found_ = true;
        return true;
      case 0:  // hop-by-hop, routing and destination options of IPv6
      case 43:
      case 60:
        return option(8, 8);
      case 51:  // authenticated, and in the clear
        return option(8, 4);
      case 44:
        return whole_fragment();
      case 50:
        return give_up(Why::Encrypted);
      case 4:
        return go(Layer::Network, kIpv4Type);
      case 41:
        return go(Layer::Network, kIpv6Type);
      case 47:
        return gre();
      case 17:
        return udp();
      case 97:  // Ethernet in IP
        return skip(2) && ethernet();
      case 137:
        return mpls();
      default:
        return give_up(Why::Transport, protocol);
    }
  }

  /// A header that names the next one, and its own length in `unit` octets beyond the first 8.
  bool option(std::size_t smallest, std::size_t unit) {
    if (!has(smallest)) return false;
    const unsigned next = u8(data_[0]);
    return skip(8 + u8(data_[1]) * unit) && go(Layer::Transport, next);
  }

  bool whole_fragment() {
    if (!has(8)) return false;
    if ((number_at(2) & 0xFFF9U) != 0) return give_up(Why::Fragment);
    const unsigned next = u8(data_[0]);
    return skip(8) && go(Layer::Transport, next);
  }

  bool gre() {
    if (!has(4)) return false;
    const std::uint16_t flags = number_at(0);
    const std::uint16_t type = number_at(2);
    const unsigned version = flags & 7U;
    if (version > 1 || (flags & 0x4000U) != 0) return give_up(Why::Transport, 47);
    const bool sequence = (flags & 0x1000U) != 0;
    std::size_t head = 4;
    for (const unsigned bit : {0x8000U, 0x2000U, 0x1000U}) head += (flags & bit) != 0 ? 4 : 0;
    if (version == 1 && (flags & 0x0080U) != 0) head += 4;
    if (!skip(head)) return false;
    if (data_.empty()) return give_up(Why::Transport, 47);
    // The first kind of ERSPAN has no header, and no sequence number in GRE.
    return go(Layer::Network, type == 0x88BE && !sequence ? kBridged : type);
  }

  bool udp() {
    if (!has(8)) return false;
    const std::uint16_t port = number_at(2);
    switch (port) {
      case 4789:  // VXLAN, and the port that Linux had for it before
      case 8472:
        if (data_.size() < 16 || u8(data_[8]) != 8) return give_up(Why::Transport, 17);
        return skip(16) && ethernet();
      case 4790:
        return vxlan_gpe();
      case 6081:
        return geneve();
      case 2152:
        return gtp();
      default:
        return give_up(Why::Transport, 17);
    }
  }

  bool vxlan_gpe() {
    if (!has(16)) return false;
    const unsigned next = u8(data_[11]);
    skip(16);
    return next == 1   ? go(Layer::Network, kIpv4Type)
           : next == 2 ? go(Layer::Network, kIpv6Type)
           : next == 3 ? ethernet()
                       : give_up(Why::Transport, 17);
  }

  bool geneve() {
    if (!has(16) || u8(data_[8]) >> 6U != 0) return give_up(Why::Transport, 17);
    const std::size_t options = (u8(data_[8]) & 0x3FU) * std::size_t{4};
    const std::uint16_t type = number_at(10);
    return skip(16 + options) && go(Layer::Network, type);
  }

  // What a mobile network carries for its devices.
  bool gtp() {
    if (!has(16) || u8(data_[8]) >> 4U != 3 || u8(data_[9]) != 0xFF) {
      return give_up(Why::Transport, 17);
    }
    const unsigned flags = u8(data_[8]) & 7U;
    if (!skip(16)) return false;
    if (flags == 0) return raw_ip();
    if (!has(4)) return false;
    unsigned extension = (flags & 4U) != 0 ? u8(data_[3]) : 0;
    skip(4);
    while (extension != 0) {
      if (!has(1)) return false;
      const std::size_t size = u8(data_[0]) * std::size_t{4};
      if (size == 0 || !has(size)) return give_up(Why::Cut);
      extension = u8(data_[size - 1]);
      skip(size);
    }
    return raw_ip();
  }

  Bytes data_;
  Step next_;
  bool found_ = false;
  TransportLayer out_;
  PassedOver passed_;
};

}  // namespace

std::string to_string(const PassedOver& passed) {
  const auto named = [&passed](std::span<const NamedNumber> names, std::string_view what,
                               bool hex = false) {
    const std::string_view name = name_in(names, passed.number);
    return name.empty() ? "of " + numbered_kind(what, passed.number, hex)
                        : "of " + std::string(name);
  };
  switch (passed.why) {
    case Why::LinkType: {
      const std::string_view name = name_in(kLinkTypes, passed.number);
      return "of " + numbered_kind("link type", passed.number, false) +
             (name.empty() ? "" : " (" + std::string(name) + ")");
    }
    case Why::NetworkType:
      return named(kNetworkTypes, "type", true);
    case Why::PppProtocol:
      return "of " + numbered_kind("PPP protocol", passed.number, true);
    case Why::Transport:
      return named(kTransports, "IP protocol");
    case Why::Fragment:
      return "fragmented";
    case Why::Encrypted:
      return "encrypted";
    case Why::Management:
      return "of Wi-Fi without data of one packet";
    case Why::Depth:
      return "with too many layers";
    case Why::Cut:
      break;
  }
  return "cut short or damaged";
}

std::optional<TransportLayer> find_tcp(const CapturedFrame& frame, PassedOver& passed) {
  Unwrapper unwrapper(frame.octets);
  auto out = unwrapper.run(frame.link_type);
  if (!out) passed = unwrapper.passed();
  return out;
}

}  // namespace mqtk::inspect
