/* Intact runtime: runs a blob (docs/FORMAT.md) with the integer arithmetic of docs/ARITHMETIC.md.
 *
 * Freestanding C99: no heap, no float, no libm, no globals, no OS, no recursion, no variable-length arrays.
 * Copy this folder into firmware and compile *.c and the *.c in its folders. The blob is hostile until
 * intact_init has accepted it; after that intact_run neither reads nor writes outside the blob and the arena,
 * and ends after work that is bounded by `max_work`.
 *
 * Needs no library: a freestanding compiler may call memcpy, memmove, memset and memcmp, and on cores without
 * wide multiplication or division libgcc's integer helpers (tests/runtime/CMakeLists.txt lists them).
 *
 * Addresses: `blob` and `arena` must be multiples of 16. Both stay the caller's and must outlive the model.
 */
#ifndef INTACT_H
#define INTACT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Closed set; every value has a test. intact_status_name gives its identifier as text. */
typedef enum intact_status {
  INTACT_OK = 0,
  INTACT_E_ARGUMENT,     /* a null pointer, or an index out of range */
  INTACT_E_ALIGNMENT,    /* blob or arena address is not a multiple of 16 */
  INTACT_E_TRUNCATED,    /* buffer shorter than the header or than the length it states */
  INTACT_E_MAGIC,        /* not a blob */
  INTACT_E_VERSION,      /* another major version */
  INTACT_E_FEATURE,      /* an unknown required feature, section or flag */
  INTACT_E_RESERVED,     /* a reserved field or padding byte is not zero */
  INTACT_E_SECTION,      /* section table: missing, doubled, overlapping, misaligned or out of bounds */
  INTACT_E_TENSOR,       /* tensor record: kind, bits, range, zero point, rows, or byte count */
  INTACT_E_SHAPE,        /* a dimension is 0 or too large, or shapes do not fit the operation */
  INTACT_E_NODE,         /* node record: operation, flags, number of inputs, tensor indices, order */
  INTACT_E_WINDOW,       /* kernel, stride, dilation, padding or groups */
  INTACT_E_PARAMS,       /* offset or length of weights, multipliers or biases; weight kind, bits, layout */
  INTACT_E_RANGE,        /* k, r, pad_code or a multiplier outside its range */
  INTACT_E_PADDING_BITS, /* nonzero padding bits in weights */
  INTACT_E_ARENA,        /* arena too small, or a tensor or scratch outside it or misaligned */
  INTACT_E_OVERLAP,      /* tensors or scratch overlap where FORMAT.md forbids it */
  INTACT_E_WORK,         /* more work than the caller allows, or a MAC count that is not the true one */
  INTACT_E_CRC,          /* intact_check_crc: the bytes are damaged */
  INTACT_E_GOLDEN,       /* the blob has no golden vectors, or the section's size is wrong */
  INTACT_E_KERNEL,       /* the kernels given to intact_init_with lack one that the model needs */
  INTACT_E_MISMATCH,     /* intact_selftest: a layer gave other integers than the blob records */
  INTACT_E_STREAM        /* streams: nodes, bands, or rows that memory for some rows does not hold */
} intact_status;

const char* intact_status_name(intact_status status);

/* A choice of kernels: intact_kernels.h. */
struct intact_kernel_set;
extern const struct intact_kernel_set intact_all_kernels;

/* Treat the fields as private, but for reading. */
typedef struct intact_model {
  const uint8_t* blob;
  uint8_t* arena;
  const uint8_t* tensors; /* records, in the blob */
  const uint8_t* nodes;
  const uint8_t* params;
  const uint8_t* golden;  /* null without */
  const uint8_t* kernels; /* null without */
  const uint8_t* streams; /* null without */
  const struct intact_kernel_set* set;
  uint32_t tensor_count;
  uint32_t node_count;
  uint32_t golden_count;
  uint32_t stream_count;
  uint16_t input;
  uint16_t output;
} intact_model;

/* One tensor where it lies in the arena. Layout: FORMAT.md section 4. */
typedef struct intact_tensor {
  uint8_t* data;
  uint32_t bytes;
  uint32_t height, width, channels;
  uint32_t pixel_bytes;
  uint8_t kind;         /* 0 unsigned, 1 signed, 2 bipolar, 3 int32 */
  uint8_t storage_bits; /* 1, 2, 4, 8, 32 */
  int32_t qmin, qmax, zero_point;
} intact_tensor;

