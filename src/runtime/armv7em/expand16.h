/* Packed codes to 16 bits, words at a time. */
#ifndef INTACT_EXPAND16_H
#define INTACT_EXPAND16_H

#include "../intact_codes.h"

/* intact_expand for Armv7E-M, the same contract: to[0 .. count - 1] = the codes first .. first + count - 1 of
 * the run, decoded. `to` is a multiple of 4. Reads only bytes that hold these codes. */
void intact_expand16(const intact_decoder* d, const uint8_t* run, uint32_t first, uint32_t count,
                     intact_i16* to);

#endif
