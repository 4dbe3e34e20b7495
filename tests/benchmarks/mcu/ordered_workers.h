// Work in parallel whose results are taken in order.
#pragma once

#include <cstddef>
#include <functional>

namespace intact::benchmarks {

// work(0 .. count - 1) on `jobs` threads; done(i) on any of them, one at a time and in ascending order, each
// once its work and all before it are done. Rethrows the first exception, after which no work begins.
void in_order(std::size_t count, int jobs, const std::function<void(std::size_t)>& work,
              const std::function<void(std::size_t)>& done);

}  // namespace intact::benchmarks
