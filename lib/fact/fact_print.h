/* SPDX-License-Identifier: MIT */
/* fact_print.h - a fact as a line of text. */

#ifndef DV_FACT_PRINT_H
#define DV_FACT_PRINT_H

#include "fact/fact.h"

/* Append one line: kind, place, text; grouped facts are indented.
 *
 *     call 10..42 "CoinHive.Anonymous"
 *       arg 30..38 0 string "key"
 *
 * Answers as dv_buf_append. */
davy_status dv_fact_print(const struct dv_facts *facts,
                          const struct dv_fact *fact, struct dv_buf *out);

#endif
