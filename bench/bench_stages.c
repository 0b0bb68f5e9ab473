/* SPDX-License-Identifier: MIT */
/* bench_stages.c - megabytes a second of each stage over a corpus.
 *
 * bench_stages CORPUS PATTERNS: CORPUS has html/ and js/ (bench/make-corpus).
 * Each row is the best of some rounds over all files, which are in memory. */

#define _GNU_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "fact/fact_js.h"
#include "html/html_doc.h"
#include "html/html_token.h"
#include "js/js_lexer.h"
#include "js/js_parse.h"
#include "scan/limit.h"
#include "support/corpus.h"

#define ROUNDS 3

struct file {
    char *bytes;
    size_t length;
};

struct corpus {
    struct file *files;
    size_t count;
    double megabytes;
};

struct stages {
    struct dv_mem mem;
    davy_limits limits;
    struct dv_arena arena;
    struct dv_js_tree tree;
    struct dv_facts facts;
    struct dv_fact_js *js;
    davy_scanner *scanner;
};

static void
keep(void *ctx, const char *path, const char *bytes, size_t length)
{
    struct corpus *corpus = ctx;
    struct file *file;

    (void)path;
    corpus->files = realloc(corpus->files,
                            (corpus->count + 1) * sizeof(*file));
    if (corpus->files == NULL)
        exit(2);
    file = &corpus->files[corpus->count++];
    file->bytes = malloc(length + 1);
    if (file->bytes == NULL)
        exit(2);
    memcpy(file->bytes, bytes, length);
    file->length = length;
    corpus->megabytes += (double)length / 1e6;
}

static struct corpus
load(const char *folder, const char *name)
{
    struct corpus corpus = { NULL, 0, 0 };
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (corpus_visit(path, "", keep, &corpus) == 0) {
        fprintf(stderr, "%s: no files; run make-corpus first\n", path);
        exit(2);
    }
    return corpus;
}

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
on_place(void *ctx, const struct dv_html_place *place)
{
    *(size_t *)ctx += place->len;
}

static void
first_look(struct stages *s, struct dv_span bytes)
{
    size_t seen = 0;
    const struct dv_html_sink sink = { on_place, &seen };

    dv_arena_reset(&s->arena);
    (void)!dv_html_token(&s->mem, &s->arena, bytes, &sink);
}

static void
second_look(struct stages *s, struct dv_span bytes)
{
    size_t seen = 0;
    const struct dv_html_sink sink = { on_place, &seen };

    dv_arena_reset(&s->arena);
    (void)!dv_html_doc(&s->mem, &s->arena, &s->limits, bytes, &sink);
}

static void
lex(struct stages *s, struct dv_span bytes)
{
    struct dv_js_lexer lexer;

    (void)s;
    dv_js_lexer_init(&lexer, bytes, true);
    do {
        dv_js_lexer_next(&lexer);
    } while (lexer.kind != DV_JS_T_END);
}

static void
parse(struct stages *s, struct dv_span bytes)
{
    (void)!dv_js_parse(&s->tree, bytes, DV_JS_GOAL_SCRIPT_OR_MODULE,
                       &s->limits);
}

static void
parse_and_facts(struct stages *s, struct dv_span bytes)
{
    parse(s, bytes);
    dv_arena_reset(&s->arena);
    dv_facts_clear(&s->facts);
    (void)!dv_fact_js(s->js, &s->facts, NULL, &s->tree);
}

static void
scan(struct stages *s, struct dv_span bytes)
{
    const davy_report *report;

    if (davy_scan_buffer(s->scanner, NULL, bytes.at, bytes.len, &report)
        != DAVY_OK)
        exit(2);
}

static void
measure(const char *name, struct stages *s, const struct corpus *corpus,
        void (*stage)(struct stages *, struct dv_span))
{
    double best = 1e9;

    for (int round = 0; round < ROUNDS; round++) {
        const double start = now();

        for (size_t i = 0; i < corpus->count; i++)
            stage(s, dv_span_of(corpus->files[i].bytes,
                                corpus->files[i].length));
        if (now() - start < best)
            best = now() - start;
    }
    printf("%-28s %8.1f MB/s\n", name, corpus->megabytes / best);
    fflush(stdout);
}

static davy_ruleset *
build(const char *patterns)
{
    davy_builder *builder = NULL;
    davy_ruleset *ruleset = NULL;
    const double start = now();

    if (davy_builder_new(NULL, &builder) != DAVY_OK
        || davy_builder_add_pack(builder, patterns) != DAVY_OK
        || davy_builder_build(builder, &ruleset) != DAVY_OK) {
        fprintf(stderr, "%s: the pack does not load\n", patterns);
        exit(2);
    }
    davy_builder_free(builder);
    printf("%-28s %8.1f ms\n", "ruleset from text", (now() - start) * 1e3);
    return ruleset;
}

int
main(int argc, char **argv)
{
    static struct stages s;
    struct corpus html, js;
    struct rusage usage;
    davy_ruleset *ruleset;

    if (argc != 3) {
        fprintf(stderr, "usage: bench_stages CORPUS PATTERNS\n");
        return 2;
    }
    html = load(argv[1], "html");
    js = load(argv[1], "js");
    dv_limit_fill(&s.limits, NULL);
    dv_mem_init(&s.mem, NULL, SIZE_MAX);
    dv_arena_init(&s.arena, &s.mem);
    dv_js_tree_init(&s.tree, &s.mem);
    dv_facts_init(&s.facts, &s.mem, &s.arena, s.limits.facts);
    ruleset = build(argv[2]);
    if (dv_fact_js_new(&s.mem, &s.limits, &s.js) != DAVY_OK
        || davy_scanner_new(ruleset, NULL, &s.scanner) != DAVY_OK)
        return 2;
    measure("first look", &s, &html, first_look);
    measure("second look (Gumbo)", &s, &html, second_look);
    measure("lexer", &s, &js, lex);
    measure("parser", &s, &js, parse);
    measure("parser, folding and facts", &s, &js, parse_and_facts);
    measure("whole scan, HTML", &s, &html, scan);
    measure("whole scan, JavaScript", &s, &js, scan);
    davy_scanner_free(s.scanner);
    davy_ruleset_unref(ruleset);
    getrusage(RUSAGE_SELF, &usage);
    printf("%-28s %8.1f MB\n", "peak memory with the corpus",
           (double)usage.ru_maxrss / 1e3);
    return 0;
}
