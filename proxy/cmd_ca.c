/* SPDX-License-Identifier: MIT */
/* cmd_ca.c - `davyd ca`: makes, shows and examines the authority. */

#include "proxy/cmd_ca.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/exitcode.h"
#include "common/fatal.h"
#include "common/log.h"
#include "common/text.h"
#include "proxy/ca.h"
#include "proxy/ca_doctor.h"
#include "proxy/ca_store.h"

/* Where davyd keeps what must outlive it. */
#define CMD_CA_STATE DAVY_STATEDIR

/* Twenty years. */
#define MAX_DAYS 7300

struct options {
    const char *state;
    const char *name;
    unsigned days;
    bool is_forced;
};

enum option_id {
    OPTION_NONE,
#define CA_OPTION_ROW(NAME, name, argument, text) OPTION_##NAME,
#include "proxy/ca_option.def"
#undef CA_OPTION_ROW
    OPTION_COUNT
};

static const struct option long_options[] = {
#define NO  no_argument
#define YES required_argument
#define CA_OPTION_ROW(NAME, name, argument, text) \
    { name, argument, NULL, OPTION_##NAME },
#include "proxy/ca_option.def"
#undef CA_OPTION_ROW
#undef NO
#undef YES
    { NULL, 0, NULL, 0 },
};

static void
print_help(void)
{
    puts("usage: davyd ca init|show|doctor [OPTION...]\n\n"
         "init makes the authority whose certificates let davyd look into "
         "HTTPS.\n"
         "show prints its certificate, for browsers.\n"
         "doctor says what is wrong with it, and what to do (exit status "
         "1).\n");
#define NO  ""
#define YES " VALUE"
#define CA_OPTION_ROW(NAME, name, argument, text) \
    printf("      --%-22s %s\n", name argument, text);
#include "proxy/ca_option.def"
#undef CA_OPTION_ROW
#undef NO
#undef YES
}

/* ---- init ---- */

/* "davy CA (hostname)", or what the user wants; NULL after a message. */
static char *
choose_name(const char *wanted)
{
    char host[CA_NAME_MAX - sizeof("davy CA ()") + 2] = "";
    unsigned long c;

    if (wanted == NULL) {
        if (gethostname(host, sizeof(host) - 1) != 0 || host[0] == '\0')
            return fatal_strdup("davy CA");
        return fatal_format("davy CA (%s)", host);
    }
    if (wanted[0] == '\0' || strlen(wanted) > CA_NAME_MAX) {
        log_error("--name takes 1 to %d bytes", CA_NAME_MAX);
        return NULL;
    }
    for (size_t n, i = 0; wanted[i] != '\0'; i += n) {
        n = text_read_utf8(wanted + i, strlen(wanted + i), &c);
        if (n == 0 || c < 0x20 || c == 0x7f) {
            log_error("--name takes UTF-8 without control characters");
            return NULL;
        }
    }
    return fatal_strdup(wanted);
}

/* Give what is there names with the time in them. */
static bool
set_old_aside(int folder)
{
    char suffix[32];
    const time_t now = time(NULL);
    struct tm tm;

    if (gmtime_r(&now, &tm) == NULL
        || strftime(suffix, sizeof(suffix), "%Y%m%d-%H%M%S", &tm) == 0)
        return false;
    return ca_store_set_aside(folder, CA_STORE_KEY, suffix)
           && ca_store_set_aside(folder, CA_STORE_CERTIFICATE, suffix);
}

static bool
say_not_written(const struct options *options, const char *name)
{
    if (errno == EEXIST)
        log_error("%s/%s is there already; --force gives it another name and "
                  "makes a new authority, which all browsers must then learn",
                  options->state, name);
    else
        log_error("%s/%s cannot be written: %s", options->state, name,
                  strerror(errno));
    return false;
}

/* Nothing stays of an authority that could not be written whole. */
static bool
write_both(const struct options *options, int folder,
           const gnutls_datum_t *certificate, const gnutls_datum_t *key)
{
    if (options->is_forced && !set_old_aside(folder)) {
        log_error("%s: the old authority cannot be renamed: %s",
                  options->state, strerror(errno));
        return false;
    }
    if (!ca_store_write(folder, CA_STORE_KEY, 0600, key))
        return say_not_written(options, CA_STORE_KEY);
    if (!ca_store_write(folder, CA_STORE_CERTIFICATE, 0644, certificate)) {
        const int error = errno;

        unlinkat(folder, CA_STORE_KEY, 0);
        errno = error;
        return say_not_written(options, CA_STORE_CERTIFICATE);
    }
    return true;
}

static bool
make_authority(const struct options *options, int folder, const char *name)
{
    gnutls_datum_t certificate = { NULL, 0 };
    gnutls_datum_t key = { NULL, 0 };
    const int code = ca_generate(name, time(NULL), options->days,
                                 &certificate, &key);
    bool is_written = false;

    if (code < 0)
        log_error("no authority could be made: %s", gnutls_strerror(code));
    else
        is_written = write_both(options, folder, &certificate, &key);
    if (key.data != NULL)
        gnutls_memset(key.data, 0, key.size);
    gnutls_free(key.data);
    gnutls_free(certificate.data);
    return is_written;
}

/* The folder, made if need be; -1 after a message. */
static int
open_for_init(const char *state)
{
    const char *fault;
    int folder;

    if (mkdir(state, 0700) != 0 && errno != EEXIST) {
        log_error("%s cannot be made: %s", state, strerror(errno));
        return -1;
    }
    folder = ca_store_open(state);
    if (folder < 0) {
        log_error("%s cannot be opened: %s", state, strerror(errno));
        return -1;
    }
    fault = ca_store_folder_fault(folder);
    if (fault != NULL) {
        log_error("%s %s: no place for a key", state, fault);
        close(folder);
        return -1;
    }
    return folder;
}

static int
run_init(const struct options *options)
{
    char *name = choose_name(options->name);
    bool is_made = false;
    int folder = -1;

    if (name != NULL)
        folder = open_for_init(options->state);
    if (folder >= 0) {
        is_made = make_authority(options, folder, name);
        close(folder);
    }
    if (is_made)
        log_note("%s/%s is the certificate of \"%s\"; bring it to your "
                 "browsers", options->state, CA_STORE_CERTIFICATE, name);
    free(name);
    return is_made ? EXITCODE_CLEAN : EXITCODE_USAGE;
}

/* ---- show ---- */

static void
note_time(const char *label, time_t at)
{
    char text[40];
    struct tm tm;

    if (gmtime_r(&at, &tm) != NULL
        && strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm) > 0)
        fprintf(stderr, "%-12s%s\n", label, text);
}

