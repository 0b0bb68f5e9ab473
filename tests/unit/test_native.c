/* SPDX-License-Identifier: MIT */
/* test_native.c - formats, texts and archives, read while they stream. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "native/native.h"
#include "support/archive.h"
#include "support/guard.h"
#include "support/oom.h"

#define ALL (DV_NATIVE_IN_FILES | DV_NATIVE_IN_NAMES)

static const struct dv_native_term table[] = {
    { { (const uint8_t *)"xmrig", 5 }, true, ALL },
    { { (const uint8_t *)"stratum+tcp", 11 }, false, ALL },
    { { (const uint8_t *)"only-scripts", 12 }, false, 2 },
};

static const struct dv_native_limits limits = { 4, 64, 200 };

struct bench {
    struct dv_mem mem;
    struct dv_native_terms *terms;
    struct dv_native native;
    struct dv_buf made, inner, log;
};

static int
set_up(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));

    if (b == NULL)
        return 1;
    dv_mem_init(&b->mem, NULL, SIZE_MAX);
    dv_buf_init(&b->made, &b->mem, SIZE_MAX);
    dv_buf_init(&b->inner, &b->mem, SIZE_MAX);
    dv_buf_init(&b->log, &b->mem, SIZE_MAX);
    if (dv_native_terms_new(&b->mem, table, DV_COUNT_OF(table), &b->terms)
        != DAVY_OK)
        return 1;
    dv_native_init(&b->native, &b->mem, b->terms, &limits);
    *state = b;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *b = *state;
    size_t left;

    dv_native_fini(&b->native);
    dv_native_terms_free(b->terms);
    dv_buf_fini(&b->made);
    dv_buf_fini(&b->inner);
    dv_buf_fini(&b->log);
    left = b->mem.used;
    free(b);
    return left != 0;
}

/* ---- What was found, as text ---- */

static void
log_path(struct bench *b, uint32_t node)
{
    const struct dv_native_node *row = dv_native_node_at(&b->native, node);

    if (row->parent != DV_NATIVE_NONE) {
        log_path(b, row->parent);
        assert_int_equal(dv_buf_append_cstr(&b->log, ">"), DAVY_OK);
    }
    assert_int_equal(dv_buf_append(&b->log, row->path), DAVY_OK);
}

/* "path@offset+length:line text|" for each find, then the notes. */
static const char *
log_finds(struct bench *b)
{
    char text[64];

    dv_buf_clear(&b->log);
    for (size_t i = 0; i < b->native.finds.len; i++) {
        const struct dv_native_find *find = dv_native_find_at(&b->native, i);

        log_path(b, find->node);
        snprintf(text, sizeof(text), "@%llu+%llu:%llu %s",
                 (unsigned long long)find->at, (unsigned long long)find->len,
                 (unsigned long long)find->line,
                 find->kind == DV_NATIVE_FIND_NAME ? "name " : "");
        assert_int_equal(dv_buf_append_cstr(&b->log, text), DAVY_OK);
        assert_int_equal(dv_buf_append(&b->log, find->text), DAVY_OK);
        assert_int_equal(dv_buf_append_cstr(&b->log, "|"), DAVY_OK);
    }
    snprintf(text, sizeof(text), "notes %x", b->native.notes);
    assert_int_equal(dv_buf_append_cstr(&b->log, text), DAVY_OK);
    assert_int_equal(dv_buf_append_byte(&b->log, 0), DAVY_OK);
    return (const char *)b->log.at;
}

/* The first piece is `first` bytes, the others are `others`. */
static const char *
read_pieces(struct bench *b, struct dv_span bytes, size_t first, size_t others)
{
    size_t piece = first;

    assert_int_equal(dv_native_begin(&b->native, DV_SPAN_LIT("t")), DAVY_OK);
    while (bytes.len > 0) {
        struct guard guard;

        if (piece > bytes.len)
            piece = bytes.len;
        guard_init(&guard, bytes.at, piece);
        assert_int_equal(dv_native_feed(&b->native, guard.bytes), DAVY_OK);
        guard_fini(&guard);
        dv_span_skip(&bytes, piece);
        piece = others;
    }
    assert_int_equal(dv_native_end(&b->native), DAVY_OK);
    return log_finds(b);
}

