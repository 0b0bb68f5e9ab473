/* SPDX-License-Identifier: MIT */
/* test_logfile.c - lines that cannot be written are counted, told once, and
 * spoil no other line; the system's log makes nobody wait. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/log.h"
#include "proxy/logfile.h"

#define LINE "0123456789\n"

static struct {
    unsigned errors;
    unsigned notes;
    char last[256];
} heard;

static bool
hear(bool is_error, const char *text)
{
    if (is_error)
        heard.errors++;
    else
        heard.notes++;
    snprintf(heard.last, sizeof(heard.last), "%s", text);
    return true;
}

static int
set_up(void **state)
{
    (void)state;
    memset(&heard, 0, sizeof(heard));
    log_set_sink(hear);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    log_set_sink(NULL);
    syslog_out_close();
    unlink("test-logfile");
    unlink("test-logfile-socket");
    return 0;
}

static void
write_line(struct logfile *file)
{
    logfile_write(file, SYSLOG_NOTICE, LINE, sizeof(LINE) - 1);
}

static void
limit_files(rlim_t size)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_full_disk_is_told_once_and_tears_one_line(void **state)
{
    struct logfile file = LOGFILE_INIT(-1, "test log");
    char text[128] = "";
    FILE *in;

    (void)state;
    assert_false(logfile_is_open(&file));
    write_line(&file);                  /* to nowhere, which is no loss */
    assert_true(logfile_open(&file, "test-logfile"));
    assert_true(logfile_is_open(&file));
    write_line(&file);
    limit_files(15);
    for (unsigned i = 0; i < 10; i++)
        write_line(&file);
    assert_int_equal(logfile_lost(&file), 10);
    assert_int_equal(heard.errors, 1);
    assert_non_null(strstr(heard.last, "test log cannot be written"));
    limit_files(RLIM_INFINITY);
    write_line(&file);
    write_line(&file);
    assert_int_equal(heard.notes, 1);
    assert_non_null(strstr(heard.last, "10 lines"));
    assert_int_equal(logfile_lost(&file), 10);
    assert_true(logfile_open(&file, NULL));
    in = fopen("test-logfile", "r");
    assert_non_null(in);
    assert_true(fread(text, 1, sizeof(text) - 1, in) > 0);
    fclose(in);
    assert_string_equal(text, LINE "0123\n" LINE LINE);
}

static void
a_file_that_cannot_be_opened_leaves_the_old_one(void **state)
{
    struct logfile file = LOGFILE_INIT(-1, "test log");

    (void)state;
    assert_false(logfile_open(&file, "no/such/folder"));
    assert_null(strstr(heard.last, "old log"));
    assert_true(logfile_open(&file, "test-logfile"));
    assert_false(logfile_open(&file, "no/such/folder"));
    assert_non_null(strstr(heard.last, "the old log goes on"));
    assert_true(logfile_is_open(&file));
    assert_true(logfile_open(&file, NULL));
}

/* ---- The system's log ---- */

static int
listen_on(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

    unlink(path);
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address,
                          sizeof(address)), 0);
    return fd;
}

static void
read_line(int fd, const char *start, const char *end)
{
    char text[256];
    const ssize_t n = recv(fd, text, sizeof(text) - 1, 0);

    assert_true(n > 0);
    text[n] = '\0';
    assert_memory_equal(text, start, strlen(start));
    assert_non_null(strstr(text, " davyd["));
    assert_true((size_t)n > strlen(end));
    assert_string_equal(text + n - strlen(end), end);
}

static void
lines_reach_the_systems_log_also_after_it_was_started_anew(void **state)
{
    struct logfile file = LOGFILE_INIT(-1, "test log");
    int fd;

    (void)state;
    assert_false(logfile_open(&file, "syslog:test-logfile-socket"));
    fd = listen_on("test-logfile-socket");
    assert_true(logfile_open(&file, "syslog:test-logfile-socket"));
    assert_true(logfile_is_open(&file));
    write_line(&file);
    read_line(fd, "<29>", "]: 0123456789");
    close(fd);
    write_line(&file);                  /* nobody is there */
    assert_int_equal(logfile_lost(&file), 1);
    fd = listen_on("test-logfile-socket");
    write_line(&file);
    read_line(fd, "<29>", "]: 0123456789");
    assert_int_equal(logfile_lost(&file), 1);
    close(fd);
    assert_true(logfile_open(&file, NULL));
}

static void
a_log_that_is_not_read_makes_nobody_wait(void **state)
{
    struct logfile file = LOGFILE_INIT(-1, "test log");
    const int fd = listen_on("test-logfile-socket");

    (void)state;
    assert_true(logfile_open(&file, "syslog:test-logfile-socket"));
    alarm(20);
    for (unsigned i = 0; i < 100000 && logfile_lost(&file) == 0; i++)
        write_line(&file);
    alarm(0);
    assert_int_equal(logfile_lost(&file), 1);
    read_line(fd, "<29>", "]: 0123456789");
    write_line(&file);
    assert_int_equal(logfile_lost(&file), 1);
    close(fd);
    assert_true(logfile_open(&file, NULL));
}

static void
only_the_word_means_the_systems_log(void **state)
{
    (void)state;
    assert_true(syslog_out_is_meant("syslog"));
    assert_true(syslog_out_is_meant("syslog:/run/log"));
    assert_false(syslog_out_is_meant("syslog.txt"));
    assert_false(syslog_out_is_meant("/var/syslog"));
    assert_false(syslog_out_is_meant(NULL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_full_disk_is_told_once_and_tears_one_line),
        TEST(a_file_that_cannot_be_opened_leaves_the_old_one),
        TEST(lines_reach_the_systems_log_also_after_it_was_started_anew),
        TEST(a_log_that_is_not_read_makes_nobody_wait),
        TEST(only_the_word_means_the_systems_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