#define INTACT_NO_WORK_LIMIT UINT64_MAX

/* Bytes of arena the blob asks for. Reads the header only. */
intact_status intact_required_arena(const void* blob, size_t len, size_t* bytes);

/* Checks the whole blob once, in time linear in len, and binds it to an arena of at least the required bytes.
 * max_work: limit on the sum of multiply-accumulates, window elements and bytes that streams move in one run;
 * INTACT_NO_WORK_LIMIT for none. On failure *m is unusable. */
intact_status intact_init(intact_model* m, const void* blob, size_t len, void* arena, size_t arena_len,
                          uint64_t max_work);

/* The same with the kernels of `set` alone, which must outlive the model: a linker that drops what nothing
 * refers to then keeps only those. */
intact_status intact_init_with(intact_model* m, const void* blob, size_t len, void* arena, size_t arena_len,
                               uint64_t max_work, const struct intact_kernel_set* set);

/* CRC-32 over the blob: finds damage, authenticates nothing. Needs no init. */
intact_status intact_check_crc(const void* blob, size_t len);

/* The input tensor (write the image's bytes to .data: height x width x channels, uint8) and the output
 * tensor. */
intact_tensor intact_input(const intact_model* m);
intact_tensor intact_output(const intact_model* m);

/* Runs all nodes. Trusts what intact_init validated. */
intact_status intact_run(intact_model* m);

/* Runs node `index` alone (0 .. node_count - 1); all before it must have run for this input. A stream
 * (FORMAT.md section 12) runs whole with its first node, and nothing is left to do for its others. */
intact_status intact_run_node(intact_model* m, uint32_t index);

enum { INTACT_STREAM_NODES = 16 }; /* at most, in a stream */

/* A run in steps, for those who look at every layer: a node's whole output, or within a stream some rows of
 * it. In a run every row of every output is made once; within a node rows ascend.
 *
 *   for (more = intact_first_step(&m, &step); more; more = intact_next_step(&m, &step)) {
 *     intact_run_step(&m, &step);
 *     rows = intact_step_output(&m, &step);
 *     ...
 *   }
 */
typedef struct intact_rows {
  uint32_t first, end; /* of the node's output: rows first .. end - 1 are made; none where both are equal */
  uint32_t kept;       /* private: first row in memory */
  uint32_t moved;      /* private: rows by which that is further than in the band before */
} intact_rows;

typedef struct intact_step {
  uint32_t node;
  intact_rows rows;
  uint32_t stream; /* private, as is the next: of all nodes of the stream in this band */
  intact_rows all[INTACT_STREAM_NODES];
} intact_step;

/* The next step is told from the step alone, whether that was run or not. 0: there is none. */
int intact_first_step(const intact_model* m, intact_step* step);
int intact_next_step(const intact_model* m, intact_step* step);

/* All steps before it must have run for this input. */
void intact_run_step(intact_model* m, const intact_step* step);

/* The rows that the step has made, as a tensor of that height (maybe 0). Valid until the next step. */
intact_tensor intact_step_output(const intact_model* m, const intact_step* step);

/* Tensor `index`, or the output of node `index`; INTACT_E_ARGUMENT if out of range. Valid until a later node
 * reuses the memory. A tensor that has memory for some rows only has these as its height; which rows they are
 * the steps tell. */
intact_status intact_get_tensor(const intact_model* m, uint32_t index, intact_tensor* out);
intact_status intact_node_output(const intact_model* m, uint32_t index, intact_tensor* out);

/* Logical value (ARITHMETIC section 1) of an element of a tensor in the arena. No bounds check. */
int32_t intact_value(const intact_tensor* t, uint32_t y, uint32_t x, uint32_t c);

/* Index of the largest logical value of the output's channels at pixel (0, 0); the lowest among equal ones.
 */
uint32_t intact_argmax(const intact_model* m);

typedef struct intact_mismatch {
  uint32_t vector; /* golden vector */
  uint32_t
      node; /* first node that differs; node_count: all checksums agree but the stored final output differs */
} intact_mismatch;

/* Runs the blob's golden vectors and compares every node's output. Overwrites the arena. first may be null.
 */
intact_status intact_selftest(intact_model* m, intact_mismatch* first);

#ifdef __cplusplus
}
#endif
#endif
