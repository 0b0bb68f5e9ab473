/* SPDX-License-Identifier: MIT */
/* test_hosts.c - networks and hosts are what people mean by them. */

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proxy/hosts.h"

static void
an_address_is_in_the_networks_that_hold_it(void **state)
{
    static const struct {
        const char *network, *address;
        bool is_in;
    } rows[] = {
        { "10.0.0.0/8", "10.255.255.255", true },
        { "10.0.0.0/8", "11.0.0.0", false },
        { "10.0.0.0/8", "::ffff:10.1.2.3", true },
        { "192.168.4.0/22", "192.168.7.255", true },
        { "192.168.4.0/22", "192.168.8.0", false },
        { "127.0.0.1", "127.0.0.1", true },
        { "127.0.0.1", "127.0.0.2", false },
        { "0.0.0.0/0", "8.8.8.8", true },
        { "0.0.0.0/0", "2001:db8::1", false },
        { "::/0", "2001:db8::1", true },
        { "::/0", "8.8.8.8", true },
        { "2001:db8::/33", "2001:db8:7fff::1", true },
        { "2001:db8::/33", "2001:db8:8000::1", false },
        { "fe80::1", "fe80::1", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct netset set = { .rows = NULL };
        struct net_address address;

        assert_null(netset_add(&set, rows[i].network));
        assert_true(net_address_read(&address, rows[i].address));
        assert_int_equal(netset_has(&set, &address), rows[i].is_in);
        netset_fini(&set);
    }
}

static void
what_is_no_network_is_refused(void **state)
{
    static const char *const rows[] = {
        "", "x", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.1/8",
        "10.0.0/8", "010.0.0.0/8", "::/129", "2001:db8::1/32", "10.0.0.0/8/8",
        "10.0.0.0/0x8", "1:2:3:4:5:6:7:8:9",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct netset set = { .rows = NULL };

        assert_non_null(netset_add(&set, rows[i]));
        assert_int_equal(set.count, 0);
    }
}

static void
a_host_is_itself_and_a_domain_is_all_below_it(void **state)
{
    static const char *const given[] = { "Plain.example", ".below.example",
                                         "*.star.example", "10.0.0.0/8",
                                         "2001:db8::/32", "single" };
    static const struct {
        const char *host;
        bool is_in;
    } rows[] = {
        { "plain.example", true },      { "a.plain.example", false },
        { "below.example", true },      { "a.below.example", true },
        { "a.b.below.example", true },  { "notbelow.example", false },
        { "star.example", true },       { "x.star.example", true },
        { "example", false },           { "10.9.8.7", true },
        { "11.9.8.7", false },          { "2001:db8::5", true },
        { "single", true },             { "", false },
        { "below.example.", false },
    };
    struct hosts hosts = { .names = NULL };

    (void)state;
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
        assert_null(hosts_add(&hosts, given[i]));
    hosts_sort(&hosts);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(hosts_has(&hosts, rows[i].host), rows[i].is_in);
    hosts_fini(&hosts);
}

static void
what_is_no_host_is_refused(void **state)
{
    static const char *const rows[] = { ".", "..a", "a..b", "a.", "a b",
                                        "a/b", "http://a", "a:80", "*.",
                                        "a*.b" };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hosts hosts = { .names = NULL };

        assert_non_null(hosts_add(&hosts, rows[i]));
        assert_true(hosts_is_empty(&hosts));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_in_the_networks_that_hold_it),
        cmocka_unit_test(what_is_no_network_is_refused),
        cmocka_unit_test(a_host_is_itself_and_a_domain_is_all_below_it),
        cmocka_unit_test(what_is_no_host_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
