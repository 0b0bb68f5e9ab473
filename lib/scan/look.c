/* SPDX-License-Identifier: MIT */
/* look.c - the walk over the artifacts of a target.
 *
 * Artifacts form a queue: each is parsed, turned into facts and asked by the
 * rules, and what was found inside it goes to the queue's end. */

#include "scan/look.h"

#include "fact/fact_frame.h"
#include "fact/fact_html.h"
#include "fact/fact_native.h"
#include "fact/fact_url.h"
#include "html/html_doc.h"
#include "html/html_token.h"
#include "js/js_parse.h"
#include "scan/limit.h"

/* How much the artifacts of a target may hold together: ordinary pages need
 * up to three times their size, for each way a script may end. */
#define NESTED_RATIO ((size_t)8)
#define NESTED_GRACE ((size_t)1 << 16)

/* Limits that are no numbers of limits.def. */
#define OVERLAP_TEXT   "scripts that overlap each other"
#define UNDECIDED_TEXT "page that the second look cannot decide"

/* A syntax error this close behind the start of a tag was caused by it. */
#define MARKUP_ERROR_DISTANCE 64

davy_status
dv_look_init(struct dv_look *look, struct dv_mem *mem,
             const struct dv_ruleset *ruleset, const davy_limits *limits,
             unsigned flags, struct davy_report *report)
{
    davy_status st;

    *look = (struct dv_look){ .mem = mem, .limits = limits, .flags = flags,
                              .report = report };
    dv_arena_init(&look->arena, mem);
    dv_artifacts_init(&look->tree, mem, limits);
    dv_cuts_init(&look->cuts, mem);
    dv_facts_init(&look->facts, mem, &look->arena, limits->facts);
    dv_js_tree_init(&look->script, mem);
    st = dv_fact_js_new(mem, limits, &look->js);
    if (st == DAVY_OK)
        st = dv_rule_eval_new(ruleset, mem, limits, &look->eval);
    if (st != DAVY_OK)
        dv_look_fini(look);
    return st;
}

void
dv_look_fini(struct dv_look *look)
{
    dv_rule_eval_free(look->eval);
    dv_fact_js_free(look->js);
    dv_js_tree_fini(&look->script);
    dv_facts_fini(&look->facts);
    dv_cuts_fini(&look->cuts);
    dv_artifacts_fini(&look->tree);
    dv_arena_fini(&look->arena);
    look->eval = NULL;
    look->js = NULL;
}

/* Keep the first error that ends the scan; note limits in the report. */
static void
settle(struct dv_look *look, davy_status st, const char *limit)
{
    if (st == DAVY_LIMIT)
        st = dv_report_add_limit(look->report, limit);
    if (st == DAVY_NO_MEMORY && look->status == DAVY_OK)
        look->status = st;
}

/* ---- Rules ---- */

static void
list_resources(struct dv_look *look)
{
    for (size_t i = 0; i < look->facts.facts.len; i++) {
        const struct dv_fact *fact = dv_facts_at(&look->facts, i);
        davy_resource resource = { NULL, DAVY_KIND_ANY, 0, 0 };
        size_t at = fact->at;
        size_t len = fact->len;

        if (fact->kind != DV_FACT_URL || fact->aux == DAVY_KIND_LINK
            || fact->aux == DAVY_KIND_OTHER)
            continue;
        dv_artifacts_locate(&look->tree, look->current, &at, &len);
        resource.address = dv_report_copy_text(
            &look->arena, dv_facts_text(&look->facts, fact));
        resource.kind = (davy_kind)fact->aux;
        resource.offset = at;
        if (resource.address == NULL) {
            settle(look, DAVY_NO_MEMORY, NULL);
            return;
        }
        settle(look, dv_report_add_resource(look->report, &resource),
               "resources in one report");
    }
}

/* A page can be made such that each of its tags starts a script that goes on to
 * its end.  What is inside a target may be some times its size, no more. */
