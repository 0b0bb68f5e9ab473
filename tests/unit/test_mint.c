/* SPDX-License-Identifier: MIT */
/* test_mint.c - the key process answers, dies, and is there again. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proxy/ca.h"
#include "proxy/cage.h"
#include "proxy/mint.h"
#include "proxy/mint_wire.h"
#include "support/ca_folder.h"

#define LEAF_SECONDS (14 * 86400)

struct answers {
    unsigned counts[4];
    gnutls_datum_t der;                 /* the last */
    time_t not_after;
    struct mint_client *again;          /* asked once more by the answer */
};

static struct leaf_name
name_of(const char *text)
{
    struct leaf_name name;

    assert_true(leaf_name_read(&name, text, strlen(text)));
    return name;
}

static void
on_answer(void *ctx, enum mint_result result, const struct mint_leaf *leaf)
{
    struct answers *a = ctx;

    a->counts[result]++;
    if (result == MINT_OK) {
        free(a->der.data);
        a->der.data = malloc(leaf->der.size);
        assert_non_null(a->der.data);
        memcpy(a->der.data, leaf->der.data, leaf->der.size);
        a->der.size = leaf->der.size;
        a->not_after = leaf->not_after;
    }
    if (a->again != NULL) {
        const struct leaf_name name = name_of("again.example");
        struct mint_client *client = a->again;

        a->again = NULL;
        assert_true(mint_request(client, &name, 0, on_answer, a));
    }
}

static unsigned
total(const struct answers *a)
{
    return a->counts[0] + a->counts[1] + a->counts[2] + a->counts[3];
}

/* Turn the loop until there are `count` answers. */
static void
wait_for(struct mint_client *client, const struct answers *a, unsigned count)
{
    while (total(a) < count) {
        struct pollfd wait = { mint_client_fd(client), POLLIN, 0 };

        assert_int_equal(poll(&wait, 1, 10000), 1);
        (void)mint_ready(client);
    }
}

static void
wait_for_generation(struct mint_client *client, unsigned generation)
{
    while (mint_client_generation(client) < generation) {
        struct pollfd wait = { mint_client_fd(client), POLLIN, 0 };

        assert_int_equal(poll(&wait, 1, 10000), 1);
        assert_true(mint_ready(client));
    }
}

struct fixture {
    struct ca_folder folder;
    struct mint *mint;
    struct mint_client *clients[2];
};

static struct fixture fixture;

static struct mint *
start(const char *dir, unsigned clients)
{
    const struct mint_options options = { .state_dir = dir,
                                          .clients = clients,
                                          .owner = geteuid() };

    return mint_start(&options);
}

static int
set_up(void **state)
{
    ca_folder_init(&fixture.folder);
    ca_folder_run(&fixture.folder, 0, "init", NULL, NULL);
    fixture.mint = start(fixture.folder.dir, 2);
    assert_non_null(fixture.mint);
    for (unsigned i = 0; i < 2; i++)
        fixture.clients[i] = mint_client_new(fixture.mint, i, 5000,
                                             LEAF_SECONDS);
    *state = &fixture;
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    mint_client_free(fixture.clients[0]);
    mint_client_free(fixture.clients[1]);
    mint_stop(fixture.mint);
    ca_folder_fini(&fixture.folder);
    return 0;
}

static void
leaves_verify_and_hold_the_shared_key(void **state)
{
    static const char *const names[] = { "www.example.com", "192.0.2.1",
                                         "2001:db8::1" };
    struct fixture *f = *state;
    struct answers a = { .counts = { 0 } };
    gnutls_pubkey_t key;

    assert_int_equal(gnutls_pubkey_init(&key), 0);
    assert_int_equal(gnutls_pubkey_import_privkey(
                         key, mint_leaf_key(f->mint), 0, 0), 0);
    for (unsigned i = 0; i < 3; i++) {
        const struct leaf_name name = name_of(names[i]);
        unsigned char ids[2][32];
        size_t lengths[2] = { 32, 32 };
        gnutls_x509_crt_t crt;

        assert_true(mint_request(f->clients[i % 2], &name, 0, on_answer,
                                 &a));
        wait_for(f->clients[i % 2], &a, i + 1);
        assert_int_equal(ca_folder_verify(&f->folder, &a.der, names[i]), 0);
        assert_in_range(a.not_after - time(NULL), LEAF_SECONDS - 60,
                        LEAF_SECONDS);
        gnutls_x509_crt_init(&crt);
        gnutls_x509_crt_import(crt, &a.der, GNUTLS_X509_FMT_DER);
        gnutls_x509_crt_get_key_id(crt, 0, ids[0], &lengths[0]);
        gnutls_pubkey_get_key_id(key, 0, ids[1], &lengths[1]);
        gnutls_x509_crt_deinit(crt);
        assert_int_equal(lengths[0], lengths[1]);
        assert_memory_equal(ids[0], ids[1], lengths[0]);
    }
    assert_int_equal(a.counts[MINT_OK], 3);
    gnutls_pubkey_deinit(key);
    free(a.der.data);
}

