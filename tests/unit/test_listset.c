/* SPDX-License-Identifier: MIT */
/* test_listset.c - what filters of Adblock Plus lists mean. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/oom.h"
#include "url/listset.h"

/* What a set says to an address. */
enum answer { PASSES, BLOCKED, EXCUSED, GETS_CSP };

struct row {
    const char *list;
    const char *url;
    const char *document;               /* NULL: not known */
    davy_kind kind;
    enum answer answer;
};

#define S DAVY_KIND_SCRIPT
#define D DAVY_KIND_DOCUMENT

static const struct row rows[] = {
    /* Hosts */
    { "||a.example^", "https://a.example/x", NULL, S, BLOCKED },
    { "||a.example^", "https://b.a.example:81/x", NULL, S, BLOCKED },
    { "||a.example^", "wss://u:p@a.example/x", NULL, S, BLOCKED },
    { "||a.example^", "https://a.example./x", NULL, S, BLOCKED },
    { "||a.example^", "https://A.EXAMPLE/x", NULL, S, BLOCKED },
    { "||a.example^", "https://ba.example/x", NULL, S, PASSES },
    { "||a.example^", "https://a.example.b/x", NULL, S, PASSES },
    { "||a.example^", "https://b.example/?a.example", NULL, S, PASSES },
    { "a.info", "https://b.a.info/", NULL, S, BLOCKED },
    { "a.info", "https://b.example/a.info", NULL, S, PASSES },
    { "miner.js", "https://b.example/xminer.js", NULL, S, BLOCKED },
    { "||a.example", "https://a.example.b/", NULL, S, BLOCKED },
    { "||a.example", "https://ba.example.b/", NULL, S, PASSES },
    { "||a.exa", "https://x.a.example/", NULL, S, BLOCKED },
    { "||1.2.3.4^", "ws://1.2.3.4:8080/proxy", NULL, S, BLOCKED },
    { "||1.2.3.4^", "ws://0x01020304/proxy", NULL, S, BLOCKED },
    { "||b\xc3\xbc"
      "cher.example^", "https://b\xc3\xbc"
      "cher.example/", NULL, S, BLOCKED },
    { "||[::1]^", "http://[::1]/x", NULL, S, BLOCKED },
    { "||a-*.example^", "https://a-b-c.example/", NULL, S, BLOCKED },
    { "||a-*.example^", "https://a.example/", NULL, S, PASSES },
    /* Hosts with more */
    { "||a.example/x", "https://a.example/xy", NULL, S, BLOCKED },
    { "||a.example/x", "https://b.a.example/xy", NULL, S, BLOCKED },
    { "||a.example/x", "https://a.example./x", NULL, S, BLOCKED },
    { "||a.example/x", "https://a.example/y/x", NULL, S, PASSES },
    { "||a.example/x", "https://a.example:81/x", NULL, S, PASSES },
    { "||a.example^*/x.js", "https://a.example/y/x.js", NULL, S, BLOCKED },
    { "||a.example^*=ws://", "https://a.example/?p=ws://b/", NULL, S,
      BLOCKED },
    { "||a.example^x", "https://a.example/x", NULL, S, BLOCKED },
    { "||a.example/x|", "https://a.example/x", NULL, S, BLOCKED },
    { "||a.example/x|", "https://a.example/xy", NULL, S, PASSES },
    { "||a.*/x/", "https://a.b.example/x/", NULL, S, BLOCKED },
    /* Text anywhere */
    { "/miner.js", "https://h/lib/miner.js", NULL, S, BLOCKED },
    { "/miner.js", "https://h/lib/MINER.js?x", NULL, S, BLOCKED },
    { "/miner.js", "https://h/lib/xminer.js", NULL, S, PASSES },
    { "/miner.js", "https://h/#/miner.js", NULL, S, PASSES },
    { "/miner.js$match-case", "https://h/MINER.js", NULL, S, PASSES },
    { "/Miner.js$match-case", "https://h/Miner.js", NULL, S, BLOCKED },
    { "iner.j", "https://h/miner.js", NULL, S, BLOCKED },
    { "mi*er", "https://h/miner", NULL, S, BLOCKED },
    { "mi*er", "https://h/er/mi", NULL, S, PASSES },
    { "=ws://*?pool=", "https://h/?p=ws://a?pool=b", NULL, S, BLOCKED },
    { "=ws://*?pool=", "https://h/?pool=ws://a", NULL, S, PASSES },
    { "?*.pools.", "https://h/?a.pools.b", NULL, S, BLOCKED },
    { ".pools.*:", "https://h.pools.b:81/", NULL, S, BLOCKED },
    { "*://*/*cn.wasm", "https://h/x/cn.wasm", NULL, S, BLOCKED },
    { "-miner/*", "https://h/x-miner/y", NULL, S, BLOCKED },
    { "ab", "https://h/xaby", NULL, S, BLOCKED },
    { "/\xc3\xbc/", "https://h/\xc3\xbc", NULL, S, PASSES },
    { "/\xc3\xbc.", "https://h/\xc3\xbc.js", NULL, S, BLOCKED },
    /* Anchors and separators */
    { "|https://h/", "https://h/x", NULL, S, BLOCKED },
    { "|https://h/", "http://x/?https://h/", NULL, S, PASSES },
    { "/x.js|", "https://h/x.js", NULL, S, BLOCKED },
    { "/x.js|", "https://h/x.js?y", NULL, S, PASSES },
    { "/x^", "https://h/x", NULL, S, BLOCKED },
    { "/x^", "https://h/x/y", NULL, S, BLOCKED },
    { "/x^", "https://h/x-y", NULL, S, PASSES },
    { "/x^y^", "https://h/x?y=", NULL, S, BLOCKED },
    { "^miner.js^", "https://h/miner.js", NULL, S, BLOCKED },
    { "/x*y^|", "https://h/x/y", NULL, S, BLOCKED },
    { "/x*/y|", "https://h/x/y/z/y", NULL, S, BLOCKED },
    { "/x*/y|", "https://h/x/y/z", NULL, S, PASSES },
    /* Regular expressions */
    { "/^https?:\\/\\/h\\/[0-9]+/", "https://h/1", NULL, S, BLOCKED },
    { "/^https?:\\/\\/h\\/[0-9]+/", "https://h/a", NULL, S, PASSES },
    { "/miner[0-9]\\.js$/$script", "https://h/miner1.js", NULL, S,
      BLOCKED },
    { "/[0-9]+miner\\.js$/$script", "https://h/MINER.js", NULL, S, PASSES },
    { "/[0-9]+miner\\.js$/$script", "https://h/1MINER.js", NULL, S,
      BLOCKED },
    { "/x(?=y)/", "https://h/xy", NULL, S, PASSES },
    /* Types */
    { "/x$script", "https://h/x", NULL, DAVY_KIND_MODULE, BLOCKED },
    { "/x$script", "https://h/x", NULL, DAVY_KIND_WORKER, BLOCKED },
    { "/x$script", "https://h/x", NULL, DAVY_KIND_FETCH, PASSES },
    { "/x$script", "https://h/x", NULL, DAVY_KIND_ANY, BLOCKED },
    { "/x$xhr", "https://h/x", NULL, DAVY_KIND_WASM, BLOCKED },
    { "/x$xhr", "https://h/x", NULL, S, PASSES },
    { "/x$websocket", "https://h/x", NULL, S, PASSES },
    { "/x$websocket", "wss://h/x", NULL, S, BLOCKED },
    { "/x$websocket", "wss://h/x", NULL, DAVY_KIND_ANY, BLOCKED },
    { "/x$script", "wss://h/x", NULL, S, PASSES },
    { "/x$subdocument", "https://h/x", NULL, DAVY_KIND_FRAME, BLOCKED },
    { "/x$object", "https://h/x", NULL, DAVY_KIND_FRAME, BLOCKED },
    { "/x$~script", "https://h/x", NULL, S, PASSES },
    { "/x$~script", "https://h/x", NULL, DAVY_KIND_OTHER, BLOCKED },
    { "/x$image", "https://h/x", NULL, DAVY_KIND_OTHER, BLOCKED },
    /* Documents */
    { "/x", "https://h/x", NULL, D, PASSES },
    { "/x$document", "https://h/x", NULL, D, BLOCKED },
    { "/x$document", "https://h/x", NULL, DAVY_KIND_LINK, BLOCKED },
    { "/x$document", "https://h/x", NULL, S, PASSES },
    { "/x$all", "https://h/x", NULL, D, BLOCKED },
    { "||h.example^", "https://h.example/x", NULL, D, BLOCKED },
    { "||h.example^$third-party", "https://h.example/x", NULL, D, PASSES },
    { "||h.example^$script", "https://h.example/x", NULL, D, PASSES },
    { "||h.example/x", "https://h.example/x", NULL, D, PASSES },
    /* Party */
    { "/x$third-party", "https://a.h.com/x", "https://b.h.com/", S,
      PASSES },
    { "/x$third-party", "https://h.com/x", "https://i.com/", S, BLOCKED },
    { "/x$3p", "https://h.com/x", NULL, S, BLOCKED },
    { "/x$~third-party", "https://h.com/x", "https://i.com/", S, PASSES },
    { "/x$1p", "https://h.com/x", "https://w.h.com./", S, BLOCKED },
    { "/x$1p", "https://h.com/x", NULL, S, PASSES },
    { "/x$3p", "https://a.github.io/x", "https://b.github.io/", S,
      BLOCKED },
    /* Domains */
    { "/x$domain=i.com", "https://h/x", "https://i.com/", S, BLOCKED },
    { "/x$domain=i.com", "https://h/x", "https://a.i.com./", S, BLOCKED },
    { "/x$domain=i.com", "https://h/x", "https://ai.com/", S, PASSES },
    { "/x$domain=i.com", "https://h/x", NULL, S, PASSES },
    { "/x$domain=~i.com", "https://h/x", "https://i.com/", S, PASSES },
    { "/x$domain=~i.com", "https://h/x", "https://j.com/", S, BLOCKED },
    { "/x$domain=~i.com", "https://h/x", NULL, S, BLOCKED },
    { "/x$domain=i.com|~a.i.com", "https://h/x", "https://b.i.com/", S,
      BLOCKED },
    { "/x$domain=i.com|~a.i.com", "https://h/x", "https://a.i.com/", S,
      PASSES },
    { "/x$domain=~i.com|a.i.com", "https://h/x", "https://a.i.com/", S,
      BLOCKED },
    { "/x$domain=i.*", "https://h/x", "https://i.co.uk/", S, BLOCKED },
    { "/x$domain=i.*", "https://h/x", "https://w.i.com/", S, BLOCKED },
    { "/x$domain=i.*", "https://h/x", "https://i.x.com/", S, PASSES },
    { "$script,domain=i.com", "https://h/x", "https://i.com/", S, BLOCKED },
    { "$script,domain=i.com", "https://h/x", "https://j.com/", S, PASSES },
    { "$script,3p,domain=i.com|j.com", "https://h/", "https://w.j.com/", S,
      BLOCKED },
    { "/.com/$domain=i.com", "https://h.com/x", "https://i.com/", S,
      BLOCKED },
    /* Exceptions */
    { "/x\n@@/x/y", "https://h/x/y", NULL, S, EXCUSED },
    { "/x\n@@/x/y", "https://h/x/z", NULL, S, BLOCKED },
    { "@@/x/y", "https://h/x/y", NULL, S, PASSES },
    { "/x$important\n@@/x/y", "https://h/x/y", NULL, S, BLOCKED },
    { "/x$important\n@@/x/y$important", "https://h/x/y", NULL, S,
      EXCUSED },
    { "||h.com^\n@@||h.com/ok$websocket", "wss://h.com/ok", NULL, S,
      EXCUSED },
    { "||h.com^\n@@||h.com/ok$websocket", "https://h.com/ok", NULL, S,
      BLOCKED },
    { "/x\n@@||i.com^$document", "https://h/x", "https://i.com/", S,
      EXCUSED },
    { "/x\n@@||i.com^$document", "https://h/x", "https://j.com/", S,
      BLOCKED },
    { "/x\n@@||i.com^", "https://h/x", "https://i.com/", S, BLOCKED },
    { "||i.com^\n@@||i.com^", "https://i.com/", NULL, D, EXCUSED },
    /* badfilter */
    { "/x\n/x$badfilter", "https://h/x", NULL, S, PASSES },
    { "/x$script,3p\n/x$3p,badfilter,script", "https://h/x", NULL, S,
      PASSES },
    { "/x$domain=a|b\n/x$domain=b|a,badfilter", "https://h/x",
      "https://a/", S, PASSES },
    { "/x$script\n/x$badfilter", "https://h/x", NULL, S, BLOCKED },
    { "/x\n/X.$badfilter", "https://h/x", NULL, S, BLOCKED },
    { "@@/x\n/x\n@@/x$badfilter", "https://h/x", NULL, S, BLOCKED },
    /* csp */
    { "||h.com^$csp=worker-src 'none'", "https://h.com/", NULL, D,
      GETS_CSP },
    { "||h.com^$csp=worker-src 'none'", "https://h.com/", NULL,
      DAVY_KIND_FRAME, GETS_CSP },
    { "||h.com^$csp=worker-src 'none'", "https://h.com/", NULL, S, PASSES },
    { "$csp=worker-src 'none',domain=h.com", "https://h.com/", NULL, D,
      GETS_CSP },
    { "$csp=worker-src 'none',domain=h.com", "https://i.com/", NULL, D,
      PASSES },
    { "||h.com^$csp=a\n@@||h.com^$csp", "https://h.com/", NULL, D, PASSES },
    { "||h.com^$csp=a\n@@||h.com^$csp=a", "https://h.com/", NULL, D,
      PASSES },
    { "||h.com^$csp=a\n@@||h.com^$csp=b", "https://h.com/", NULL, D,
      GETS_CSP },
    { "||h.com^$csp=a\n||h.com^", "https://h.com/", NULL, D, BLOCKED }
};