static bool
has_budget(struct dv_look *look, const struct dv_nested *nested)
{
    if (nested->bytes.len <= look->nested_left) {
        look->nested_left -= nested->bytes.len;
        return true;
    }
    look->nested_left = 0;
    look->is_undecided = true;
    if (look->is_second)
        settle(look, DAVY_LIMIT, OVERLAP_TEXT);
    return false;
}

/* A script that makes a worker of itself makes it again in there. */
static bool
is_in_itself(const struct dv_look *look, const struct dv_nested *nested)
{
    for (uint32_t i = look->current; i != DV_ARTIFACT_ROOT;
         i = dv_artifacts_at(&look->tree, i)->parent) {
        if (dv_span_equal(dv_artifacts_at(&look->tree, i)->bytes,
                          nested->bytes))
            return true;
    }
    return false;
}

static void
add_nested(struct dv_look *look)
{
    for (size_t i = 0; i < look->facts.nested.len; i++) {
        const struct dv_nested *nested = dv_vec_at(&look->facts.nested, i);
        const char *limit = NULL;

        if (is_in_itself(look, nested))
            continue;
        if (!has_budget(look, nested))
            break;
        settle(look, dv_artifacts_add(&look->tree, look->current, nested,
                                      look->base, &limit), limit);
    }
}

/* What the rules could not finish is no answer of a first look. */
static void
settle_rules(struct dv_look *look, davy_status st)
{
    if (st == DAVY_LIMIT && !look->is_second)
        look->is_undecided = true;
    settle(look, st, dv_limit_text(DV_LIMIT_hits));
}

/* The facts are complete: ask the rules, go on with what is inside. */
static void
conclude(struct dv_look *look)
{
    settle(look, look->facts.status, dv_limit_text(DV_LIMIT_facts));
    if (look->watch != NULL && look->watch->facts != NULL)
        look->watch->facts(look->watch->ctx, look->current, &look->facts);
    settle_rules(look, dv_rule_eval_artifact(look->eval, &look->facts,
                                             look->current));
    if (look->flags & DAVY_SCAN_LIST_RESOURCES)
        list_resources(look);
    add_nested(look);
}

/* ---- Pages ---- */

/* HTML 2.4.3: the first base element with an address counts.  Browsers load a
 * script when they meet its tag, so only what comes behind is relative to
 * it. */
static void
take_base(struct dv_look *look, const struct dv_html_place *place)
{
    struct dv_url *url;

    if (look->has_base_element)
        return;
    look->has_base_element = true;
    url = dv_arena_calloc(&look->arena, 1, sizeof(*url));
    if (url == NULL)
        settle(look, DAVY_NO_MEMORY, NULL);
    else if (dv_url_parse(url, &look->arena, place->text, look->base)
             == DAVY_OK)
        look->base = url;
}

static void
on_place(void *ctx, const struct dv_html_place *place)
{
    struct dv_look *look = ctx;

    if (look->watch != NULL && look->watch->place != NULL)
        look->watch->place(look->watch->ctx, place);
    if (place->kind == DV_HTML_BASE)
        take_base(look, place);
    if (look->current == 0 && look->is_second)
        settle(look, dv_cuts_note(&look->cuts, place), NULL);
    dv_fact_html_place(&look->facts, look->base, place);
}

static davy_status
read_page(struct dv_look *look, struct dv_span page,
          const struct dv_html_sink *sink)
{
    davy_status st = DAVY_LIMIT;

    if (look->is_second) {
        st = dv_html_doc(look->mem, &look->arena, look->limits, page, sink);
        if (st != DAVY_LIMIT)
            return st;
        settle(look, DAVY_LIMIT, UNDECIDED_TEXT);
    }
    st = dv_html_token(look->mem, &look->arena, page, sink);
    if (st == DAVY_LIMIT)
        look->is_undecided = true;
    return st;
}

