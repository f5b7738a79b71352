/* SPDX-License-Identifier: MIT
 *
 * Practices and resources from YAML into the book.  A record's id follows from the practice's
 * code and the record's key, so the same file makes the same records on any machine.
 */
#include "seed_impl.h"

#include "exchange.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void seed_report_fini(struct seed_report *r)
{
	for (size_t i = 0; i < r->stand_count; i++)
		free(r->stands[i].title);
	free(r->stands);
	*r = (struct seed_report){0};
}

static void add_stand(struct seed_report *report, const struct record *r, const char *field)
{
	struct buf title = BUF_INIT;
	name_say(r, &title);
	report->stands = mem_room(report->stands, report->stand_count, &report->stand_cap,
				  sizeof *report->stands);
	report->stands[report->stand_count++] =
		(struct seed_stands){r->id, buf_take_text(&title), field};
}

/* --- before anything is written --------------------------------------------------------- */

static struct ref ref_of_sown(const struct sowing *w, const struct sown *s)
{
	return (struct ref){w->directory, book_seed_id(w->source, s->key)};
}

/* Once for the file: all of it is of one version. */
static void check_version(struct sowing *w)
{
	int64_t newest = 0;
	for (size_t i = 0; i < w->count && !id_is_zero(&w->directory); i++) {
		struct record r;
		struct seeded had = {0};
		if (book_get_in(w->all->b, ref_of_sown(w, &w->v[i]), &r))
			continue;
		if (!book_seeded(w->all->b, &r, &had) && had.version > newest)
			newest = had.version;
		free(had.source);
		record_fini(&r);
	}
	if (newest > w->version)
		seed_wrong(w, ynode_get(w->doc.root, "version"),
			   "version %ld is older than version %lld, which was loaded before; take "
			   "the newer file, or write a higher version",
			   w->version, (long long)newest);
}

/* Everything that was sown, to find what stands there twice. */
struct spot {
	struct sowing *w;
	struct sown *s;
};

static int by_key(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;
	int order = strcmp(x->w->source, y->w->source);
	if (!order)
		order = strcmp(x->s->key, y->s->key);
	if (!order)
		order = x->w < y->w ? -1 : x->w > y->w;
	return order ? order : x->s < y->s ? -1 : x->s > y->s;
}

static void say_twice(const struct spot *first, const struct spot *other)
{
	const char *key = ynode_text(other->s->at, "key");
	if (!other->w->resources)
		seed_wrong(other->w, ynode_get(other->w->doc.root, "practice"),
			   "this practice is in %s already; give one of the two files",
			   first->w->doc.name);
	else if (key && *key)
		seed_wrong(other->w, ynode_get(other->s->at, "key"),
			   "the key \"%s\" stands in line %u%s%s already; choose another", key,
			   first->s->at->line, first->w == other->w ? "" : " of ",
			   first->w == other->w ? "" : first->w->doc.name);
}

/* Of two records of one key one would undo the other. */
static void check_keys(struct seeding *s)
{
	size_t most = 0, n = 0;
	for (size_t i = 0; i < s->count; i++)
		most += s->files[i].count;
	struct spot *v = mem_alloc_many(most, sizeof *v);
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; s->files[i].source && k < s->files[i].count; k++)
			v[n++] = (struct spot){&s->files[i], &s->files[i].v[k]};
	if (n)
		qsort(v, n, sizeof *v, by_key);
	for (size_t i = 1; i < n; i++)
		if (!strcmp(v[i].s->key, v[i - 1].s->key) &&
		    !strcmp(v[i].w->source, v[i - 1].w->source))
			say_twice(&v[i - 1], &v[i]);
	free(v);
}

/* A file that was exported from this book names what was made by hand in it; loading it again
 * must not make that a second time. */
static bool note_by_hand(void *arg, const struct record *r)
{
	struct sowing *w = arg;
	struct span key;
	struct buf end = BUF_INIT;
	if (value_is_text(record_value(r, "key"), &key))
		return true;
	key_end(r, &end);
	for (size_t i = 0; i < w->count; i++) {
		struct sown *s = &w->v[i];
		size_t n = strlen(s->key);
		if (n > end.n && !memcmp(s->key + n - end.n, end.p, end.n)) {
			s->kept = true;
			w->puts[i].record = r->id;
		}
	}
	buf_fini(&end);
	return true;
}

static enum err find_by_hand(struct sowing *w)
{
	if (!w->resources && w->count && !id_is_zero(&w->by_hand)) {
		w->v[0].kept = true;
		w->puts[0].record = w->by_hand;
	}
	if (!w->resources || id_is_zero(&w->directory))
		return OK;
	return book_scan_all(w->all->b, kind_find("resource"), &w->directory, note_by_hand, w);
}

/* --- into the book ---------------------------------------------------------------------- */

static enum err make_directory(struct seeding *s, struct sowing *w)
{
	if (!id_is_zero(&w->directory))
		return OK;
	enum err e = book_add_directory(s->b, &w->directory, s->d);
	for (size_t i = 0; !e && i < s->count; i++)
		if (!strcmp(s->files[i].source, w->source))
			s->files[i].directory = w->directory;
	return e;
}

/* All puts of all files, and where each came from. */
struct batch {
	struct put *puts;
	struct from {
		struct sowing *w;
		struct sown *s;
		bool was_here;
	} * from;
	size_t count;
};

static void add_put(struct batch *b, struct sowing *w, size_t i)
{
	struct sown *s = &w->v[i];
	struct record r;
	if (s->kept)
		return;
	struct put *p = &b->puts[b->count];
	*p = w->puts[i];
	p->directory = w->directory;
	p->seed_source = w->source;
	p->seed_key = s->key;
	p->seed_version = w->version;
	p->fields = s->fields;
	p->field_count = s->count;
	p->record = book_seed_id(w->source, s->key);
	bool was_here = !book_get_in(w->all->b, (struct ref){p->directory, p->record}, &r);
	if (was_here)
		record_fini(&r);
	b->from[b->count++] = (struct from){w, s, was_here};
}

