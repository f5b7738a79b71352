/* SPDX-License-Identifier: MIT
 *
 * Strict YAML: what people write into seed, term and screen files, read into a small tree
 * that knows where everything stood.  Only plain data passes: no aliases, anchors, tags,
 * second documents, duplicate keys or merge keys; at most YDOC_DEPTH deep and YDOC_BYTES
 * long.  Every mistake found is said at once as file, line, column, what, what to write.
 *
 * The tree lives until ydoc_fini; nodes and their texts are borrowed from it.
 */
#ifndef LINKBOOK_YDOC_H
#define LINKBOOK_YDOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linkbook/buf.h>
#include <linkbook/err.h>

enum { YDOC_DEPTH = 16, YDOC_BYTES = 8 << 20, YDOC_NODES = 200000 };

enum ynode_kind { YNODE_TEXT, YNODE_LIST, YNODE_MAP };

struct ynode {
	enum ynode_kind kind;
	unsigned line, column; /* from 1 */
	bool quoted; /* a text written in quotes or as a block */
	const char *text; /* NUL-terminated, UTF-8 (NFC), no control but newline and tab */
	size_t count; /* of a list or a map */
	struct ynode **items; /* values; of a map in the order written */
	struct ynode **keys; /* of a map: always YNODE_TEXT */
};

struct ydoc {
	char *name; /* the file's, for messages */
	struct ynode *root;
	void *arena;
};

/* Reads bytes; name is what messages call the file.  ERR_INPUT with all mistakes in d.
 * out must be finished with ydoc_fini whatever the answer. */
enum err MUST_USE ydoc_read(const char *name, struct span bytes, struct ydoc *out, struct diag *d);
void ydoc_fini(struct ydoc *doc);

/* The value under a key, or NULL. */
struct ynode *ynode_get(const struct ynode *map, const char *key);
/* Says a mistake at a node. */
void ynode_say(const struct ydoc *doc, const struct ynode *at, struct diag *d, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* What a map may hold; `known` ends with a NULL name. */
struct ykey {
	const char *name;
	enum ynode_kind kind;
	bool must;
};
/* Checks that `map` is a map with known keys of the right kinds and all musts; says every
 * mistake (with the nearest known key).  True when there was none. */
bool ynode_check(const struct ydoc *doc, const struct ynode *map, const struct ykey *known,
		 struct diag *d);
/* A text under key, or NULL when absent or no text. */
const char *ynode_text(const struct ynode *map, const char *key);
/* A whole number in lo..hi; false and a mistake said when it is something else. */
bool ynode_number(const struct ydoc *doc, const struct ynode *node, long lo, long hi, long *out,
		  struct diag *d);
/* "yes"/"no" (also true/false). */
bool ynode_yesno(const struct ydoc *doc, const struct ynode *node, bool *out, struct diag *d);

#endif
