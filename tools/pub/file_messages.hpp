// -f FILE -f FILE...: one message a file, in order. Regular files are read when their turn comes;
// what can be read only once (pipes, standard input) is read before anything is connected.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "pub/message_source.hpp"

namespace mqtk::pub {

class FileMessages final : public MessageSource {
 public:
  /// Opens every file, and reads the pipes, at most until `deadline`. All go out `rounds` times.
  static Result<std::unique_ptr<FileMessages>> open(const OutgoingMessage& message,
                                                    const std::vector<std::string>& files,
                                                    std::uint64_t rounds, std::uint64_t limit,
                                                    TimePoint deadline);

  Next next() override;
  const OutgoingMessage& message() const override { return message_; }
  void advance() override;
  std::uint64_t number() const override { return taken_ + 1; }
  const Error& error() const override { return error_; }
  std::optional<double> fraction() const override;
  std::string_view noun() const override { return "file"; }
  bool numbered() const override { return true; }
  std::string_view file() const override { return current().path; }

 private:
  struct File {
    std::string path;
    std::shared_ptr<const std::string> content;  ///< of one that can be read only once
  };

  FileMessages(const OutgoingMessage& message, std::uint64_t rounds, std::uint64_t limit)
      : message_(message), rounds_(rounds), limit_(limit) {}
  const File& current() const { return files_[static_cast<std::size_t>(taken_ % files_.size())]; }
  bool load();

  OutgoingMessage message_;
  std::uint64_t rounds_;
  std::uint64_t limit_;
  std::vector<File> files_;
  std::uint64_t taken_ = 0;
  bool loaded_ = false;
  bool failed_ = false;
  Error error_;
};

}  // namespace mqtk::pub
