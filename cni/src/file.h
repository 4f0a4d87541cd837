/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KUMO_CNI_FILE_H
#define KUMO_CNI_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "text.h"

/*
 * Writes `directory`/`name` so that others see either nothing of it or all of it, also after a loss of power: a temporary
 * file, fsync, rename, fsync of the directory. 0, or -1 with errno.
 */
int file_write(const char *directory, const char *name, const struct text *content, mode_t mode);

/* Makes a directory and its parents (0755). */
int file_make_directories(const char *path);

/*
 * Copies the running program to `directory`/kumo-cni, or another one, `source`, under its own name: images hold no cp. Prints
 * what went wrong; returns an exit status.
 */
int file_install(const char *directory, const char *source);

/* Removes `directory`/kumo-cni; one that isn't there is not missed. Prints what went wrong; returns an exit status. */
int file_uninstall(const char *directory);

#endif
