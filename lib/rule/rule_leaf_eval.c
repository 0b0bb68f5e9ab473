/* SPDX-License-Identifier: MIT */
/* rule_leaf_eval.c - decides whether a fact is what a leaf asks for.
 *
 * A leaf that has held as often as it asks is left alone, and no leaf is asked
 * twice about the same fact by the same atom: floods of hits cost a few loads
 * each. */

#include "rule/rule_compile.h"
#include "rule/rule_state.h"

/* ---- Views ------------------------------------------------------------ */

struct dv_span
dv_view_name(struct dv_span text, uint8_t separator)
{
    return dv_span_slice(text, 0, dv_span_find_byte(text, separator));
}

/* Behind the last dot. */
static struct dv_span
last_segment(struct dv_span text)
{
    size_t at = text.len;

    while (at > 0 && text.at[at - 1] != '.')
        at--;
    dv_span_skip(&text, at);
    return text;
}

/* The part of the fact's text that the leaf asks about; false when it does not
 * ask about this fact. */
static bool
view_of(const struct dv_rule_eval *eval, const struct dv_leaf *leaf,
        const struct dv_fact *fact, struct dv_span *view)
{
    enum dv_leaf_view how = dv_leaf_view(leaf->type, fact->kind);

    *view = dv_facts_text(eval->facts, fact);
    if (leaf->anchor >= 0)
        return fact->kind == DV_FACT_ATTR;
    if (leaf->is_new_only && fact->kind != DV_FACT_NEW)
        return false;
    switch (how) {
    case DV_VIEW_NONE:
        return false;
    case DV_VIEW_WHOLE:
        return true;
    case DV_VIEW_STRING:
        return fact->aux >> 8 == DV_ARG_STRING;
    case DV_VIEW_NAME:
        *view = dv_view_name(*view,
                             fact->kind == DV_FACT_WALLET ? ':' : '=');
        return true;
    case DV_VIEW_SEGMENT:
        *view = last_segment(*view);
        return true;
    }
    return false;
}

/* ---- What holds ------------------------------------------------------- */

/* Remember that the leaf has a state, and forget it after this artifact. */
static void
touch(struct dv_rule_eval *eval, uint32_t leaf)
{
    uint32_t *slot = dv_vec_push(&eval->touched);

    if (slot != NULL)
        *slot = leaf;
    else
        eval->status = DAVY_NO_MEMORY;
}

static void
mark_rule(struct dv_rule_eval *eval, const struct dv_leaf *leaf)
{
    uint64_t *bits = leaf->is_page_scope ? eval->page_rules : eval->rules;

    bits[leaf->rule / 64] |= UINT64_C(1) << leaf->rule % 64;
}

static void
note_first(struct dv_rule_eval *eval, const struct dv_leaf *leaf,
           struct dv_leaf_state *state, const struct dv_fact *fact)
{
    mark_rule(eval, leaf);
    state->place = dv_rule_eval_place(eval, fact);
    if (!leaf->is_page_scope)
        return;                         /* the facts live until it is used */
    if (!dv_arena_copy(&eval->texts, state->place.text, &state->place.text))
        eval->status = DAVY_NO_MEMORY;
}

/* Whether the leaf needs no more facts: it held as often as it asks, and its
 * other places are not wanted, or would cost too much. */
static bool
is_content(const struct dv_rule_eval *eval, uint32_t leaf)
{
    return eval->states[leaf].count
               >= dv_ruleset_leaf_at(eval->set, leaf)->times
           && (!eval->keeps_echoes || eval->work < eval->reserve
               || dv_vec_is_full(&eval->places));
}

static void
keep_place(struct dv_rule_eval *eval, uint32_t leaf,
           const struct dv_fact *fact)
{
    struct dv_leaf_place *place = dv_vec_push(&eval->places);

    if (place != NULL)
        *place = (struct dv_leaf_place){ leaf, fact->at, fact->len };
    else if (!dv_vec_is_full(&eval->places))
        eval->status = DAVY_NO_MEMORY;
}

/* Whether the leaf is to be asked about `subject`: not when it was just now,
 * nor when it was too often. */
static bool
may_ask(struct dv_rule_eval *eval, uint32_t leaf, struct dv_leaf_state *state,
        const struct dv_fact *subject)
{
    const uint64_t serial = eval->base + dv_fact_index(eval->facts, subject);

    if (state->last == serial)
        return false;
    state->last = serial;
    if (state->asked == 0)
        touch(eval, leaf);
    if (state->asked >= eval->max_hits) {
        if (eval->status == DAVY_OK
            && state->count < dv_ruleset_leaf_at(eval->set, leaf)->times)
            eval->status = DAVY_LIMIT;
        return false;
    }
    state->asked++;
    return true;
}

/* The element whose attribute the leaf was found by, when its name fits. */
static const struct dv_fact *
element_of(struct dv_rule_eval *eval, const struct dv_leaf *leaf,
           const struct dv_fact *attr)
{
    const struct dv_fact *element;

    if (attr->parent >= eval->facts->facts.len)
        return NULL;
    element = dv_facts_at(eval->facts, attr->parent);
    if (element->kind != DV_FACT_ELEMENT
        || !dv_pattern_eval(eval, &leaf->pattern,
                            dv_facts_text(eval->facts, element)))
        return NULL;
    return element;
}

