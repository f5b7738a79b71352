/* SPDX-License-Identifier: MIT
 *
 * A book made, opened, closed.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char owner_source[] = "linkbook", owner_key[] = "practitioner";

/* --- the fold that the stores call ------------------------------------------------------ */

static void fold(void *arg, const struct id *subject, const struct id *record,
		 const struct store_change *v, size_t count, char type[65], struct buf *view)
{
	struct change *changes = mem_alloc_many(count, sizeof *changes);
	struct fold_input *in = mem_alloc_many(count, sizeof *in);
	size_t good = 0;
	struct state state;
	(void)subject;
	for (size_t i = 0; i < count; i++) {
		/* What is sealed and hashed but no change is of a version to come. */
		if (change_decode(v[i].bytes, &changes[good]))
			continue;
		in[good] = (struct fold_input){v[i].id, &changes[good]};
		good++;
	}
	fold_record(record, in, good, &state);
	state.has_unknown |= good < count;
	state_encode(&state, view);
	snprintf(type, 65, "%s", *state.type ? state.type : "unknown");
	((struct book *)arg)->beside = state.beside_count;
	state_fini(&state);
	for (size_t i = 0; i < good; i++)
		change_fini(&changes[i]);
	free(changes);
	free(in);
}

static size_t beside(void *arg)
{
	return ((struct book *)arg)->beside;
}

/* --- making ----------------------------------------------------------------------------- */

/* Absent, or with nothing in it but what is named (NULL: nothing) or hidden. */
struct holding {
	const char *one, *other;
	bool only;
};

static bool is_held(void *arg, const char *name)
{
	struct holding *h = arg;
	h->only = (h->one && !strcmp(name, h->one)) || (h->other && !strcmp(name, h->other));
	return h->only;
}

static bool holds_only(const char *dir, const char *one, const char *other)
{
	struct holding h = {one, other, true};
	struct stat st;
	enum err e = file_list(dir, is_held, &h, NULL);
	return e == ERR_ABSENT ? lstat(dir, &st) != 0 : !e && h.only;
}

/* The making of a book ends with its owner's record.  Whatever has no segment was never said to
 * be a book, and nothing is in it: not to be opened, and to be made anew. */
static bool is_unfinished(const char *dir)
{
	char *caseload = file_join(dir, "caseload"), *directories = file_join(dir, "directories");
	bool unfinished = holds_only(dir, "caseload", "directories") &&
			  holds_only(directories, NULL, NULL) && store_is_unfinished(caseload);
	free(directories);
	free(caseload);
	return unfinished;
}

static enum err write_owner(struct seam *seam, const char *dir, const char *author,
			    struct span passphrase, struct diag *d)
{
	struct book *b;
	struct terms *none = terms_new();
	struct buf name = BUF_SECRET;
	enum err e = book_open(seam, dir, passphrase, none, &b, d);
	if (!e) {
		value_add_text(&name, span_text(author));
		struct put_field field = {"name", buf_span(&name)};
		struct put put = {.kind = kind_find("practitioner"),
				  .record = book_seed_id(owner_source, owner_key),
				  .is_new = true,
				  .fields = &field,
				  .field_count = 1};
		free(b->author);
		b->author = mem_text(author);
		e = book_put(b, &put, 1, d);
		book_close(b);
	}
	buf_fini(&name);
	terms_free(none);
	return e;
}

static enum err make_caseload(struct seam *seam, const char *path, const struct slot_key *with,
			      struct diag *d)
{
	struct store *s = store_draw(seam, OF_CASELOAD);
	enum err e = store_create(s, path, with, d);
	store_close(s);
	return e;
}

enum err book_create(struct seam *seam, const char *dir, const char *author, struct span passphrase,
		     enum book_kdf kdf, struct diag *d)
{
	struct slot_key with = {SLOT_PASSPHRASE, passphrase, (enum store_kdf)kdf, {{0}}};
	struct holding any = {NULL, NULL, true};
	if (file_list(dir, is_held, &any, NULL) == ERR_IO) {
		diag_say(d, "What is in %s cannot be looked at just now.", dir);
		return ERR_IO;
	}
	if (!is_unfinished(dir)) {
		diag_say(d, "There is something in %s already; a new book needs an empty folder.",
			 dir);
		return ERR_REFUSED;
	}
	char *caseload = file_join(dir, "caseload"), *directories = file_join(dir, "directories");
	enum err e = file_make_folder_durable(seam, directories, d);
	if (!e)
		e = store_clear_unfinished(seam, caseload, d);
	if (!e)
		e = make_caseload(seam, caseload, &with, d);
	if (!e)
		e = file_sync_folder(seam, dir, d);
	if (!e)
		e = write_owner(seam, dir, author, passphrase, d);
	free(caseload);
	free(directories);
	return e;
}

bool book_is_there(const char *dir)
{
	char *caseload = file_join(dir, "caseload");
	bool there = store_is_there(caseload) && !is_unfinished(dir);
	free(caseload);
	return there;
}

/* --- opening ---------------------------------------------------------------------------- */