/* Addresses, a set and what they need. */
struct bench {
    struct dv_mem mem;
    struct dv_arena arena;
    struct dv_listset set;
};

static void
begin(struct bench *bench)
{
    dv_mem_init(&bench->mem, NULL, SIZE_MAX);
    dv_arena_init(&bench->arena, &bench->mem);
    dv_listset_init(&bench->set, &bench->mem);
}

static void
end(struct bench *bench)
{
    dv_listset_fini(&bench->set);
    dv_arena_fini(&bench->arena);
    assert_int_equal(bench->mem.used, 0);
}

static struct dv_list_counts
add(struct bench *bench, uint32_t number, davy_list_format format,
    bool is_allow_list, const char *text)
{
    struct dv_list_counts counts;

    assert_int_equal(dv_listset_add(&bench->set, number, format,
                                    is_allow_list, dv_span_cstr(text),
                                    &counts, NULL, NULL), DAVY_OK);
    return counts;
}

static enum answer
ask(struct bench *bench, const char *url_text, const char *document_text,
    davy_kind kind, struct dv_list_hit *hit)
{
    struct dv_url url;
    struct dv_url document;
    struct dv_list_query query = { &url, NULL, kind };

    assert_int_equal(dv_url_parse(&url, &bench->arena,
                                  dv_span_cstr(url_text), NULL), DAVY_OK);
    if (document_text != NULL) {
        assert_int_equal(dv_url_parse(&document, &bench->arena,
                                      dv_span_cstr(document_text), NULL),
                         DAVY_OK);
        query.document = &document;
    }
    if (dv_listset_match(&bench->set, &query, hit))
        return hit->csp.len != 0 ? GETS_CSP : BLOCKED;
    return hit->is_exception ? EXCUSED : PASSES;
}

