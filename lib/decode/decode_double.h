/* SPDX-License-Identifier: MIT */
/* decode_double.h - converts the encodings of China, Japan and Korea, in which
 * characters have up to four bytes. */

#ifndef DV_DECODE_DOUBLE_H
#define DV_DECODE_DOUBLE_H

#include "decode/decode_convert.h"

/* Pairs of bytes that were looked up already.  2^DV_DOUBLE_CELLS_LOG_MAX cells
 * hold all there are, one in each. */
struct dv_double_cell {
    uint32_t code_point;
    uint16_t pair;                      /* 0: free */
};
#define DV_DOUBLE_CELLS_LOG_MAX 15

/* What ISO-2022-JP is in the middle of. */
enum dv_double_shift {
    DV_SHIFT_ASCII,
    DV_SHIFT_ROMAN,
    DV_SHIFT_KATAKANA,
    DV_SHIFT_PAIRS
};

/* State between two steps; zeroed, then set up to `cells_log`. */
struct dv_double {
    enum dv_encoding encoding;

    /* The code point of one character of `n` bytes, U+FFFD when there is
     * none: 2 bytes are Shift_JIS for all Japanese encodings, 3 bytes are
     * EUC-JP, 4 bytes are gb18030. */
    uint32_t (*look_up)(void *ctx, const uint8_t *bytes, size_t n);
    void *ctx;

    struct dv_double_cell *cells;       /* 2^cells_log of them, zeroed */
    unsigned cells_log;

    enum dv_double_shift shift;
    bool is_fresh;                      /* nothing came since the shift */
};

/* Convert GBK, gb18030, Big5, EUC-JP, Shift_JIS or EUC-KR. */
void dv_double_convert(struct dv_double *d, struct dv_convert *io);

/* Convert ISO-2022-JP. */
void dv_double_convert_jis(struct dv_double *d, struct dv_convert *io);

#endif
