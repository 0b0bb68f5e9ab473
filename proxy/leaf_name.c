/* SPDX-License-Identifier: MIT */
/* leaf_name.c - reads names that a certificate may be made for. */

#include "proxy/leaf_name.h"

#include <arpa/inet.h>
#include <string.h>

#define MAX_LABEL 63

enum form {
    FORM_ANY,
    FORM_DNS,
    FORM_IPV6
};

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Letter, digit or hyphen; `c` is in lower case. */
static bool
is_ldh(char c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-';
}

/* One label, without its dot. */
static bool
is_label(const char *at, size_t length)
{
    if (length == 0 || length > MAX_LABEL || at[0] == '-'
        || at[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!is_ldh(at[i]))
            return false;
    }
    return true;
}

static bool
is_number(const char *at)
{
    while (is_digit(*at))
        at++;
    return *at == '\0';
}

static bool
is_dns_name(const char *text)
{
    const char *label = text;
    size_t length;

    for (;; label += length + 1) {
        length = strcspn(label, ".");
        if (!is_label(label, length))
            return false;
        if (label[length] == '\0')
            break;
    }
    return !is_number(label);           /* else it reads like an address */
}

/* inet_pton knows neither zones, octal numbers nor short forms. */
static bool
read_address(struct leaf_name *name)
{
    if (inet_pton(AF_INET, name->text, name->address) == 1)
        name->address_length = 4;
    else if (inet_pton(AF_INET6, name->text, name->address) == 1)
        name->address_length = 16;
    else
        return false;
    return inet_ntop(name->address_length == 4 ? AF_INET : AF_INET6,
                     name->address, name->text, sizeof(name->text)) != NULL;
}

/* Take the form of text away that is not the name's; what kind it must be. */
static enum form
strip(const char **text, size_t *length)
{
    if (*length > 2 && **text == '[' && (*text)[*length - 1] == ']') {
        ++*text;
        *length -= 2;
        return FORM_IPV6;
    }
    if (*length > 1 && (*text)[*length - 1] == '.') {
        --*length;                      /* the root, written out */
        return FORM_DNS;
    }
    return FORM_ANY;
}

bool
leaf_name_read(struct leaf_name *out, const char *text, size_t length)
{
    struct leaf_name name = { .address_length = 0 };
    const enum form form = strip(&text, &length);

    if (length == 0 || length >= sizeof(name.text)
        || memchr(text, '\0', length) != NULL)
        return false;
    for (size_t i = 0; i < length; i++)
        name.text[i] = lower(text[i]);
    if (form == FORM_IPV6 || !is_dns_name(name.text)) {
        if (form == FORM_DNS || !read_address(&name)
            || (form == FORM_IPV6 && name.address_length != 16))
            return false;
    }
    *out = name;
    return true;
}
