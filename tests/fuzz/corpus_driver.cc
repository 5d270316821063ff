// Runs a fuzz target where there is no libFuzzer: PROGRAM CORPUS_FOLDER. Each file of the corpus,
// then a few hundred mutations of it, always the same ones. On a failure it tells the file, the
// number of the mutation and the input.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr int kMutationsOfAFile = 300;
constexpr size_t kLongestInput = 64 << 10;

// What is being run, for the handler of SIGABRT.
std::string current_name;
std::string current_input;

// The program is lost by then; what the handler calls is not safe in general, and is enough here.
void TellInput(int) {
  std::fprintf(stderr, "input: %s, %zu bytes:\n", current_name.c_str(), current_input.size());
  for (const char c : current_input.substr(0, 4096)) {
    std::fprintf(stderr, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  std::fputc('\n', stderr);
}

void Run(const std::string& name, const std::string& input) {
  current_name = name;
  current_input = input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

class Mutator {
 public:
  Mutator(uint32_t seed, const std::vector<std::string>& inputs) : random_(seed), inputs_(inputs) {}

  std::string Mutated(std::string input) {
    for (size_t n = 1 + Below(4); n > 0; --n) Mutate(input);
    if (input.size() > kLongestInput) input.resize(kLongestInput);
    return input;
  }

 private:
  size_t Below(size_t n) { return n == 0 ? 0 : random_() % n; }
  char Byte() { return static_cast<char>(random_() & 0xFF); }

  void Mutate(std::string& input) {
    const size_t at = Below(input.size() + 1);
    const size_t size = Below(std::min<size_t>(input.size() - at, 16) + 1);
    const std::string& other = inputs_[Below(inputs_.size())];
    switch (Below(6)) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << Below(8)));
        break;
      case 1:
        if (at < input.size()) input[at] = Byte();
        break;
      case 2:
        input.insert(at, 1, Byte());
        break;
      case 3:
        input.erase(at, size);
        break;
      case 4:
        input.insert(at, input.substr(at, size));
        break;
      default:
        input.insert(at, other.substr(Below(other.size() + 1), Below(32)));
        break;
    }
  }

  std::mt19937 random_;
  const std::vector<std::string>& inputs_;
};

std::string Content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !std::filesystem::is_directory(argv[1])) {
    std::fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
    return 2;
  }
  std::signal(SIGABRT, TellInput);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  if (names.empty()) {
    std::fprintf(stderr, "%s: the corpus has no file\n", argv[1]);
    return 2;
  }
  std::vector<std::string> inputs;
  for (const std::string& name : names) {
    inputs.push_back(Content(std::filesystem::path(argv[1]) / name));
  }
  Run("the empty input", "");
  for (size_t i = 0; i < names.size(); ++i) {
    Run(names[i], inputs[i]);
    Mutator mutator(static_cast<uint32_t>(i), inputs);
    for (int n = 0; n < kMutationsOfAFile; ++n) {
      Run(names[i] + ", mutation " + std::to_string(n), mutator.Mutated(inputs[i]));
    }
  }
  std::printf("%zu files, %d mutations of each: all hold\n", names.size(), kMutationsOfAFile);
  return 0;
}
