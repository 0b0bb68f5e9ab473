/* SPDX-License-Identifier: MIT */
/* fact_native.c - turns the finds of one file into facts. */

#include "fact/fact_native.h"

void
dv_fact_native(struct dv_facts *facts, const struct dv_native *native,
               uint32_t node)
{
    uint32_t i = dv_native_node_at(native, node)->first;

    while (i != DV_NATIVE_NONE) {
        const struct dv_native_find *find = dv_native_find_at(native, i);

        (void)dv_facts_add_to(facts,
                              find->kind == DV_NATIVE_FIND_NAME
                                  ? DV_FACT_FILE : DV_FACT_TEXT,
                              DV_FACT_NONE, (uint32_t)find->class, find->text,
                              i + 1, 0);
        i = find->next;
    }
}
