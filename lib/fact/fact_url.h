/* SPDX-License-Identifier: MIT */
/* fact_url.h - turns an address as it is written into facts. */

#ifndef DV_FACT_URL_H
#define DV_FACT_URL_H

#include "fact/fact.h"
#include "url/url.h"

/* Add what `raw`, an address that stands at [at, at + len) of the artifact and
 * is used as `kind`, means when it is resolved against `base`:
 *
 *  - a DV_FACT_URL with the absolute address as text and `kind` as aux;
 *    without a base (NULL, an opaque one such as about:blank, or one of more
 *    than 2 KiB), an address that is not absolute is kept as it is written,
 *    trimmed;
 *  - for javascript: the code, for data: the bytes, as a nested artifact
 *    (their texts lie in facts->arena) and no fact;
 *  - nothing for blob:, about:, mailto: and tel:, for an empty address, and
 *    for one that a browser would refuse.
 *
 * Code is verbatim when `raw` is the artifact's text (raw.len == len) and
 * nothing had to be decoded. */
void dv_fact_url_add(struct dv_facts *facts, const struct dv_url *base,
                     struct dv_span raw, davy_kind kind, size_t at,
                     size_t len);

#endif