static void
filters_mean_what_adblock_plus_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        const struct row *row = &rows[i];
        struct bench bench;
        struct dv_list_hit hit;
        enum answer answer;

        begin(&bench);
        add(&bench, 0, DAVY_LIST_ABP, false, row->list);
        assert_int_equal(dv_listset_freeze(&bench.set), DAVY_OK);
        answer = ask(&bench, row->url, row->document, row->kind, &hit);
        if (answer != row->answer)
            fail_msg("row %zu: %s on %s: answer %d", i, row->list, row->url,
                     (int)answer);
        end(&bench);
    }
}

/* Lists are put together: the rows that block still do so when all lists
 * without exceptions stand in one set. */
static void
filters_do_not_hide_each_other(void **state)
{
    struct bench bench;
    struct dv_list_hit hit;

    (void)state;
    begin(&bench);
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        if (strstr(rows[i].list, "@@") == NULL
            && strstr(rows[i].list, "badfilter") == NULL)
            add(&bench, (uint32_t)i % DV_LISTSET_LISTS, DAVY_LIST_ABP, false,
                rows[i].list);
    }
    assert_int_equal(dv_listset_freeze(&bench.set), DAVY_OK);
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        if (rows[i].answer == BLOCKED
            && strstr(rows[i].list, "@@") == NULL
            && strstr(rows[i].list, "badfilter") == NULL
            && ask(&bench, rows[i].url, rows[i].document, rows[i].kind, &hit)
                   != BLOCKED)
            fail_msg("row %zu: %s", i, rows[i].list);
    }
    end(&bench);
}

