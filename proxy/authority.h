/* SPDX-License-Identifier: MIT */
/* authority.h - the certificate of the authority in force, for those who show
 * it; any thread. */

#ifndef AUTHORITY_H
#define AUTHORITY_H

#include <gnutls/gnutls.h>
#include <stdbool.h>

/* This one, in DER, from now on. */
void authority_set(const gnutls_datum_t *der);

bool authority_is_there(void);

/* In PEM, to be freed with gnutls_free; NULL when there is none. */
unsigned char *authority_pem(size_t *length);

void authority_forget(void);

#endif
