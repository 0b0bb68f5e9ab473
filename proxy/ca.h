/* SPDX-License-Identifier: MIT */
/* ca.h - our certificate authority: makes itself, and leaves. */

#ifndef CA_H
#define CA_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <time.h>

#include "proxy/leaf_name.h"

/* Longest common name (RFC 5280, upper bounds of appendix A.1). */
#define CA_NAME_MAX 64

/* How long a new authority and a leaf are good for, unless somebody says. */
#define CA_DAYS       1825
#define CA_LEAF_DAYS  14
#define CA_DAY        ((time_t)86400)

/* The certificate, and in a process that may mint the key. */
struct ca {
    gnutls_x509_crt_t certificate;
    gnutls_privkey_t key;               /* or NULL */
};

/* Make a new authority called `name` (UTF-8, at most CA_NAME_MAX bytes), valid
 * from a day before `now`.  Both are PEM, to be freed with gnutls_free.
 * Answers a GnuTLS code. */
int ca_generate(const char *name, time_t now, unsigned days,
                gnutls_datum_t *certificate, gnutls_datum_t *key);

/* Read PEM; `key` may be NULL.  Answers a GnuTLS code, and on success gives a
 * `ca` for ca_fini.  That the two belong together is not checked. */
int ca_init(struct ca *ca, const gnutls_datum_t *certificate,
            const gnutls_datum_t *key);
void ca_fini(struct ca *ca);

/* Whether the key is the certificate's. */
bool ca_keys_match(const struct ca *ca);

/* Make a certificate for a server called `name` that holds `subject`, valid
 * from a day before `now` until `seconds` behind it, never longer than the
 * authority.  DER, to be freed with gnutls_free.  Answers a GnuTLS code;
 * GNUTLS_E_EXPIRED when the authority is not valid at `now`. */
int ca_mint(const struct ca *ca, const struct leaf_name *name,
            gnutls_pubkey_t subject, time_t now, unsigned seconds,
            gnutls_datum_t *der, time_t *not_after);

#endif