static const char *
read_whole(struct bench *b, struct dv_span bytes)
{
    return read_pieces(b, bytes, bytes.len, bytes.len);
}

static const char *
read_made(struct bench *b)
{
    return read_whole(b, dv_buf_span(&b->made));
}

/* ---- Formats ---- */

static const struct {
    const char *bytes;
    size_t length;
    const char *name;
    enum dv_native_format format;
} heads[] = {
#define HEAD(bytes, name, FORMAT) \
    { bytes, sizeof(bytes) - 1, name, DV_NATIVE_##FORMAT }
    HEAD("", "", DATA),
    HEAD("\x7f" "ELF\2\1\1", "", ELF),
    HEAD("\x7f" "EL", "", TEXT),
    HEAD("MZ is a name", "", TEXT),
    HEAD("\xcf\xfa\xed\xfe\7\0\0\1", "", MACHO),
    HEAD("\xfe\xed\xfa\xce\0\0\0\7", "", MACHO),
    HEAD("\xca\xfe\xba\xbe\0\0\0\2", "", MACHO),
    HEAD("\xca\xfe\xba\xbe\0\0\0\x34", "A.class", DATA),
    HEAD("\xca\xfe\xba\xbe\0\0\0\0", "", DATA),
    HEAD("PK\3\4\24", "", ZIP),
    HEAD("PK\5\6", "", DATA),
    HEAD("!<arch>\ndebian-binary", "", AR),
    HEAD("\x1f\x8b\x08\0", "", GZIP),
    HEAD("#!/bin/sh\nls\n", "", SCRIPT),
    HEAD("\xef\xbb\xbf#!/usr/bin/env python3\n", "", SCRIPT),
    HEAD("#!/usr/bin/env node\n", "", TEXT),
    HEAD("#!/usr/bin/php\n", "x.sh", TEXT),
    HEAD("  \r\n@ECHO OFF\r\n", "", SCRIPT),
    HEAD("$ErrorActionPreference = 'Stop'\n", "", SCRIPT),
    HEAD("wget -q http://a.example/b\n", "", SCRIPT),
    HEAD("echo hello\n", "", TEXT),
    HEAD("echo hello\n", "run.SH", SCRIPT),
    HEAD("echo hello\n", "setup.bat", SCRIPT),
    HEAD("\xff\xfe" "e\0c\0", "a.ps1", SCRIPT),
    HEAD("\xff\xfe" "e\0c\0", "a.txt", DATA),
    HEAD("<!doctype html>", "a.html", TEXT),
    HEAD("export const a = 1;", "", TEXT),
    HEAD("\0\1\2", "a.sh", DATA),
#undef HEAD
};

static void
formats_are_told_by_their_first_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(heads); i++) {
        struct guard guard;
        enum dv_native_format format;

        guard_init(&guard, heads[i].bytes, heads[i].length);
        format = dv_native_format_of(guard.bytes,
                                     dv_span_cstr(heads[i].name));
        guard_fini(&guard);
        if (format != heads[i].format)
            fail_msg("row %zu: %d, not %d", i, (int)format,
                     (int)heads[i].format);
    }
}

static const char *const miner[] = { "XMRig 6", "stratum+tcp://a.example:1",
                                     NULL };

static void
a_program_for_windows_has_its_header_where_it_says(void **state)
{
    struct bench *b = *state;
    struct dv_span head;

    archive_pe(&b->made, miner, false);
    head = dv_buf_span(&b->made);
    assert_int_equal(dv_native_format_of(head, head), DV_NATIVE_PE);
    b->made.at[0x80] = 'Q';
    assert_int_equal(dv_native_format_of(head, DV_SPAN_LIT("")),
                     DV_NATIVE_PE);     /* the head is shorter than it can be */
    archive_elf(&b->made, miner, DV_NATIVE_HEAD);
    head = dv_buf_span(&b->made);
    assert_int_equal(dv_native_format_of(head, DV_SPAN_LIT("")),
                     DV_NATIVE_DATA);
    b->made.at[0x80] = 'P';
    assert_int_equal(dv_native_format_of(head, DV_SPAN_LIT("")),
                     DV_NATIVE_PE);
}

