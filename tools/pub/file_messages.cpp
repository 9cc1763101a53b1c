#include "pub/file_messages.hpp"

#include "pub/whole_input.hpp"

namespace mqtk::pub {

Result<std::unique_ptr<FileMessages>> FileMessages::open(const OutgoingMessage& message,
                                                         const std::vector<std::string>& files,
                                                         std::uint64_t rounds, std::uint64_t limit,
                                                         TimePoint deadline) {
  std::unique_ptr<FileMessages> source(new FileMessages(message, rounds, limit));
  for (const std::string& path : files) {
    auto again = can_be_read_again(path, limit);
    if (!again) return fail(std::move(again.error()));
    File file{path, nullptr};
    if (!*again) {
      auto content = read_whole(path, limit, deadline);
      if (!content) return fail(std::move(content.error()));
      file.content = std::move(*content);
    }
    source->files_.push_back(std::move(file));
  }
  return source;
}

MessageSource::Next FileMessages::next() {
  if (failed_) return Next::Failed;
  if (loaded_) return Next::Message;
  if (taken_ == rounds_ * files_.size()) return Next::End;
  return load() ? Next::Message : Next::Failed;
}

bool FileMessages::load() {
  message_.owner = current().content;
  if (!message_.owner) {
    auto content = read_whole(current().path, limit_);
    if (!content) {
      failed_ = true;
      error_ = std::move(content.error());
      return false;
    }
    message_.owner = std::move(*content);
  }
  message_.payload = *message_.owner;
  loaded_ = true;
  return true;
}

void FileMessages::advance() {
  loaded_ = false;
  ++taken_;
}

std::optional<double> FileMessages::fraction() const {
  return static_cast<double>(taken_) / static_cast<double>(rounds_ * files_.size());
}

}  // namespace mqtk::pub
