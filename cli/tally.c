/* SPDX-License-Identifier: MIT */
/* tally.c - adds up what came of all targets. */

#include "cli/tally.h"

#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"

void
tally_init(struct tally *tally)
{
    memset(tally, 0, sizeof(*tally));
    tally->severity = -1;
}

static void
free_names(struct tally_names *names)
{
    for (size_t i = 0; i < TALLY_NAMES; i++)
        free(names->names[i]);
}

void
tally_fini(struct tally *tally)
{
    free_names(&tally->miners);
    free_names(&tally->suspicious);
    free_names(&tally->partial);
    memset(tally, 0, sizeof(*tally));
}

/* `text` is malloc'ed and taken over. */
static void
add_name(struct tally_names *names, char *text)
{
    if (names->count < TALLY_NAMES)
        names->names[names->count] = text;
    else
        free(text);
    names->count++;
}

static char *
name_of(const struct outcome *o)
{
    return o->page == NULL ? fatal_strdup(o->name)
                           : fatal_format("%s (loaded by %s)", o->name,
                                          o->page);
}

static void
add_outcome(struct tally *tally, const struct outcome *o)
{
    if (o->error != NULL) {
        tally->errors++;
        return;
    }
    tally->bytes += o->bytes;
    if (o->page == NULL)
        tally->targets++;
    else
        tally->loaded++;
    if (o->page != NULL && o->verdict != DAVY_VERDICT_CLEAN)
        tally->has_flagged_loaded = true;
    if (o->severity > tally->severity)
        tally->severity = o->severity;
    if (o->verdict > tally->verdict)
        tally->verdict = o->verdict;
    if (o->verdict == DAVY_VERDICT_MINER)
        add_name(&tally->miners, name_of(o));
    else if (o->verdict == DAVY_VERDICT_SUSPICIOUS)
        add_name(&tally->suspicious, name_of(o));
    else
        tally->clean++;
    if (o->limits != NULL)
        add_name(&tally->partial,
                 fatal_format("%s (%s)", o->name, o->limits));
}

void
tally_add(struct tally *tally, const struct outcomes *outcomes)
{
    for (size_t i = 0; i < outcomes->count; i++)
        add_outcome(tally, &outcomes->items[i]);
}
