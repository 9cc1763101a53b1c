// Runs a fuzz target without a fuzzer: every file of a corpus, every truncation of it, and a number
// of mutations that are the same in each run. Files named *.hex are in the form of hex_text.hpp.
//   fuzz_NAME CORPUS_DIR [MUTATIONS]        fuzz_NAME --export OUT_DIR CORPUS_DIR   (binary, for
//   libFuzzer)
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/fuzz.hpp"
#include "fuzz/hex_text.hpp"

namespace {

namespace fs = std::filesystem;
using namespace mqtk;

struct Seed {
  std::string name;
  std::string bytes;
};

class Xorshift {
 public:
  explicit Xorshift(std::uint64_t seed) : state_(seed * 0x9E37'79B9'7F4A'7C15U + 1) {}
  std::size_t below(std::size_t bound) {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return static_cast<std::size_t>(state_ % bound);
  }

 private:
  std::uint64_t state_;
};

bool read_corpus(const fs::path& folder, std::vector<Seed>& seeds) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (entry.path().extension() == ".hex") {
      std::string bytes;
      if (!test::parse_hex_text(text, bytes)) {
        std::fprintf(stderr, "%s: not hex text\n", entry.path().c_str());
        return false;
      }
      text = std::move(bytes);
    }
    seeds.push_back({entry.path().stem().string(), std::move(text)});
  }
  if (seeds.empty()) std::fprintf(stderr, "%s: no corpus\n", folder.c_str());
  std::sort(seeds.begin(), seeds.end(),
            [](const Seed& a, const Seed& b) { return a.name < b.name; });
  return !seeds.empty();
}

void run(Bytes bytes) {
  const test::ExactCopy copy(bytes);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(copy.bytes().data()), bytes.size());
}

// One small change of the kind a fuzzer makes.
void mutate_once(std::string& bytes, const std::vector<Seed>& seeds, Xorshift& random) {
  static constexpr unsigned kTelling[] = {0x00, 0x01, 0x7F, 0x80, 0xFF,
                                          0xC0, 0xED, 0x23, 0x2B, 0x24};
  if (bytes.empty()) bytes.push_back('\0');
  const std::size_t at = random.below(bytes.size());
  const std::size_t length = 1 + random.below(std::min<std::size_t>(8, bytes.size() - at));
  switch (random.below(7)) {
    case 0:
      bytes[at] = octet(u8(bytes[at]) ^ (1U << random.below(8)));
      break;
    case 1:
      bytes[at] = octet(kTelling[random.below(std::size(kTelling))]);
      break;
    case 2:
      bytes[at] = octet(static_cast<unsigned>(random.below(256)));
      break;
    case 3:
      bytes.erase(at, length);
      break;
    case 4:
      bytes.insert(at, bytes.substr(at, length));
      break;
    case 5:
      bytes[at] = octet(u8(bytes[at]) + (random.below(2) == 0 ? 1U : 255U));
      break;
    default: {
      const std::string& other = seeds[random.below(seeds.size())].bytes;
      if (!other.empty()) bytes.replace(at, std::string::npos, other, random.below(other.size()));
      break;
    }
  }
}

void replay(const std::vector<Seed>& seeds, std::size_t mutations) {
  for (std::size_t index = 0; index < seeds.size(); ++index) {
    const std::string& bytes = seeds[index].bytes;
    for (std::size_t size = 0; size <= bytes.size(); ++size) run(Bytes(bytes).substr(0, size));
    Xorshift random(index + 1);
    for (std::size_t i = 0; i < mutations; ++i) {
      std::string mutated = bytes;
      for (std::size_t count = 1 + random.below(4); count > 0; --count) {
        mutate_once(mutated, seeds, random);
      }
      run(mutated);
    }
  }
}

int export_corpus(const std::vector<Seed>& seeds, const fs::path& out) {
  std::error_code error;
  fs::create_directories(out, error);
  for (const Seed& seed : seeds) {
    std::ofstream file(out / seed.name, std::ios::binary);
    if (!(file << seed.bytes)) {
      std::fprintf(stderr, "%s: cannot be written\n", (out / seed.name).c_str());
      return 1;
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  const bool exporting = args.size() == 3 && args[0] == "--export";
  std::size_t mutations = 2000;
  if (!exporting && args.size() == 2) {
    const char* end = args[1].data() + args[1].size();
    if (std::from_chars(args[1].data(), end, mutations).ptr != end) mutations = 0;
  }
  if (args.empty() || (!exporting && args.size() > 2)) {
    std::fprintf(stderr, "usage: %s CORPUS_DIR [MUTATIONS] | --export OUT_DIR CORPUS_DIR\n",
                 argv[0]);
    return 64;
  }
  std::vector<Seed> seeds;
  if (!read_corpus(exporting ? args[2] : args[0], seeds)) return 1;
  if (exporting) return export_corpus(seeds, args[1]);
  replay(seeds, mutations);
  std::printf("%zu files, %zu mutations of each\n", seeds.size(), mutations);
  return 0;
}