/* The pattern by which the leaf is found matches; look at the rest. */
static void
on_match(struct dv_rule_eval *eval, uint32_t number,
         const struct dv_leaf *leaf, const struct dv_fact *fact)
{
    struct dv_leaf_state *state = &eval->states[number];

    if (leaf->anchor >= 0)
        fact = element_of(eval, leaf, fact);
    if (fact == NULL || !may_ask(eval, number, state, fact))
        return;
    if (leaf->kinds != 0
        && (fact->aux > 15 || !(leaf->kinds >> fact->aux & 1)))
        return;
    if (leaf->parts_count != 0 && !dv_part_eval_all(eval, leaf, fact))
        return;
    if (state->count++ == 0)
        note_first(eval, leaf, state, fact);
    else if (eval->keeps_echoes)
        keep_place(eval, number, fact);
}

/* ---- Atoms ------------------------------------------------------------ */

/* The fact in whose text the byte before `end` lies. */
static const struct dv_fact *
locate(struct dv_rule_eval *eval, size_t end)
{
    const struct dv_fact *near = eval->near;

    if (near == NULL || end <= near->text
        || end - near->text > near->text_len) {
        near = dv_facts_find(eval->facts, end);
        if (near == NULL || end - near->text > near->text_len)
            return NULL;
        eval->near = near;
    }
    return near;
}

static bool
matches(struct dv_rule_eval *eval, const struct dv_leaf *leaf,
        const struct dv_ruleset_ref *ref, struct dv_span view)
{
    const struct dv_pattern *pattern = dv_leaf_anchor(leaf);
    const struct dv_glob *glob;

    if (pattern->regex != NULL)
        return dv_pattern_eval(eval, pattern, view);
    glob = &pattern->globs.at[ref->glob];
    if (glob->how >= DV_GLOB_CONTAINS && !dv_work_take(eval, view.len))
        return false;
    return dv_glob_test(glob, view);
}

/* Whether the atom of `length` bytes that ends at `end` lies in the view. */
static bool
lies_in(const struct dv_rule_eval *eval, struct dv_span view, size_t end,
        size_t length)
{
    const uint8_t *stop = eval->facts->stream.at + end;

    return stop - length >= view.at && stop <= view.at + view.len;
}

static void
ask_ref(struct dv_rule_eval *eval, uint32_t index, const struct dv_fact *fact,
        size_t end, size_t length)
{
    const struct dv_ruleset_ref *ref = &eval->set->atom_refs[index];
    const struct dv_leaf *leaf = dv_ruleset_leaf_at(eval->set, ref->leaf);
    const uint64_t serial = eval->base + dv_fact_index(eval->facts, fact);
    struct dv_span view;

    if (is_content(eval, ref->leaf)
        || eval->tried[index] == serial || !view_of(eval, leaf, fact, &view))
        return;
    if (ref->is_proof) {
        if (!lies_in(eval, view, end, length))
            return;                     /* another place may lie in it */
        eval->tried[index] = serial;
    } else {
        eval->tried[index] = serial;
        if (!matches(eval, leaf, ref, view))
            return;
    }
    on_match(eval, ref->leaf, leaf, fact);
}

bool
dv_leaf_eval_atom(void *ctx, uint32_t literal, size_t end)
{
    struct dv_rule_eval *eval = ctx;
    const struct dv_ruleset_atom *atom = &eval->set->atoms[literal];
    const struct dv_fact *fact;

    end -= atom->tail;
    fact = locate(eval, end);
    if (fact == NULL)
        return true;
    for (uint32_t i = atom[0].first; i < atom[1].first; i++)
        ask_ref(eval, i, fact, end, atom->length);
    return eval->status != DAVY_NO_MEMORY;
}

/* ---- Leaves without atoms --------------------------------------------- */

void
dv_leaf_eval_fact(struct dv_rule_eval *eval, uint32_t leaf_number,
                  const struct dv_fact *fact)
{
    const struct dv_leaf *leaf = dv_ruleset_leaf_at(eval->set, leaf_number);
    struct dv_span view;

    if (is_content(eval, leaf_number)
        || !view_of(eval, leaf, fact, &view))
        return;
    if (leaf->type == DV_LEAF_WALLET) {
        if (leaf->coin != NULL && !dv_span_equal_cstr(view, leaf->coin))
            return;
    } else if (!dv_pattern_eval(eval, dv_leaf_anchor(leaf), view)) {
        return;
    }
    on_match(eval, leaf_number, leaf, fact);
}

/* ---- Numbers ---------------------------------------------------------- */

static void
note_number(struct dv_rule_eval *eval, uint32_t number, uint32_t bit,
            const struct dv_fact *fact)
{
    struct dv_leaf_state *state = &eval->states[number];
    const uint64_t mask = UINT64_C(1) << bit;

    if (state->numbers & mask)
        return;
    state->numbers |= mask;
    if (state->asked++ == 0)
        touch(eval, number);
    if (state->count++ == 0)
        note_first(eval, dv_ruleset_leaf_at(eval->set, number), state, fact);
}

void
dv_leaf_eval_number(struct dv_rule_eval *eval, const struct dv_fact *fact)
{
    const struct dv_ruleset *set = eval->set;
    const double value = dv_rule_number(fact->number);
    size_t slot = dv_rule_number_slot(set, value);

    while (set->numbers[slot].leaf != DV_RULE_NONE) {
        const struct dv_ruleset_number *entry = &set->numbers[slot];

        if (entry->value == value)
            note_number(eval, entry->leaf, entry->bit, fact);
        slot = (slot + 1) & (set->numbers_size - 1);
    }
}
