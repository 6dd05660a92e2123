#include "training/data_fingerprint.h"

#include <zlib.h>

#include <cstdio>

namespace ebm::training {

namespace {

unsigned long crc_of(const auto& values) {
  return crc32_z(0, reinterpret_cast<const Bytef*>(values.data()),
                 values.size() * sizeof(values[0]));
}

}  // namespace

std::string fingerprint(const data::Dataset& dataset) {
  const unsigned long crc =
      std::visit([](const auto& values) { return crc_of(values); }, dataset.values);
  char text[96];
  std::snprintf(text, sizeof text, "%lldx%lldx%lldx%lld-%08lx", static_cast<long long>(dataset.n),
                static_cast<long long>(dataset.shape.channels),
                static_cast<long long>(dataset.shape.height),
                static_cast<long long>(dataset.shape.width), crc);
  return text;
}

std::string label_fingerprint(const data::Dataset& dataset) {
  char text[32];
  std::snprintf(text, sizeof text, "%08lx", crc_of(dataset.labels));
  return text;
}

}  // namespace ebm::training
