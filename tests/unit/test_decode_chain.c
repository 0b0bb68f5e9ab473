/* SPDX-License-Identifier: MIT */
/* test_decode_chain.c - content codings on top of each other. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/decode_chain.h"
#include "support/encoder.h"
#include "support/guard.h"
#include "support/oom.h"

#define PAGE "<!doctype html><p>a page</p>"

struct fixture {
    struct dv_mem mem;
    struct dv_buf a, b;
    struct dv_chain_input in;
    struct dv_chain_output out;
};

static void
init(struct fixture *f, const davy_allocator *hooks)
{
    memset(f, 0, sizeof(*f));
    dv_mem_init(&f->mem, hooks, SIZE_MAX);
    dv_buf_init(&f->a, &f->mem, SIZE_MAX);
    dv_buf_init(&f->b, &f->mem, SIZE_MAX);
    f->in.max_depth = 5;
    f->in.bounds = (struct dv_decode_bounds){ SIZE_MAX, 200 };
}

static void
fini(struct fixture *f)
{
    dv_buf_fini(&f->a);
    dv_buf_fini(&f->b);
    assert_int_equal(f->mem.used, 0);
}

/* Encode `in` with the codings in `letters`, from the left: g z r b s are gzip,
 * zlib, raw deflate, brotli, zstd. */
static void
wrap(struct dv_span in, const char *letters, struct page *page)
{
    static const struct {
        char letter;
        encode_fn encode;
    } rows[] = { { 'g', encode_gzip },
                 { 'z', encode_zlib },
                 { 'r', encode_raw },
                 { 'b', encode_brotli },
                 { 's', encode_zstd } };

    *page = (struct page){ NULL, 0 };
    page_append(page, in);
    for (; *letters != '\0'; letters++) {
        for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
            struct page coded;

            if (rows[i].letter != *letters)
                continue;
            rows[i].encode(page_span(page), &coded);
            page_free(page);
            *page = coded;
        }
    }
}

static void
a_header_is_undone_from_the_last_to_the_first(void **state)
{
    static const struct {
        const char *letters, *header;
        size_t depth;
    } rows[] = {
        { "", "", 0 },
        { "", "identity", 0 },
        { "g", "gzip", 1 },
        { "g", "X-GZip", 1 },
        { "z", "deflate", 1 },
        { "r", "Deflate", 1 },
        { "b", "br", 1 },
        { "s", "zstd", 1 },
        { "gb", "gzip, br", 2 },
        { "bg", "br,gzip", 2 },
        { "gzbs", " gzip\t, deflate ,br , identity,zstd,", 4 },
        { "g", ",, gzip ,,", 1 },
        { "ggggg", "gzip,gzip,gzip,gzip,gzip", 5 },
    };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        struct fixture f;
        struct guard guard;
        struct page page;

        init(&f, NULL);
        wrap(DV_SPAN_LIT(PAGE), rows[i].letters, &page);
        guard_init(&guard, page.at, page.len);
        f.in.bytes = guard.bytes;
        f.in.header = dv_span_cstr(rows[i].header);
        assert_int_equal(dv_decode_chain(&f.in, &f.a, &f.b, &f.out),
                         DAVY_OK);
        assert_true(dv_span_equal_cstr(f.out.bytes, PAGE));
        assert_int_equal(f.out.depth, rows[i].depth);
        assert_true((f.out.decoded != 0) == (rows[i].depth != 0));
        guard_fini(&guard);
        page_free(&page);
        fini(&f);
    }
}

static void
bytes_that_need_nothing_are_not_copied(void **state)
{
    struct fixture f;

    (void)state;
    init(&f, NULL);
    f.in.bytes = DV_SPAN_LIT(PAGE);
    f.in.is_sniffed = true;
    assert_int_equal(dv_decode_chain(&f.in, &f.a, &f.b, &f.out), DAVY_OK);
    assert_ptr_equal(f.out.bytes.at, f.in.bytes.at);
    assert_int_equal(f.mem.peak, 0);
    fini(&f);
}