static void
more_questions_than_the_socket_holds_are_answered(void **state)
{
    struct fixture *f = *state;
    struct answers a = { .counts = { 0 } };
    char text[32];

    for (unsigned i = 0; i < MINT_MAX_OPEN; i++) {
        struct leaf_name name;

        snprintf(text, sizeof(text), "n%u.example", i);
        name = name_of(text);
        assert_true(mint_request(f->clients[0], &name, 0, on_answer, &a));
        if (i + 1 == MINT_MAX_OPEN)
            assert_false(mint_request(f->clients[0], &name, 0, on_answer,
                                      &a));
    }
    wait_for(f->clients[0], &a, MINT_MAX_OPEN);
    assert_int_equal(a.counts[MINT_OK], MINT_MAX_OPEN);
    assert_int_equal(mint_deadline(f->clients[0]), UINT64_MAX);
    free(a.der.data);
}

/* Stop the key process, so that questions are in flight for certain. */
static pid_t
stop_server(struct fixture *f, unsigned generation)
{
    pid_t pid;

    wait_for_generation(f->clients[0], generation);
    pid = mint_client_pid(f->clients[0]);
    assert_true(pid > 1);
    assert_int_equal(kill(pid, SIGSTOP), 0);
    return pid;
}

static void
a_killed_key_process_is_started_again(void **state)
{
    struct fixture *f = *state;
    struct answers a = { .counts = { 0 } };
    const struct leaf_name name = name_of("a.example");

    for (unsigned round = 1; round <= 3; round++) {
        const pid_t pid = stop_server(f, round);

        for (unsigned i = 0; i < 100; i++)
            assert_true(mint_request(f->clients[0], &name, 0, on_answer,
                                     &a));
        assert_int_equal(kill(pid, SIGKILL), 0);
        wait_for(f->clients[0], &a, round * 100);
        assert_int_equal(a.counts[MINT_OK], round * 100);
        assert_int_not_equal(mint_client_pid(f->clients[0]), pid);
    }
    /* The other client has not heard of all this, and is served as well. */
    assert_true(mint_request(f->clients[1], &name, 0, on_answer, &a));
    wait_for(f->clients[1], &a, 301);
    assert_int_equal(a.counts[MINT_OK], 301);
    free(a.der.data);
}

/* Be a key process that starts for the `number`th time. */
static void
greet(int fd, uint32_t number)
{
    struct mint_answer hello = { MINT_WORD_HELLO, number, 1, { 0 } };

    assert_true(send(fd, &hello, MINT_ANSWER_HEAD, 0) > 0);
}

/* Read questions until there are none; how many, and the last one's number. */
static unsigned
swallow(int fd, uint32_t *last)
{
    struct mint_ask ask;
    unsigned count = 0;

    while (recv(fd, &ask, sizeof(ask), MSG_DONTWAIT) > 0) {
        *last = ask.number;
        count++;
    }
    return count;
}

