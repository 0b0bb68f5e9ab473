/* SPDX-License-Identifier: MIT */
/* output.h - where the answer goes: standard output and files, each in its
 * format. */

#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/args.h"
#include "cli/outcome.h"
#include "cli/tally.h"

enum output_format { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_JSONL };

struct output_stream {
    enum output_format format;
    FILE *file;
    char *path;                         /* "-" for standard output */
    size_t written;                     /* objects */
};

struct output {
    struct output_stream *streams;
    size_t count;
    bool is_quiet;
};

/* Open what --format and -o say.  False after a message. */
bool output_open(struct output *output, const struct args *args);

bool output_wants(const struct output *output, enum output_format format);

/* The answer's text goes to a terminal (standard output). */
bool output_is_terminal(const struct output *output);

/* Write what came of one target; whole, so that a reader need not wait.  False
 * when it cannot be written. */
bool output_target(struct output *output, const struct outcome_style *style,
                   const struct outcomes *outcomes);

/* Write the end and close.  False after a message when something could not be
 * written. */
bool output_close(struct output *output, const struct outcome_style *style,
                  const struct tally *tally);

#endif
