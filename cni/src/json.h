/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KUMO_CNI_JSON_H
#define KUMO_CNI_JSON_H

#include <stdbool.h>
#include <stddef.h>

/* Part of a JSON document that json_valid_object() has accepted. */
struct json_span {
	const char *start;
	size_t length;
};

/*
 * Is it one JSON object (RFC 8259) and nothing else but white space? At most 64 levels deep. Whether strings are UTF-8
 * is left to the reader of the whole document.
 */
bool json_valid_object(const char *bytes, size_t length);

/* The value of a top-level member of a valid object; the last one if the name is repeated. */
bool json_member(const char *bytes, size_t length, const char *name, struct json_span *value);

/* Copies a string value without escapes; false for other types, for strings with escapes and for those that don't fit. */
bool json_plain_string(struct json_span value, char *out, size_t size);

/* A number in 0..255. */
bool json_small_number(struct json_span value, int *out);

#endif
