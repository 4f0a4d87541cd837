// SPDX-License-Identifier: Apache-2.0
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAM_LIMIT (512 * 1024 * 1024)

static int write_all(int descriptor, const struct text *content)
{
	size_t written = 0;

	while (written < content->length) {
		ssize_t count = write(descriptor, content->bytes + written, content->length - written);

		if (count < 0 && errno != EINTR)
			return -1;
		if (count > 0)
			written += (size_t)count;
	}
	return 0;
}

static int write_temporary(int descriptor, const struct text *content, mode_t mode)
{
	int result = write_all(descriptor, content);

	if (result == 0)
		result = fchmod(descriptor, mode);
	if (result == 0)
		result = fsync(descriptor);
	if (close(descriptor) != 0)
		result = -1;
	return result;
}

static int sync_directory(const char *path)
{
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result;

	if (descriptor < 0)
		return -1;
	result = fsync(descriptor);
	close(descriptor);
	return result;
}

int file_write(const char *directory, const char *name, const struct text *content, mode_t mode)
{
	char temporary[PATH_MAX];
	char final[PATH_MAX];
	int descriptor;
	int error;

	/* A leading dot: whoever lists the directory leaves it alone. */
	if (snprintf(temporary, sizeof(temporary), "%s/.%s.XXXXXX", directory, name) >= (int)sizeof(temporary) ||
	    snprintf(final, sizeof(final), "%s/%s", directory, name) >= (int)sizeof(final)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	descriptor = mkostemp(temporary, O_CLOEXEC);
	if (descriptor < 0)
		return -1;
	if (write_temporary(descriptor, content, mode) == 0 && rename(temporary, final) == 0)
		return sync_directory(directory);
	error = errno;
	unlink(temporary);
	errno = error;
	return -1;
}

int file_make_directories(const char *path)
{
	char part[PATH_MAX];
	size_t length = strlen(path);

	if (length >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (size_t i = 1; i <= length; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return -1;
	}
	return 0;
}

int file_install(const char *directory, const char *source)
{
	const char *path = source ? source : "/proc/self/exe";
	const char *slash = source ? strrchr(source, '/') : NULL;
	const char *name = !source ? "kumo-cni" : slash ? slash + 1 : source;
	struct text program = { 0 };
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	int status = EXIT_SUCCESS;

	if (descriptor < 0 || text_read_all(&program, descriptor, PROGRAM_LIMIT, 0) != TEXT_READ_END) {
		fprintf(stderr, "kumo-cni: cannot read %s: %s\n", path, strerror(errno));
		status = EXIT_FAILURE;
	} else if (file_write(directory, name, &program, 0755) != 0) {
		fprintf(stderr, "kumo-cni: cannot write %s/%s: %s\n", directory, name, strerror(errno));
		status = EXIT_FAILURE;
	}
	if (descriptor >= 0)
		close(descriptor);
	text_free(&program);
	return status;
}

int file_uninstall(const char *directory)
{
	char program[PATH_MAX];

	if (snprintf(program, sizeof(program), "%s/kumo-cni", directory) >= (int)sizeof(program)) {
		errno = ENAMETOOLONG;
	} else if (unlink(program) == 0 || errno == ENOENT) {
		return EXIT_SUCCESS;
	}
	fprintf(stderr, "kumo-cni: cannot remove %s/kumo-cni: %s\n", directory, strerror(errno));
	return EXIT_FAILURE;
}