static enum dv_native_format
format_inside(struct bench *b, struct dv_span bytes, int layers)
{
    enum dv_native_format format;

    dv_buf_clear(&b->made);
    assert_int_equal(dv_buf_append(&b->made, bytes), DAVY_OK);
    for (int i = 0; i < layers; i++) {
        dv_buf_clear(&b->inner);
        archive_gzip(&b->inner, dv_buf_span(&b->made));
        dv_buf_clear(&b->made);
        assert_int_equal(dv_buf_append(&b->made, dv_buf_span(&b->inner)),
                         DAVY_OK);
    }
    assert_int_equal(dv_native_format_inside(&b->mem, dv_buf_span(&b->made),
                                             DV_SPAN_LIT("a.gz"), &format),
                     DAVY_OK);
    return format;
}

static void
gzip_is_what_it_holds(void **state)
{
    struct bench *b = *state;
    const struct dv_span page = DV_SPAN_LIT("<!doctype html><p>hello");
    const struct dv_span program = DV_SPAN_LIT("\x7f" "ELF\2\1\1 and more");

    assert_int_equal(format_inside(b, page, 1), DV_NATIVE_TEXT);
    assert_int_equal(format_inside(b, page, 3), DV_NATIVE_TEXT);
    assert_int_equal(format_inside(b, program, 1), DV_NATIVE_GZIP);
    assert_int_equal(format_inside(b, program, 3), DV_NATIVE_GZIP);
    assert_int_equal(format_inside(b, program, 20), DV_NATIVE_DATA);
}

/* ---- Texts ---- */

static void
texts_are_found_in_both_widths(void **state)
{
    struct bench *b = *state;

    archive_pe(&b->made, miner, true);
    assert_string_equal(read_made(b), "t@152+14:1 XMRig 6|"
                                      "t@168+50:1 stratum+tcp://a.example:1|"
                                      "notes 0");
    dv_buf_clear(&b->made);
    archive_elf(&b->made, miner, 0);
    assert_string_equal(read_made(b), "t@64+7:1 XMRig 6|"
                                      "t@72+25:1 stratum+tcp://a.example:1|"
                                      "notes 0");
}

static void
a_text_is_found_wherever_blocks_end(void **state)
{
    struct bench *b = *state;
    char expected[128];

    for (size_t i = 0; i < 700; i++) {
        const size_t padding = DV_NATIVE_BLOCK - 300 + i;

        dv_buf_clear(&b->made);
        archive_elf(&b->made, miner, padding);
        snprintf(expected, sizeof(expected),
                 "t@%zu+7:1 XMRig 6|t@%zu+25:1 stratum+tcp://a.example:1|"
                 "notes 0", 64 + padding, 72 + padding);
        assert_string_equal(read_made(b), expected);
    }
}

static void
long_texts_are_cut_around_the_place_of_interest(void **state)
{
    struct bench *b = *state;
    char line[2000];
    const char *const texts[] = { line, NULL };
    const struct dv_native_find *find;

    memset(line, 'a', sizeof(line) - 1);
    line[sizeof(line) - 1] = '\0';
    memcpy(line + 1000, "xmrig", 5);
    archive_elf(&b->made, texts, 0);
    (void)read_made(b);
    assert_int_equal(b->native.finds.len, 1);
    find = dv_native_find_at(&b->native, 0);
    assert_true(find->text.len <= DV_NATIVE_BEFORE + DV_NATIVE_TERM_BYTES
                                      + DV_NATIVE_BEHIND);
    assert_int_equal(find->at + find->focus, 64 + 1005);
    assert_memory_equal(find->text.at + find->focus - 5, "xmrig", 5);
}

static void
scripts_have_lines_and_letters_of_all_languages(void **state)
{
    struct bench *b = *state;

    assert_string_equal(
        read_whole(b, DV_SPAN_LIT("#!/bin/sh\n# \xc3\xa9\n"
                                  "x=\xc3\xa9 only-scripts\n  ./xmrig\n")),
        "t@15+17:3 x=\xc3\xa9 only-scripts|t@33+9:4   ./xmrig|notes 0");
}

static void
what_is_asked_of_scripts_is_not_looked_for_in_programs(void **state)
{
    struct bench *b = *state;
    const char *const texts[] = { "only-scripts", "xmrig", NULL };

    archive_elf(&b->made, texts, 0);
    assert_string_equal(read_made(b), "t@77+5:1 xmrig|notes 0");
}