static void
note_fingerprint(const char *label, const unsigned char *id, size_t length)
{
    fprintf(stderr, "%-12s", label);
    for (size_t i = 0; i < length; i++)
        fprintf(stderr, "%s%02X", i == 0 ? "" : ":", id[i]);
    fputc('\n', stderr);
}

/* On standard error, so that `show >ca.pem` gives the certificate alone. */
static void
note_facts(gnutls_x509_crt_t crt)
{
    unsigned char id[32];
    char name[256];
    size_t length = sizeof(name);

    if (gnutls_x509_crt_get_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0,
                                      name, &length) >= 0) {
        char *clean = text_clean(name);

        fprintf(stderr, "%-12s%s\n", "name", clean);
        free(clean);
    }
    note_time("valid from", gnutls_x509_crt_get_activation_time(crt));
    note_time("valid until", gnutls_x509_crt_get_expiration_time(crt));
    length = sizeof(id);
    if (gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, id, &length)
        >= 0)
        note_fingerprint("SHA-256", id, length);
    length = sizeof(id);
    if (gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA256, id, &length)
        >= 0)
        note_fingerprint("its key", id, length);
}

/* The certificate in PEM; false with *error set. */
static bool
load_certificate(const char *state, struct ca *ca, gnutls_datum_t *pem,
                 const char **error)
{
    const int folder = ca_store_open(state);
    const int file = folder < 0
                         ? -1
                         : ca_store_open_file(folder, CA_STORE_CERTIFICATE);
    int code;

    *error = NULL;
    if (file < 0 || !ca_store_read(file, pem))
        *error = strerror(errno);
    if (file >= 0)
        close(file);
    if (folder >= 0)
        close(folder);
    if (*error != NULL)
        return false;
    code = ca_init(ca, pem, NULL);
    if (code < 0)
        *error = gnutls_strerror(code);
    return code >= 0;
}

