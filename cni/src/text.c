// SPDX-License-Identifier: Apache-2.0
#include "text.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool reserve(struct text *text, size_t more)
{
	size_t capacity = text->capacity ? text->capacity : 4096;
	char *bytes;

	if (text->failed)
		return false;
	while (capacity - text->length < more)
		capacity *= 2;
	if (capacity == text->capacity)
		return true;
	bytes = realloc(text->bytes, capacity);
	if (!bytes) {
		text->failed = true;
		return false;
	}
	text->bytes = bytes;
	text->capacity = capacity;
	return true;
}

void text_append(struct text *text, const char *bytes, size_t length)
{
	if (length == 0 || !reserve(text, length))
		return;
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

void text_append_string(struct text *text, const char *string)
{
	text_append(text, string, strlen(string));
}

void text_append_json_string(struct text *text, const char *string)
{
	text_append(text, "\"", 1);
	for (; *string; string++) {
		unsigned char c = (unsigned char)*string;
		char escaped[8];

		if (c == '"' || c == '\\') {
			snprintf(escaped, sizeof(escaped), "\\%c", c);
			text_append_string(text, escaped);
		} else if (c < 0x20) {
			snprintf(escaped, sizeof(escaped), "\\u%04x", c);
			text_append_string(text, escaped);
		} else {
			text_append(text, string, 1);
		}
	}
	text_append(text, "\"", 1);
}

void text_append_number(struct text *text, long number)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%ld", number);
	text_append_string(text, digits);
}

void text_free(struct text *text)
{
	free(text->bytes);
	memset(text, 0, sizeof(*text));
}

long now_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

enum text_read text_read_all(struct text *text, int descriptor, size_t limit, long deadline)
{
	char chunk[16384];

	for (;;) {
		struct pollfd ready = { .fd = descriptor, .events = POLLIN };
		long left = deadline ? deadline - now_milliseconds() : -1;
		ssize_t count;
		int polled;

		if (deadline && left <= 0)
			return TEXT_READ_TIMEOUT;
		polled = poll(&ready, 1, (int)left);
		if (polled < 0 && errno != EINTR)
			return TEXT_READ_ERROR;
		if (polled <= 0)
			continue;
		count = read(descriptor, chunk, sizeof(chunk));
		if (count < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (count < 0)
			return TEXT_READ_ERROR;
		if (count == 0)
			return text->failed ? TEXT_READ_ERROR : TEXT_READ_END;
		if (text->length + (size_t)count > limit)
			return TEXT_READ_TOO_LONG;
		text_append(text, chunk, (size_t)count);
	}
}
