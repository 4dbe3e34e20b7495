#include "mcu/ordered_workers.h"

#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace intact::benchmarks {

void in_order(std::size_t count, int jobs, const std::function<void(std::size_t)>& work,
              const std::function<void(std::size_t)>& done) {
  std::mutex mutex;
  std::exception_ptr failure;
  std::size_t next = 0, reported = 0;
  std::vector<bool> finished(count, false);
  const auto worker = [&] {
    std::unique_lock lock(mutex);
    while (next < count && !failure) {
      const std::size_t i = next++;
      lock.unlock();
      std::exception_ptr thrown;
      try {
        work(i);
      } catch (...) {
        thrown = std::current_exception();
      }
      lock.lock();
      if (thrown) {
        if (!failure) failure = thrown;
        return;
      }
      finished[i] = true;
      for (; reported < count && finished[reported]; ++reported) done(reported);
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < jobs; ++i) threads.emplace_back(worker);
  threads.clear();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace intact::benchmarks
