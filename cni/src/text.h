/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KUMO_CNI_TEXT_H
#define KUMO_CNI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A growing byte string. After a failed allocation `failed` stays set and appends do nothing: callers check once. */
struct text {
	char *bytes;
	size_t length;
	size_t capacity;
	bool failed;
};

void text_append(struct text *text, const char *bytes, size_t length);
void text_append_string(struct text *text, const char *string);
/* Appends a JSON string literal, quotes included. Bytes from 0x80 on pass through: UTF-8 stays UTF-8. */
void text_append_json_string(struct text *text, const char *string);
void text_append_number(struct text *text, long number);
void text_free(struct text *text);

enum text_read {
	TEXT_READ_END,
	TEXT_READ_TIMEOUT,
	TEXT_READ_ERROR,
	TEXT_READ_TOO_LONG,
};

/* Reads until end of file. `deadline` is in milliseconds of now_milliseconds(); 0 waits without end. */
enum text_read text_read_all(struct text *text, int descriptor, size_t limit, long deadline);

/* Monotonic. */
long now_milliseconds(void);

#endif
