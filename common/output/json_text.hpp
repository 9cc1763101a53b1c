// Pieces of JSON documents that are written from octets of others. Nothing is lost, and what comes
// out is harmless on a terminal.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace mqtk {

/// A quoted JSON string; `text` is UTF-8. Control characters of C0 and C1, DEL, line separators,
/// bidirectional controls, zero-width and other unseen characters become \uXXXX.
void append_json_string(std::string& out, Bytes text);

/// `"name":`, with a comma before it unless an object has just begun.
void append_json_key(std::string& out, std::string_view name);

/// A member of an object: octets as a string, or what is not UTF-8 in base64 under `name` with
/// `_base64` behind it.
void append_json_octets(std::string& out, std::string_view name, Bytes value);

}  // namespace mqtk
