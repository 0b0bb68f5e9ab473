/* SPDX-License-Identifier: MIT */
/* ca_store.h - the folder that holds the authority: its rights, its files. */

#ifndef CA_STORE_H
#define CA_STORE_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define CA_STORE_CERTIFICATE "ca.pem"
#define CA_STORE_KEY         "ca-key.pem"

/* The folder `dir`, opened; -1 with errno set. */
int ca_store_open(const char *dir);

/* A file in it, for reading; no symbolic link, no device.  -1 with errno. */
int ca_store_open_file(int folder, const char *name);

/* Whose files will do besides root's: this user's, or until it is called those
 * of who runs the process. */
void ca_store_set_owner(uid_t owner);

/* What is wrong with owner and mode of a folder, of the key, or of the
 * certificate; NULL when all is well. */
const char *ca_store_folder_fault(int folder);
const char *ca_store_key_fault(int file);
const char *ca_store_certificate_fault(int file);

/* The bytes of a file from its beginning (at most 64 KiB), whatever its offset
 * is.  False with errno.  Give them to ca_store_forget. */
bool ca_store_read(int file, gnutls_datum_t *bytes);

/* Overwrite with zeros, and free. */
void ca_store_forget(gnutls_datum_t *bytes);

/* Write a new file of this mode: it is there whole, or not at all, and never
 * takes the place of another.  False with errno, EEXIST among them. */
bool ca_store_write(int folder, const char *name, mode_t mode,
                    const gnutls_datum_t *bytes);

/* Give a file the name NAME.old-SUFFIX, which nothing has yet.  A file that is
 * not there is fine.  False with errno. */
bool ca_store_set_aside(int folder, const char *name, const char *suffix);

#endif
