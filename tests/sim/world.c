/* SPDX-License-Identifier: MIT
 *
 * The copies of a book: made, opened, closed, forgotten.  What must hold of any opening is
 * asked here: nothing that LMDB had is gone, and what was torn is said or whole again.
 */
#include "sim.h"

#include <linkbook/resource.h>

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static const char words[] = "four plain words here";
static struct snapshot pattern; /* the book that every schedule begins with */
static struct id store_ids[STORES];

/* Tuesday 24 November 2026, 10:47 in London. */
static const int64_t now_ms = 1795517220000;

/* --- folders ---------------------------------------------------------------------------- */

static void make_folder(struct world *w, const char *path)
{
	if (mkdir(path, 0700) && errno != EEXIST)
		sim_fail(w, "the simulator cannot make %s: %s", path, strerror(errno));
}

/* Removes the files below a folder, and the folders too when asked. */
static void sweep(const char *path, bool folders)
{
	DIR *dir = opendir(path);
	for (struct dirent *e; dir && (e = readdir(dir));) {
		char below[600];
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		snprintf(below, sizeof below, "%s/%s", path, e->d_name);
		if (e->d_type != DT_DIR) {
			unlink(below);
			continue;
		}
		sweep(below, folders);
		if (folders)
			rmdir(below);
	}
	if (dir)
		closedir(dir);
}

static void make_store_folders(struct world *w, const char *book, const char *store)
{
	static const char *const names[] = {"slots", "keys", "log", "drafts"};
	char path[400];
	snprintf(path, sizeof path, "%s/%s", book, store);
	make_folder(w, path);
	for (size_t k = 0; k < 4; k++) {
		snprintf(path, sizeof path, "%s/%s/%s", book, store, names[k]);
		make_folder(w, path);
		for (int i = 0; i < 16 && (k == 1 || k == 2); i++) {
			snprintf(path, sizeof path, "%s/%s/%s/%c", book, store, names[k],
				 "0123456789abcdef"[i]);
			make_folder(w, path);
		}
	}
}

static void make_folders(struct world *w, struct copy *c)
{
	char path[300], hex[ID_HEX];
	make_folder(w, c->root);
	make_folder(w, c->dir);
	snprintf(path, sizeof path, "%s/directories", c->dir);
	make_folder(w, path);
	make_store_folders(w, c->dir, "caseload");
	snprintf(path, sizeof path, "directories/%s", id_to_hex(&store_ids[1], hex));
	make_store_folders(w, c->dir, path);
}

/* --- LMDB ------------------------------------------------------------------------------- */

char *copy_state_file(const struct copy *c, int store)
{
	char path[300], hex[ID_HEX];
	setenv("XDG_STATE_HOME", c->root, 1);
	snprintf(path, sizeof path, "%s/%s%s", c->dir, store ? "directories/" : "caseload",
		 store ? id_to_hex(&store_ids[1], hex) : "");
	char *state = folder_state(&store_ids[store], path);
	char *file = file_join(state, "data.mdb");
	free(state);
	return file;
}

void copy_forget_state(struct world *w, struct copy *c)
{
	char path[200];
	(void)w;
	copy_close(c);
	snprintf(path, sizeof path, "%s/linkbook", c->root);
	sweep(path, false);
	c->shelf = (struct bits){{0}};
}

/* --- the pattern ------------------------------------------------------------------------ */

static void load_terms(struct world *w)
{
	static const char *const files[] = {"data/terms/people.yaml", "data/terms/contacts.yaml",
					    "data/terms/resources.yaml"};
	w->terms = terms_new();
	for (size_t i = 0; i < 3; i++) {
		const struct resource *r = resource_find(files[i]);
		struct diag d = {0};
		if (terms_load(w->terms, r->name, span_of(r->bytes, r->size), &d))
			sim_fail(w, "%s", diag_first(&d));
	}
}

static void place_copy(struct world *w, struct copy *c, int index)
{
	struct listing folder = c->folder;
	*c = (struct copy){.index = index, .folder = folder};
	snprintf(c->root, sizeof c->root, "%s/%d", w->root, index);
	snprintf(c->dir, sizeof c->dir, "%s/book", c->root);
	seam_init_sim(&c->seam, w->seed * 16 + (uint64_t)index, now_ms);
	files_watch(w, c);
}

