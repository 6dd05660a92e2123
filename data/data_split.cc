#include "data/data_split.h"

#include "base/error.h"
#include "data/load_dataset.h"

namespace ebm::data {

std::optional<Dataset> test_split_beside(const std::string& spec) {
  DataSpec test = parse_spec(spec);
  const bool may_have_splits = test.scheme == Scheme::kFashionMnist ||
                               test.scheme == Scheme::kCifar10 || test.scheme == Scheme::kIdx ||
                               test.scheme == Scheme::kToy;
  if (!may_have_splits || test.split == Split::kTest) return std::nullopt;
  test.split = Split::kTest;
  test.limit.reset();
  try {
    return load_dataset(test);
  } catch (const Error& error) {
    // A folder without the other file, and a single file, which has no splits.
    if (error.code() != ErrorCode::kNoInput && error.code() != ErrorCode::kUsage) throw;
    return std::nullopt;
  }
}

}  // namespace ebm::data
