#include "intact.h"

const char* intact_status_name(intact_status status) {
  switch (status) {
    case INTACT_OK:
      return "INTACT_OK";
    case INTACT_E_ARGUMENT:
      return "INTACT_E_ARGUMENT";
    case INTACT_E_ALIGNMENT:
      return "INTACT_E_ALIGNMENT";
    case INTACT_E_TRUNCATED:
      return "INTACT_E_TRUNCATED";
    case INTACT_E_MAGIC:
      return "INTACT_E_MAGIC";
    case INTACT_E_VERSION:
      return "INTACT_E_VERSION";
    case INTACT_E_FEATURE:
      return "INTACT_E_FEATURE";
    case INTACT_E_RESERVED:
      return "INTACT_E_RESERVED";
    case INTACT_E_SECTION:
      return "INTACT_E_SECTION";
    case INTACT_E_TENSOR:
      return "INTACT_E_TENSOR";
    case INTACT_E_SHAPE:
      return "INTACT_E_SHAPE";
    case INTACT_E_NODE:
      return "INTACT_E_NODE";
    case INTACT_E_WINDOW:
      return "INTACT_E_WINDOW";
    case INTACT_E_PARAMS:
      return "INTACT_E_PARAMS";
    case INTACT_E_RANGE:
      return "INTACT_E_RANGE";
    case INTACT_E_PADDING_BITS:
      return "INTACT_E_PADDING_BITS";
    case INTACT_E_ARENA:
      return "INTACT_E_ARENA";
    case INTACT_E_OVERLAP:
      return "INTACT_E_OVERLAP";
    case INTACT_E_WORK:
      return "INTACT_E_WORK";
    case INTACT_E_CRC:
      return "INTACT_E_CRC";
    case INTACT_E_GOLDEN:
      return "INTACT_E_GOLDEN";
    case INTACT_E_KERNEL:
      return "INTACT_E_KERNEL";
    case INTACT_E_MISMATCH:
      return "INTACT_E_MISMATCH";
    case INTACT_E_STREAM:
      return "INTACT_E_STREAM";
  }
  return "unknown";
}
