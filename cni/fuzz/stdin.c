// SPDX-License-Identifier: Apache-2.0
/*
 * What a runtime may hand to the plugin, for libFuzzer. The input is lines: CNI_COMMAND, CNI_CONTAINERID, CNI_IFNAME, CNI_NETNS,
 * the dataplane's answer (nobody listens if it is empty); the rest is standard input. An empty variable is an absent one.
 *
 * The plugin's own main() runs; the dataplane and the file system are replaced, and check what they are given.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../src/dataplane.h"
#include "../src/file.h"
#include "../src/json.h"

#define REQUIRE(condition)                                                        \
	do {                                                                      \
		if (!(condition)) {                                               \
			fprintf(stderr, "finding: not so: %s\n", #condition);     \
			abort();                                                  \
		}                                                                 \
	} while (0)

int plugin_main(int argc, char **argv);
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct text scripted_answer;

enum dataplane_result dataplane_ask(const char *path, const struct text *request, long patience, struct text *answer,
				    const char **why)
{
	struct json_span member;

	REQUIRE(path[0] == '/');
	REQUIRE(patience > 0);
	REQUIRE(json_valid_object(request->bytes, request->length));
	REQUIRE(json_member(request->bytes, request->length, "env", &member) && member.start[0] == '{');
	REQUIRE(json_member(request->bytes, request->length, "config", &member));
	text_append(answer, scripted_answer.bytes, scripted_answer.length);
	*why = "as the input has it";
	if (scripted_answer.length == 0)
		return DATAPLANE_DOWN;
	return json_valid_object(answer->bytes, answer->length) ? DATAPLANE_ANSWERED : DATAPLANE_SILENT;
}

int file_make_directories(const char *path)
{
	REQUIRE(path[0] == '/');
	return 0;
}

/* A tombstone stays in its folder. */
int file_write(const char *directory, const char *name, const struct text *content, mode_t mode)
{
	REQUIRE(directory[0] == '/');
	REQUIRE(name[0] != '.' && !strchr(name, '/') && strlen(name) < 160);
	REQUIRE(json_valid_object(content->bytes, content->length));
	REQUIRE(mode == 0600);
	return 0;
}

int file_install(const char *directory, const char *source)
{
	(void)directory;
	(void)source;
	abort();
}

int file_uninstall(const char *directory)
{
	(void)directory;
	abort();
}

/* Up to the end of the line, without it. */
static struct text take_line(const char **at, const char *end)
{
	const char *stop = memchr(*at, '\n', (size_t)(end - *at));
	struct text line = { 0 };

	if (!stop)
		stop = end;
	text_append(&line, *at, (size_t)(stop - *at));
	*at = stop < end ? stop + 1 : end;
	return line;
}

static void set_variable(const char *name, const char **at, const char *end)
{
	struct text value = take_line(at, end);

	text_append(&value, "", 1);
	setenv(name, value.bytes, 1);
	text_free(&value);
}

static void set_stdin(const char *bytes, size_t length)
{
	REQUIRE(ftruncate(STDIN_FILENO, 0) == 0);
	REQUIRE(pwrite(STDIN_FILENO, bytes, length, 0) == (ssize_t)length);
	REQUIRE(lseek(STDIN_FILENO, 0, SEEK_SET) == 0);
}

/* The plugin's own buffers have room to spare, in which a step too far would go unseen; these have none. */
static void read_without_room(const char *bytes, size_t length)
{
	static const size_t version = 16;
	char *document = malloc(length), *out = malloc(version);
	struct json_span value;
	int number;

	memcpy(document, bytes, length);
	if (json_valid_object(document, length) && json_member(document, length, "cniVersion", &value)) {
		json_plain_string(value, out, version);
		json_small_number(value, &number);
	}
	free(document);
	free(out);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	REQUIRE(dup2(memfd_create("stdin", 0), STDIN_FILENO) == STDIN_FILENO);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size;
	char *arguments[] = { "kumo-cni", NULL };
	FILE *terminal = stdout;
	char *printed = NULL;
	size_t length = 0;
	int code;

	set_variable("CNI_COMMAND", &at, end);
	set_variable("CNI_CONTAINERID", &at, end);
	set_variable("CNI_IFNAME", &at, end);
	set_variable("CNI_NETNS", &at, end);
	scripted_answer = take_line(&at, end);
	read_without_room(at, (size_t)(end - at));
	set_stdin(at, (size_t)(end - at));
	stdout = open_memstream(&printed, &length);
	code = plugin_main(1, arguments);
	fclose(stdout);
	stdout = terminal;
	REQUIRE(code >= 0 && code <= 255);
	REQUIRE(length == 0 || json_valid_object(printed, length));
	free(printed);
	text_free(&scripted_answer);
	return 0;
}
