#include "intact_check.h"
#include "intact_crc32.h"
#include "intact_kernels.h"

intact_status intact_required_arena(const void* blob, size_t len, size_t* bytes) {
  intact_check check;
  intact_status status;
  if (!bytes) return INTACT_E_ARGUMENT;
  status = intact_check_header(&check, blob, len);
  if (status == INTACT_OK) *bytes = check.arena_bytes;
  return status;
}

intact_status intact_check_crc(const void* blob, size_t len) {
  intact_check check;
  const intact_status status = intact_check_header(&check, blob, len);
  if (status != INTACT_OK) return status;
  return intact_crc32(INTACT_CRC32_EMPTY, check.blob + 16, check.length - 16) ==
                 intact_load_u32(check.blob + 12)
             ? INTACT_OK
             : INTACT_E_CRC;
}

static const uint8_t* section_or_null(const intact_check* check, uint32_t type) {
  const intact_section* section = &check->sections[type];
  return section->present ? check->blob + section->offset : 0;
}

intact_status intact_init_with(intact_model* m, const void* blob, size_t len, void* arena, size_t arena_len,
                               uint64_t max_work, const intact_kernel_set* set) {
  intact_check check;
  intact_status status;
  if (!m || !arena || !set) return INTACT_E_ARGUMENT;
  if ((status = intact_check_header(&check, blob, len)) != INTACT_OK) return status;
  if ((uintptr_t)arena & 15u) return INTACT_E_ALIGNMENT;
  if (arena_len < check.arena_bytes) return INTACT_E_ARENA;
  check.max_work = max_work;
  if ((status = intact_check_sections(&check)) != INTACT_OK) return status;
  if ((status = intact_check_tensors(&check)) != INTACT_OK) return status;
  if ((status = intact_check_nodes(&check)) != INTACT_OK) return status;
  if ((status = intact_check_streams(&check)) != INTACT_OK) return status;
  if ((status = intact_check_names(&check)) != INTACT_OK) return status;
  if ((status = intact_check_golden(&check)) != INTACT_OK) return status;
  if ((status = intact_check_kernels(&check)) != INTACT_OK) return status;
  m->blob = check.blob;
  m->arena = (uint8_t*)arena;
  m->tensors = check.tensors;
  m->nodes = check.nodes;
  m->params = check.params;
  m->golden = section_or_null(&check, INTACT_SECTION_GOLDEN);
  m->golden_count = m->golden ? check.sections[INTACT_SECTION_GOLDEN].records : 0;
  m->kernels = section_or_null(&check, INTACT_SECTION_KERNELS);
  m->streams = section_or_null(&check, INTACT_SECTION_STREAMS);
  m->stream_count = m->streams ? check.sections[INTACT_SECTION_STREAMS].records : 0;
  m->set = set;
  m->tensor_count = check.tensor_count;
  m->node_count = check.node_count;
  m->input = 0;
  m->output = (uint16_t)check.node_count;
  return intact_check_linked(m);
}

intact_status intact_init(intact_model* m, const void* blob, size_t len, void* arena, size_t arena_len,
                          uint64_t max_work) {
  return intact_init_with(m, blob, len, arena, arena_len, max_work, &intact_all_kernels);
}
