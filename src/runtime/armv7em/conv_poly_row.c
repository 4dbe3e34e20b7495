/* Convolution with kernels three wide by polynomial multiplication along rows (plan_poly_row.h). The idea is
 * known: HiKonv (arXiv 2112.13972), and for matrices ULPPACK.
 */
#include "../intact_isa.h"
#include "../plan_poly_row.h"

#if INTACT_ISA_ARMV7M

#include "poly_row.h"

/* Pixels whose last bytes hold no code are cleared, the others written over. In a residual's place those
 * bytes are clear already. */
static void clear(const intact_conv* c, uint32_t pixel, uint32_t count) {
  uint8_t* to = c->output.data + (size_t)pixel * c->output.pixel_bytes;
  size_t bytes = (size_t)count * c->output.pixel_bytes;
  if (c->output.storage_bits != 1 || c->output.channels % 32 == 0) return;
  if (c->has_residual && !c->residual_apart) return;
  for (; bytes > 0; bytes -= 4, to += 4) intact_store_word(to, 0);
}

/* A last group without partner takes half a tile. */
static void run_tiles(const intact_poly_tiles* given, uint32_t groups, uint32_t result_bytes) {
  intact_poly_tiles tiles = *given;
  tiles.tiles = groups / 2;
  if (tiles.tiles > 0) intact_poly_run_tiles(&tiles);
  if (groups % 2 == 0) return;
  tiles.values += (size_t)tiles.tiles * tiles.value_step;
  tiles.results += (size_t)tiles.tiles * result_bytes;
  tiles.tiles = 1;
  intact_poly_run_half_tiles(&tiles);
}

static void sweep(intact_poly_row* row, uint32_t first, uint32_t channels, uint32_t column,
                  uint32_t columns) {
  const intact_conv* c = row->conv;
  const intact_poly_row_plan* p = &row->plan;
  const intact_accumulator* constants = (const intact_accumulator*)(void*)(row->scratch + p->constants);
  intact_accumulator* sums = (intact_accumulator*)(void*)(row->scratch + p->sums);
  const intact_requantizer requantizer = intact_make_requantizer(c, c->output.storage_bits == 32 ? 0 : c->k);
  const uint32_t per_byte = row->thresholds == 1 ? 8 : 4; /* channels, of codes by thresholds */
  intact_poly_tiles tiles;
  uint32_t y, i;
  row->span = intact_poly_span_of(c, p, column, columns);
  tiles.value_step = p->slots * p->line_bytes;
  tiles.results = row->scratch + p->results;
  if (first == 0 || !p->keep) intact_poly_row_begin(row);
  for (y = 0; y < c->output.height; ++y) {
    const uint32_t pixel = y * c->output.width + column;
    tiles.values = row->scratch + p->lines + (size_t)intact_poly_row_slot(row, y) * p->line_bytes;
    tiles.weights = row->scratch;
    if (p->direct && first == 0) clear(c, pixel, columns);
    for (i = 0; i < channels; i += 2) {
      tiles.heads = tiles.weights + (size_t)p->steps * 8;
      run_tiles(&tiles, row->span.groups, p->fields.runs * INTACT_POLY_RESULT_BYTES);
      tiles.weights += p->pair_bytes;
      if (row->thresholds) {
        intact_poly_row_compare(row, i);
        if ((i + 2) % per_byte == 0 || i + 2 >= channels)
          intact_poly_row_store_codes(row, first, channels, i / per_byte * per_byte, pixel, columns);
      } else if (p->direct) {
        intact_poly_row_finish(row, intact_poly_row_read(row), pixel, columns, first + i, constants + i);
      } else {
        intact_poly_row_sums(row, intact_poly_row_read(row), columns, constants + i, sums + i);
      }
    }
    if (!p->direct)
      intact_requantize_tile(&requantizer, sums, p->sums_stride, pixel, columns, first, channels);
  }
}

static void run(const intact_conv* c) {
  intact_poly_row row;
  uint32_t first, channels, column, columns;
  intact_plan_poly_row(c, c->scratch_bytes, &row.plan);
  row.conv = c;
  row.scratch = c->scratch;
  row.weight_decoder = intact_make_decoder(c->weight_kind, c->weight_storage, 0);
  intact_poly_row_padding(&row);
  for (first = 0; first < c->output.channels; first += channels) {
    channels = c->output.channels - first < row.plan.block ? c->output.channels - first : row.plan.block;
    intact_poly_row_weights(&row, first, channels);
    row.thresholds = 0;
    if (row.plan.thresholds && intact_poly_row_prepare_thresholds(&row, first, channels))
      row.thresholds = row.plan.thresholds;
    for (column = 0; column < c->output.width; column += columns) {
      columns = c->output.width - column < row.plan.strip ? c->output.width - column : row.plan.strip;
      sweep(&row, first, channels, column, columns);
    }
  }
}

const intact_conv_kernel intact_conv_poly_row = {intact_conv_poly_row_scratch, run};

#endif