/* A person, a contact and a group, which every copy has from the start. */
static enum err make_first(struct book *b, struct diag *d)
{
	static const char *const said[][4] = {
		{"person", "given_name", "family_name", "visit_note"},
		{"contact", "starts", "mode", "note"},
		{"resource", "name", "summary", "cost"},
	};
	struct id person = {{0}};
	enum err e = OK;
	for (size_t i = 0; !e && i < 3; i++) {
		struct buf v[3];
		struct put_field fields[3];
		struct put put = {.kind = kind_find(said[i][0]),
				  .person = i == 1 ? person : (struct id){{0}},
				  .fields = fields,
				  .field_count = 3};
		for (size_t k = 0; k < 3; k++) {
			const char *name = said[i][k + 1];
			v[k] = (struct buf)BUF_INIT;
			value_add_text(&v[k], span_text(!strcmp(name, "starts") ? "2026-11-24T10:00"
							: !strcmp(name, "mode") ? "face_home"
										: "first"));
			fields[k] = (struct put_field){name, buf_span(&v[k])};
		}
		e = book_put(b, &put, 1, d);
		person = i ? person : put.record;
		for (size_t k = 0; k < 3; k++)
			buf_fini(&v[k]);
	}
	return e;
}

static void make_pattern(struct world *w, struct copy *c)
{
	struct diag d = {0};
	struct book *b;
	make_folder(w, c->root);
	setenv("XDG_STATE_HOME", c->root, 1);
	enum err e = book_create(&c->seam, c->dir, "Ailsa", span_text(words), KDF_CALIBRATED, &d);
	if (!e)
		e = book_open(&c->seam, c->dir, span_text(words), w->terms, &b, &d);
	if (!e)
		e = book_add_directory(b, &store_ids[1], &d);
	if (!e)
		e = make_first(b, &d);
	if (e)
		sim_fail(w, "the book cannot be made: %s", diag_first(&d));
	store_ids[0] = *store_id(b->stores[0]);
	book_close(b);
	files_take(w, c, &pattern);
}

void world_prepare(struct world *w)
{
	make_folder(w, w->root);
	setenv("TZ", "Europe/London", 1);
	load_terms(w);
	w->files = mem_alloc_many(BITS_MOST, sizeof *w->files);
	w->changes = mem_alloc_many(BITS_MOST, sizeof *w->changes);
	w->records = mem_alloc_many(BITS_MOST, sizeof *w->records);
	w->texts = mem_alloc_many(TEXTS_MOST, sizeof *w->texts);
	place_copy(w, &w->copies[0], 0);
	make_pattern(w, &w->copies[0]);
	for (int i = 0; i < COPIES_MOST + SPARES; i++) {
		place_copy(w, &w->copies[i], i);
		make_folders(w, &w->copies[i]);
	}
}

void world_remove(struct world *w)
{
	sweep(w->root, true);
	rmdir(w->root);
	terms_free(w->terms);
	snapshot_free(&pattern);
	for (int i = 0; i < COPIES_MOST + SPARES; i++)
		listing_free(&w->copies[i].folder);
	free(w->files);
	free(w->changes);
	free(w->records);
	free(w->texts);
}

/* --- a schedule ------------------------------------------------------------------------- */

/* Half of the schedules have clocks that agree, which makes equal stamps; in the others they
 * are up to fifty years apart. */
static int64_t draw_skew(struct world *w, bool agree)
{
	const int64_t year = (int64_t)365 * 24 * 3600 * 1000;
	if (agree)
		return 0;
	return (int64_t)(rng_next(&w->rng) % (uint64_t)(100 * year)) - 50 * year;
}

void world_begin(struct world *w, uint64_t seed)
{
	w->seed = seed;
	w->rng.s = seed;
	w->clock_ms = now_ms;
	w->before = (struct bits){{0}};
	bool agree = rng_chance(&w->rng, 50);
	/* Two copies meet most often, and quickest. */
	w->copy_count = rng_chance(&w->rng, 60) ? 2 : 3 + rng_below(&w->rng, COPIES_MOST - 2);
	for (int i = 0; i < COPIES_MOST + SPARES; i++) {
		struct copy *c = &w->copies[i];
		place_copy(w, c, i);
		copy_forget_state(w, c);
		files_empty(c);
		if ((size_t)i < w->copy_count)
			files_put_back(w, c, &pattern);
		c->skew_ms = draw_skew(w, agree);
	}
	ways_begin(w);
	w->favourite = rng_below(&w->rng, 4);
	w->acts = 10 + (unsigned)rng_below(&w->rng, 31);
}

static void forget_files(struct world *w)
{
	for (size_t i = 0; i < w->file_count; i++) {
		buf_fini(&w->files[i].bytes);
		free(w->files[i].changes);
		free(w->files[i].sealed_with);
		free(w->files[i].keys);
	}
	w->file_count = 0;
	memset(w->file_index, 0, sizeof w->file_index);
}

