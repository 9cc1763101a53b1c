// What is around TCP in a captured frame: link layers, tags, tunnels. Any octets may come as a
// frame.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "inspect/trace/capture_file.hpp"

namespace mqtk::inspect {

/// Why a frame holds no TCP that can be read, with the number that tells it from its kin.
struct PassedOver {
  enum class Why : std::uint8_t {
    LinkType,     ///< a LINKTYPE_* that is not decoded
    NetworkType,  ///< an EtherType other than IP
    PppProtocol,  ///< control of a PPP link
    Transport,    ///< an IP protocol other than TCP
    Fragment,     ///< a part of an IP packet
    Encrypted,    ///< Wi-Fi, MACsec or IPsec
    Management,   ///< Wi-Fi frames without data, or with several packets in one
    Cut,          ///< shorter than its own headers, or nonsense
    Depth,        ///< more layers than anybody needs
  };
  Why why = Why::Cut;
  std::uint32_t number = 0;
  auto operator<=>(const PassedOver&) const = default;
};
/// "of UDP", "of link type 189 (USB)": behind a number of packets.
std::string to_string(const PassedOver& passed);

struct TransportLayer {
  Bytes source, destination;  ///< addresses, 4 or 16 octets
  Bytes tcp;                  ///< header and payload, as much as was captured
  std::size_t cut = 0;        ///< octets that follow, which the capture left out
};

/// Goes through Ethernet (VLAN, QinQ, LLC), PPP, PPPoE, MPLS, HDLC, Linux cooked, NFLOG, loopback,
/// raw IP, Wi-Fi without encryption, PPI and PKTAP, and in IP through GRE, IP in IP, VXLAN, GENEVE,
/// GTP-U and AH to the innermost TCP. nullopt: `passed` says why not.
std::optional<TransportLayer> find_tcp(const CapturedFrame& frame, PassedOver& passed);

}  // namespace mqtk::inspect
