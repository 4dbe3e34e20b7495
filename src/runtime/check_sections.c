#include "intact_check.h"

enum { FLAG_REQUIRED = 1 };

static const uint8_t* entry_at(const intact_check* check, uint32_t index) {
  return check->blob + INTACT_HEADER_BYTES + (size_t)index * INTACT_SECTION_BYTES;
}

static uint32_t entry_offset(const intact_check* check, uint32_t index) {
  return intact_load_u32(entry_at(check, index) + 4);
}

static uint32_t entry_length(const intact_check* check, uint32_t index) {
  return intact_load_u32(entry_at(check, index) + 8);
}

static intact_status check_entry(intact_check* check, uint32_t index, uint32_t table_end) {
  const uint8_t* p = entry_at(check, index);
  const uint32_t type = intact_load_u16(p), flags = intact_load_u16(p + 2);
  const uint32_t offset = intact_load_u32(p + 4), length = intact_load_u32(p + 8);
  if (flags & ~(uint32_t)FLAG_REQUIRED) return INTACT_E_RESERVED;
  if ((offset & 15u) || offset < table_end || offset > check->length || length > check->length - offset)
    return INTACT_E_SECTION;
  if (type == 0 || type >= INTACT_SECTION_KINDS) return flags & FLAG_REQUIRED ? INTACT_E_FEATURE : INTACT_OK;
  if (check->sections[type].present) return INTACT_E_SECTION;
  check->sections[type].present = 1;
  check->sections[type].offset = offset;
  check->sections[type].length = length;
  check->sections[type].records = intact_load_u32(p + 12);
  return INTACT_OK;
}

/* The bytes from `from` to the next section, or to the blob's end, are padding. */
static intact_status check_gap(const intact_check* check, uint32_t sections, uint32_t from) {
  uint32_t end = check->length, i;
  for (i = 0; i < sections; ++i) {
    const uint32_t offset = entry_offset(check, i);
    if (entry_length(check, i) != 0 && offset >= from && offset < end) end = offset;
  }
  return intact_all_zero(check->blob + from, end - from) ? INTACT_OK : INTACT_E_RESERVED;
}

static intact_status check_placement(const intact_check* check, uint32_t sections, uint32_t table_end) {
  intact_status status;
  uint32_t i, j;
  for (i = 0; i < sections; ++i) {
    for (j = 0; j < i; ++j) {
      if (intact_ranges_meet(entry_offset(check, i), entry_length(check, i), entry_offset(check, j),
                             entry_length(check, j)))
        return INTACT_E_SECTION;
    }
  }
  status = check_gap(check, sections, table_end);
  for (i = 0; i < sections && status == INTACT_OK; ++i) {
    if (entry_length(check, i) != 0)
      status = check_gap(check, sections, entry_offset(check, i) + entry_length(check, i));
  }
  return status;
}

/* A section of `count` records of `size` bytes, 1 <= count <= 65,535. */
static int holds_records(const intact_section* section, uint32_t size) {
  return section->present && section->records >= 1 && section->records <= 65535 &&
         section->length == section->records * size;
}

intact_status intact_check_sections(intact_check* check) {
  const uint32_t sections = intact_load_u32(check->blob + 24);
  const uint32_t table_end = INTACT_HEADER_BYTES + sections * INTACT_SECTION_BYTES;
  const intact_section* known = check->sections;
  intact_status status;
  uint32_t i;
  if (sections < 3 || sections > INTACT_MAX_SECTIONS || table_end > check->length) return INTACT_E_SECTION;
  for (i = 0; i < INTACT_SECTION_KINDS; ++i) check->sections[i].present = 0;
  for (i = 0; i < sections; ++i) {
    status = check_entry(check, i, table_end);
    if (status != INTACT_OK) return status;
  }
  status = check_placement(check, sections, table_end);
  if (status != INTACT_OK) return status;
  if (!holds_records(&known[INTACT_SECTION_TENSORS], INTACT_TENSOR_BYTES) ||
      !holds_records(&known[INTACT_SECTION_NODES], INTACT_NODE_BYTES) ||
      !known[INTACT_SECTION_PARAMS].present || known[INTACT_SECTION_PARAMS].records != 0 ||
      (known[INTACT_SECTION_META].present && known[INTACT_SECTION_META].records != 0))
    return INTACT_E_SECTION;
  check->tensors = check->blob + known[INTACT_SECTION_TENSORS].offset;
  check->tensor_count = known[INTACT_SECTION_TENSORS].records;
  check->nodes = check->blob + known[INTACT_SECTION_NODES].offset;
  check->node_count = known[INTACT_SECTION_NODES].records;
  check->params = check->blob + known[INTACT_SECTION_PARAMS].offset;
  check->params_bytes = known[INTACT_SECTION_PARAMS].length;
  return INTACT_OK;
}
