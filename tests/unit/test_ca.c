/* SPDX-License-Identifier: MIT */
/* test_ca.c - the authority is made, shown, examined, and makes leaves. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proxy/ca.h"
#include "proxy/ca_doctor.h"
#include "proxy/ca_store.h"
#include "support/ca_folder.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- Names ---- */

static void
names_are_read_strictly(void **state)
{
    static const char *const good[][2] = {
        { "a", "a" },
        { "WWW.Example.COM", "www.example.com" },
        { "example.com.", "example.com" },
        { "xn--bcher-kva.example", "xn--bcher-kva.example" },
        { "1.2.3.4", "1.2.3.4" },
        { "3com.example", "3com.example" },
        { "1.2.3.4a", "1.2.3.4a" },
        { "::1", "::1" },
        { "[2001:DB8:0::1]", "2001:db8::1" },
        { "::ffff:1.2.3.4", "::ffff:1.2.3.4" },
    };
    static const char *const bad[] = {
        "",          ".",          "..",           "a..b",
        ".a",        "a..",        "*.example",    "*",
        "a_b.c",     "-a.b",       "a-.b",         "a b",
        "a/b",       "a:443",      "1.2.3.4.5",    "1.2.3",
        "1.2.3.04",  "1.2.3.256",  "[1.2.3.4]",    "[::1",
        "::1]",      "[]",         "fe80::1%eth0", "a.b.7",
        "\xc3\xa4.b", "a,b",       "a\nb",         "::1.",
    };
    struct leaf_name name;
    char longest[300];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(leaf_name_read(&name, good[i][0], strlen(good[i][0])));
        assert_string_equal(name.text, good[i][1]);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (leaf_name_read(&name, bad[i], strlen(bad[i])))
            fail_msg("%s was read", bad[i]);
    }
    assert_false(leaf_name_read(&name, "a\0b", 3));
    memset(longest, 'a', sizeof(longest));
    assert_true(leaf_name_read(&name, longest, 63));
    assert_false(leaf_name_read(&name, longest, 64));
    for (size_t i = 63; i < sizeof(longest); i += 64)
        longest[i] = '.';
    assert_true(leaf_name_read(&name, longest, 253));
    assert_false(leaf_name_read(&name, longest, 254));
}

/* ---- The command ---- */

static mode_t
mode_of(const char *path)
{
    struct stat st;

    assert_int_equal(lstat(path, &st), 0);
    return st.st_mode & 07777;
}

static void
init_makes_an_authority_that_the_doctor_likes(void **state)
{
    struct ca_folder f;

    (void)state;
    ca_folder_init(&f);
    ca_folder_run(&f, 0, "init", "--name", "Test (\xc3\xa4)");
    assert_int_equal(mode_of(ca_folder_path(&f, "ca.pem")), 0644);
    assert_int_equal(mode_of(ca_folder_path(&f, "ca-key.pem")), 0600);
    ca_folder_run(&f, 0, "doctor", NULL, NULL);
    assert_false(ca_folder_has(&f, "out", "FAIL"));
    assert_true(ca_folder_has(&f, "out", "ok    a certificate made with it"));
    ca_folder_run(&f, 0, "show", NULL, NULL);
    assert_true(ca_folder_has(&f, "out", "-----BEGIN CERTIFICATE-----"));
    assert_false(ca_folder_has(&f, "out", "PRIVATE"));
    assert_true(ca_folder_has(&f, "err", "SHA-256"));
    assert_true(ca_folder_has(&f, "err", "Test (\xc3\xa4)"));
    ca_folder_fini(&f);
}