static void
a_hit_names_list_line_and_place(void **state)
{
    struct bench bench;
    struct dv_list_hit hit;

    (void)state;
    begin(&bench);
    add(&bench, 7, DAVY_LIST_ABP, false, "! c\r\n/y\r\n/x$script\r\n");
    add(&bench, 3, DAVY_LIST_ABP, false, "/z\n\n/x$important\n@@/w\n");
    assert_int_equal(dv_listset_freeze(&bench.set), DAVY_OK);
    assert_int_equal(ask(&bench, "https://h/x", NULL, S, &hit), BLOCKED);
    assert_int_equal(hit.list, 3);
    assert_int_equal(hit.line, 3);
    assert_int_equal(hit.offset, 4);
    assert_int_equal(hit.length, 12);
    assert_true(hit.is_important);
    assert_true(hit.lists == (UINT64_C(1) << 7 | UINT64_C(1) << 3));
    assert_int_equal(ask(&bench, "https://h/y", NULL, S, &hit), BLOCKED);
    assert_int_equal(hit.list, 7);
    assert_int_equal(hit.line, 2);
    assert_int_equal(hit.offset, 5);
    assert_int_equal(hit.length, 2);
    assert_int_equal(ask(&bench, "https://h/y/w", NULL, S, &hit), EXCUSED);
    assert_int_equal(hit.list, 3);
    assert_int_equal(hit.line, 4);
    end(&bench);
}

