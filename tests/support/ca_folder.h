/* SPDX-License-Identifier: MIT */
/* ca_folder.h - a temporary folder with an authority in it. */

#ifndef TEST_CA_FOLDER_H
#define TEST_CA_FOLDER_H

#include <gnutls/x509.h>
#include <stdbool.h>

struct ca_folder {
    char dir[64];
};

/* A new, empty folder; `davyd ca` with up to three words in it, which must
 * answer `status` and whose outputs go to the files `out` and `err` there. */
void ca_folder_init(struct ca_folder *folder);
void ca_folder_run(const struct ca_folder *folder, int status,
                   const char *word, const char *option, const char *value);
void ca_folder_fini(struct ca_folder *folder);

/* "DIR/name", good until the next call but three. */
const char *ca_folder_path(const struct ca_folder *folder, const char *name);

/* Whether the file `name` there has `text` in it. */
bool ca_folder_has(const struct ca_folder *folder, const char *name,
                   const char *text);

/* 0 when `der` verifies for `name` against the folder's ca.pem, else bits of
 * gnutls_certificate_status_t. */
unsigned ca_folder_verify(const struct ca_folder *folder,
                          const gnutls_datum_t *der, const char *name);

#endif
