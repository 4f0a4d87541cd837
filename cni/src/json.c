// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include <string.h>

#define DEPTH_LIMIT 64

struct scanner {
	const char *at;
	const char *end;
};

static bool scan_value(struct scanner *scanner, int depth);

static void skip_space(struct scanner *scanner)
{
	while (scanner->at < scanner->end && memchr(" \t\r\n", *scanner->at, 4))
		scanner->at++;
}

static bool take(struct scanner *scanner, char expected)
{
	if (scanner->at == scanner->end || *scanner->at != expected)
		return false;
	scanner->at++;
	return true;
}

static bool take_word(struct scanner *scanner, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(scanner->end - scanner->at) < length || memcmp(scanner->at, word, length) != 0)
		return false;
	scanner->at += length;
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hexadecimal(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool take_digits(struct scanner *scanner)
{
	const char *start = scanner->at;

	while (scanner->at < scanner->end && is_digit(*scanner->at))
		scanner->at++;
	return scanner->at > start;
}

static bool scan_escape(struct scanner *scanner)
{
	if (scanner->at == scanner->end)
		return false;
	if (*scanner->at != 'u')
		return memchr("\"\\/bfnrt", *scanner->at++, 8) != NULL;
	scanner->at++;
	for (int i = 0; i < 4; i++) {
		if (scanner->at == scanner->end || !is_hexadecimal(*scanner->at++))
			return false;
	}
	return true;
}

static bool scan_string(struct scanner *scanner)
{
	if (!take(scanner, '"'))
		return false;
	while (scanner->at < scanner->end) {
		unsigned char c = (unsigned char)*scanner->at++;

		if (c == '"')
			return true;
		if (c < 0x20 || (c == '\\' && !scan_escape(scanner)))
			return false;
	}
	return false;
}

static bool scan_number(struct scanner *scanner)
{
	take(scanner, '-');
	if (!take(scanner, '0') && !take_digits(scanner))
		return false;
	if (take(scanner, '.') && !take_digits(scanner))
		return false;
	if (!take(scanner, 'e') && !take(scanner, 'E'))
		return true;
	if (!take(scanner, '+'))
		take(scanner, '-');
	return take_digits(scanner);
}

static bool scan_member(struct scanner *scanner, int depth, struct json_span *name, struct json_span *value)
{
	skip_space(scanner);
	name->start = scanner->at;
	if (!scan_string(scanner))
		return false;
	name->length = (size_t)(scanner->at - name->start);
	skip_space(scanner);
	if (!take(scanner, ':'))
		return false;
	skip_space(scanner);
	value->start = scanner->at;
	if (!scan_value(scanner, depth))
		return false;
	value->length = (size_t)(scanner->at - value->start);
	skip_space(scanner);
	return true;
}

/* Behind the opening brace. Remembers the value of the member called `wanted`, if one is wanted. */
static bool scan_members(struct scanner *scanner, int depth, const char *wanted, struct json_span *found)
{
	skip_space(scanner);
	if (take(scanner, '}'))
		return true;
	do {
		struct json_span name, value;

		if (!scan_member(scanner, depth, &name, &value))
			return false;
		if (wanted && name.length == strlen(wanted) + 2 && memcmp(name.start + 1, wanted, name.length - 2) == 0)
			*found = value;
	} while (take(scanner, ','));
	return take(scanner, '}');
}

static bool scan_elements(struct scanner *scanner, int depth)
{
	skip_space(scanner);
	if (take(scanner, ']'))
		return true;
	do {
		skip_space(scanner);
		if (!scan_value(scanner, depth))
			return false;
		skip_space(scanner);
	} while (take(scanner, ','));
	return take(scanner, ']');
}

static bool scan_value(struct scanner *scanner, int depth)
{
	if (depth > DEPTH_LIMIT || scanner->at == scanner->end)
		return false;
	switch (*scanner->at) {
	case '{':
		scanner->at++;
		return scan_members(scanner, depth + 1, NULL, NULL);
	case '[':
		scanner->at++;
		return scan_elements(scanner, depth + 1);
	case '"':
		return scan_string(scanner);
	case 't':
		return take_word(scanner, "true");
	case 'f':
		return take_word(scanner, "false");
	case 'n':
		return take_word(scanner, "null");
	default:
		return scan_number(scanner);
	}
}

static bool scan_object(const char *bytes, size_t length, const char *wanted, struct json_span *found)
{
	struct scanner scanner = { bytes, bytes + length };

	skip_space(&scanner);
	if (!take(&scanner, '{') || !scan_members(&scanner, 1, wanted, found))
		return false;
	skip_space(&scanner);
	return scanner.at == scanner.end;
}

bool json_valid_object(const char *bytes, size_t length)
{
	return bytes && scan_object(bytes, length, NULL, NULL);
}

bool json_member(const char *bytes, size_t length, const char *name, struct json_span *value)
{
	value->start = NULL;
	return scan_object(bytes, length, name, value) && value->start;
}

bool json_plain_string(struct json_span value, char *out, size_t size)
{
	size_t length;

	if (value.length < 2 || value.start[0] != '"' || memchr(value.start, '\\', value.length))
		return false;
	length = value.length - 2;
	if (length >= size || memchr(value.start, '\0', value.length))
		return false;
	memcpy(out, value.start + 1, length);
	out[length] = '\0';
	return true;
}

bool json_small_number(struct json_span value, int *out)
{
	int number = 0;

	if (value.length == 0 || value.length > 3)
		return false;
	for (size_t i = 0; i < value.length; i++) {
		if (!is_digit(value.start[i]))
			return false;
		number = number * 10 + (value.start[i] - '0');
	}
	*out = number;
	return number <= 255;
}