static void
a_text_that_comes_again_is_no_news(void **state)
{
    struct bench *b = *state;
    const char *const texts[] = { "xmrig", "a xmrig", "xmrig", NULL };

    archive_elf(&b->made, texts, 0);
    assert_string_equal(read_made(b),
                        "t@64+5:1 xmrig|t@70+7:1 a xmrig|notes 0");
}

static void
one_run_does_not_take_all_the_room(void **state)
{
    struct bench *b = *state;
    char names[1000][16];
    const char *texts[1002];

    for (int i = 0; i < 1000; i++) {
        snprintf(names[i], sizeof(names[i]), "xmrig%d", i);
        texts[i] = names[i];
    }
    texts[1000] = "stratum+tcp";
    texts[1001] = NULL;
    archive_elf(&b->made, texts, 0);
    (void)read_made(b);
    assert_int_equal(b->native.finds.len, DV_NATIVE_KEPT + 1);
    assert_int_equal(b->native.notes, 0);
}

static void
unknown_data_and_plain_text_are_passed_over(void **state)
{
    struct bench *b = *state;

    assert_string_equal(read_whole(b, DV_SPAN_LIT("\0\1 xmrig")), "notes 0");
    assert_string_equal(read_whole(b, DV_SPAN_LIT("an article on xmrig")),
                        "notes 0");
}

/* ---- Archives ---- */

static void
make_members(struct bench *b, struct archive_member members[3])
{
    dv_buf_clear(&b->inner);
    archive_elf(&b->inner, miner, 1000);
    members[0] = (struct archive_member){ "bin/run", dv_buf_span(&b->inner) };
    members[1] = (struct archive_member){ "xmrig.txt",
                                          DV_SPAN_LIT("stratum+tcp\n") };
    members[2] = (struct archive_member){ "empty", DV_SPAN_LIT("") };
}

static void
members_of_a_tar_are_read_where_they_stand(void **state)
{
    struct bench *b = *state;
    struct archive_member members[3];

    make_members(b, members);
    archive_tar(&b->made, members, 3);
    assert_string_equal(
        read_made(b), "t>bin/run@1576+7:1 XMRig 6|"
                      "t>bin/run@1584+25:1 stratum+tcp://a.example:1|"
                      "t>xmrig.txt@2560+0:1 name xmrig.txt|"
                      "t>xmrig.txt@2560+11:1 stratum+tcp|notes 0");
}

static void
members_of_a_zip_are_read_packed_or_not(void **state)
{
    struct bench *b = *state;
    struct archive_member members[3];

    make_members(b, members);
    archive_zip(&b->made, members, 3, false);
    assert_string_equal(
        read_made(b), "t>bin/run@1101+7:1 XMRig 6|"
                      "t>bin/run@1109+25:1 stratum+tcp://a.example:1|"
                      "t>xmrig.txt@1174+0:1 name xmrig.txt|"
                      "t>xmrig.txt@1174+11:1 stratum+tcp|notes 0");
    dv_buf_clear(&b->made);
    archive_zip(&b->made, members, 1, true);
    assert_string_equal(read_made(b),
                        "t>bin/run@0+0:1 XMRig 6|"
                        "t>bin/run@0+0:1 stratum+tcp://a.example:1|notes 0");
}

static void
members_of_an_ar_are_read_behind_padding(void **state)
{
    struct bench *b = *state;
    struct archive_member members[3];

    make_members(b, members);
    archive_ar(&b->made, members, 3);
    assert_string_equal(
        read_made(b), "t>bin/run@1132+7:1 XMRig 6|"
                      "t>bin/run@1140+25:1 stratum+tcp://a.example:1|"
                      "t>xmrig.txt@1226+0:1 name xmrig.txt|"
                      "t>xmrig.txt@1226+11:1 stratum+tcp|notes 0");
}

