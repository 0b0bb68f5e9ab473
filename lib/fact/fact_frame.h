/* SPDX-License-Identifier: MIT */
/* fact_frame.h - what was said over a connection, as facts. */

#ifndef DV_FACT_FRAME_H
#define DV_FACT_FRAME_H

#include "fact/fact.h"
#include "frame/stratum.h"

/* Different words of one connection that are kept, and their bytes together.
 * Handshakes of pools have 20; the words of dialects count beyond this, too. */
#define DV_FRAME_WORDS ((size_t)128)
#define DV_FRAME_BYTES ((size_t)4096)

/* A word of the log. */
struct dv_frame_word {
    uint16_t at, len;                   /* in the text */
    bool is_key;
    uint8_t from;                       /* davy_direction */
};

/* The words of a connection, each once, in the order in which they came. */
struct dv_frame_log {
    struct dv_stratum stratum;
    struct dv_buf text;                 /* a blank between words */
    struct dv_vec words;                /* struct dv_frame_word */
    uint8_t index[2 * DV_FRAME_WORDS];  /* by hash: number of a word, from 1 */
    bool has_wallet;                    /* a value is as long as one */
    davy_status status;                 /* OK or NO_MEMORY; sticks */
};

void dv_frame_log_init(struct dv_frame_log *log, struct dv_mem *mem);
void dv_frame_log_fini(struct dv_frame_log *log);

/* A string was said.  Texts for people are not kept: they have blanks. */
void dv_frame_log_hear(struct dv_frame_log *log, struct dv_span word,
                       bool is_key, davy_direction from);

/* Add a DIALECT for each that is spoken, a KEY or STRING for each word, and
 * WALLETs.  Places are those of log->text, or none. */
void dv_fact_frame_add(struct dv_facts *facts, const struct dv_frame_log *log,
                       bool has_places);

/* Add the same facts of a conversation in writing: each line is what one side
 * said, behind `> ` for the client and `< ` for the server. */
void dv_fact_frame_transcript(struct dv_facts *facts, struct dv_span text);

#endif
