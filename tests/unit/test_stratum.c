/* SPDX-License-Identifier: MIT */
/* test_stratum.c - words of texts, and dialects of words. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "frame/stratum.h"
#include "frame/words.h"
#include "support/guard.h"

/* ---- Words ---- */

static const struct {
    const char *text, *words;           /* keys with a colon */
} texts[] = {
    { "", "" },
    { "{\"a\":1}", "a: " },
    { "{\"a\" \t: \"b\", \"c\":[\"d\",\"e\"]}", "a: b c: d e " },
    { "42[\"message\",{\"type\":\"auth\"}]", "message type: auth " },
    { "{\"\":\"\"}", "" },
    { "\"cut", "" },
    { "\"cut\"", "cut " },
    { "\"a\"\"b\"", "a b " },
    { "\"\\u006dining.\\u0073ubmit\"", "mining.submit " },
    { "\"a\\u00e9b\\u12", "" },
    { "\"a\\uzzb\"", "a?zb " },
    { "\"a\\/b\\\\c\\nd\"", "a/b\\c d " },
    { "{\"data\":\"{\\\"type\\\":\\\"auth\\\",\\\"n\\\" : 1}\",\"x\":2}",
      "data: type: auth n: x: " },
    { "\"{\\\"open", "" },
    { "\"{\\\"open\"{\"b\":1}", "b: " },
    { "no strings, 'none' at all", "" },
};

static void
to_log(void *ctx, struct dv_span word, bool is_key)
{
    assert_int_equal(dv_buf_append(ctx, word), DAVY_OK);
    assert_int_equal(dv_buf_append_cstr(ctx, is_key ? ": " : " "), DAVY_OK);
}

static void
words_are_found_in_any_chunking(void **state)
{
    struct dv_mem mem;
    struct dv_buf log;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&log, &mem, SIZE_MAX);
    for (size_t i = 0; i < DV_COUNT_OF(texts); i++) {
        const size_t length = strlen(texts[i].text);

        for (size_t cut = 0; cut <= length; cut++) {
            struct dv_words words;
            struct guard first, second;

            guard_init(&first, texts[i].text, cut);
            guard_init(&second, texts[i].text + cut, length - cut);
            dv_words_init(&words);
            dv_buf_clear(&log);
            dv_words_feed(&words, first.bytes, to_log, &log);
            dv_words_feed(&words, second.bytes, to_log, &log);
            dv_words_end(&words, to_log, &log);
            if (!dv_span_equal_cstr(dv_buf_span(&log), texts[i].words))
                fail_msg("row %zu cut at %zu: %.*s", i, cut, (int)log.len,
                         (char *)log.at);
            guard_fini(&first);
            guard_fini(&second);
        }
    }
    dv_buf_fini(&log);
}

static void
a_string_that_is_too_long_is_no_word(void **state)
{
    char text[3 * DV_WORDS_BYTES];
    struct dv_words words;
    struct dv_mem mem;
    struct dv_buf log;

    (void)state;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&log, &mem, SIZE_MAX);
    memset(text, 'a', sizeof(text));
    text[0] = text[DV_WORDS_BYTES + 2] = '"';
    dv_words_init(&words);
    dv_words_feed(&words, dv_span_of(text, sizeof(text)), to_log, &log);
    dv_words_feed(&words, DV_SPAN_LIT("\"b\" "), to_log, &log);
    dv_words_end(&words, to_log, &log);
    assert_true(dv_span_equal_cstr(dv_buf_span(&log), "b "));
    dv_buf_fini(&log);
}

/* ---- Dialects ---- */

struct talk {
    struct dv_stratum stratum;
    davy_direction from;
};

static void
to_stratum(void *ctx, struct dv_span word, bool is_key)
{
    struct talk *talk = ctx;

    (void)dv_stratum_hear(&talk->stratum, word, is_key, talk->from);
}

static void
say(struct talk *talk, davy_direction from, const char *text)
{
    struct dv_words words;

    talk->from = from;
    dv_words_init(&words);
    dv_words_feed(&words, dv_span_cstr(text), to_stratum, talk);
    dv_words_end(&words, to_stratum, talk);
}

static const struct {
    const char *client, *server;
    unsigned spoken;
} talks[] = {
    { "{\"type\":\"auth\",\"params\":{\"site_key\":\"k\",\"type\":"
      "\"anonymous\",\"goal\":0}}", "", 1u << DV_DIALECT_COINHIVE },
    { "", "{\"type\":\"job\",\"params\":{\"job_id\":\"1\",\"blob\":\"0\","
      "\"target\":\"f\"}}{\"type\":\"hash_accepted\"}",
      1u << DV_DIALECT_COINHIVE },
    { "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}", "",
      1u << DV_DIALECT_STRATUM },
    { "{\"method\":\"login\",\"params\":{\"login\":\"w\",\"pass\":\"x\","
      "\"rigid\":\"\",\"agent\":\"a\"}}", "", 1u << DV_DIALECT_CRYPTONOTE },
    /* One word again and again is one word. */
    { "\"mining.subscribe\"\"mining.subscribe\"\"mining.subscribe\"", "", 0 },
    /* Words of the other side are none. */
    { "\"hash_accepted\" \"authed\" {\"hashes\":1, \"blob\":2}", "", 0 },
    { "", "{\"site_key\":1,\"goal\":2} \"auth\" \"anonymous\"", 0 },
    /* Keys are no values. */
    { "{\"mining.subscribe\":1,\"mining.authorize\":2,\"method\":3}", "", 0 },
    /* Common words alone are no dialect: a queue of jobs. */
    { "{\"type\":\"auth\"}{\"type\":\"submit\",\"job_id\":1,\"nonce\":2}",
      "{\"type\":\"authed\"}{\"type\":\"job\",\"target\":\"x\"}", 0 },
};

static void
dialects_are_told_from_small_talk(void **state)
{
    (void)state;
    for (size_t i = 0; i < DV_COUNT_OF(talks); i++) {
        struct talk talk;

        dv_stratum_init(&talk.stratum);
        say(&talk, DAVY_FROM_CLIENT, talks[i].client);
        say(&talk, DAVY_FROM_SERVER, talks[i].server);
        if (talk.stratum.spoken != talks[i].spoken)
            fail_msg("row %zu: %x", i, (unsigned)talk.stratum.spoken);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found_in_any_chunking),
        cmocka_unit_test(a_string_that_is_too_long_is_no_word),
        cmocka_unit_test(dialects_are_told_from_small_talk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
