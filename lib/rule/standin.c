/* SPDX-License-Identifier: MIT */
/* standin.c - chooses a harmless script by what was asked for and whose place
 * it takes. */

#include "rule/standin.h"

/* A module without sections (WebAssembly core, 5.5.16). */
static const uint8_t empty_module[] = { 0, 'a', 's', 'm', 1, 0, 0, 0 };

davy_status
dv_standin_add(struct dv_ruleset *set, const struct dv_standin *standin)
{
    struct dv_standin *slot = dv_vec_push(&set->standins);

    if (slot == NULL)
        return dv_vec_is_full(&set->standins) ? DAVY_LIMIT : DAVY_NO_MEMORY;
    *slot = *standin;
    return DAVY_OK;
}

static bool
is_for(const struct dv_standin *standin, const char *family)
{
    for (size_t i = 0; i < standin->families_count; i++) {
        if (strcmp(standin->families[i], family) == 0)
            return true;
    }
    return false;
}

/* The one added last counts: packs may replace what others brought. */
static const struct dv_standin *
find(const struct dv_ruleset *set, const char *family, davy_kind kind)
{
    const struct dv_standin *any = NULL;

    for (size_t i = set->standins.len; i > 0; i--) {
        const struct dv_standin *standin = dv_vec_at(&set->standins, i - 1);

        if (standin->kind != kind)
            continue;
        if (is_for(standin, family))
            return standin;
        if (any == NULL && standin->families_count == 0)
            any = standin;
    }
    return any;
}

davy_status
dv_standin_find(const struct dv_ruleset *set, const char *family,
                davy_kind kind, struct dv_span *bytes)
{
    const struct dv_standin *found;

    if (kind == DAVY_KIND_WASM) {
        *bytes = dv_span_of(empty_module, sizeof(empty_module));
        return DAVY_OK;
    }
    found = find(set, family, kind == DAVY_KIND_ANY ? DAVY_KIND_SCRIPT : kind);
    if (found == NULL)
        return DAVY_NOT_FOUND;
    *bytes = found->bytes;
    return DAVY_OK;
}