/* What is written without a name could not be put right: better closed than that. */
static enum err read_author(struct book *b, struct diag *d)
{
	struct id id = book_seed_id(owner_source, owner_key);
	struct record owner;
	struct span text;
	enum err e = book_get(b, &id, &owner);
	if (e)
		return e == ERR_ABSENT ? OK : err_said(e, d);
	if (value_is_text(record_value(&owner, "name"), &text)) {
		free(b->author);
		b->author = mem_text_n((const char *)text.p, text.n);
	}
	record_fini(&owner);
	return OK;
}

enum err open_book(struct seam *seam, const char *dir, const struct slot_key *with,
		   const struct terms *terms, struct book **out, struct diag *d)
{
	struct store *caseload;
	struct book *b = mem_alloc(sizeof *b);
	*b = (struct book){.seam = seam,
			   .terms = terms,
			   .dir = mem_text(dir),
			   .author = mem_text(""),
			   .folder = {fold, b, beside},
			   .writer = seam_new_id(seam)};
	char *path = file_join(dir, "caseload");
	enum err e = ERR_ABSENT;
	*out = NULL;
	/* One being made has no owner yet, and is opened to write it. */
	if (!store_is_there(path) || store_is_bare(path))
		diag_say(d, "There is no book in %s.", dir);
	else
		e = open_kind(b, path, OF_CASELOAD, with, &caseload, d);
	free(path);
	if (!e) {
		add_store(b, caseload);
		e = open_directories(b, d);
	}
	if (!e)
		e = read_author(b, d);
	if (e) {
		book_close(b);
		return e;
	}
	*out = b;
	return OK;
}

enum err book_open(struct seam *seam, const char *dir, struct span passphrase,
		   const struct terms *terms, struct book **out, struct diag *d)
{
	struct slot_key with = {.source = SLOT_PASSPHRASE, .secret = passphrase};
	return open_book(seam, dir, &with, terms, out, d);
}

void book_close(struct book *b)
{
	if (!b)
		return;
	log_fini(b);
	for (size_t i = b->store_count; i--;)
		store_close(b->stores[i]);
	free(b->stores);
	free(b->half_made);
	free(b->author);
	free(b->dir);
	free(b);
}

const char *book_dir(const struct book *b)
{
	return b->dir;
}

const char *book_author(const struct book *b)
{
	return b->author;
}

const struct terms *book_terms(const struct book *b)
{
	return b->terms;
}

struct seam *book_seam(const struct book *b)
{
	return b->seam;
}

/* Versions only grow, and a closing adds more than it takes: no sum comes back. */
uint64_t book_version(const struct book *b)
{
	uint64_t sum = b->closings;
	for (size_t i = 0; i < b->store_count; i++) {
		uint64_t version = store_version(b->stores[i]);
		if (!version)
			return 0;
		sum += version;
	}
	return sum;
}

size_t book_trouble(const struct book *b)
{
	size_t n = b->closed;
	for (size_t i = 0; i < b->store_count; i++)
		n += store_trouble(b->stores[i]);
	return n;
}

/* --- directories ------------------------------------------------------------------------ */

size_t book_directory_count(const struct book *b)
{
	return b->store_count - 1;
}

struct id book_directory(const struct book *b, size_t i)
{
	return *store_id(b->stores[i + 1]);
}

enum err book_directory_of(struct book *b, const char *source, struct id *store)
{
	struct id practice = book_seed_id(source, "practice");
	for (size_t i = 1; i < b->store_count; i++) {
		struct record r;
		enum err e = read_record(b->stores[i], &practice, &r);
		if (e == ERR_ABSENT)
			continue;
		if (e)
			return e;
		*store = *store_id(b->stores[i]);
		record_fini(&r);
		return OK;
	}
	return ERR_ABSENT;
}

/* --- drafts: of the caseload ------------------------------------------------------------ */

struct id book_new_draft(struct book *b)
{
	return seam_new_id(b->seam);
}

enum err book_keep_draft(struct book *b, const struct id *draft, struct span content,
			 struct diag *d)
{
	return store_keep_draft(b->stores[0], draft, content, d);
}

enum err book_drop_draft(struct book *b, const struct id *draft, struct diag *d)
{
	return store_drop_draft(b->stores[0], draft, d);
}

struct draft_list {
	struct draft *v;
	size_t count, cap;
};

static void add_draft(void *arg, const struct id *draft, int64_t stamp, struct span content,
		      bool begun)
{
	struct draft_list *l = arg;
	if (log_is_draft(content))
		return;
	l->v = mem_room(l->v, l->count, &l->cap, sizeof *l->v);
	struct draft *one = &l->v[l->count++];
	*one = (struct draft){.id = *draft, .stamp = stamp, .begun = begun, .content = BUF_SECRET};
	buf_add_span(&one->content, content);
}

static int newest_first(const void *a, const void *b)
{
	const struct draft *x = a, *y = b;
	if (x->stamp != y->stamp)
		return x->stamp > y->stamp ? -1 : 1;
	return id_order(&x->id, &y->id);
}

enum err book_drafts(struct book *b, struct draft **out, size_t *count, struct diag *d)
{
	struct draft_list l = {0};
	enum err e = store_scan_drafts(b->stores[0], add_draft, &l, d);
	if (l.count)
		qsort(l.v, l.count, sizeof *l.v, newest_first);
	*out = l.v;
	*count = l.count;
	return e;
}

void drafts_free(struct draft *v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_fini(&v[i].content);
	free(v);
}
