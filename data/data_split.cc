#include "data/data_split.h"

#include "base/error.h"
#include "data/load_dataset.h"

namespace ebm::data {
namespace {

std::optional<Dataset> load_split(DataSpec spec, Split split, const OnRead& on_read) {
  spec.split = split;
  spec.limit.reset();
  spec.item.reset();
  try {
    return load_dataset(spec, on_read);
  } catch (const Error& error) {
    // A folder without that split, and a single file, which has no splits.
    if (error.code() != ErrorCode::kNoInput && error.code() != ErrorCode::kUsage) throw;
    return std::nullopt;
  }
}

}  // namespace

std::optional<Dataset> test_split_beside(const std::string& spec, const OnRead& on_read) {
  const DataSpec train = parse_spec(spec);
  if (train.scheme == Scheme::kNpy || train.split.value_or(Split::kTrain) != Split::kTrain) {
    return std::nullopt;
  }
  auto test = load_split(train, Split::kTest, on_read);
  if (test || train.scheme != Scheme::kImages) return test;
  return load_split(train, Split::kValidation, on_read);
}

}  // namespace ebm::data
