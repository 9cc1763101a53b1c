// --record: messages as JSON records in a file that is rotated by size and reopened on request.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/output_file.hpp"
#include "base/result.hpp"
#include "output/message_record.hpp"

namespace mqtk::sub {

struct RecordOptions {
  std::string file;        ///< empty: no --record
  std::uint64_t size = 0;  ///< 0: never rotated
  std::uint64_t keep = 9;  ///< old files, FILE.1 being the newest
};

class Recorder {
 public:
  /// `options` outlive this.
  explicit Recorder(const RecordOptions& options) : options_(options) {}

  /// Opens the file; a last line without its end gets one.
  Result<void> open();
  /// The record is in the file after flush(), or earlier.
  Result<void> append(const MessageRecord& record);
  Result<void> flush();
  /// Closes the file and opens it again under its name (SIGHUP).
  Result<void> reopen();
  std::uint64_t records() const { return records_; }

 private:
  static constexpr std::size_t kBlock = 64 * 1024;

  Result<void> rotate();

  const RecordOptions& options_;
  std::optional<OutputFile> file_;
  std::uint64_t in_file_ = 0;
  std::uint64_t records_ = 0;
  std::string buffer_;
  RecordFormat format_;
};

}  // namespace mqtk::sub