static void
magic_bytes_are_undone_only_when_asked(void **state)
{
    for (int is_sniffed = 0; is_sniffed < 2; is_sniffed++) {
        struct fixture f;
        struct page page;

        (void)state;
        init(&f, NULL);
        wrap(DV_SPAN_LIT(PAGE), "gsgb", &page);
        f.in.bytes = page_span(&page);
        f.in.header = DV_SPAN_LIT("br");
        f.in.is_sniffed = is_sniffed != 0;
        assert_int_equal(dv_decode_chain(&f.in, &f.a, &f.b, &f.out),
                         DAVY_OK);
        assert_int_equal(f.out.depth, is_sniffed ? 4 : 1);
        assert_true(dv_span_equal_cstr(f.out.bytes, PAGE) == is_sniffed);
        page_free(&page);
        fini(&f);
    }
}

static void
an_unknown_coding_is_named_and_nothing_is_undone(void **state)
{
    struct fixture f;
    struct page page;

    (void)state;
    init(&f, NULL);
    wrap(DV_SPAN_LIT(PAGE), "g", &page);
    f.in.bytes = page_span(&page);
    f.in.header = DV_SPAN_LIT("utf-8, gzip");
    assert_int_equal(dv_decode_chain(&f.in, &f.a, &f.b, &f.out),
                     DAVY_DECLINED);
    assert_true(dv_span_equal_cstr(f.out.unknown, "utf-8"));
    assert_ptr_equal(f.out.bytes.at, page.at);
    f.in.is_sniffed = true;
    assert_int_equal(dv_decode_chain(&f.in, &f.a, &f.b, &f.out),
                     DAVY_DECLINED);
    assert_true(dv_span_equal_cstr(f.out.bytes, PAGE));
    page_free(&page);
    fini(&f);
}

static void
a_page_that_is_not_coded_is_taken_as_it_is(void **state)
{
    static const char *const headers[] = { "gzip", "br", "zstd, gzip" };

    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(headers); i++) {
        struct fixture f;

        init(&f, NULL);
        f.in.bytes = DV_SPAN_LIT(PAGE);
        f.in.header = dv_span_cstr(headers[i]);
        assert_int_equal(dv_decode_chain(&f.in, &f.a, &f.b, &f.out),
                         DAVY_MALFORMED);
        assert_true(dv_span_equal_cstr(f.out.bytes, PAGE));
        assert_int_equal(f.out.depth, 0);
        fini(&f);
    }
}

static void
a_wrong_name_in_a_header_does_not_hide_what_magic_shows(void **state)
{
    struct fixture f;
    struct page page;

    (void)state;
    init(&f, NULL);
    wrap(DV_SPAN_LIT(PAGE), "s", &page);
    f.in.bytes = page_span(&page);
    f.in.header = DV_SPAN_LIT("gzip");
    f.in.is_sniffed = true;
    assert_int_equal(dv_decode_chain(&f.in, &f.a, &f.b, &f.out),
                     DAVY_MALFORMED);
    assert_true(dv_span_equal_cstr(f.out.bytes, PAGE));
    page_free(&page);
    fini(&f);
}

static void
layers_below_a_cut_are_undone_as_far_as_they_go(void **state)
{
    struct fixture f;
    struct page text, page;

    (void)state;
    init(&f, NULL);
    page_of_text(&text, 50000);
    wrap(page_span(&text), "gg", &page);
    f.in.bytes = dv_span_of(page.at, page.len / 2);
    f.in.header = DV_SPAN_LIT("gzip, gzip");
    assert_int_equal(dv_decode_chain(&f.in, &f.a, &f.b, &f.out),
                     DAVY_MALFORMED);
    assert_int_equal(f.out.depth, 2);
    assert_true(f.out.bytes.len > text.len / 4);
    assert_true(dv_span_starts_with(page_span(&text), f.out.bytes));
    page_free(&text);
    page_free(&page);
    fini(&f);
}

