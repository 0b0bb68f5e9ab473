/* SPDX-License-Identifier: MIT */
/* authority.c - keeps what the key process has said; its file may be gone or
 * out of reach by now. */

#include "proxy/authority.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/fatal.h"
#include "common/log.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static gnutls_datum_t authority;

static bool
is_known(const gnutls_datum_t *der)
{
    return authority.size == der->size
           && memcmp(authority.data, der->data, der->size) == 0;
}

void
authority_set(const gnutls_datum_t *der)
{
    bool is_first = false;
    bool is_new = false;

    pthread_mutex_lock(&lock);
    if (!is_known(der)) {
        is_new = true;
        is_first = authority.size == 0;
        free(authority.data);
        authority.data = fatal_alloc(der->size);
        authority.size = der->size;
        memcpy(authority.data, der->data, der->size);
    }
    pthread_mutex_unlock(&lock);
    if (is_new)
        log_note("%s", is_first ? "there is an authority: HTTPS is judged"
                                : "a new authority signs from now on; "
                                  "browsers must trust it");
}

bool
authority_is_there(void)
{
    bool is_there;

    pthread_mutex_lock(&lock);
    is_there = authority.size > 0;
    pthread_mutex_unlock(&lock);
    return is_there;
}

unsigned char *
authority_pem(size_t *length)
{
    gnutls_datum_t pem = { NULL, 0 };

    pthread_mutex_lock(&lock);
    if (authority.size > 0
        && gnutls_pem_base64_encode2("CERTIFICATE", &authority, &pem) < 0)
        pem = (gnutls_datum_t){ NULL, 0 };
    pthread_mutex_unlock(&lock);
    *length = pem.size;
    return pem.data;
}

void
authority_forget(void)
{
    pthread_mutex_lock(&lock);
    free(authority.data);
    authority = (gnutls_datum_t){ NULL, 0 };
    pthread_mutex_unlock(&lock);
}
