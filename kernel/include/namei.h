/*
 * Walking a path to the dentry it names.
 *
 * A walk stands in a directory and has a rest of path to go. Symbolic links are
 * followed by writing their target in front of the rest, so nothing recurses:
 *
 *	at /usr, rest "bin/ls"      bin -> ../bin
 *	at /usr, rest "../bin/ls"
 */
#pragma once

#include "dentry.h"
#include "types.h"

#define LINKS_MAX 40 /* followed in one walk; one more is -ELOOP */

struct walk {
	struct dentry *at;     /* a reference */
	const char *rest;
	char *expanded;        /* what rest points into after a link, or NULL */
	unsigned int nr_links;

	/* The last component, once walk_to_last() has come to it. */
	const char *name;      /* not NUL-terminated */
	size_t name_bytes;     /* 0: the path was only slashes, at is it */
	bool slash;            /* slashes follow: it must be a directory */
};

/* Stand where @path starts. 0, -ENOENT (empty), -EBADF, -ENOTDIR. */
int walk_start(struct walk *walk, int dirfd, const char *path);

/* Drop what the walk holds; after walk_start() succeeded, always. */
void walk_end(struct walk *walk);

/* Go on until only the last component is left; links on the way are followed. */
int walk_to_last(struct walk *walk);

/*
 * The last component's dentry, with a reference, not followed if it is a link.
 * -ENOENT: there is none.
 */
int walk_last(struct walk *walk, struct dentry **dentry);

/* The last component was the link @link: go on with its target. */
int walk_follow(struct walk *walk, struct dentry *link);

/* Whether the last component is "." or "..", or missing. */
bool walk_ends_in_dots(const struct walk *walk);

/* All of the above: the dentry of @path, with a reference. */
int path_lookup(int dirfd, const char *path, bool follow,
		struct dentry **dentry);