/* The name that people know a field by; a group's is that of its first member. */
static const char *field_called(const struct kind *k, const char *stored)
{
	for (const struct field *f = k->fields; f->name; f++)
		if (!strcmp(field_stored(f), stored))
			return f->name;
	return "";
}

static bool any_seeded(struct book *b, const struct record *r, const struct said *v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (book_is_seeded(b, r, &v[i].change))
			return true;
	return false;
}

static bool stands_against(struct book *b, const struct record *r, const struct state_field *f)
{
	if (!f->conflict)
		return false;
	bool stands = any_seeded(b, r, f->said, f->count);
	for (size_t i = 0; i < f->row_count; i++)
		stands |= said_differ(f->rows[i].said, f->rows[i].count) &&
			  any_seeded(b, r, f->rows[i].said, f->rows[i].count);
	return stands;
}

static void list_stands(struct book *b, struct ref ref, struct seed_report *report)
{
	struct record r;
	size_t before = report->stand_count;
	if (book_get_in(b, ref, &r))
		return;
	for (size_t i = 0; r.kind && i < r.state.field_count; i++)
		if (stands_against(b, &r, &r.state.fields[i]))
			add_stand(report, &r, field_called(r.kind, r.state.fields[i].name));
	report->conflicts += report->stand_count > before;
	record_fini(&r);
}

static void count_result(struct book *b, const struct put *p, bool was_here,
			 struct seed_report *report)
{
	static const struct hash none;
	if (hash_equal(&p->change, &none))
		report->same++;
	else if (was_here)
		report->updated++;
	else
		report->made++;
	list_stands(b, (struct ref){p->directory, p->record}, report);
}

static void count_kept(struct sowing *w, struct seed_report *report)
{
	for (size_t i = 0; i < w->count; i++) {
		struct record r;
		if (!w->v[i].kept ||
		    book_get_in(w->all->b, (struct ref){w->directory, w->puts[i].record}, &r))
			continue;
		report->same++;
		add_stand(report, &r, NULL);
		record_fini(&r);
	}
}

static void say_faults(const struct batch *b, struct diag *faults, struct diag *d)
{
	for (size_t i = 0; i < faults->count; i++) {
		unsigned n = faults->lines[i].line;
		if (n && n <= b->count)
			ynode_say(&b->from[n - 1].w->doc, b->from[n - 1].s->at, d, "%s",
				  faults->lines[i].text);
		else
			diag_say(d, "%s", faults->lines[i].text);
	}
	diag_fini(faults);
}

static enum err write_all(struct seeding *s, struct seed_report *report)
{
	size_t most = 0;
	struct diag faults = {0};
	enum err e = OK;
	for (size_t i = 0; i < s->count; i++)
		most += s->files[i].count;
	struct batch b = {mem_alloc_many(most, sizeof *b.puts),
			  mem_alloc_many(most, sizeof *b.from), 0};
	for (size_t i = 0; !e && i < s->count; i++) {
		e = make_directory(s, &s->files[i]);
		for (size_t k = 0; !e && k < s->files[i].count; k++)
			add_put(&b, &s->files[i], k);
	}
	if (!e)
		e = book_put(s->b, b.puts, b.count, &faults);
	say_faults(&b, &faults, s->d);
	for (size_t i = 0; !e && i < b.count; i++)
		count_result(s->b, &b.puts[i], b.from[i].was_here, report);
	for (size_t i = 0; !e && i < s->count; i++)
		count_kept(&s->files[i], report);
	free(b.puts);
	free(b.from);
	return e;
}

enum err seed_load_files(struct book *b, const struct seed_file *files, size_t count,
			 struct seed_report *report, struct diag *d)
{
	struct seeding s = {b, d, mem_alloc_many(count, sizeof *s.files), count, 0};
	enum err e = OK;
	for (size_t i = 0; i < count; i++) {
		s.files[i].all = &s;
		seed_open(&s.files[i], &files[i]);
	}
	for (size_t i = 0; i < count; i++)
		seed_sow(&s.files[i]);
	check_keys(&s);
	for (size_t i = 0; !e && i < count; i++)
		if (s.files[i].source && s.files[i].version) {
			check_version(&s.files[i]);
			e = find_by_hand(&s.files[i]);
		}
	if (!e)
		e = s.mistakes ? ERR_INPUT : write_all(&s, report);
	for (size_t i = 0; i < count; i++)
		seed_close(&s.files[i]);
	free(s.files);
	return e;
}

enum err seed_load(struct book *b, const char *name, struct span yaml, struct seed_report *report,
		   struct diag *d)
{
	return seed_load_files(b, &(struct seed_file){name, yaml}, 1, report, d);
}

/* --- from the disk ---------------------------------------------------------------------- */

enum err seed_read_file(struct seam *s, const char *path, struct buf *out, struct diag *d)
{
	struct diag why = {0};
	enum err e = file_read(s, path, YDOC_BYTES, out, &why);
	struct stat st;
	if (e != ERR_INPUT)
		diag_move(d, &why);
	else if (!stat(path, &st) && S_ISREG(st.st_mode))
		diag_say_at(d, path, 1, 1,
			    "this file is larger than %d MiB; leave some out, or make two of it",
			    YDOC_BYTES >> 20);
	else
		diag_say_at(d, path, 1, 1, "this is a folder, or no plain file; name a YAML file");
	diag_fini(&why);
	return e;
}
