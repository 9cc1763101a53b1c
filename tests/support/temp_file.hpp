// A file without a name that ends with its object.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <string>

#include "base/unique_fd.hpp"

namespace mqtk::test {

class TempFile {
 public:
  TempFile() {
    char path[] = "/tmp/mqtk-test-XXXXXX";
    fd_.reset(::mkstemp(path));
    ::unlink(path);
  }
  int fd() const { return fd_.get(); }
  std::string content() const {
    std::string out;
    char piece[4096];
    off_t at = 0;
    for (;;) {
      const ssize_t n = ::pread(fd_.get(), piece, sizeof piece, at);
      if (n <= 0) return out;
      out.append(piece, static_cast<std::size_t>(n));
      at += n;
    }
  }

 private:
  UniqueFd fd_;
};

}  // namespace mqtk::test
