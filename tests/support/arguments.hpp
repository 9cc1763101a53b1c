// argc and argv for a program under test; the words may be overwritten, as main's may.
#pragma once

#include <string>
#include <vector>

namespace mqtk::test {

class Arguments {
 public:
  Arguments(std::string program, std::vector<std::string> words) : words_(std::move(words)) {
    words_.insert(words_.begin(), std::move(program));
    for (std::string& word : words_) values_.push_back(word.data());
    values_.push_back(nullptr);
  }
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  int count() const { return static_cast<int>(words_.size()); }
  char** values() { return values_.data(); }

 private:
  std::vector<std::string> words_;
  std::vector<char*> values_;
};

}  // namespace mqtk::test