static void
pack_deep(struct bench *b)
{
    struct archive_member member;

    dv_buf_clear(&b->inner);
    dv_buf_clear(&b->made);
    archive_elf(&b->inner, miner, 0);
    member = (struct archive_member){ "a.exe", dv_buf_span(&b->inner) };
    archive_zip(&b->made, &member, 1, true);
    member = (struct archive_member){ "b.zip", dv_buf_span(&b->made) };
    dv_buf_clear(&b->inner);
    archive_tar(&b->inner, &member, 1);
    dv_buf_clear(&b->made);
    archive_gzip(&b->made, dv_buf_span(&b->inner));
}

static void
archives_lie_in_archives(void **state)
{
    struct bench *b = *state;

    pack_deep(b);
    assert_string_equal(
        read_made(b), "t>b.zip>a.exe@0+0:1 XMRig 6|"
                      "t>b.zip>a.exe@0+0:1 stratum+tcp://a.example:1|notes 0");
}

static void
too_many_archives_inside_of_each_other_are_a_limit(void **state)
{
    struct bench *b = *state;

    dv_buf_clear(&b->made);
    archive_elf(&b->made, miner, 0);
    for (int i = 0; i < 5; i++) {
        const struct archive_member member = { "a", dv_buf_span(&b->made) };

        dv_buf_clear(&b->inner);
        archive_tar(&b->inner, &member, 1);
        dv_buf_clear(&b->made);
        assert_int_equal(dv_buf_append(&b->made, dv_buf_span(&b->inner)),
                         DAVY_OK);
    }
    (void)read_made(b);
    assert_int_equal(b->native.finds.len, 0);
    assert_int_equal(b->native.notes, 1 << DV_NATIVE_NOTE_DEPTH);
}

static void
an_archive_that_grows_too_much_is_a_limit(void **state)
{
    struct bench *b = *state;
    const char *const none[] = { NULL };

    archive_elf(&b->inner, none, (size_t)40 << 20);
    archive_gzip(&b->made, dv_buf_span(&b->inner));
    (void)read_made(b);
    assert_int_equal(b->native.notes, 1 << DV_NATIVE_NOTE_RATIO);
    assert_true(b->native.is_done);
}

static void
names_in_the_directory_of_a_zip_count_too(void **state)
{
    struct bench *b = *state;
    struct archive_member member = { "other", DV_SPAN_LIT("x") };

    archive_zip(&b->made, &member, 1, false);
    member.path = "xmrig";
    dv_buf_clear(&b->inner);
    archive_zip(&b->inner, &member, 1, false);
    /* The headers of one, the directory of the other. */
    b->made.len = 36;
    assert_int_equal(dv_buf_append(&b->made,
                                   dv_span_slice(dv_buf_span(&b->inner), 36,
                                                 SIZE_MAX)),
                     DAVY_OK);
    assert_string_equal(read_made(b), "t@36+0:1 name xmrig|notes 0");
}

static void
encrypted_and_unknown_members_are_noted(void **state)
{
    struct bench *b = *state;
    const struct archive_member members[] = {
        { "a", DV_SPAN_LIT("xmrig") }, { "b", DV_SPAN_LIT("xmrig") }
    };

    archive_zip(&b->made, members, 2, false);
    b->made.at[6] |= 1;
    b->made.at[36 + 8] = 12;
    (void)read_made(b);
    assert_int_equal(b->native.finds.len, 0);
    assert_int_equal(b->native.notes, 1 << DV_NATIVE_NOTE_ENCRYPTED
                                          | 1 << DV_NATIVE_NOTE_METHOD);
}

static void
broken_archives_show_what_came_before(void **state)
{
    struct bench *b = *state;
    struct archive_member members[3];

    make_members(b, members);
    archive_tar(&b->made, members, 3);
    b->made.at[2048] ^= 1;              /* in the second header */
    assert_string_equal(
        read_made(b), "t>bin/run@1576+7:1 XMRig 6|"
                      "t>bin/run@1584+25:1 stratum+tcp://a.example:1|notes 4");
    b->made.len = 1600;                 /* cut off in the first member */
    assert_string_equal(read_made(b), "t>bin/run@1576+7:1 XMRig 6|"
                                      "t>bin/run@1584+16:1 stratum+tcp://a.|"
                                      "notes 0");
}

/* ---- Laws ---- */

