/* SPDX-License-Identifier: MIT */
/* url_ip.h - numeric hosts in all the ways that browsers read them. */

#ifndef DV_URL_IP_H
#define DV_URL_IP_H

#include "base/span.h"

/* Room for any of the texts below. */
#define DV_URL_IP_TEXT 48

/* Whether the last label of `host` is a number, so that the host is an IPv4
 * address or nothing (URL Standard, "ends in a number checker"). */
bool dv_url_ip_ends_in_number(struct dv_span host);

/* Read "1.2.3.4", "0x7f.1", "017700000001" ... and write it with four decimal
 * numbers; the length, or 0 when it is no address. */
size_t dv_url_ip_v4(struct dv_span host, char text[DV_URL_IP_TEXT]);

/* Read an IPv6 address without its brackets and write it, with brackets, in
 * its short form (RFC 5952); the length, or 0. */
size_t dv_url_ip_v6(struct dv_span host, char text[DV_URL_IP_TEXT]);

#endif
