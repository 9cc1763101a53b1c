// Packets to bytes and back. Decoding never throws, never allocates but for the lists of SUBSCRIBE
// and UNSUBSCRIBE, never reads past the frame, and accepts what the specification allows and no
// more, but for what decode() names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "wire/framer.hpp"
#include "wire/packets.hpp"

namespace mqtk::wire {

/// Decodes one frame sent under `version`. A CONNECT names its own version and ignores the
/// argument. The views in the result point into frame.body. Three answers of real brokers are let
/// through although the specification does not list them: in MQTT 3 any SUBACK code from 0x80 and
/// any CONNACK code but 0, under MQTT 5 a CONNACK in the form of MQTT 3 with code 1 to 5.
Decoded<Packet> decode(const Frame& frame, ProtocolVersion version);

/// The same for the packets of the fast path; frame.type() says which to call.
Decoded<Publish> decode_publish(const Frame& frame, ProtocolVersion version);
Decoded<PublishReply> decode_publish_reply(const Frame& frame, ProtocolVersion version);

/// Appends the packet. The caller has checked what topic.hpp and the field limits ask for;
/// encoded_size() tells beforehand whether it is at most kMaxPacketSize.
void encode(const Packet& packet, ProtocolVersion version, std::string& out);
void encode(const Connect& packet, std::string& out);
void encode(const Publish& packet, ProtocolVersion version, std::string& out);
void encode(const PublishReply& packet, ProtocolVersion version, std::string& out);

/// Appends a PUBLISH up to where its payload begins; packet.payload.size() octets must follow.
void encode_publish_head(const Publish& packet, ProtocolVersion version, std::string& out);

/// Whole size of a packet in octets, fixed header included; may exceed kMaxPacketSize.
std::uint64_t publish_size(const Publish& packet, ProtocolVersion version);
std::uint64_t encoded_size(const Packet& packet, ProtocolVersion version);

/// Appends a Variable Byte Integer (1.5.5); value <= kMaxRemainingLength.
void append_varint(std::string& out, std::uint32_t value);
/// Octets a Variable Byte Integer takes: 1 to 4.
std::size_t varint_size(std::uint32_t value);

}  // namespace mqtk::wire