static void
look_at_page(struct dv_look *look, struct dv_span page)
{
    const struct dv_html_sink places = { on_place, look };

    /* Only what stands in the target itself can be cut out of it. */
    const bool is_target = look->current == 0 && look->is_second;

    look->has_base_element = false;
    look->cuts.is_page |= look->current == 0;
    settle(look, read_page(look, page, &places), UNDECIDED_TEXT);
    dv_rule_eval_keep(look->eval, is_target);
    conclude(look);
    dv_rule_eval_keep(look->eval, false);
}

/* ---- Scripts ---- */

/* Mass injections append their HTML to .js files, too: where a tag breaks the
 * syntax, what follows is judged as markup. */
static void
add_appended_markup(struct dv_look *look, struct dv_span source)
{
    const size_t error = look->script.first.offset;
    struct dv_nested nested = { .type = DV_NESTED_MARKUP,
                                .label = "appended markup",
                                .is_verbatim = true };
    size_t at = error < MARKUP_ERROR_DISTANCE ? 0
                                              : error - MARKUP_ERROR_DISTANCE;

    if (look->script.errors == 0)
        return;
    at += dv_sniff_find_active_tag(dv_span_slice(source, at, source.len));
    if (at > error || at == source.len)
        return;
    nested.bytes = dv_span_slice(source, at, source.len);
    nested.at = (uint32_t)at;
    nested.len = (uint32_t)nested.bytes.len;
    dv_facts_add_nested(&look->facts, &nested);
}

static void
facts_of_script(struct dv_look *look)
{
    const char *limit = NULL;

    if (look->watch != NULL && look->watch->tree != NULL)
        look->watch->tree(look->watch->ctx, &look->script);
    settle(look, dv_fact_js(look->js, &look->facts, look->base,
                            &look->script),
           dv_limit_text(DV_LIMIT_fold_steps));
    if (look->watch != NULL && look->watch->effect != NULL) {
        look->watch->script(look->watch->ctx);
        dv_fact_js_watch(look->js, look->watch->effect, look->watch->ctx);
    }
    if (look->status == DAVY_OK) {
        const davy_status st = dv_fact_js_finish(
            look->js,
            dv_artifacts_at(&look->tree, look->current)->is_evaluated,
            &limit);

        settle(look, st, limit);
    }
}

static void
look_at_script(struct dv_look *look, struct dv_span source,
               enum dv_js_goal goal)
{
    settle(look, dv_js_parse(&look->script, source, goal, look->limits),
           dv_limit_text(DV_LIMIT_js_depth));
    if (look->status != DAVY_OK)
        return;
    facts_of_script(look);
    add_appended_markup(look, source);
    conclude(look);
}

/* Text of no declared type is a script when it is one by grammar. */
static bool
look_if_script(struct dv_look *look, struct dv_span source)
{
    settle(look, dv_js_parse(&look->script, source, DV_JS_GOAL_SCRIPT_OR_MODULE,
                             look->limits),
           dv_limit_text(DV_LIMIT_js_depth));
    if (look->status != DAVY_OK || look->script.errors != 0)
        return false;
    facts_of_script(look);
    conclude(look);
    return true;
}

/* ---- One artifact ---- */

static enum dv_sniff_type
sniff_artifact(const struct dv_artifact *artifact,
               const struct dv_sniff_hint *hint)
{
    switch (artifact->type) {
    case DV_NESTED_SCRIPT:
    case DV_NESTED_MODULE:
    case DV_NESTED_WORKER:
    case DV_NESTED_HANDLER:
        return DV_SNIFF_SCRIPT;
    case DV_NESTED_PAGE:
    case DV_NESTED_MARKUP:
        return DV_SNIFF_HTML;
    case DV_NESTED_BYTES:
    default:
        if (artifact->parent == DV_ARTIFACT_ROOT)
            return dv_sniff(artifact->bytes, hint);
        return dv_sniff(artifact->bytes,
                        &(struct dv_sniff_hint){
                            dv_span_cstr(artifact->content_type == NULL
                                             ? ""
                                             : artifact->content_type),
                            dv_span_of(NULL, 0), DAVY_KIND_ANY });
    }
}

