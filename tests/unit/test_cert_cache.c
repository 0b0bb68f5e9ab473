/* SPDX-License-Identifier: MIT */
/* test_cert_cache.c - one question for each name; the oldest go first. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proxy/cert_cache.h"
#include "support/fake_mint.h"

#define DAY 86400

struct fixture {
    struct fake_mint mint;
    struct cert_cache *cache;
};

static struct fixture fixture;

static void
begin(struct cert_cache_settings settings, unsigned seconds)
{
    fake_mint_init(&fixture.mint, seconds);
    fixture.cache = cert_cache_new(fixture.mint.client, &settings);
}

static void
end(void)
{
    mint_client_free(fixture.mint.client);
    cert_cache_free(fixture.cache);
    fake_mint_fini(&fixture.mint);
}

struct guest {
    struct cert_cache_waiter waiter;
    unsigned calls;
    struct cert_leaf *leaf;
    const char *asks;                   /* for this, when called */
    struct guest *cancels;              /* this one, when called */
};

static enum cert_cache_answer
get(struct guest *guest, const char *text, uint64_t now)
{
    struct leaf_name name;
    struct cert_leaf *leaf = NULL;
    enum cert_cache_answer answer;

    assert_true(leaf_name_read(&name, text, strlen(text)));
    answer = cert_cache_get(fixture.cache, &name, now, &guest->waiter, &leaf);
    if (answer == CERT_CACHE_READY) {
        assert_non_null(leaf);
        guest->leaf = leaf;
    }
    return answer;
}

static void
on_leaf(void *ctx, struct cert_leaf *leaf)
{
    struct guest *guest = ctx;

    guest->calls++;
    guest->leaf = leaf;
    if (guest->cancels != NULL)
        cert_cache_cancel(&guest->cancels->waiter);
    if (guest->asks != NULL) {
        const char *name = guest->asks;

        guest->asks = NULL;
        (void)get(guest, name, 1);
    }
}

#define GUEST(name)                     \
    struct guest name = { .calls = 0 }; \
    name.waiter = (struct cert_cache_waiter){ on_leaf, &name, NULL, NULL }

static void
many_who_wait_for_one_name_ask_once(void **state)
{
    struct guest guests[50] = { { .calls = 0 } };

    (void)state;
    begin(cert_cache_defaults, 14 * DAY);
    for (unsigned i = 0; i < 50; i++) {
        guests[i].waiter.fn = on_leaf;
        guests[i].waiter.ctx = &guests[i];
        assert_int_equal(get(&guests[i], i % 2 == 0 ? "a.example"
                                                    : "A.Example.", 0),
                         CERT_CACHE_WAIT);
    }
    guests[3].cancels = &guests[4];
    cert_cache_cancel(&guests[7].waiter);
    cert_cache_cancel(&guests[7].waiter);
    assert_int_equal(fake_mint_answer(&fixture.mint, true), 1);
    for (unsigned i = 0; i < 50; i++) {
        assert_int_equal(guests[i].calls, i != 4 && i != 7);
        if (i != 4 && i != 7)
            assert_ptr_equal(guests[i].leaf, guests[0].leaf);
    }
    assert_int_equal(get(&guests[4], "a.example", 5), CERT_CACHE_READY);
    assert_ptr_equal(guests[4].leaf, guests[0].leaf);
    assert_int_equal(fake_mint_answer(&fixture.mint, true), 0);
    assert_int_equal(cert_cache_count(fixture.cache)->joined, 49);
    assert_int_equal(cert_cache_count(fixture.cache)->asked, 1);
    end();
}

static void
fill(const char *text)
{
    GUEST(guest);

    assert_int_equal(get(&guest, text, 0), CERT_CACHE_WAIT);
    assert_int_equal(fake_mint_answer(&fixture.mint, true), 1);
    assert_int_equal(guest.calls, 1);
    assert_non_null(guest.leaf);
}

