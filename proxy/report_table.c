/* SPDX-License-Identifier: MIT */
/* report_table.c - counts by name, in a tree of the C library. */

#include "proxy/report_table.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"

/* Names come from the web: a log may hold any number of them. */
#define MAX_ROWS ((size_t)500000)

static int
compare_names(const void *a, const void *b)
{
    const struct report_row *x = a, *y = b;

    return strcmp(x->name, y->name);
}

static void
keep_row(void *row)
{
    (void)row;                          /* freed with the list */
}

void
report_table_fini(struct report_table *table)
{
    tdestroy(table->root, keep_row);
    for (size_t i = 0; i < table->count; i++) {
        free(table->rows[i]->name);
        free(table->rows[i]);
    }
    free(table->rows);
    memset(table, 0, sizeof(*table));
}

static struct report_row *
add_row(struct report_table *table, const char *name)
{
    struct report_row *row = fatal_alloc(sizeof(*row));

    row->name = fatal_strdup(name);
    if (tsearch(row, &table->root, compare_names) == NULL)
        fatal("no memory for a report");
    table->rows = fatal_grow(table->rows, table->count,
                             sizeof(*table->rows));
    table->rows[table->count++] = row;
    return row;
}

struct report_row *
report_table_get(struct report_table *table, const char *name, bool *is_new)
{
    const struct report_row wanted = { .name = (char *)(uintptr_t)name };
    struct report_row *const *found = tfind(&wanted, &table->root,
                                            compare_names);
    struct report_row *row = found == NULL ? NULL : *found;

    if (is_new != NULL)
        *is_new = row == NULL;
    if (row == NULL && table->count < MAX_ROWS)
        row = add_row(table, name);
    else if (row == NULL)
        table->left_out++;
    return row;
}

static int
compare_rows(const void *a, const void *b)
{
    const struct report_row *x = *(struct report_row *const *)a;
    const struct report_row *y = *(struct report_row *const *)b;

    if (x->miners != y->miners)
        return x->miners > y->miners ? -1 : 1;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return strcmp(x->name, y->name);
}

void
report_table_sort(struct report_table *table)
{
    if (table->count > 0)
        qsort(table->rows, table->count, sizeof(*table->rows), compare_rows);
}
