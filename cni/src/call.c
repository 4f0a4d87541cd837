// SPDX-License-Identifier: Apache-2.0
#include "call.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"

#define CONFIG_LIMIT (1024 * 1024)

static const char *const passed_variables[] = {
	"CNI_COMMAND", "CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_ARGS", "CNI_PATH",
};

/* Each command with what it needs; versions before `since` don't know it. */
struct command {
	const char *name;
	bool attachment;
	bool netns;
	int since;
};

static const struct command commands[] = {
	{ "ADD", true, true, 0 },    { "DEL", true, false, 0 },    { "CHECK", true, true, 1 },
	{ "STATUS", false, false, 3 }, { "GC", false, false, 3 }, { "VERSION", false, false, 0 },
};

/* Ascending: the index is what `since` counts in. */
static const char *const supported_versions[] = { "0.3.1", "0.4.0", "1.0.0", "1.1.0" };

int call_refuse(const struct call *call, int code, const char *message, const char *details)
{
	struct text out = { 0 };

	text_append_string(&out, "{\"cniVersion\":");
	text_append_json_string(&out, call->version[0] ? call->version : "1.1.0");
	text_append_string(&out, ",\"code\":");
	text_append_number(&out, code);
	text_append_string(&out, ",\"msg\":");
	text_append_json_string(&out, message);
	if (details && details[0]) {
		text_append_string(&out, ",\"details\":");
		text_append_json_string(&out, details);
	}
	text_append_string(&out, "}\n");
	fwrite(out.bytes, 1, out.length, stdout);
	text_free(&out);
	return code;
}

static bool is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* As the specification has it; it becomes part of a file's name. */
static bool is_container(const char *id)
{
	if (!is_alphanumeric(id[0]) || strlen(id) > 128)
		return false;
	for (; *id; id++) {
		if (!is_alphanumeric(*id) && !strchr("_.-", *id))
			return false;
	}
	return true;
}

/* As the kernel has it (dev_valid_name). */
static bool is_interface(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length > 15 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return false;
	return strcspn(name, "/: \t\n\v\f\r") == length;
}

static const struct command *command_named(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

static int refuse_variable(const struct call *call, const char *name, const char *value)
{
	struct text details = { 0 };
	int code;

	text_append_string(&details, name);
	text_append_string(&details, value ? " is invalid: " : " is missing");
	text_append_string(&details, value ? value : "");
	text_append(&details, "", 1);
	code = call_refuse(call, CNI_INVALID_ENVIRONMENT, "invalid environment variable",
			   details.failed ? name : details.bytes);
	text_free(&details);
	return code;
}

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && value[0] ? value : NULL;
}

static int read_environment(struct call *call, const struct command *command)
{
	call->container = variable("CNI_CONTAINERID");
	call->interface = variable("CNI_IFNAME");
	call->netns = variable("CNI_NETNS");
	if (!command->attachment)
		return CNI_OK;
	if (!call->container || !is_container(call->container))
		return refuse_variable(call, "CNI_CONTAINERID", call->container);
	if (!call->interface || !is_interface(call->interface))
		return refuse_variable(call, "CNI_IFNAME", call->interface);
	if (command->netns && !call->netns)
		return refuse_variable(call, "CNI_NETNS", NULL);
	return CNI_OK;
}

static int read_version(struct call *call, const struct command *command)
{
	int count = (int)(sizeof(supported_versions) / sizeof(supported_versions[0]));
	struct json_span value;

	if (json_member(call->config.bytes, call->config.length, "cniVersion", &value) &&
	    !json_plain_string(value, call->version, sizeof(call->version)))
		return call_refuse(call, CNI_DECODING_FAILURE, "cniVersion is not a version", NULL);
	if (strcmp(command->name, "VERSION") == 0)
		return CNI_OK;
	for (int i = command->since; i < count; i++) {
		if (strcmp(supported_versions[i], call->version) == 0)
			return CNI_OK;
	}
	return call_refuse(call, CNI_INCOMPATIBLE_VERSION, "incompatible CNI version",
			   call->version[0] ? "this command knows none but 0.3.1, 0.4.0, 1.0.0 and 1.1.0; CHECK "
					      "begins with 0.4.0, STATUS and GC with 1.1.0"
					    : "the configuration has no cniVersion");
}

static int read_path(struct call *call, const char *name, char *out, size_t size)
{
	struct json_span value;

	if (!json_member(call->config.bytes, call->config.length, name, &value))
		return CNI_OK;
	if (!json_plain_string(value, out, size) || out[0] != '/')
		return call_refuse(call, CNI_INVALID_CONFIG, "not an absolute path", name);
	return CNI_OK;
}

static int read_config(struct call *call)
{
	switch (text_read_all(&call->config, STDIN_FILENO, CONFIG_LIMIT, 0)) {
	case TEXT_READ_END:
		break;
	case TEXT_READ_TOO_LONG:
		return call_refuse(call, CNI_DECODING_FAILURE, "network configuration is longer than 1 MiB", NULL);
	default:
		return call_refuse(call, CNI_IO_FAILURE, "cannot read the network configuration", strerror(errno));
	}
	if (!json_valid_object(call->config.bytes, call->config.length))
		return call_refuse(call, CNI_DECODING_FAILURE, "network configuration is not a JSON object", NULL);
	return CNI_OK;
}

int call_read(struct call *call)
{
	const struct command *command;
	int code;

	call->command = variable("CNI_COMMAND");
	command = call->command ? command_named(call->command) : NULL;
	if (!command)
		return refuse_variable(call, "CNI_COMMAND", call->command);
	code = read_config(call);
	if (code == CNI_OK)
		code = read_version(call, command);
	if (code == CNI_OK)
		code = read_environment(call, command);
	if (code == CNI_OK)
		code = read_path(call, "socket", call->socket, sizeof(call->socket));
	if (code == CNI_OK)
		code = read_path(call, "tombstones", call->tombstones, sizeof(call->tombstones));
	return code;
}

void call_request(const struct call *call, struct text *request)
{
	bool first = true;

	text_append_string(request, "{\"env\":{");
	for (size_t i = 0; i < sizeof(passed_variables) / sizeof(passed_variables[0]); i++) {
		const char *value = variable(passed_variables[i]);

		if (!value)
			continue;
		if (!first)
			text_append_string(request, ",");
		first = false;
		text_append_json_string(request, passed_variables[i]);
		text_append_string(request, ":");
		text_append_json_string(request, value);
	}
	text_append_string(request, "},\"config\":");
	text_append(request, call->config.bytes, call->config.length);
	text_append_string(request, "}\n");
}