static void
questions_that_were_lost_twice_fail(void **state)
{
    const struct leaf_name name = name_of("a.example");
    struct answers a = { .counts = { 0 } };
    struct mint_client *client;
    uint32_t last = 0;
    int pair[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
    client = mint_client_over(pair[0], 5000, LEAF_SECONDS);
    greet(pair[1], 1);
    for (unsigned i = 0; i < 100; i++)
        assert_true(mint_request(client, &name, 0, on_answer, &a));
    assert_int_equal(swallow(pair[1], &last), 64);
    greet(pair[1], 2);
    assert_true(mint_ready(client));
    assert_int_equal(total(&a), 0);
    assert_int_equal(swallow(pair[1], &last), 64);
    assert_int_equal(last, 64);         /* these come before the others */
    greet(pair[1], 3);
    a.again = client;
    assert_true(mint_ready(client));
    assert_int_equal(a.counts[MINT_LOST], 64);
    assert_int_equal(swallow(pair[1], &last), 37);
    assert_int_equal(last, 101);
    close(pair[1]);
    assert_false(mint_ready(client));
    assert_int_equal(a.counts[MINT_LOST], 101);
    mint_client_free(client);
}

static void
a_question_without_answer_times_out(void **state)
{
    struct fixture *f = *state;
    struct answers a = { .counts = { 0 } };
    const struct leaf_name name = name_of("a.example");
    pid_t pid;

    pid = stop_server(f, 1);
    for (unsigned i = 0; i < 100; i++)
        assert_true(mint_request(f->clients[0], &name, 1000 + i, on_answer,
                                 &a));
    assert_int_equal(mint_deadline(f->clients[0]), 6000);
    mint_expire(f->clients[0], 5999);
    assert_int_equal(total(&a), 0);
    mint_expire(f->clients[0], 6000);
    assert_int_equal(a.counts[MINT_TIMEOUT], 1);
    assert_int_equal(mint_deadline(f->clients[0]), 6001);
    mint_expire(f->clients[0], 7000);
    assert_int_equal(a.counts[MINT_TIMEOUT], 100);
    /* Late answers are nobody's. */
    assert_int_equal(kill(pid, SIGCONT), 0);
    assert_true(mint_request(f->clients[0], &name, 9000, on_answer, &a));
    wait_for(f->clients[0], &a, 101);
    assert_int_equal(a.counts[MINT_OK], 1);
    free(a.der.data);
}

static void
the_key_process_cannot_be_looked_into(void **state)
{
    struct fixture *f = *state;
    char path[64];
    char line[256];
    struct stat st;
    unsigned seen = 0;
    FILE *status;

    wait_for_generation(f->clients[0], 1);
    snprintf(path, sizeof(path), "/proc/%d/status",
             (int)mint_client_pid(f->clients[0]));
    status = fopen(path, "r");
    assert_non_null(status);
    while (fgets(line, sizeof(line), status) != NULL) {
        if (strncmp(line, "Name:", 5) == 0)
            assert_string_equal(line, "Name:\tdavyd-key\n");
        if (strncmp(line, "Uid:", 4) == 0)
            assert_true(strstr(line, "\t0\t") == NULL);
        seen += strncmp(line, "NoNewPrivs:\t1", 13) == 0;
        seen += strncmp(line, "Seccomp:\t2", 10) == 0;
    }
    fclose(status);
#if !CAGE_IS_OPEN
    assert_int_equal(seen, 2);
#endif
    /* Not dumpable: its files in /proc belong to root. */
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_uid, 0);
}

static void
nonsense_ends_the_key_process_and_not_davyd(void **state)
{
    struct fixture *f = *state;
    struct answers a = { .counts = { 0 } };
    const struct leaf_name name = name_of("a.example");
    struct mint_ask bad[4] = { { 7, 0, "a.example" },
                               { 7, 86400, "*.example" },
                               { 7, ~0U, "a.example" },
                               { 7, 86400, "" } };

    for (unsigned i = 0; i < 4; i++) {
        wait_for_generation(f->clients[0], i + 1);
        assert_true(send(mint_client_fd(f->clients[0]), &bad[i],
                         MINT_ASK_HEAD + strlen(bad[i].name), 0) > 0);
        wait_for_generation(f->clients[0], i + 2);
    }
    assert_true(mint_request(f->clients[0], &name, 0, on_answer, &a));
    wait_for(f->clients[0], &a, 1);
    assert_int_equal(a.counts[MINT_OK], 1);
    free(a.der.data);
}

/* The process that started the key process. */
static pid_t
parent_of(pid_t pid)
{
    char line[256];
    long parent = 0;
    FILE *status;

    snprintf(line, sizeof(line), "/proc/%d/status", (int)pid);
    status = fopen(line, "r");
    assert_non_null(status);
    while (fgets(line, sizeof(line), status) != NULL) {
        if (strncmp(line, "PPid:", 5) == 0)
            parent = strtol(line + 5, NULL, 10);
    }
    fclose(status);
    assert_true(parent > 1);
    return (pid_t)parent;
}