static void
an_allow_list_excuses_even_what_is_important(void **state)
{
    struct bench bench;
    struct dv_list_hit hit;

    (void)state;
    begin(&bench);
    add(&bench, 0, DAVY_LIST_ABP, false, "/x$important\n||h.com^\n");
    add(&bench, 1, DAVY_LIST_HOSTS, true, "h.com\n");
    assert_int_equal(dv_listset_freeze(&bench.set), DAVY_OK);
    assert_int_equal(ask(&bench, "https://h.com/x", NULL, S, &hit), EXCUSED);
    assert_int_equal(hit.list, 1);
    assert_int_equal(ask(&bench, "https://h.com/", NULL, D, &hit), EXCUSED);
    assert_int_equal(ask(&bench, "https://i.com/x", NULL, S, &hit), BLOCKED);
    end(&bench);
}

static void
note_line(void *ctx, uint32_t line, uint32_t column, const char *reason)
{
    char *text = ctx;
    const size_t n = strlen(text);

    snprintf(text + n, 500 - n, "%u:%u %s\n", (unsigned)line,
             (unsigned)column, reason);
}

static void
lines_that_cannot_be_used_are_counted_and_told(void **state)
{
    static const char list[] =
        "[Adblock Plus 2.0]\n! x\n/a\n/b$redirect=c\n##d\n/e(/\n||f^\n"
        "/x$domain=bad<host\n";
    struct bench bench;
    struct dv_list_counts counts;
    char told[500] = "";

    (void)state;
    begin(&bench);
    assert_int_equal(dv_listset_add(&bench.set, 0, DAVY_LIST_ABP, false,
                                    dv_span_cstr(list), &counts, note_line,
                                    told), DAVY_OK);
    assert_int_equal(counts.lines, 8);
    assert_int_equal(counts.filters, 2);
    assert_int_equal(counts.cosmetic, 1);
    assert_int_equal(counts.skipped, 3);
    assert_string_equal(told, "4:4 option is not supported\n"
                              "6:1 host or expression is malformed\n"
                              "8:1 host or expression is malformed\n");
    counts = add(&bench, 1, DAVY_LIST_HOSTS, false,
                 "\xef\xbb\xbf# c\r\n0.0.0.0 a.example b.example\r\n"
                 "com\r\n127.0.0.1 localhost\rc.example");
    assert_int_equal(counts.lines, 5);
    assert_int_equal(counts.filters, 3);
    assert_int_equal(counts.skipped, 1);
    assert_int_equal(dv_listset_add(&bench.set, DV_LISTSET_LISTS,
                                    DAVY_LIST_ABP, false, DV_SPAN_LIT("/x"),
                                    NULL, NULL, NULL), DAVY_MISUSE);
    end(&bench);
}

