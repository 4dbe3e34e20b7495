/* CRC-32 of zlib, gzip and PNG (polynomial 0xEDB88320, reflected). */
#ifndef INTACT_CRC32_H
#define INTACT_CRC32_H

#include <stddef.h>
#include <stdint.h>

#define INTACT_CRC32_EMPTY 0u /* of no bytes */

/* Of the bytes that gave `crc` followed by data[0 .. len - 1]. */
uint32_t intact_crc32(uint32_t crc, const uint8_t* data, size_t len);

#endif
