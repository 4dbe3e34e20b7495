/* The files between batch_runner.cpp and batch/main.c; all words little-endian.
 *
 * batch.bin   u32 blobs; for each: u32 bytes; u32 samples; u32 bit set of the kernels
 *             to take; the blob; each sample's input bytes.
 * result.bin  u32 magic; u32 bit set of the kernels that the core has; for each blob: u32 status of
 *             intact_init_with and, with INTACT_OK, for each sample and node the output tensor's bytes, then
 *             BATCH_KERNELS u32 calls of each kernel, and u32 faults; last u32 magic.
 */
#ifndef INTACT_BATCH_JOB_H
#define INTACT_BATCH_JOB_H

#define BATCH_FILE "batch.bin"
#define BATCH_RESULT_FILE "result.bin"
#define BATCH_MAGIC 0x48435442u /* "BTCH" */

enum { BATCH_KERNELS = 24 };

/* Faults. */
enum { BATCH_OUTSIDE_ARENA = 1, BATCH_OUTSIDE_SCRATCH = 2 };

/* Exit statuses. */
enum { BATCH_NO_FILE = 64, BATCH_NO_MEMORY = 65, BATCH_IO = 66 };

#endif