static enum dv_js_goal
goal_of(const struct dv_artifact *artifact, const struct dv_sniff_hint *hint)
{
    switch (artifact->type) {
    case DV_NESTED_MODULE:
        return DV_JS_GOAL_MODULE;
    case DV_NESTED_SCRIPT:
        return DV_JS_GOAL_SCRIPT;
    case DV_NESTED_HANDLER:
        return DV_JS_GOAL_FUNCTION_BODY;
    default:
        return hint->kind == DAVY_KIND_MODULE ? DV_JS_GOAL_MODULE
                                              : DV_JS_GOAL_SCRIPT_OR_MODULE;
    }
}

static void
look_at(struct dv_look *look, uint32_t i, const struct dv_sniff_hint *hint)
{
    const struct dv_artifact artifact = *dv_artifacts_at(&look->tree, i);
    enum dv_sniff_type type = sniff_artifact(&artifact, hint);

    look->current = i;
    dv_facts_clear(&look->facts);
    switch (type) {
    case DV_SNIFF_HTML:
        look_at_page(look, artifact.bytes);
        break;
    case DV_SNIFF_SCRIPT:
        look_at_script(look, artifact.bytes, goal_of(&artifact, hint));
        break;
    case DV_SNIFF_MAYBE_SCRIPT:
        if (!look_if_script(look, artifact.bytes))
            type = DV_SNIFF_OTHER;
        break;
    case DV_SNIFF_FRAMES:
        dv_fact_frame_transcript(&look->facts, artifact.bytes);
        conclude(look);
        break;
    default:
        break;
    }
    if (i == 0)
        look->type = type;
}

/* ---- A round over all artifacts ---- */

static const struct dv_url *
parse_known(struct dv_look *look, struct dv_span text)
{
    struct dv_url *url;

    if (text.len == 0)
        return NULL;
    url = dv_arena_calloc(&look->arena, 1, sizeof(*url));
    if (url == NULL) {
        settle(look, DAVY_NO_MEMORY, NULL);
        return NULL;
    }
    return dv_url_parse(url, &look->arena, text, NULL) == DAVY_OK ? url
                                                                  : NULL;
}

static void
start_round(struct dv_look *look)
{
    dv_arena_reset(&look->arena);
    dv_artifacts_clear(&look->tree);
    dv_cuts_clear(&look->cuts);
    dv_facts_clear(&look->facts);
    while (look->report->limits.len > look->limits_before)
        dv_vec_pop(&look->report->limits);
    dv_vec_clear(&look->report->resources);
    look->is_undecided = false;
    look->status = DAVY_OK;
    look->base = NULL;
}

/* The target's own address is a fact of the target. */
static void
add_own_address(struct dv_look *look, const struct dv_look_target *target)
{
    if (look->base == NULL || look->status != DAVY_OK)
        return;
    look->current = 0;
    dv_facts_clear(&look->facts);
    dv_facts_add_to(&look->facts, DV_FACT_URL, DV_FACT_NONE,
                    (uint32_t)target->hint.kind, look->base->href, 0, 0);
    settle(look, look->facts.status, dv_limit_text(DV_LIMIT_facts));
    settle_rules(look, dv_rule_eval_artifact(look->eval, &look->facts, 0));
}

static davy_status
run_round(struct dv_look *look, struct dv_span bytes,
          const struct dv_look_target *target)
{
    const struct dv_url *address;
    const struct dv_url *document;

    start_round(look);
    dv_fact_js_begin(look->js);
    look->nested_left = bytes.len * NESTED_RATIO + NESTED_GRACE;
    address = parse_known(look, target->address);
    document = parse_known(look, target->document);
    dv_rule_eval_begin(look->eval, document != NULL ? document : address);
    dv_rule_eval_widen(look->eval, !look->is_second);
    settle(look, dv_artifacts_plant(&look->tree, bytes, target->label), NULL);
    if (look->status == DAVY_OK)
        dv_artifacts_at(&look->tree, 0)->base = address != NULL ? address
                                                                : document;
    look->base = address;
    add_own_address(look, target);
    for (uint32_t i = 0;
         i < look->tree.items.len && look->status == DAVY_OK; i++) {
        if (look->is_undecided && !look->is_second)
            break;
        look->base = dv_artifacts_at(&look->tree, i)->base;
        look_at(look, i, &target->hint);
    }
    if (look->status == DAVY_OK)
        settle_rules(look, dv_rule_eval_end(look->eval));
    return look->status;
}

