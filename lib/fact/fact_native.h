/* SPDX-License-Identifier: MIT */
/* fact_native.h - what was found in programs, scripts, archives, as facts. */

#ifndef DV_FACT_NATIVE_H
#define DV_FACT_NATIVE_H

#include "fact/fact.h"
#include "native/native.h"

/* Add a TEXT or FILE for each find of the file `node`.  Places are the numbers
 * of the finds, from 1, since downloads can be larger than a place can say;
 * lengths are 0. */
void dv_fact_native(struct dv_facts *facts, const struct dv_native *native,
                    uint32_t node);

#endif
