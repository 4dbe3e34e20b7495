// Writes the example's blob.h: make_blob_header FILE
#include <cstdio>

#include "blob_builder.h"
#include "example_network.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const intact::testing::Blob blob =
      intact::testing::build_blob(intact::testing::example_network(), intact::testing::example_options());
  std::FILE* out = std::fopen(argv[1], "w");
  if (out == nullptr) return 1;
  std::fprintf(out,
               "#include <stdint.h>\n#define ARENA_BYTES %u\nstatic const uint8_t blob[%zu] "
               "__attribute__((aligned(16))) = {",
               blob.arena, blob.bytes.size());
  for (std::size_t i = 0; i < blob.bytes.size(); ++i)
    std::fprintf(out, "%s%u,", i % 20 == 0 ? "\n" : "", blob.bytes[i]);
  std::fprintf(out, "\n};\n");
  return std::fclose(out) == 0 ? 0 : 1;
}
