// UTF-8 as MQTT wants it (MQTT 5, 1.5.4).
#pragma once

#include "base/bytes.hpp"

namespace mqtk::wire {

/// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF. U+0000
/// passes.
bool is_utf8(Bytes text);

/// What a UTF-8 encoded string field may hold: is_utf8() without U+0000 [MQTT-1.5.4-1]
/// [MQTT-1.5.4-2].
bool is_mqtt_string(Bytes text);

}  // namespace mqtk::wire