static void
the_certificate_is_one_of_an_authority(void **state)
{
    struct ca_folder f;
    struct ca ca;
    gnutls_datum_t pem;
    unsigned char id[64];
    size_t length = sizeof(id);
    unsigned usage, is_ca, critical;
    int path_length;
    time_t now = time(NULL);

    (void)state;
    ca_folder_init(&f);
    ca_folder_run(&f, 0, "init", "--days", "30");
    assert_int_equal(gnutls_load_file(ca_folder_path(&f, "ca.pem"), &pem), 0);
    assert_int_equal(ca_init(&ca, &pem, NULL), 0);
    gnutls_free(pem.data);
    assert_int_equal(gnutls_x509_crt_get_version(ca.certificate), 3);
    assert_true(gnutls_x509_crt_get_basic_constraints(
                    ca.certificate, &critical, &is_ca, &path_length) >= 0);
    assert_true(critical && is_ca && path_length == 0);
    assert_int_equal(gnutls_x509_crt_get_key_usage(ca.certificate, &usage,
                                                   &critical), 0);
    assert_int_equal(usage, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
    assert_true(critical);
    assert_int_equal(gnutls_x509_crt_get_serial(ca.certificate, id, &length),
                     0);
    assert_int_equal(length, 16);
    length = sizeof(id);
    assert_int_equal(gnutls_x509_crt_get_subject_key_id(ca.certificate, id,
                                                        &length, NULL), 0);
    assert_true(gnutls_x509_crt_get_activation_time(ca.certificate)
                <= now - CA_DAY + 60);
    assert_in_range(
        gnutls_x509_crt_get_expiration_time(ca.certificate) - now,
        30 * CA_DAY - 60, 30 * CA_DAY);
    ca_fini(&ca);
    ca_folder_fini(&f);
}

static void
an_authority_is_never_overwritten(void **state)
{
    struct ca_folder f;
    struct stat before, after;

    (void)state;
    ca_folder_init(&f);
    ca_folder_run(&f, 0, "init", NULL, NULL);
    assert_int_equal(stat(ca_folder_path(&f, "ca-key.pem"), &before), 0);
    ca_folder_run(&f, 2, "init", NULL, NULL);
    assert_true(ca_folder_has(&f, "err", "--force"));
    assert_int_equal(stat(ca_folder_path(&f, "ca-key.pem"), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    ca_folder_run(&f, 0, "init", "--force", NULL);
    assert_int_equal(stat(ca_folder_path(&f, "ca-key.pem"), &after), 0);
    assert_int_not_equal(before.st_ino, after.st_ino);
    assert_int_equal(after.st_nlink, 1);
    ca_folder_run(&f, 0, "doctor", NULL, NULL);

    /* A certificate without its key is an authority, too; nor is a link
     * followed, even one that leads nowhere. */
    unlink(ca_folder_path(&f, "ca-key.pem"));
    ca_folder_run(&f, 2, "init", NULL, NULL);
    assert_int_equal(access(ca_folder_path(&f, "ca-key.pem"), F_OK), -1);
    assert_int_equal(symlink("elsewhere", ca_folder_path(&f, "ca-key.pem")),
                     0);
    ca_folder_run(&f, 2, "init", NULL, NULL);
    assert_int_equal(access(ca_folder_path(&f, "elsewhere"), F_OK), -1);
    ca_folder_fini(&f);
}

static void
wrong_words_are_refused(void **state)
{
    static const char *const rows[][3] = {
        { "init", "--days", "0" },     { "init", "--days", "7301" },
        { "init", "--days", "1x" },    { "init", "--days", NULL },
        { "init", "--name", "" },      { "init", "--name", "a\nb" },
        { "init", "--name", "\xff" },  { "init", "--unknown", NULL },
        { "init", "more", NULL },      { "destroy", NULL, NULL },
        { "init", "--force=1", NULL },
    };
    struct ca_folder f;

    (void)state;
    ca_folder_init(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        ca_folder_run(&f, 2, rows[i][0], rows[i][1], rows[i][2]);
    assert_int_equal(access(ca_folder_path(&f, "ca-key.pem"), F_OK), -1);
    ca_folder_run(&f, 2, "show", NULL, NULL);
    ca_folder_run(&f, 0, "init", "--help", NULL);
    assert_true(ca_folder_has(&f, "out", "--state VALUE"));
    ca_folder_fini(&f);
}

static void
the_doctor_finds_what_is_wrong(void **state)
{
    struct ca_folder f;
    struct ca_folder g;
    int fd;

    (void)state;
    ca_folder_init(&f);
    ca_folder_init(&g);
    ca_folder_run(&f, 1, "doctor", NULL, NULL);
    assert_true(ca_folder_has(&f, "out", "FAIL  key file"));
    ca_folder_run(&f, 0, "init", "--days", "20");
    ca_folder_run(&f, 1, "doctor", NULL, NULL);
    assert_true(ca_folder_has(&f, "out", "ends within 30 days"));

    ca_folder_run(&f, 0, "init", "--force", NULL);
    chmod(ca_folder_path(&f, "ca-key.pem"), 0640);
    ca_folder_run(&f, 1, "doctor", NULL, NULL);
    assert_true(ca_folder_has(&f, "out", "FAIL  key file is open to others"));
    chmod(ca_folder_path(&f, "ca-key.pem"), 0600);

    chmod(f.dir, 0777);
    ca_folder_run(&f, 1, "doctor", NULL, NULL);
    assert_true(ca_folder_has(&f, "out", "FAIL  folder can be written"));
    ca_folder_run(&f, 2, "init", "--force", NULL);
    chmod(f.dir, 0700);

    ca_folder_run(&g, 0, "init", NULL, NULL);
    assert_int_equal(rename(ca_folder_path(&g, "ca-key.pem"),
                            ca_folder_path(&f, "ca-key.pem")), 0);
    ca_folder_run(&f, 1, "doctor", NULL, NULL);
    assert_true(ca_folder_has(&f, "out", "do not belong together"));
    assert_true(ca_folder_has(&f, "out", "FAIL  a certificate made with it"));

    fd = open(ca_folder_path(&f, "ca-key.pem"), O_WRONLY | O_TRUNC);
    assert_int_equal(close(fd), 0);
    ca_folder_run(&f, 1, "doctor", NULL, NULL);
    assert_true(ca_folder_has(&f, "out", "FAIL  key"));
    unlink(ca_folder_path(&f, "ca.pem"));
    assert_int_equal(mkfifo(ca_folder_path(&f, "ca.pem"), 0600), 0);
    ca_folder_run(&f, 1, "doctor", NULL, NULL);
    ca_folder_fini(&g);
    ca_folder_fini(&f);
}

static void
the_doctor_looks_at_the_clock(void **state)
{
    struct ca_folder f;

    (void)state;
    ca_folder_init(&f);
    ca_folder_run(&f, 0, "init", NULL, NULL);
    assert_false(ca_doctor(f.dir, 1000));
    assert_false(ca_doctor(f.dir, time(NULL) - 3 * CA_DAY));
    assert_true(ca_doctor(f.dir, time(NULL) + 3 * CA_DAY));
    assert_false(ca_doctor(f.dir, time(NULL) + 2000 * CA_DAY));
    ca_folder_fini(&f);
}

/* ---- Leaves ---- */

struct minter {
    struct ca_folder folder;
    struct ca ca;
    gnutls_privkey_t key;
    gnutls_pubkey_t subject;
};

static void
minter_init(struct minter *m, const char *days)
{
    gnutls_datum_t crt, key;

    ca_folder_init(&m->folder);
    ca_folder_run(&m->folder, 0, "init", "--days", days);
    assert_int_equal(gnutls_load_file(
                         ca_folder_path(&m->folder, "ca.pem"), &crt), 0);
    assert_int_equal(gnutls_load_file(
                         ca_folder_path(&m->folder, "ca-key.pem"), &key), 0);
    assert_int_equal(ca_init(&m->ca, &crt, &key), 0);
    gnutls_free(crt.data);
    gnutls_free(key.data);
    assert_true(ca_keys_match(&m->ca));
    assert_int_equal(gnutls_privkey_init(&m->key), 0);
    assert_int_equal(gnutls_privkey_generate(m->key, GNUTLS_PK_ECDSA, 256, 0),
                     0);
    assert_int_equal(gnutls_pubkey_init(&m->subject), 0);
    assert_int_equal(gnutls_pubkey_import_privkey(m->subject, m->key, 0, 0),
                     0);
}

static void
minter_fini(struct minter *m)
{
    gnutls_pubkey_deinit(m->subject);
    gnutls_privkey_deinit(m->key);
    ca_fini(&m->ca);
    ca_folder_fini(&m->folder);
}

static gnutls_datum_t
mint(struct minter *m, const char *text, time_t *until)
{
    struct leaf_name name;
    gnutls_datum_t der = { NULL, 0 };

    assert_true(leaf_name_read(&name, text, strlen(text)));
    assert_int_equal(ca_mint(&m->ca, &name, m->subject, time(NULL),
                             14 * 86400, &der, until), 0);
    return der;
}

/* The second judge, where it is installed. */
static void
verify_with_openssl(struct minter *m, const gnutls_datum_t *der,
                    const char *option, const char *name)
{
    const char *path = ca_folder_path(&m->folder, "leaf.der");
    FILE *file = fopen(path, "wb");
    char command[1024];

    assert_non_null(file);
    fwrite(der->data, 1, der->size, file);
    fclose(file);
    if (system("command -v openssl >/dev/null") != 0)
        return;
    snprintf(command, sizeof(command),
             "openssl x509 -inform DER -in %s/leaf.der -out %s/leaf.pem && "
             "openssl verify -x509_strict -purpose sslserver -CAfile "
             "%s/ca.pem %s %s %s/leaf.pem >%s/out",
             m->folder.dir, m->folder.dir, m->folder.dir, option, name,
             m->folder.dir, m->folder.dir);
    assert_int_equal(system(command), 0);
}

static void
leaves_verify_for_their_names_alone(void **state)
{
    static const char *const names[] = {
        "www.example.com", "localhost", "192.0.2.7", "2001:db8::7",
        "a-name-of-more-than-sixty-four-bytes.which-is-still-a-name."
        "example.com"
    };
    struct minter m;
    time_t until;

    (void)state;
    minter_init(&m, "365");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        gnutls_datum_t der = mint(&m, names[i], &until);

        assert_int_equal(ca_folder_verify(&m.folder, &der, names[i]), 0);
        assert_int_not_equal(ca_folder_verify(&m.folder, &der,
                                              "other.example"), 0);
        verify_with_openssl(&m, &der, i == 2 || i == 3 ? "-verify_ip"
                                                       : "-verify_hostname",
                            names[i]);
        assert_in_range(until - time(NULL), 14 * CA_DAY - 60, 14 * CA_DAY);
        gnutls_free(der.data);
    }
    minter_fini(&m);
}

static void
a_leaf_never_outlives_its_authority(void **state)
{
    struct minter m;
    struct leaf_name name;
    gnutls_datum_t der;
    time_t until;
    const time_t now = time(NULL);

    (void)state;
    minter_init(&m, "3");
    der = mint(&m, "a.example", &until);
    assert_int_equal(
        until, gnutls_x509_crt_get_expiration_time(m.ca.certificate));
    gnutls_free(der.data);
    assert_true(leaf_name_read(&name, "a", 1));
    assert_int_equal(ca_mint(&m.ca, &name, m.subject, now + 3 * CA_DAY + 1,
                             9, &der, &until), GNUTLS_E_EXPIRED);
    assert_int_equal(ca_mint(&m.ca, &name, m.subject, now - 2 * CA_DAY, 9,
                             &der, &until), GNUTLS_E_EXPIRED);
    minter_fini(&m);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_read_strictly),
        cmocka_unit_test(init_makes_an_authority_that_the_doctor_likes),
        cmocka_unit_test(the_certificate_is_one_of_an_authority),
        cmocka_unit_test(an_authority_is_never_overwritten),
        cmocka_unit_test(wrong_words_are_refused),
        cmocka_unit_test(the_doctor_finds_what_is_wrong),
        cmocka_unit_test(the_doctor_looks_at_the_clock),
        cmocka_unit_test(leaves_verify_for_their_names_alone),
        cmocka_unit_test(a_leaf_never_outlives_its_authority),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
