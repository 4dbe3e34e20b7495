#include "cli/compare/rung.h"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace intact {

std::size_t node_elements(const Graph& graph, std::size_t node) {
  return static_cast<std::size_t>(
      graph.tensors[static_cast<std::size_t>(graph.nodes[node].output)].shape.elements());
}

NodeValues make_node_values(const Graph& graph, std::int64_t count) {
  NodeValues values(graph.nodes.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i].resize(node_elements(graph, i) * static_cast<std::size_t>(count));
  return values;
}

void for_samples(std::int64_t count, int workers, const std::function<void(int, std::int64_t)>& work) {
  std::atomic<std::int64_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto loop = [&](int worker) {
    try {
      for (std::int64_t sample = next++; sample < count; sample = next++) work(worker, sample);
    } catch (...) {
      next = count;
      std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 1; i < workers; ++i) threads.emplace_back(loop, i);
  loop(0);
  threads.clear();  // joins
  if (failure) std::rethrow_exception(failure);
}

}  // namespace intact