static void
a_keeper_that_dies_is_noticed(void **state)
{
    struct fixture *f = *state;
    struct answers a = { .counts = { 0 } };
    const struct leaf_name name = name_of("a.example");
    const pid_t pid = stop_server(f, 1);

    assert_true(mint_request(f->clients[0], &name, 0, on_answer, &a));
    assert_int_equal(kill(parent_of(pid), SIGKILL), 0);
    wait_for(f->clients[0], &a, 1);
    assert_int_equal(a.counts[MINT_LOST], 1);
    assert_false(mint_request(f->clients[0], &name, 0, on_answer, &a));
    assert_false(mint_ready(f->clients[0]));
}

/* Start a mint, tell its key process, and wait to be killed. */
static _Noreturn void
be_davyd(const char *dir, int out)
{
    struct mint *mint = start(dir, 1);
    struct mint_client *client = mint_client_new(mint, 0, 1000, 1000);
    pid_t pid = 0;

    (void)mint_ready(client);
    pid = mint_client_pid(client);
    (void)!write(out, &pid, sizeof(pid));
    for (;;)
        pause();
}

static bool
is_alive(pid_t pid)
{
    char line[256];
    bool is_zombie = false;
    FILE *status;

    snprintf(line, sizeof(line), "/proc/%d/status", (int)pid);
    status = fopen(line, "r");
    if (status == NULL)
        return false;
    while (fgets(line, sizeof(line), status) != NULL)
        is_zombie = is_zombie || strncmp(line, "State:\tZ", 8) == 0;
    fclose(status);
    return !is_zombie;
}

static void
nothing_outlives_a_davyd_that_is_killed(void **state)
{
    struct fixture *f = *state;
    pid_t key_process = 0;
    pid_t keeper;
    pid_t davyd;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    davyd = fork();
    if (davyd == 0)
        be_davyd(f->folder.dir, ends[1]);
    assert_int_equal(read(ends[0], &key_process, sizeof(key_process)),
                     sizeof(key_process));
    keeper = parent_of(key_process);
    assert_true(is_alive(key_process) && is_alive(keeper));
    assert_int_equal(kill(davyd, SIGKILL), 0);
    assert_int_equal(waitpid(davyd, NULL, 0), davyd);
    for (unsigned i = 0; i < 500; i++) {
        if (!is_alive(key_process) && !is_alive(keeper))
            break;
        usleep(10000);
    }
    assert_false(is_alive(key_process) || is_alive(keeper));
    close(ends[0]);
    close(ends[1]);
}

static void
no_mint_starts_on_a_broken_authority(void **state)
{
    struct ca_folder folder;
    struct ca_folder other;
    int saved = dup(2);
    int null = open("/dev/null", O_WRONLY);

    (void)state;
    dup2(null, 2);
    close(null);
    ca_folder_init(&folder);
    ca_folder_init(&other);
    assert_null(start(folder.dir, 1));
    assert_null(start("does-not-exist", 1));
    ca_folder_run(&folder, 0, "init", NULL, NULL);
    chmod(ca_folder_path(&folder, "ca-key.pem"), 0644);
    assert_null(start(folder.dir, 1));
    chmod(ca_folder_path(&folder, "ca-key.pem"), 0600);
    ca_folder_run(&other, 0, "init", NULL, NULL);
    rename(ca_folder_path(&other, "ca.pem"),
           ca_folder_path(&folder, "ca.pem"));
    assert_null(start(folder.dir, 3));
    dup2(saved, 2);
    close(saved);
    ca_folder_fini(&other);
    ca_folder_fini(&folder);
}

/* ---- A new authority ---- */

struct seen {
    unsigned count;
    gnutls_datum_t der;                 /* of the last */
};

static void
on_authority(void *ctx, const gnutls_datum_t *der)
{
    struct seen *seen = ctx;

    free(seen->der.data);
    seen->der.data = malloc(der->size);
    assert_non_null(seen->der.data);
    memcpy(seen->der.data, der->data, der->size);
    seen->der.size = der->size;
    seen->count++;
}