static void
the_one_used_longest_ago_goes_first(void **state)
{
    const struct cert_cache_settings small = { 3, DAY, 1000 };
    struct cert_leaf *kept;
    GUEST(guest);

    (void)state;
    begin(small, 14 * DAY);
    fill("a");
    fill("b");
    fill("c");
    assert_int_equal(get(&guest, "a", 1), CERT_CACHE_READY);
    assert_int_equal(get(&guest, "b", 1), CERT_CACHE_READY);
    kept = cert_leaf_ref(guest.leaf);
    assert_int_equal(get(&guest, "a", 1), CERT_CACHE_READY);
    fill("d");                          /* in the place of c */
    fill("e");                          /* of b */
    assert_int_equal(kept->references, 1);
    cert_leaf_unref(kept);
    assert_int_equal(get(&guest, "a", 1), CERT_CACHE_READY);
    assert_int_equal(get(&guest, "d", 1), CERT_CACHE_READY);
    assert_int_equal(get(&guest, "e", 1), CERT_CACHE_READY);
    assert_int_equal(get(&guest, "b", 1), CERT_CACHE_WAIT);
    cert_cache_cancel(&guest.waiter);
    /* Names that are asked for are not dropped, even above the number. */
    for (unsigned i = 0; i < 20; i++) {
        char name[16];

        snprintf(name, sizeof(name), "n%u", i);
        assert_int_equal(get(&guest, name, 1), CERT_CACHE_WAIT);
        cert_cache_cancel(&guest.waiter);
    }
    assert_int_equal(fake_mint_answer(&fixture.mint, true), 21);
    assert_int_equal(get(&guest, "n19", 1), CERT_CACHE_READY);
    fill("z");
    assert_int_equal(get(&guest, "n17", 1), CERT_CACHE_WAIT);
    end();
}

static void
a_refusal_is_kept_briefly(void **state)
{
    GUEST(guest);

    (void)state;
    begin(cert_cache_defaults, 14 * DAY);
    guest.asks = "a.example";
    assert_int_equal(get(&guest, "a.example", 0), CERT_CACHE_WAIT);
    assert_int_equal(fake_mint_answer(&fixture.mint, false), 1);
    assert_int_equal(guest.calls, 1);
    assert_null(guest.leaf);
    assert_int_equal(get(&guest, "a.example", 1999), CERT_CACHE_NONE);
    assert_int_equal(fake_mint_answer(&fixture.mint, true), 0);
    assert_int_equal(get(&guest, "a.example", 2000), CERT_CACHE_WAIT);
    assert_int_equal(fake_mint_answer(&fixture.mint, true), 1);
    assert_int_equal(guest.calls, 2);
    assert_non_null(guest.leaf);
    end();
}

static void
a_question_that_timed_out_calls_with_none(void **state)
{
    GUEST(guest);

    (void)state;
    begin(cert_cache_defaults, 14 * DAY);
    assert_int_equal(get(&guest, "a.example", 0), CERT_CACHE_WAIT);
    mint_expire(fixture.mint.client, 1000);
    assert_int_equal(guest.calls, 1);
    assert_null(guest.leaf);
    end();
}

static void
a_lost_question_may_be_asked_again_at_once(void **state)
{
    GUEST(guest);

    (void)state;
    begin(cert_cache_defaults, 14 * DAY);
    guest.asks = "a.example";
    assert_int_equal(get(&guest, "a.example", 0), CERT_CACHE_WAIT);
    shutdown(fixture.mint.fd, SHUT_RDWR);
    assert_false(mint_ready(fixture.mint.client));
    assert_int_equal(guest.calls, 1);
    assert_null(guest.waiter.next);
    assert_int_equal(get(&guest, "a.example", 0), CERT_CACHE_NONE);
    end();
}