static void
an_empty_body_is_well_in_every_coding(void **state)
{
    struct fixture f;

    (void)state;
    init(&f, NULL);
    f.in.header = DV_SPAN_LIT("gzip, br, zstd, deflate");
    f.in.is_sniffed = true;
    assert_int_equal(dv_decode_chain(&f.in, &f.a, &f.b, &f.out), DAVY_OK);
    assert_int_equal(f.out.bytes.len, 0);
    fini(&f);
}

static void
the_depth_is_bounded(void **state)
{
    struct fixture f;
    struct page page;

    (void)state;
    init(&f, NULL);
    wrap(DV_SPAN_LIT(PAGE), "gggggg", &page);
    f.in.bytes = page_span(&page);
    f.in.is_sniffed = true;
    assert_int_equal(dv_decode_chain(&f.in, &f.a, &f.b, &f.out), DAVY_LIMIT);
    assert_int_equal(f.out.depth, 5);
    assert_int_equal(f.out.bytes.at[0], 0x1f);

    /* Layers that do not come off count too: they cost the same. */
    f.in.bytes = DV_SPAN_LIT(PAGE);
    f.in.header = DV_SPAN_LIT("br,br,br,br,br,br,br,br");
    assert_int_equal(dv_decode_chain(&f.in, &f.a, &f.b, &f.out),
                     DAVY_MALFORMED);
    assert_int_equal(f.out.depth, 0);
    page_free(&page);
    fini(&f);
}

static void
one_bound_covers_all_layers(void **state)
{
    struct fixture f;
    struct page page;

    (void)state;
    init(&f, NULL);
    encode_zeros(encode_gzip, 1 << 20, &page);
    {
        struct page outer;

        encode_zstd(page_span(&page), &outer);
        page_free(&page);
        page = outer;
    }
    f.in.bytes = page_span(&page);
    f.in.header = DV_SPAN_LIT("gzip, zstd");
    f.in.bounds = (struct dv_decode_bounds){ 50000, SIZE_MAX };
    assert_int_equal(dv_decode_chain(&f.in, &f.a, &f.b, &f.out), DAVY_LIMIT);
    assert_int_equal(f.out.decoded, 50000);
    assert_true(f.out.bytes.len < 50000);
    page_free(&page);
    fini(&f);
}

static davy_status
decode_with_hooks(const davy_allocator *hooks, void *ctx)
{
    const struct page *page = ctx;
    struct fixture f;
    davy_status st;

    init(&f, hooks);
    f.in.bytes = page_span(page);
    f.in.header = DV_SPAN_LIT("gzip, br");
    f.in.is_sniffed = true;
    st = dv_decode_chain(&f.in, &f.a, &f.b, &f.out);
    if (st == DAVY_OK)
        assert_true(dv_span_equal_cstr(f.out.bytes, PAGE));
    fini(&f);
    return st;
}

static void
every_failing_allocation_is_survived(void **state)
{
    struct page page;

    (void)state;
    wrap(DV_SPAN_LIT(PAGE), "sgb", &page);
    oom_sweep(decode_with_hooks, &page, 200);
    page_free(&page);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_undone_from_the_last_to_the_first),
        cmocka_unit_test(bytes_that_need_nothing_are_not_copied),
        cmocka_unit_test(magic_bytes_are_undone_only_when_asked),
        cmocka_unit_test(an_unknown_coding_is_named_and_nothing_is_undone),
        cmocka_unit_test(a_page_that_is_not_coded_is_taken_as_it_is),
        cmocka_unit_test(
            a_wrong_name_in_a_header_does_not_hide_what_magic_shows),
        cmocka_unit_test(layers_below_a_cut_are_undone_as_far_as_they_go),
        cmocka_unit_test(an_empty_body_is_well_in_every_coding),
        cmocka_unit_test(the_depth_is_bounded),
        cmocka_unit_test(one_bound_covers_all_layers),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
