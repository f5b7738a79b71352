/* SPDX-License-Identifier: MIT
 *
 * What a screen file may refer to, and the sentences for when it refers to something else.
 * Each check says its mistake and gives NULL (0);
 * a NULL node is a mistake that has been said.
 */
#ifndef DEF_CHECK_H
#define DEF_CHECK_H

#include <linkbook/def.h>

struct def_reader {
	const struct ydoc *doc;
	struct diag *d;
	const struct def_world *world;
	struct screen_def *def;
};

/* The screens that the program itself opens by name, and what each must be; ends with a NULL
 * name. */
struct def_shape {
	const char *name, *kind, *of;
};
extern const struct def_shape def_shapes[];

void check_start(struct def_reader *r, const char *name);
const struct kind *check_kind(struct def_reader *r, const struct ynode *at);
const struct field *check_field(struct def_reader *r, const struct kind *k, const struct ynode *at);
/* A field or a derived column, "-" in front allowed; its text. */
const char *check_column(struct def_reader *r, const struct ynode *at);
int check_drop(struct def_reader *r, const struct ynode *at);
/* A screen there is a file for; what it is is checked when all are read (check_links). */
const char *check_screen(struct def_reader *r, const struct ynode *at);
/* That a row opens, and a form writes, the record type that the screen is about. */
void check_links(const struct screens *all, const struct screen_def *def, struct diag *d);
/* A form as a whole.  (def_form.c) */
void check_form(const struct screens *all, const struct screen_def *form, struct diag *d);
const struct command *check_command(struct def_reader *r, const struct ynode *at);
const char *check_label(struct def_reader *r, const struct ynode *at);
const char *check_title(struct def_reader *r, const struct ynode *at);
const struct field *check_cell(struct def_reader *r, const struct field *f, const struct ynode *at);
/* A value that a field can have, as a draft keeps it. */
const char *check_value(struct def_reader *r, const struct field *f, const struct ynode *at);
enum when_way check_way(struct def_reader *r, const struct ynode *at);
/* Whether a form can ask it at all, and whether its default is one. */
void check_asked(struct def_reader *r, const struct def_entry *e, const struct ynode *at);

#endif