static int
run_show(const struct options *options)
{
    struct ca ca = { NULL, NULL };
    gnutls_datum_t pem = { NULL, 0 };
    gnutls_datum_t text = { NULL, 0 };
    const char *error;
    int status = EXITCODE_USAGE;

    if (!load_certificate(options->state, &ca, &pem, &error)) {
        log_error("%s/%s: %s; davyd ca doctor knows more", options->state,
                  CA_STORE_CERTIFICATE, error);
    } else if (gnutls_x509_crt_export2(ca.certificate, GNUTLS_X509_FMT_PEM,
                                       &text) >= 0) {
        fwrite(text.data, 1, text.size, stdout);
        note_facts(ca.certificate);
        status = EXITCODE_CLEAN;
    }
    gnutls_free(text.data);
    ca_fini(&ca);
    ca_store_forget(&pem);
    return status;
}

static int
run_doctor(const struct options *options)
{
    return ca_doctor(options->state, time(NULL)) ? EXITCODE_CLEAN
                                                 : EXITCODE_FOUND;
}

/* ---- Whose ---- */

/* In a folder of davyd's user root works as this user: the files become his,
 * and no link that he may have put there leads root astray. */
static bool
become_owner(const char *state)
{
    struct stat st;

    if (geteuid() != 0 || stat(state, &st) != 0 || st.st_uid == 0)
        return true;
    if (setegid(st.st_gid) == 0 && seteuid(st.st_uid) == 0)
        return true;
    log_error("root cannot work as user %u: %s", (unsigned)st.st_uid,
              strerror(errno));
    return false;
}

static int
run_as_owner(int (*run)(const struct options *),
             const struct options *options)
{
    const uid_t user = geteuid();
    const gid_t group = getegid();
    const int status = become_owner(options->state) ? run(options)
                                                    : EXITCODE_USAGE;

    if (seteuid(user) != 0 || setegid(group) != 0)
        fatal("root cannot be root again");
    return status;
}

/* ---- Words ---- */

static bool
set_days(struct options *options, const char *text)
{
    unsigned long long n;

    if (!text_read_number(text, false, &n) || n < 1 || n > MAX_DAYS) {
        log_error("--days takes a number from 1 to %d, not %s", MAX_DAYS,
                  text);
        return false;
    }
    options->days = (unsigned)n;
    return true;
}

/* False when the command ends here, with *status. */
static bool
take_option(struct options *options, int id, const char *word, int *status)
{
    *status = EXITCODE_USAGE;
    switch (id) {
    case OPTION_STATE:
        options->state = optarg;
        return true;
    case OPTION_NAME:
        options->name = optarg;
        return true;
    case OPTION_DAYS:
        return set_days(options, optarg);
    case OPTION_FORCE:
        options->is_forced = true;
        return true;
    case OPTION_HELP:
        print_help();
        *status = EXITCODE_CLEAN;
        return false;
    case ':':
        log_error("%s needs a value", word);
        return false;
    default:
        log_error("unknown option %s; davyd ca --help lists them", word);
        return false;
    }
}

/* The one operand, or NULL with *status. */
static const char *
read_words(struct options *options, int argc, char **argv, int *status)
{
    int id;

    optind = 0;                         /* davyd's own words were read */
    opterr = 0;
    while ((id = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
        if (!take_option(options, id, argv[optind - 1], status))
            return NULL;
    }
    *status = EXITCODE_USAGE;
    if (optind == argc) {
        log_error("which one? davyd ca init, show or doctor");
        return NULL;
    }
    if (optind + 1 < argc) {
        log_error("%s is one word too many", argv[optind + 1]);
        return NULL;
    }
    return argv[optind];
}

int
ca_command(int argc, char **argv)
{
    struct options options = { .state = CMD_CA_STATE, .days = CA_DAYS };
    char **words = fatal_alloc(((size_t)argc + 2) * sizeof(*words));
    char program[] = "ca";
    const char *word;
    int status = EXITCODE_USAGE;

    words[0] = program;                 /* getopt wants one in front */
    memcpy(words + 1, argv, (size_t)argc * sizeof(*words));
    word = read_words(&options, argc + 1, words, &status);
    if (word == NULL)
        ;
    else if (strcmp(word, "init") == 0)
        status = run_as_owner(run_init, &options);
    else if (strcmp(word, "show") == 0)
        status = run_show(&options);
    else if (strcmp(word, "doctor") == 0)
        status = run_as_owner(run_doctor, &options);
    else
        log_error("there is no command ca %s; davyd ca --help lists them",
                  word);
    free(words);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        log_error("standard output cannot be written");
        status = EXITCODE_USAGE;
    }
    return status;
}
