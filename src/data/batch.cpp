#include "data/batch.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "core/random.h"

namespace intact {
namespace {

// First keys of the random streams: the letters "shuffle" and "augment".
constexpr std::uint64_t kShuffleStream = 0x73687566666c65;
constexpr std::uint64_t kAugmentStream = 0x6175676d656e74;

struct Move {
  bool flip = false;
  int down = 0, right = 0;
};

// Three draws whatever is switched on, so that switching one on does not change the others.
Move draw_move(const AugmentConfig& augment, std::uint64_t seed, std::uint64_t epoch, std::int32_t sample) {
  RandomStream random(seed, {kAugmentStream, epoch, static_cast<std::uint64_t>(sample)});
  const auto span = static_cast<std::uint32_t>(2 * augment.shift + 1);
  Move move;
  move.flip = random.below(2) == 1 && augment.flip;
  move.down = static_cast<int>(random.below(span)) - augment.shift;
  move.right = static_cast<int>(random.below(span)) - augment.shift;
  return move;
}

void copy_mirrored(const std::uint8_t* from, std::uint8_t* to, int pixels, std::size_t channels) {
  for (int x = 0; x < pixels; ++x) {
    std::memcpy(to + static_cast<std::size_t>(x) * channels, from - static_cast<std::size_t>(x) * channels,
                channels);
  }
}

// Flips, then moves, filling what comes in from outside.
void write_moved(const std::uint8_t* from, std::uint8_t* to, const Dataset& data, const Move& move,
                 std::uint8_t fill) {
  const auto channels = static_cast<std::size_t>(data.channels);
  const std::size_t row = static_cast<std::size_t>(data.width) * channels;
  const int first = std::clamp(move.right, 0, data.width);  // columns first .. last - 1 lie inside the image
  const int last = std::clamp(data.width + move.right, 0, data.width);
  for (int y = 0; y < data.height; ++y, to += row) {
    const int source_y = y - move.down;
    if (source_y < 0 || source_y >= data.height || first >= last) {
      std::memset(to, fill, row);
      continue;
    }
    const std::uint8_t* source = from + static_cast<std::size_t>(source_y) * row;
    const std::size_t left = static_cast<std::size_t>(first) * channels;
    const std::size_t middle = static_cast<std::size_t>(last - first) * channels;
    std::memset(to, fill, left);
    const int source_x = first - move.right;
    if (move.flip) {
      const auto mirrored = static_cast<std::size_t>(data.width - 1 - source_x);
      copy_mirrored(source + mirrored * channels, to + left, last - first, channels);
    } else {
      std::memcpy(to + left, source + static_cast<std::size_t>(source_x) * channels, middle);
    }
    std::memset(to + left + middle, fill, row - left - middle);
  }
}

}  // namespace

std::vector<std::int32_t> epoch_order(std::size_t n, std::uint64_t seed, std::uint64_t epoch) {
  std::vector<std::int32_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  RandomStream random(seed, {kShuffleStream, epoch});
  for (std::size_t i = n; i > 1; --i) {
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  }
  return order;
}

void assemble_batch(const Dataset& data, std::span<const std::int32_t> indices, const AugmentConfig& augment,
                    std::uint8_t fill, std::uint64_t seed, std::uint64_t epoch, std::uint8_t* images,
                    std::int64_t* labels) {
  const std::size_t bytes = data.image_bytes();
  const bool moves = augment.flip || augment.shift > 0;
  for (const std::int32_t index : indices) {
    const auto sample = static_cast<std::size_t>(index);
    const std::uint8_t* from = data.images.data() + sample * bytes;
    if (moves) {
      write_moved(from, images, data, draw_move(augment, seed, epoch, index), fill);
    } else {
      std::memcpy(images, from, bytes);
    }
    images += bytes;
    *labels++ = data.labels[sample];
  }
}

}  // namespace intact
