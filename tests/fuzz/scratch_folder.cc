#include "tests/fuzz/scratch_folder.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace ebm::fuzz {
namespace fs = std::filesystem;

ScratchFolder::ScratchFolder() {
  std::error_code ignored;
  const fs::path memory = "/dev/shm";
  const fs::path parent = fs::is_directory(memory, ignored) ? memory : fs::temp_directory_path();
  std::string name = (parent / "ebm-fuzz-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path ScratchFolder::write(const std::string& name, std::string_view bytes) const {
  const fs::path path = path_ / name;
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) throw std::runtime_error("cannot write " + path.string());
  const std::size_t n = std::fwrite(bytes.data(), 1, bytes.size(), file);
  if (std::fclose(file) != 0 || n != bytes.size()) {
    throw std::runtime_error("cannot write " + path.string());
  }
  return path;
}

}  // namespace ebm::fuzz