static void forget_changes(struct world *w)
{
	for (size_t i = 0; i < w->change_count; i++) {
		struct known_change *k = &w->changes[i];
		if (k->decoded)
			change_fini(&k->change);
		buf_fini(&k->bytes);
		free(k->carriers);
	}
	w->change_count = w->record_count = w->text_count = 0;
	w->given_up = w->finishing = (struct bits){{0}};
}

void world_end(struct world *w)
{
	for (int i = 0; i < COPIES_MOST + SPARES; i++) {
		struct copy *c = &w->copies[i];
		copy_close(c);
		snapshot_free(&c->old);
		for (int s = 0; s < STORES; s++)
			buf_fini(&c->old_state.data[s]);
		c->old_state.is = false;
	}
	for (size_t i = 0; i < FORMS_MOST; i++) {
		if (w->forms[i].is_open)
			record_fini(&w->forms[i].r);
		w->forms[i] = (struct form){0};
	}
	forget_files(w);
	forget_changes(w);
	w->words = 0;
	w->seed_version = 0;
	w->form = NULL;
	w->dying = NULL;
	w->meeting = w->acknowledged_count = 0;
	w->why[0] = 0;
}

/* --- opening ---------------------------------------------------------------------------- */

/* What was torn and LMDB did not have, at least and at most: a good twin under another name
 * may be met before or after. */
static void count_torn(struct world *w, const struct copy *c, const struct listing *l,
		       const struct bits *good, size_t *least, size_t *most)
{
	*least = *most = 0;
	for (size_t i = 0; i < l->count; i++) {
		const struct listed *f = &l->v[i];
		if (f->known < 0 || f->size == w->files[f->known].bytes.n ||
		    w->files[f->known].kind == FILE_DRAFT)
			continue;
		bool had = bits_has(&c->shelf, (size_t)f->known);
		*most += !had || !f->right;
		*least += !had && !bits_has(good, (size_t)f->known);
	}
}

static void join_shelf(const struct world *w, struct copy *c, const struct bits *good)
{
	for (size_t i = 0; i < w->file_count; i++)
		if (bits_has(good, i) && w->files[i].kind != FILE_DRAFT)
			bits_add(&c->shelf, i);
}

bool copy_is_behind(struct world *w, struct copy *c)
{
	const struct bits had = c->shelf;
	copy_takes_in(w, c);
	bool behind = !bits_within(&c->shelf, &had);
	c->shelf = had;
	return behind;
}

void copy_takes_in(struct world *w, struct copy *c)
{
	struct listing l;
	struct bits good;
	files_list(w, c, &l);
	files_good(w, &l, &good);
	listing_free(&l);
	join_shelf(w, c, &good);
}

/* Everything that LMDB has lies in the folder, whole and under its own name. */
static void check_whole(struct world *w, struct copy *c)
{
	struct listing l;
	struct bits right = {{0}};
	files_list(w, c, &l);
	for (size_t i = 0; i < l.count; i++)
		if (l.v[i].known >= 0 && l.v[i].right &&
		    l.v[i].size == w->files[l.v[i].known].bytes.n)
			bits_add(&right, (size_t)l.v[i].known);
	listing_free(&l);
	for (size_t i = 0; i < w->file_count; i++)
		if (bits_has(&c->shelf, i) && !bits_has(&right, i) &&
		    !ways_is_retired(w, &c->shelf, i))
			sim_fail(w, "copy %d: a file it had is not whole after opening: %s",
				 c->index, w->files[i].rel);
}

struct book *copy_open(struct world *w, struct copy *c)
{
	struct diag d = {0};
	struct listing l;
	struct bits good;
	size_t least, most;
	if (c->book)
		return c->book;
	files_list(w, c, &l);
	files_good(w, &l, &good);
	count_torn(w, c, &l, &good, &least, &most);
	listing_free(&l);
	setenv("XDG_STATE_HOME", c->root, 1);
	mutant_side = c->index & 1;
	c->seam.clock_ms = w->clock_ms + c->skew_ms;
	enum err e = ways_open(w, c, &d);
	if (e)
		sim_fail(w, "copy %d does not open: %s", c->index, diag_first(&d));
	diag_fini(&d);
	if (c->book->store_count != STORES)
		sim_fail(w, "copy %d: a directory does not open", c->index);
	size_t trouble = book_trouble(c->book);
	join_shelf(w, c, &good);
	learn(w, c);
	/* What waits or is incomplete counts as well. */
	if (trouble < least || (trouble > most && !oracle_has_gaps(w, &c->shelf)))
		sim_fail(w, "copy %d: %zu files said to be cut short, not %zu to %zu", c->index,
			 trouble, least, most);
	check_whole(w, c);
	verify_changes(w, c);
	return c->book;
}

void copy_close(struct copy *c)
{
	book_close(c->book);
	c->book = NULL;
	c->mine = (struct bits){{0}};
}
