/* SPDX-License-Identifier: MIT */
/* ca_folder.c - a temporary folder with an authority in it. */

#include "support/ca_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proxy/cmd_ca.h"

void
ca_folder_init(struct ca_folder *folder)
{
    snprintf(folder->dir, sizeof(folder->dir), "%s", "davy-ca-XXXXXX");
    assert_non_null(mkdtemp(folder->dir));
}

const char *
ca_folder_path(const struct ca_folder *folder, const char *name)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];

    snprintf(path, sizeof(paths[0]), "%s/%s", folder->dir, name);
    return path;
}

/* Make descriptor `fd` the new file; a copy of what it was. */
static int
redirect(int fd, const char *path)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int saved = dup(fd);

    assert_true(file >= 0 && saved >= 0);
    assert_true(dup2(file, fd) == fd);
    close(file);
    return saved;
}

static void
restore(int fd, int saved)
{
    dup2(saved, fd);
    close(saved);
}

void
ca_folder_run(const struct ca_folder *folder, int status, const char *word,
              const char *option, const char *value)
{
    const char *words[] = { word, "--state", folder->dir, option, value,
                            NULL };
    char *copies[6] = { NULL };
    int count = 0;
    int saved[2];
    int got;

    while (words[count] != NULL) {
        copies[count] = strdup(words[count]);
        count++;
    }
    fflush(stdout);
    saved[0] = redirect(1, ca_folder_path(folder, "out"));
    saved[1] = redirect(2, ca_folder_path(folder, "err"));
    got = ca_command(count, copies);
    fflush(stdout);
    restore(1, saved[0]);
    restore(2, saved[1]);
    for (int i = 0; i < count; i++)
        free(copies[i]);
    if (got != status)
        fail_msg("davyd ca %s: %d, not %d", word, got, status);
}

void
ca_folder_fini(struct ca_folder *folder)
{
    DIR *dir = opendir(folder->dir);
    const struct dirent *entry;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.')
            unlink(ca_folder_path(folder, entry->d_name));
    }
    closedir(dir);
    assert_int_equal(rmdir(folder->dir), 0);
}

bool
ca_folder_has(const struct ca_folder *folder, const char *name,
              const char *text)
{
    gnutls_datum_t file;
    bool has;

    if (gnutls_load_file(ca_folder_path(folder, name), &file) < 0)
        return false;
    has = memmem(file.data, file.size, text, strlen(text)) != NULL;
    gnutls_free(file.data);
    return has;
}

unsigned
ca_folder_verify(const struct ca_folder *folder, const gnutls_datum_t *der,
                 const char *name)
{
    gnutls_typed_vdata_st wanted[] = {
        { GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)(uintptr_t)name, 0 },
        { GNUTLS_DT_KEY_PURPOSE_OID,
          (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_SERVER, 0 },
    };
    gnutls_x509_trust_list_t list;
    gnutls_x509_crt_t leaf;
    unsigned status = ~0U;

    assert_int_equal(gnutls_x509_trust_list_init(&list, 0), 0);
    assert_int_equal(gnutls_x509_trust_list_add_trust_file(
                         list, ca_folder_path(folder, "ca.pem"), NULL,
                         GNUTLS_X509_FMT_PEM, 0, 0),
                     1);
    assert_int_equal(gnutls_x509_crt_init(&leaf), 0);
    assert_int_equal(gnutls_x509_crt_import(leaf, der, GNUTLS_X509_FMT_DER),
                     0);
    assert_int_equal(gnutls_x509_trust_list_verify_crt2(
                         list, &leaf, 1, wanted, 2, 0, &status, NULL),
                     0);
    gnutls_x509_crt_deinit(leaf);
    gnutls_x509_trust_list_deinit(list, 1);
    return status;
}
