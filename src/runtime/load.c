#include "intact_check.h"
#include "intact_crc32.h"

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

intact_status intact_init(intact_model* m, const void* blob, size_t len, void* arena, size_t arena_len,
                          uint64_t max_work) {
  intact_check check;
  intact_status status;
  const intact_section* golden = &check.sections[INTACT_SECTION_GOLDEN];
  if (!m || !arena) return INTACT_E_ARGUMENT;
  if ((status = intact_check_header(&check, blob, len)) != INTACT_OK) return status;
  if ((uintptr_t)arena & 15u) return INTACT_E_ALIGNMENT;
  if (arena_len < check.arena_bytes) return INTACT_E_ARENA;
  check.max_work = max_work;
  if ((status = intact_check_sections(&check)) != INTACT_OK) return status;
  if ((status = intact_check_tensors(&check)) != INTACT_OK) return status;
  if ((status = intact_check_nodes(&check)) != INTACT_OK) return status;
  if ((status = intact_check_names(&check)) != INTACT_OK) return status;
  if ((status = intact_check_golden(&check)) != INTACT_OK) return status;
  m->blob = check.blob;
  m->arena = (uint8_t*)arena;
  m->tensors = check.tensors;
  m->nodes = check.nodes;
  m->params = check.params;
  m->golden = golden->present ? check.blob + golden->offset : 0;
  m->golden_count = golden->present ? golden->records : 0;
  m->tensor_count = check.tensor_count;
  m->node_count = check.node_count;
  m->input = 0;
  m->output = (uint16_t)check.node_count;
  return INTACT_OK;
}
