// Mutations that know docs/FORMAT.md: fields of records by their true places and widths, and a repair that
// makes the derived fields (shapes, byte counts, placement, MACs) fit again, so that most mutants get past
// the loader into the kernels.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/random.h"

namespace intact::testing {

// Changes 1 to 4 fields of records chosen through the section table. False where there is no such table.
bool mutate_fields(std::uint8_t* blob, std::size_t size, RandomStream& random);

// Derives from operations, windows and grids again what follows from them. A node whose operands do not fit
// it keeps its fields. Expects any bytes, writes only within `size`.
void repair(std::uint8_t* blob, std::size_t size, RandomStream& random);

}  // namespace intact::testing
