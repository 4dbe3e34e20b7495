#include "cli/compare/report.h"

#include <spdlog/fmt/fmt.h>

#include <nlohmann/json.hpp>

namespace intact {
namespace {

// 1234567 -> "1,234,567".
std::string grouped(std::int64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, 1, ',');
  return text;
}

struct Totals {
  std::int64_t values = 0, different = 0;
  bool compared = false;
};

// A rung's values, compared with those of every other rung: `values` is the most that one pair compared.
Totals totals_of(const Comparison& c, const std::string& rung) {
  Totals t;
  for (const PairResult& p : c.pairs) {
    if (p.a != rung && p.b != rung) continue;
    t.values = std::max(t.values, p.values);
    t.different += p.different;
    t.compared = true;
  }
  return t;
}

}  // namespace

std::string to_text(const CompareReport& r) {
  const bool classifies = r.comparison.loss == LossKind::kCrossEntropy;
  std::string text =
      fmt::format("{:<12} {:>8} {:>10} {:>18} {:>17}\n", "rung", "samples",
                  classifies ? "accuracy" : "mean sq.e.", "values compared", "differing values");
  for (const RungResult& rung : r.comparison.rungs) {
    const Totals t = totals_of(r.comparison, rung.name);
    const std::string score =
        classifies ? fmt::format("{:.2f} %", 100.0 * rung.score) : fmt::format("{:.6f}", rung.score);
    text += fmt::format("{:<12} {:>8} {:>10} {:>18} {:>17}\n", rung.name, grouped(rung.samples), score,
                        t.compared ? grouped(t.values) : "-", t.compared ? grouped(t.different) : "-");
  }
  for (const PairResult& p : r.comparison.pairs) {
    if (!p.first) continue;
    text += fmt::format(
        "DIFFERENT: {} and {}: {} of {} values; first: layer {}, sample {}, index {}: {} and {}\n", p.a, p.b,
        grouped(p.different), grouped(p.values), p.first->layer, p.first->sample, p.first->index, p.first->a,
        p.first->b);
  }
  text +=
      fmt::format("\nflash {} bytes, arena {} bytes, {} MACs",
                  grouped(static_cast<std::int64_t>(r.flash_bytes)), grouped(r.arena_bytes), grouped(r.macs));
  if (r.instructions) {
    text += fmt::format(", {} instructions per inference on {} ({:.3f} MAC/instruction)",
                        grouped(static_cast<std::int64_t>(*r.instructions)), r.core,
                        static_cast<double>(r.macs) / static_cast<double>(*r.instructions));
  }
  return text + "\nintegers " + to_hex(r.hash) + "\n";
}

nlohmann::ordered_json to_json(const CompareReport& r) {
  using json = nlohmann::ordered_json;
  json rungs = json::array(), pairs = json::array();
  for (const RungResult& rung : r.comparison.rungs) {
    rungs.push_back(
        {{"name", rung.name},
         {"samples", rung.samples},
         {r.comparison.loss == LossKind::kCrossEntropy ? "accuracy" : "mean_squared_error", rung.score}});
  }
  for (const PairResult& p : r.comparison.pairs) {
    json first;
    if (p.first) {
      first = json{{"layer", p.first->layer},
                   {"sample", p.first->sample},
                   {"index", p.first->index},
                   {"a", p.first->a},
                   {"b", p.first->b}};
    }
    pairs.push_back({{"a", p.a},
                     {"b", p.b},
                     {"tensors", p.tensors},
                     {"values", p.values},
                     {"different", p.different},
                     {"first", first}});
  }
  json out{{"rungs", rungs},
           {"pairs", pairs},
           {"equal", r.comparison.equal()},
           {"integers", to_hex(r.hash)},
           {"blob", r.blob},
           {"target", r.target.empty() ? json() : json(r.target)},
           {"flash_bytes", r.flash_bytes},
           {"arena_bytes", r.arena_bytes},
           {"macs", r.macs},
           {"core", r.core.empty() ? json() : json(r.core)},
           {"instructions", r.instructions ? json(*r.instructions) : json()}};
  return out;
}

}  // namespace intact