static void
a_new_authority_is_taken_while_questions_are_open(void **state)
{
    struct fixture *f = *state;
    struct answers a = { .counts = { 0 } };
    struct seen seen = { 0 };
    const struct leaf_name name = name_of("a.example");

    mint_client_on_authority(f->clients[0], on_authority, &seen);
    wait_for_generation(f->clients[0], 1);
    assert_int_equal(seen.count, 1);
    ca_folder_run(&f->folder, 0, "init", "--force", NULL);
    for (unsigned i = 0; i < 500; i++) {
        assert_true(mint_request(f->clients[0], &name, 0, on_answer, &a));
        if (i % 100 == 50)
            mint_reload(f->mint);
    }
    wait_for(f->clients[0], &a, 500);
    assert_int_equal(a.counts[MINT_OK], 500);
    wait_for_generation(f->clients[0], 2);
    assert_int_equal(seen.count, 2);
    assert_true(mint_request(f->clients[0], &name, 0, on_answer, &a));
    wait_for(f->clients[0], &a, 501);
    assert_int_equal(ca_folder_verify(&f->folder, &a.der, "a.example"), 0);
    free(a.der.data);
    free(seen.der.data);
}

static void
a_broken_authority_leaves_the_old_one(void **state)
{
    struct fixture *f = *state;
    struct answers a = { .counts = { 0 } };
    struct seen seen = { 0 };
    const struct leaf_name name = name_of("a.example");
    FILE *file;

    mint_client_on_authority(f->clients[0], on_authority, &seen);
    wait_for_generation(f->clients[0], 1);
    /* Not there; then there, and no certificate. */
    assert_int_equal(rename(ca_folder_path(&f->folder, "ca.pem"),
                            ca_folder_path(&f->folder, "aside")), 0);
    mint_reload(f->mint);
    wait_for_generation(f->clients[0], 2);
    file = fopen(ca_folder_path(&f->folder, "ca.pem"), "w");
    assert_non_null(file);
    fputs("no certificate\n", file);
    fclose(file);
    mint_reload(f->mint);
    wait_for_generation(f->clients[0], 4);
    assert_int_equal(rename(ca_folder_path(&f->folder, "aside"),
                            ca_folder_path(&f->folder, "ca.pem")), 0);
    assert_true(mint_request(f->clients[0], &name, 0, on_answer, &a));
    wait_for(f->clients[0], &a, 1);
    assert_int_equal(a.counts[MINT_OK], 1);
    assert_int_equal(seen.count, 1);
    assert_int_equal(ca_folder_verify(&f->folder, &a.der, "a.example"), 0);
    free(a.der.data);
    free(seen.der.data);
}

static void
an_authority_may_come_later(void **state)
{
    struct answers a = { .counts = { 0 } };
    const struct leaf_name name = name_of("a.example");
    struct mint_options options = { .clients = 1,
                                    .owner = geteuid(),
                                    .is_later = true };
    struct mint_client *client;
    struct ca_folder folder;
    struct mint *mint;

    (void)state;
    ca_folder_init(&folder);
    options.state_dir = folder.dir;
    mint = mint_start(&options);
    assert_non_null(mint);
    client = mint_client_new(mint, 0, 5000, LEAF_SECONDS);
    mint_reload(mint);                  /* there is still none */
    assert_false(mint_client_has_authority(client));
    ca_folder_run(&folder, 0, "init", NULL, NULL);
    mint_reload(mint);
    wait_for_generation(client, 1);
    assert_true(mint_client_has_authority(client));
    assert_true(mint_request(client, &name, 0, on_answer, &a));
    wait_for(client, &a, 1);
    assert_int_equal(a.counts[MINT_OK], 1);
    mint_client_free(client);
    mint_stop(mint);
    ca_folder_fini(&folder);
    free(a.der.data);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            leaves_verify_and_hold_the_shared_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            more_questions_than_the_socket_holds_are_answered, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            a_killed_key_process_is_started_again, set_up, tear_down),
        cmocka_unit_test(questions_that_were_lost_twice_fail),
        cmocka_unit_test_setup_teardown(a_question_without_answer_times_out,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_key_process_cannot_be_looked_into,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            nonsense_ends_the_key_process_and_not_davyd, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_keeper_that_dies_is_noticed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            nothing_outlives_a_davyd_that_is_killed, set_up, tear_down),
        cmocka_unit_test(no_mint_starts_on_a_broken_authority),
        cmocka_unit_test_setup_teardown(
            a_new_authority_is_taken_while_questions_are_open, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(a_broken_authority_leaves_the_old_one,
                                        set_up, tear_down),
        cmocka_unit_test(an_authority_may_come_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
