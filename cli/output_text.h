/* SPDX-License-Identifier: MIT */
/* output_text.h - what people read: one block for each target that matters,
 * and a summary. */

#ifndef OUTPUT_TEXT_H
#define OUTPUT_TEXT_H

#include <stdio.h>

#include "cli/outcome.h"
#include "cli/tally.h"

/* How many findings of a report the style shows. */
size_t output_text_shown(const davy_report *report,
                         const struct outcome_style *style);

/* The block of a judged target. */
void output_text_report(FILE *out, const struct outcome_style *style,
                        const struct outcome *outcome,
                        const davy_report *report, uint64_t micros);

/* The block of a target that could not be looked at. */
void output_text_error(FILE *out, const struct outcome_style *style,
                       const struct outcome *outcome);

/* A target and what it loads; nothing when there is nothing to say. */
void output_text_target(FILE *out, const struct outcome_style *style,
                        const struct outcomes *outcomes);

/* The end of the answer. */
void output_text_summary(FILE *out, const struct outcome_style *style,
                         const struct tally *tally);

#endif