static void
an_old_leaf_serves_while_it_is_renewed(void **state)
{
    const struct cert_cache_settings eager = { 10, 15 * DAY, 1000 };
    struct cert_leaf *first;
    GUEST(guest);

    (void)state;
    begin(eager, 14 * DAY);
    fill("a");
    assert_int_equal(get(&guest, "a", 1), CERT_CACHE_READY);
    first = cert_leaf_ref(guest.leaf);
    assert_int_equal(get(&guest, "a", 1), CERT_CACHE_READY);
    assert_int_equal(fake_mint_answer(&fixture.mint, false), 1);
    assert_int_equal(get(&guest, "a", 2), CERT_CACHE_READY);
    assert_ptr_equal(guest.leaf, first);
    assert_int_equal(fake_mint_answer(&fixture.mint, true), 0);
    assert_int_equal(get(&guest, "a", 1001), CERT_CACHE_READY);
    assert_int_equal(fake_mint_answer(&fixture.mint, true), 1);
    assert_int_equal(get(&guest, "a", 1001), CERT_CACHE_READY);
    assert_ptr_not_equal(guest.leaf, first);
    assert_int_equal(first->references, 1);
    cert_leaf_unref(first);
    end();
}

static void
a_cleared_cache_asks_for_all_names_anew(void **state)
{
    struct cert_leaf *first;
    GUEST(guest);
    GUEST(other);

    (void)state;
    begin(cert_cache_defaults, 14 * DAY);
    fill("a");
    fill("b");
    assert_int_equal(get(&guest, "a", 1), CERT_CACHE_READY);
    first = cert_leaf_ref(guest.leaf);
    assert_int_equal(get(&other, "c", 1), CERT_CACHE_WAIT);
    cert_cache_clear(fixture.cache);
    assert_int_equal(first->references, 1);
    cert_leaf_unref(first);
    assert_int_equal(get(&guest, "a", 1), CERT_CACHE_WAIT);
    assert_int_equal(fake_mint_answer(&fixture.mint, true), 2);
    assert_int_equal(other.calls, 1);
    assert_non_null(other.leaf);
    assert_int_equal(get(&guest, "a", 1), CERT_CACHE_READY);
    assert_int_equal(get(&guest, "b", 1), CERT_CACHE_WAIT);
    end();
}

static void
a_leaf_in_its_last_moment_is_waited_for(void **state)
{
    GUEST(guest);

    (void)state;
    begin(cert_cache_defaults, 30);
    fill("a");
    assert_int_equal(get(&guest, "a", 1), CERT_CACHE_WAIT);
    assert_int_equal(fake_mint_answer(&fixture.mint, true), 1);
    assert_int_equal(guest.calls, 1);
    assert_non_null(guest.leaf);
    end();
}

static void
a_full_mint_is_no_refusal(void **state)
{
    GUEST(guest);
    char name[32];

    (void)state;
    begin(cert_cache_defaults, 14 * DAY);
    for (unsigned i = 0; i < MINT_MAX_OPEN; i++) {
        snprintf(name, sizeof(name), "n%u.example", i);
        assert_int_equal(get(&guest, name, 0), CERT_CACHE_WAIT);
        cert_cache_cancel(&guest.waiter);
    }
    assert_int_equal(get(&guest, "more.example", 0), CERT_CACHE_NONE);
    mint_expire(fixture.mint.client, 1000);
    assert_int_equal(get(&guest, "more.example", 0), CERT_CACHE_WAIT);
    end();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_who_wait_for_one_name_ask_once),
        cmocka_unit_test(the_one_used_longest_ago_goes_first),
        cmocka_unit_test(a_refusal_is_kept_briefly),
        cmocka_unit_test(a_question_that_timed_out_calls_with_none),
        cmocka_unit_test(a_lost_question_may_be_asked_again_at_once),
        cmocka_unit_test(an_old_leaf_serves_while_it_is_renewed),
        cmocka_unit_test(a_cleared_cache_asks_for_all_names_anew),
        cmocka_unit_test(a_leaf_in_its_last_moment_is_waited_for),
        cmocka_unit_test(a_full_mint_is_no_refusal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
