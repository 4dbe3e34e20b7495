/* The optional sections that have a structure: NAMES, GOLDEN and KERNELS. */
#include "intact_check.h"

intact_status intact_check_names(const intact_check* check) {
  const intact_section* section = &check->sections[INTACT_SECTION_NAMES];
  const uint8_t* p;
  uint32_t left, i, j;
  if (!section->present) return INTACT_OK;
  if (section->records != check->tensor_count) return INTACT_E_SECTION;
  p = check->blob + section->offset;
  left = section->length;
  for (i = 0; i < section->records; ++i) {
    uint32_t length;
    if (left < 2) return INTACT_E_SECTION;
    length = intact_load_u16(p);
    p += 2;
    left -= 2;
    if (length > left) return INTACT_E_SECTION;
    for (j = 0; j < length; ++j) {
      if (p[j] == 0) return INTACT_E_SECTION;
    }
    p += length;
    left -= length;
  }
  return left == 0 ? INTACT_OK : INTACT_E_SECTION;
}

intact_status intact_check_golden(const intact_check* check) {
  const intact_section* section = &check->sections[INTACT_SECTION_GOLDEN];
  intact_tensor_record input, output;
  const uint8_t* vector;
  uint64_t vector_bytes; /* below 2^31 + 2^18 + 2^31 + 8 */
  uint32_t i, j;
  if (!section->present) return INTACT_OK;
  intact_read_tensor(check->tensors, 0, &input);
  intact_read_tensor(check->tensors, check->node_count, &output);
  vector_bytes = (uint64_t)intact_round_up_4(input.bytes) + (uint64_t)check->node_count * 4 +
                 intact_round_up_4(output.bytes);
  /* Both factors are at most the length, so that their product stays below 2^64. */
  if (section->records < INTACT_MIN_GOLDEN || vector_bytes > section->length ||
      section->records > section->length || section->records * vector_bytes != section->length)
    return INTACT_E_GOLDEN;
  vector = check->blob + section->offset;
  for (i = 0; i < section->records; ++i, vector += (size_t)vector_bytes) {
    for (j = input.bytes; j < intact_round_up_4(input.bytes); ++j) {
      if (vector[j] != 0) return INTACT_E_RESERVED;
    }
    for (j = output.bytes; j < intact_round_up_4(output.bytes); ++j) {
      if (vector[vector_bytes - intact_round_up_4(output.bytes) + j] != 0) return INTACT_E_RESERVED;
    }
  }
  return INTACT_OK;
}

intact_status intact_check_kernels(const intact_check* check) {
  const intact_section* section = &check->sections[INTACT_SECTION_KERNELS];
  uint32_t i;
  if (!section->present) return INTACT_OK;
  if (section->records != check->node_count || section->length / INTACT_KERNEL_BYTES != check->node_count ||
      section->length % INTACT_KERNEL_BYTES != 0)
    return INTACT_E_SECTION;
  for (i = 0; i < check->node_count; ++i) {
    if (intact_load_u32(check->blob + section->offset + (size_t)i * INTACT_KERNEL_BYTES + 4) != 0)
      return INTACT_E_RESERVED;
  }
  return INTACT_OK;
}