static void
make_all(struct bench *b, int which)
{
    struct archive_member members[3];

    dv_buf_clear(&b->made);
    make_members(b, members);
    switch (which) {
    case 0:
        archive_tar(&b->made, members, 3);
        break;
    case 1:
        archive_zip(&b->made, members, 3, false);
        break;
    case 2:
        archive_zip(&b->made, members, 3, true);
        break;
    case 3:
        archive_ar(&b->made, members, 3);
        break;
    default:
        pack_deep(b);
        break;
    }
}

static void
any_chunking_gives_the_same_finds(void **state)
{
    struct bench *b = *state;

    for (int which = 0; which < 5; which++) {
        struct dv_span bytes;
        char expected[512];

        make_all(b, which);
        bytes = dv_buf_span(&b->made);
        snprintf(expected, sizeof(expected), "%s", read_whole(b, bytes));
        assert_string_equal(read_pieces(b, bytes, 1, 1), expected);
        assert_string_equal(read_pieces(b, bytes, 7, 7), expected);
        for (size_t cut = 1; cut < bytes.len; cut += 3)
            assert_string_equal(read_pieces(b, bytes, cut, bytes.len),
                                expected);
    }
}

static davy_status
read_with_hooks(const davy_allocator *hooks, void *ctx)
{
    struct bench *b = ctx;
    struct dv_mem mem;
    struct dv_native_terms *terms = NULL;
    struct dv_native native;
    davy_status st;

    dv_mem_init(&mem, hooks, SIZE_MAX);
    st = dv_native_terms_new(&mem, table, DV_COUNT_OF(table), &terms);
    if (st != DAVY_OK)
        return st;
    dv_native_init(&native, &mem, terms, &limits);
    st = dv_native_begin(&native, DV_SPAN_LIT("xmrig"));
    if (st == DAVY_OK)
        st = dv_native_feed(&native, dv_buf_span(&b->made));
    if (st == DAVY_OK)
        st = dv_native_end(&native);
    dv_native_fini(&native);
    dv_native_terms_free(terms);
    return st;
}

static void
refused_memory_is_told_and_nothing_leaks(void **state)
{
    struct bench *b = *state;

    for (int which = 0; which < 5; which++) {
        make_all(b, which);
        oom_sweep(read_with_hooks, b, 500);
    }
}

static void
files_in_writing_are_read_by_their_headings(void **state)
{
    struct bench *b = *state;

    assert_int_equal(dv_native_begin(&b->native, DV_SPAN_LIT("t")), DAVY_OK);
    assert_int_equal(
        dv_native_files(&b->native,
                        DV_SPAN_LIT("words before\n== a/xmrig program\n"
                                    "only-scripts\nXMRig 1\n== b unknown\n"
                                    "xmrig\n== c script\nonly-scripts\n")),
        DAVY_OK);
    assert_string_equal(log_finds(b), "t>a/xmrig@31+0:1 name xmrig|"
                                      "t>a/xmrig@45+7:1 XMRig 1|"
                                      "t>c@84+12:1 only-scripts|notes 0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(formats_are_told_by_their_first_bytes),
        TEST(a_program_for_windows_has_its_header_where_it_says),
        TEST(gzip_is_what_it_holds),
        TEST(texts_are_found_in_both_widths),
        TEST(a_text_is_found_wherever_blocks_end),
        TEST(long_texts_are_cut_around_the_place_of_interest),
        TEST(scripts_have_lines_and_letters_of_all_languages),
        TEST(what_is_asked_of_scripts_is_not_looked_for_in_programs),
        TEST(a_text_that_comes_again_is_no_news),
        TEST(one_run_does_not_take_all_the_room),
        TEST(unknown_data_and_plain_text_are_passed_over),
        TEST(members_of_a_tar_are_read_where_they_stand),
        TEST(members_of_a_zip_are_read_packed_or_not),
        TEST(members_of_an_ar_are_read_behind_padding),
        TEST(archives_lie_in_archives),
        TEST(too_many_archives_inside_of_each_other_are_a_limit),
        TEST(an_archive_that_grows_too_much_is_a_limit),
        TEST(names_in_the_directory_of_a_zip_count_too),
        TEST(encrypted_and_unknown_members_are_noted),
        TEST(broken_archives_show_what_came_before),
        TEST(any_chunking_gives_the_same_finds),
        TEST(refused_memory_is_told_and_nothing_leaks),
        TEST(files_in_writing_are_read_by_their_headings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
