/* SPDX-License-Identifier: MIT */
/* native_window.h - slides over bytes of any length and finds the printable
 * texts in them that rules may ask about. */

#ifndef DV_NATIVE_WINDOW_H
#define DV_NATIVE_WINDOW_H

#include "native/native_format.h"
#include "native/native_terms.h"

/* How much of a text is shown before and behind the run that it was found by,
 * in characters.  Lines of code and the words of a program are shorter. */
#define DV_NATIVE_BEFORE 96
#define DV_NATIVE_BEHIND 224

/* Bytes that stay in the window before and behind what is looked at: texts may
 * be UTF-16. */
#define DV_NATIVE_BACK  ((size_t)2 * DV_NATIVE_BEFORE + 64)
#define DV_NATIVE_AHEAD ((size_t)2 * DV_NATIVE_BEHIND)

/* What is looked at in one go. */
#define DV_NATIVE_BLOCK ((size_t)64 << 10)

/* How many texts of a file are kept for one run, and how many are compared with
 * those that are: symbols of a program can name it ten thousand times. */
#define DV_NATIVE_KEPT  32
#define DV_NATIVE_TRIED 4096

/* A text that holds a run that rules look for. */
struct dv_native_text {
    struct dv_span text;                /* in ASCII, or as it stood */
    uint64_t at;                        /* bytes before it */
    uint32_t len;                       /* its bytes */
    uint64_t line;                      /* from 1 */
    uint64_t column;                    /* from 1, in bytes */
    uint32_t focus;                     /* in the text: the end of what it was
                                         * found by */
};

/* Who is told.  DAVY_DECLINED from `text` says that this text was there before;
 * anything else but DAVY_OK ends the reading. */
struct dv_native_reader {
    davy_status (*text)(void *ctx, const struct dv_native_text *text);
    davy_status (*looked)(void *ctx);   /* a block is done */
    void *ctx;
};

/* What was found by one run. */
struct dv_native_tally {
    uint16_t kept;
    uint16_t tried;
};

struct dv_native_window {
    struct dv_mem *mem;
    const struct dv_native_terms *terms;
    struct dv_match_scratch *scratch;
    struct dv_native_tally *tallies;    /* by term */
    uint8_t *room;
    size_t len;
    uint64_t base;                      /* bytes before room[0] */
    uint64_t done;                      /* bytes whose hits were seen */
    uint64_t text_end;                  /* of the last text */
    bool text_is_whole;                 /* it was not cut there */
    uint8_t where;                      /* the runs that are looked for */
    bool is_text;                       /* not only ASCII is printable, and
                                         * there are lines */
    uint64_t counted;                   /* bytes whose lines were counted */
    uint64_t line;                      /* of that byte */
    uint64_t line_at;
    size_t scan_at;                     /* of the scan that runs, in room */
    struct dv_native_reader reader;
    davy_status status;
};

/* `terms` must outlive the window. */
void dv_native_window_init(struct dv_native_window *window,
                           struct dv_mem *mem,
                           const struct dv_native_terms *terms);
void dv_native_window_fini(struct dv_native_window *window);

/* Begin a file.  DAVY_OK, DAVY_NO_MEMORY. */
davy_status dv_native_window_begin(struct dv_native_window *window,
                                   enum dv_native_class class,
                                   const struct dv_native_reader *reader)
    DV_MUST_CHECK;

/* The next bytes, any number: the same texts are found in the same order
 * however they are cut.  What the reader answers; DAVY_OK. */
davy_status dv_native_window_feed(struct dv_native_window *window,
                                  struct dv_span bytes) DV_MUST_CHECK;

/* No more bytes. */
davy_status dv_native_window_end(struct dv_native_window *window)
    DV_MUST_CHECK;

#endif
