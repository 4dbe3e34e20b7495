// The rungs that run on this machine: LibTorch's evaluation, the Eigen oracle, the C runtime.
#pragma once

#include <memory>
#include <vector>

#include "cli/compare/rung.h"
#include "cli/host_runtime.h"
#include "integer/oracle.h"
#include "nn/integer_network.h"

namespace intact {

class QuantizedRung : public Rung {
 public:
  explicit QuantizedRung(const Graph& graph) : network_(graph) {}
  std::string name() const override { return "quantized"; }
  NodeValues run(std::span<const std::uint8_t> images, std::int64_t first, std::int64_t count) override;

 private:
  IntegerNetwork network_;
};

class OracleRung : public Rung {
 public:
  // graph must outlive the rung.
  OracleRung(const Graph& graph, int threads) : graph_(graph), oracle_(graph), threads_(threads) {}
  std::string name() const override { return "integer"; }
  NodeValues run(std::span<const std::uint8_t> images, std::int64_t first, std::int64_t count) override;

 private:
  const Graph& graph_;
  Oracle oracle_;
  int threads_;
};

class RuntimeRung : public Rung {
 public:
  // graph (for the shapes) must outlive the rung; the integers come from the blob alone.
  RuntimeRung(const Graph& graph, std::span<const std::uint8_t> blob, int threads);
  std::string name() const override { return "runtime"; }
  NodeValues run(std::span<const std::uint8_t> images, std::int64_t first, std::int64_t count) override;

 private:
  const Graph& graph_;
  std::vector<std::unique_ptr<HostRuntime>> models_;  // one a thread
};

}  // namespace intact
