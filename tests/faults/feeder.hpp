// Writes lines into a program as fast as it takes them, and tells when it takes no more.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "support/temp_dir.hpp"

namespace mqtk::test {

class Feeder {
 public:
  /// Lines of `line_octets`, newline included, up to `octets` in all.
  Feeder(std::size_t line_octets, std::uint64_t octets);
  ~Feeder();
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;

  /// The named pipe that the program is to read; writing begins when it is opened.
  const std::string& path() const { return path_; }
  std::uint64_t written() const { return written_; }
  bool done() const { return done_; }
  /// Ends the line that is begun and closes the pipe; true when all of that was taken.
  bool finish();

 private:
  void run(std::size_t line_octets, std::uint64_t octets);

  TempDir folder_;
  std::string path_;
  std::atomic<std::uint64_t> written_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> done_ = false;
  std::atomic<bool> failed_ = false;
  std::thread thread_;
};

/// Every thread of the process waits for something; false when it is gone.
bool at_rest(pid_t pid);

}  // namespace mqtk::test
