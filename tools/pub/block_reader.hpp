// Reads a descriptor in a thread of its own, so that a pipe or terminal that has nothing to say
// never holds up the event loop. A few blocks are in flight and no more: when nobody takes them,
// nobody reads.
#pragma once

#include <array>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/bytes.hpp"
#include "base/unique_fd.hpp"

namespace mqtk::pub {

/// Blocks of bytes that arrive over time.
class BlockInput {
 public:
  enum class Status : std::uint8_t { Data, Wait, End, Failed };
  virtual ~BlockInput() = default;
  /// What has arrived, valid until the next call. After Wait the owner is woken when there is more.
  virtual Status take(Bytes& block) = 0;
  /// errno of what Failed.
  virtual int error_code() const = 0;
  /// How much of it has been taken, 0 to 1; a pipe does not know.
  virtual std::optional<double> fraction() const { return std::nullopt; }
};

class BlockReader final : public BlockInput {
 public:
  static constexpr std::size_t kBlockSize = 64 * 1024;
  static constexpr std::size_t kBlocks = 4;

  /// `fd` stays the caller's. `wake` is called in the reading thread.
  BlockReader(int fd, std::function<void()> wake);
  ~BlockReader() override;
  BlockReader(const BlockReader&) = delete;
  BlockReader& operator=(const BlockReader&) = delete;

  Status take(Bytes& block) override;
  int error_code() const override { return error_code_; }
  std::optional<double> fraction() const override;

 private:
  struct Block {
    std::unique_ptr<char[]> data;
    std::size_t size = 0;
  };

  void run();
  bool wait_for_input() const;

  int fd_;
  std::uint64_t size_ = 0;  ///< of what was left of a file at the beginning; 0: not known
  std::uint64_t octets_ = 0;
  std::function<void()> wake_;
  UniqueFd stop_read_;
  UniqueFd stop_write_;
  std::array<Block, kBlocks> blocks_;

  std::mutex mutex_;  ///< of everything below
  std::condition_variable room_;
  std::size_t first_ = 0;  ///< oldest filled block
  std::size_t filled_ = 0;
  bool taken_ = false;   ///< the oldest block is being looked at
  bool hungry_ = false;  ///< the owner was told to wait
  bool ended_ = false;
  bool ending_ = false;
  int error_code_ = 0;
  std::thread thread_;
};

}  // namespace mqtk::pub
