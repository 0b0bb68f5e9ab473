/* SPDX-License-Identifier: MIT */
/* dump.c - prints places, trees and facts, each below its artifact's path. */

#include "scan/dump.h"

#include "fact/fact_print.h"
#include "js/js_print.h"

/* What one artifact can print; a tree is larger than its source. */
#define MAX_TEXT ((size_t)1 << 30)

static void
note(struct dv_dump *dump, davy_status st)
{
    if (dump->status == DAVY_OK)
        dump->status = st;
}

static void
flush(struct dv_dump *dump)
{
    if (dump->status == DAVY_OK && dump->line.len != 0
        && dump->sink(dump->ctx, (const char *)dump->line.at, dump->line.len)
               != 0)
        note(dump, DAVY_IO);
    dv_buf_clear(&dump->line);
}

/* "== page.html > script[2]" */
static void
print_heading(struct dv_dump *dump)
{
    note(dump, dv_buf_append_cstr(&dump->line, "== "));
    note(dump, dv_artifacts_write_path(&dump->look->tree, dump->look->current,
                                       &dump->line));
    note(dump, dv_buf_append_byte(&dump->line, '\n'));
}

static void
print_place(void *ctx, const struct dv_html_place *place)
{
    struct dv_dump *dump = ctx;

    note(dump, dv_html_place_print(place, &dump->line));
    flush(dump);
}

static void
print_tree(void *ctx, const struct dv_js_tree *tree)
{
    struct dv_dump *dump = ctx;

    print_heading(dump);
    note(dump, dv_js_ast_print(tree, &dump->line));
    flush(dump);
}

static void
print_facts(void *ctx, uint32_t artifact, const struct dv_facts *facts)
{
    struct dv_dump *dump = ctx;

    (void)artifact;
    print_heading(dump);
    for (size_t i = 0; i < facts->facts.len; i++) {
        note(dump, dv_fact_print(facts, dv_facts_at(facts, i), &dump->line));
        flush(dump);
    }
    flush(dump);
}

static void
begin_effects(void *ctx)
{
    print_heading(ctx);
    flush(ctx);
}

static davy_status
print_effect(void *ctx, struct dv_span line)
{
    struct dv_dump *dump = ctx;

    note(dump, dv_buf_append(&dump->line, line));
    flush(dump);
    return dump->status;
}

void
dv_dump_init(struct dv_dump *dump, const struct dv_look *look, davy_dump what,
             davy_sink sink, void *ctx)
{
    *dump = (struct dv_dump){ .look = look, .what = what, .sink = sink,
                              .ctx = ctx };
    dv_buf_init(&dump->line, look->mem, MAX_TEXT);
    dump->watch.ctx = dump;
    if (what == DAVY_DUMP_HTML)
        dump->watch.place = print_place;
    else if (what == DAVY_DUMP_JS)
        dump->watch.tree = print_tree;
    else if (what == DAVY_DUMP_FACTS)
        dump->watch.facts = print_facts;
    if (what == DAVY_DUMP_EFFECTS) {
        dump->watch.script = begin_effects;
        dump->watch.effect = print_effect;
    }
}

void
dv_dump_fini(struct dv_dump *dump)
{
    dv_buf_fini(&dump->line);
}