davy_status
dv_look_run(struct dv_look *look, struct dv_span bytes,
            const struct dv_look_target *target)
{
    const unsigned second = DAVY_SCAN_SECOND_LOOK_ONLY
                            | DAVY_SCAN_LIST_RESOURCES;
    davy_status st;
    size_t hits;

    look->limits_before = look->report->limits.len;
    look->is_second = look->flags & second;
    st = run_round(look, bytes, target);
    if (st != DAVY_OK || look->is_second)
        return st;
    (void)dv_rule_eval_hits(look->eval, &hits);
    if (hits == 0 && !look->is_undecided)
        return st;
    look->is_second = true;
    return run_round(look, bytes, target);
}

/* ---- Downloads ---- */

/* A node as an artifact; false when there is no room or memory for more. */
static bool
add_node(struct dv_look *look, const struct dv_native_node *node)
{
    struct dv_nested nested = { .type = DV_NESTED_BYTES, .is_verbatim = true };
    const char *limit = NULL;
    davy_status st = DAVY_NO_MEMORY;

    nested.label = dv_report_excerpt(&look->arena, node->path, 0,
                                     node->path.len);
    if (nested.label != NULL)
        st = dv_artifacts_add(&look->tree, node->parent, &nested, NULL,
                              &limit);
    settle(look, st, limit);
    return st == DAVY_OK;
}

static void
look_at_node(struct dv_look *look, const struct dv_native *native,
             uint32_t node)
{
    look->current = node;
    dv_facts_clear(&look->facts);
    dv_fact_native(&look->facts, native, node);
    if (look->facts.facts.len != 0 || look->facts.status != DAVY_OK)
        conclude(look);
}

davy_status
dv_look_native(struct dv_look *look, const struct dv_native *native,
               const struct dv_look_target *target, bool is_partial)
{
    const struct dv_url *document;

    look->limits_before = look->report->limits.len;
    start_round(look);
    look->is_second = true;
    look->base = parse_known(look, target->address);
    document = parse_known(look, target->document);
    dv_rule_eval_begin(look->eval, document != NULL ? document : look->base);
    dv_rule_eval_partial(look->eval, is_partial);
    settle(look, dv_artifacts_plant(&look->tree, dv_span_of(NULL, 0),
                                    target->label), NULL);
    add_own_address(look, target);
    for (size_t i = 1; look->status == DAVY_OK && i < native->nodes.len;
         i++) {
        if (!add_node(look, dv_native_node_at(native, i)))
            break;
    }
    for (uint32_t i = 0;
         i < look->tree.items.len && look->status == DAVY_OK; i++)
        look_at_node(look, native, i);
    if (look->status == DAVY_OK)
        settle_rules(look, dv_rule_eval_end(look->eval));
    return look->status;
}

/* ---- Addresses ---- */

davy_status
dv_look_address(struct dv_look *look, const struct dv_look_target *target)
{
    const struct dv_url *document;

    look->limits_before = look->report->limits.len;
    start_round(look);
    look->base = parse_known(look, target->address);
    if (look->base == NULL)
        return look->status == DAVY_OK ? DAVY_MALFORMED : look->status;
    document = parse_known(look, target->document);
    dv_rule_eval_begin(look->eval, document);
    settle(look, dv_artifacts_plant(&look->tree, dv_span_of(NULL, 0),
                                    target->label), NULL);
    add_own_address(look, target);
    if (look->status == DAVY_OK)
        settle_rules(look, dv_rule_eval_end(look->eval));
    return look->status;
}