static void
an_empty_set_lets_everything_pass(void **state)
{
    struct bench bench;
    struct dv_list_hit hit;

    (void)state;
    begin(&bench);
    assert_int_equal(dv_listset_freeze(&bench.set), DAVY_OK);
    assert_int_equal(ask(&bench, "https://h/", NULL, S, &hit), PASSES);
    assert_int_equal(ask(&bench, "data:,x", NULL, S, &hit), PASSES);
    end(&bench);
}

/* Addresses that hold a filter's token thousands of times. */
static void
repeated_tokens_do_not_multiply_the_work(void **state)
{
    static const char *const pieces[] = { "=ws://", "/a", "x.", "%41",
                                          "miner", "?pool" };
    static char text[1 << 20];
    struct bench bench;
    struct dv_list_hit hit;

    (void)state;
    begin(&bench);
    add(&bench, 0, DAVY_LIST_ABP, false,
        "=ws://*?pool=\n/a*b*c*d*e\nx*y*z\nminer*hash\n||x*y^\n"
        "/(miner|pool)+[^a]*x{3}$/\n%41*%42\n||x.x.x.x\n");
    assert_int_equal(dv_listset_freeze(&bench.set), DAVY_OK);
    for (size_t i = 0; i < DV_COUNT_OF(pieces); i++) {
        const size_t n = strlen(pieces[i]);

        memcpy(text, "http://h/", 9);
        for (size_t at = 9; at < sizeof(text) - 1; at++)
            text[at] = pieces[i][at % n];
        if (i == 2)
            text[8] = 'x';              /* half a million labels */
        assert_int_equal(ask(&bench, text, NULL, S, &hit),
                         i == 2 ? BLOCKED : PASSES);
    }
    end(&bench);
}

static davy_status
build_and_ask(const davy_allocator *hooks, void *ctx)
{
    struct bench bench;
    struct dv_list_hit hit;
    davy_status st = DAVY_OK;

    (void)ctx;
    begin(&bench);
    bench.mem.hooks = *hooks;
    for (size_t i = 0; i < DV_COUNT_OF(rows) && st == DAVY_OK; i++)
        st = dv_listset_add(&bench.set, (uint32_t)i % 60, DAVY_LIST_ABP,
                            false, dv_span_cstr(rows[i].list), NULL, NULL,
                            NULL);
    if (st == DAVY_OK)
        st = dv_listset_add(&bench.set, 61, DAVY_LIST_HOSTS, true,
                            DV_SPAN_LIT("0.0.0.0 A.example B.example\n"),
                            NULL, NULL, NULL);
    if (st == DAVY_OK)
        st = dv_listset_freeze(&bench.set);
    if (st == DAVY_OK) {
        struct dv_url url;

        st = dv_url_parse(&url, &bench.arena,
                          DV_SPAN_LIT("http://h/miner.js"), NULL);
        if (st == DAVY_OK)
            dv_listset_match(&bench.set,
                             &(struct dv_list_query){ &url, NULL, S }, &hit);
    }
    end(&bench);
    return st;
}

static void
any_refused_allocation_is_an_answer(void **state)
{
    (void)state;
    oom_sweep(build_and_ask, NULL, 400);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_mean_what_adblock_plus_says),
        cmocka_unit_test(filters_do_not_hide_each_other),
        cmocka_unit_test(a_hit_names_list_line_and_place),
        cmocka_unit_test(an_allow_list_excuses_even_what_is_important),
        cmocka_unit_test(lines_that_cannot_be_used_are_counted_and_told),
        cmocka_unit_test(an_empty_set_lets_everything_pass),
        cmocka_unit_test(repeated_tokens_do_not_multiply_the_work),
        cmocka_unit_test(any_refused_allocation_is_an_answer)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
