/* SPDX-License-Identifier: MIT */
/* cert_leaf.c - a certificate that is ready for handshakes; counted. */

#include "proxy/cert_leaf.h"

#include <stdlib.h>

#include "common/fatal.h"

struct cert_leaf *
cert_leaf_new(const gnutls_datum_t *der, time_t not_after)
{
    struct cert_leaf *leaf = fatal_alloc(sizeof(*leaf));

    if (gnutls_pcert_import_x509_raw(&leaf->certificate, der,
                                     GNUTLS_X509_FMT_DER, 0) < 0) {
        free(leaf);
        return NULL;
    }
    leaf->not_after = not_after;
    leaf->references = 1;
    return leaf;
}

struct cert_leaf *
cert_leaf_ref(struct cert_leaf *leaf)
{
    leaf->references++;
    return leaf;
}

void
cert_leaf_unref(struct cert_leaf *leaf)
{
    if (leaf == NULL || --leaf->references > 0)
        return;
    gnutls_pcert_deinit(&leaf->certificate);
    free(leaf);
}
