/* The files between qemu_runner.cpp and harness.c, in the emulator's working folder; all words little-endian.
 *
 * blob.bin    the blob.
 * job.bin     u32 samples; u32 flags; then each sample's input bytes.
 * result.bin  u32 magic; u32 status of intact_init (if not INTACT_OK, nothing follows);
 *             u64 instructions of one intact_run on the first sample, 0 without JOB_COUNT or samples;
 *             with JOB_COUNT_STEPS and samples: u64 instructions of each intact_run_step on the first sample;
 *             for each sample, for each step (or those of the last node): the bytes of the rows that it made;
 *             u32 status of intact_check_crc; u32 status of intact_selftest; u32 vector; u32 node; u32 magic.
 */
#ifndef INTACT_JOB_H
#define INTACT_JOB_H

#define JOB_BLOB_FILE "blob.bin"
#define JOB_FILE "job.bin"
#define JOB_RESULT_FILE "result.bin"

enum { JOB_EVERY_NODE = 1, JOB_COUNT = 2, JOB_SELFTEST = 4, JOB_COUNT_STEPS = 8 };

#define JOB_MAGIC 0x54435249u /* "IRCT" */

/* Exit statuses of the harness; 0 when the job is done. */
enum { JOB_REFUSED = 1, JOB_NO_FILE = 64, JOB_NO_MEMORY = 65, JOB_IO = 66, JOB_EXCEPTION = 70 };

#endif
