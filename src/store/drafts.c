/* SPDX-License-Identifier: MIT
 *
 * Drafts: each write is a new sealed file under the draft's id; the older ones of this run go.
 * A content is named by (writer, number); the change that finishes a draft says up to which
 * number of which writers it covers, so a content brought back by an old copy is known to be
 * done, and one that a clone went on with is not.
 */
#include "store_impl.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct own_draft *own(struct store *s, const struct id *draft)
{
	for (size_t i = 0; i < s->draft_count; i++)
		if (id_equal(&s->drafts[i].draft, draft))
			return &s->drafts[i];
	return NULL;
}

static struct own_draft *own_or_new(struct store *s, const struct id *draft)
{
	struct own_draft *o = own(s, draft);
	if (o)
		return o;
	s->drafts = mem_grow(s->drafts, s->draft_count + 1, sizeof *s->drafts);
	o = &s->drafts[s->draft_count++];
	*o = (struct own_draft){.draft = *draft, .covers = mem_alloc(sizeof *o->covers)};
	o->covers[o->cover_count++] = (struct cover){s->writer, 0};
	return o;
}

/* A draft that many runs went on with: the oldest are let go.  Should an old copy bring one of
 * their contents back, it is offered once more; nothing is lost by that. */
enum { COVERS_MOST = 500 };

static void cover(struct own_draft *o, const struct cover *c)
{
	for (size_t i = 0; i < o->cover_count; i++)
		if (id_equal(&o->covers[i].writer, &c->writer)) {
			if (o->covers[i].number < c->number)
				o->covers[i].number = c->number;
			return;
		}
	if (o->cover_count == COVERS_MOST)
		return; /* they come newest first */
	o->covers = mem_grow(o->covers, o->cover_count + 1, sizeof *o->covers);
	o->covers[o->cover_count++] = *c;
}

static void own_fini(struct own_draft *o)
{
	free(o->covers);
	free(o->file);
}

void drafts_forget(struct store *s)
{
	for (size_t i = 0; i < s->draft_count; i++)
		own_fini(&s->drafts[i]);
	free(s->drafts);
	s->drafts = NULL;
	s->draft_count = 0;
}

static void remove_file(struct store *s, struct own_draft *o)
{
	if (o->file)
		s->seam->files.unlink(o->file);
	free(o->file);
	o->file = NULL;
}

static char *draft_path(const struct store *s, const struct id *draft, const struct hash *h)
{
	char id[ID_HEX], hex[HASH_HEX];
	struct buf b = BUF_INIT;
	buf_printf(&b, "%s/drafts/%s-%s.draft", s->path, id_to_hex(draft, id), hash_to_hex(h, hex));
	return buf_take_text(&b);
}

enum err store_keep_draft(struct store *s, const struct id *draft, struct span content,
			  struct diag *d)
{
	struct own_draft *o = own_or_new(s, draft);
	struct draft_file f = {
		.draft = *draft,
		.writer = s->writer,
		.number = ++s->draft_number,
		.stamp = s->seam->now_ms(s->seam),
		.covers = o->covers + 1,
		.cover_count = o->cover_count - 1,
		.content = content,
	};
	struct buf bytes = BUF_INIT;
	pack_draft(s->seam, &s->id, &s->key_id, s->seal->draft, &f, &bytes);
	struct hash h = seal_hash(buf_span(&bytes));
	char *path = draft_path(s, draft, &h);
	/* Some copying tools leave empty folders out. */
	enum err e = folder_for(s->seam, path, d);
	if (!e)
		e = file_write_durable(s->seam, path, buf_span(&bytes), d);
	/* Should it be there after all, what finishes the draft is done with it, too. */
	o->covers[0].number = f.number;
	if (!e) {
		remove_file(s, o);
		o->file = path;
	} else {
		s->seam->files.unlink(path);
		free(path);
	}
	buf_fini(&bytes);
	return e;
}

void store_finish_drafts_of(struct store *s, struct store *drafts)
{
	s->drafts_of = drafts;
	drafts->finishers =
		mem_grow(drafts->finishers, drafts->finisher_count + 1, sizeof *drafts->finishers);
	drafts->finishers[drafts->finisher_count++] = s;
}

void drafts_leave(struct store *s)
{
	struct store *of = s->drafts_of;
	size_t kept = 0;
	for (size_t i = 0; of != s && i < of->finisher_count; i++)
		if (of->finishers[i] != s)
			of->finishers[kept++] = of->finishers[i];
	if (of != s)
		of->finisher_count = kept;
}

void drafts_covers(struct store *s, const struct id *draft, struct buf *out)
{
	struct own_draft *o = id_is_zero(draft) ? NULL : own(s->drafts_of, draft);
	if (o)
		pack_covers(draft, o->covers, o->cover_count, out);
}

/* --- reading the folder ----------------------------------------------------------------- */

struct loose {
	char *path;
	struct draft_file file;
	struct buf plain;
};
struct loose_list {
	struct loose *v;
	size_t count, cap;
	size_t spoilt; /* files that are no draft of this store */
	struct store *s;
	const char *folder;
	size_t unread; /* that could not be read just now */
	const struct id *draft; /* the one in question; NULL: none */
	bool draft_unread; /* a file of it is among those */
};

static void loose_free(struct loose_list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->v[i].path);
		free(l->v[i].file.covers);
		buf_fini(&l->v[i].plain);
	}
	free(l->v);
}

static bool is_named_for(const char *path, const struct id *draft)
{
	char hex[ID_HEX];
	const char *slash = strrchr(path, '/');
	return !strncmp(slash ? slash + 1 : path, id_to_hex(draft, hex), ID_HEX - 1);
}

static void read_one(struct store *s, const char *path, struct loose_list *out)
{
	struct buf bytes = BUF_INIT;
	struct loose l = {.plain = BUF_SECRET};
	enum err e = file_read_own(s->seam, path, PACK_FILE_MOST, &bytes, NULL);
	if (e == ERR_IO) {
		out->unread++;
		out->draft_unread |= out->draft && is_named_for(path, out->draft);
		buf_fini(&bytes);
		return;
	}
	if (!e && !unpack_draft(buf_span(&bytes), &s->id, &s->key_id, s->seal->draft, &l.plain,
				&l.file)) {
		l.path = mem_text(path);
		out->v = mem_room(out->v, out->count, &out->cap, sizeof *out->v);
		out->v[out->count++] = l;
	} else {
		out->spoilt++;
		free(l.file.covers);
		buf_fini(&l.plain);
	}
	buf_fini(&bytes);
}

static bool read_named(void *arg, const char *name)
{
	struct loose_list *out = arg;
	size_t n = strlen(name);
	if (n > 5 && !strcmp(name + n - 5, ".part"))
		return true;
	char *path = file_join(out->folder, name);
	read_one(out->s, path, out);
	free(path);
	return true;
}

static enum err read_all(struct store *s, struct loose_list *out, struct diag *d)
{
	char *folder = file_join(s->path, "drafts");
	struct diag said = {0};
	out->s = s;
	out->folder = folder;
	enum err e = file_list(folder, read_named, out, &said);
	if (e == ERR_ABSENT)
		e = OK;
	else
		diag_move(d, &said);
	if (!e && out->unread && folder_is_out_of_reach(s)) {
		diag_say(d, "The unfinished texts in %s cannot be read just now.", folder);
		e = ERR_IO;
	}
	diag_fini(&said);
	free(folder);
	return e;
}

/* --- which of them are done ------------------------------------------------------------- */

struct finishing {
	struct store *s;
	struct loose_list list;
	bool *done;
};

static bool covered_by(const struct draft_file *later, const struct draft_file *f)
{
	for (size_t i = 0; i < later->cover_count; i++)
		if (id_equal(&later->covers[i].writer, &f->writer) &&
		    later->covers[i].number >= f->number)
			return true;
	return id_equal(&later->writer, &f->writer) && later->number > f->number;
}

static bool finished_by_change(struct txn *t, const struct draft_file *f)
{
	uint8_t key[32];
	struct span value;
	memcpy(key, f->draft.b, 16);
	memcpy(key + 16, f->writer.b, 16);
	if (!txn_get(t, t->shelf->db[DB_DRAFT], span_of(key, sizeof key), &value))
		return false;
	struct reader r = {value, false};
	return reader_u64(&r) >= f->number;
}

static enum err find_done(void *arg, struct txn *t, struct diag *d)
{
	struct finishing *f = arg;
	(void)d;
	for (size_t i = 0; i < f->list.count; i++)
		f->done[i] |= finished_by_change(t, &f->list.v[i].file);
	return OK;
}

/* The same content in two files: a copying tool has given one of them another name. */
static bool is_again(const struct draft_file *a, const struct draft_file *b)
{
	return id_equal(&a->writer, &b->writer) && a->number == b->number;
}

static void find_gone_on_with(struct finishing *f)
{
	for (size_t i = 0; i < f->list.count; i++) {
		const struct draft_file *file = &f->list.v[i].file;
		for (size_t j = 0; !f->done[i] && j < f->list.count; j++) {
			const struct draft_file *other = &f->list.v[j].file;
			f->done[i] = j != i && id_equal(&other->draft, &file->draft) &&
				     (covered_by(other, file) || (j < i && is_again(other, file)));
		}
	}
}

/* A form of the directory lies here as a draft, and is finished by a change there.  When there
 * cannot be read just now, its drafts are offered once more. */
static void find_done_elsewhere(struct store *s, struct finishing *f)
{
	for (size_t i = 0; i < s->finisher_count; i++) {
		struct store *other = s->finishers[i];
		if (!store_catch_up(other, NULL) && shelf_read(&other->shelf, find_done, f, NULL))
			continue;
	}
}

/* draft: the one in question, or NULL. */
static enum err list_drafts(struct store *s, const struct id *draft, struct finishing *f,
			    struct diag *d)
{
	*f = (struct finishing){.s = s, .list = {.draft = draft}};
	enum err e = store_catch_up(s, d);
	if (!e)
		e = read_all(s, &f->list, d);
	f->done = mem_alloc_many(f->list.count, sizeof *f->done);
	if (!e)
		e = shelf_read(&s->shelf, find_done, f, d);
	if (!e) {
		find_done_elsewhere(s, f);
		find_gone_on_with(f);
	}
	return e;
}

/* Of several contents of one draft the newest is the one that is opened; the others stay. */
static bool is_opened(const struct finishing *f, size_t i)
{
	const struct draft_file *file = &f->list.v[i].file;
	for (size_t j = 0; j < f->list.count; j++) {
		const struct draft_file *other = &f->list.v[j].file;
		if (j == i || f->done[j] || !id_equal(&other->draft, &file->draft))
			continue;
		if (other->stamp > file->stamp ||
		    (other->stamp == file->stamp && id_order(&other->writer, &file->writer) > 0))
			return false;
	}
	return true;
}

/* This run goes on from what it opens: a change that finishes it covers it.  What came beside
 * once it has begun is none of it. */
static void resume(struct store *s, const struct draft_file *file)
{
	if (own(s, &file->draft))
		return;
	struct own_draft *o = own_or_new(s, &file->draft);
	cover(o, &(struct cover){file->writer, file->number});
	for (size_t c = 0; c < file->cover_count; c++)
		cover(o, &file->covers[c]);
}

/* What a finish says of this run's own content, written or not, and of those before it. */
static struct draft_file finished_by(const struct own_draft *o)
{
	return (struct draft_file){.writer = o->covers[0].writer,
				   .number = o->covers[0].number + 1,
				   .covers = o->covers,
				   .cover_count = o->cover_count};
}

static bool is_begun(struct store *s, const struct draft_file *file)
{
	const struct own_draft *o = own(s, &file->draft);
	struct draft_file mine = o ? finished_by(o) : (struct draft_file){.number = 0};
	return o && covered_by(&mine, file);
}

static void say_spoilt(const struct loose_list *l, struct diag *d)
{
	size_t n = l->spoilt;
	if (l->unread)
		diag_say(d, "%zu unfinished text%s cannot be read just now.", l->unread,
			 l->unread == 1 ? "" : "s");
	if (n)
		diag_say(
			d,
			"%zu unfinished text%s cut short and cannot be read: copy again from where "
			"%s came.",
			n, n == 1 ? " is" : "s are", n == 1 ? "it" : "they");
}

enum err drafts_check(struct store *s, size_t *spoilt, struct diag *d)
{
	struct loose_list l = {0};
	enum err e = read_all(s, &l, d);
	*spoilt = l.spoilt + l.unread;
	say_spoilt(&l, d);
	loose_free(&l);
	return e;
}

enum err store_scan_drafts(struct store *s, store_each_draft *each, void *arg, struct diag *d)
{
	struct finishing f;
	enum err e = list_drafts(s, NULL, &f, d);
	say_spoilt(&f.list, d);
	for (size_t i = 0; !e && i < f.list.count; i++) {
		const struct draft_file *file = &f.list.v[i].file;
		if (f.done[i]) {
			s->seam->files.unlink(f.list.v[i].path);
			continue;
		}
		if (is_opened(&f, i))
			resume(s, file);
		each(arg, &file->draft, file->stamp, file->content, is_begun(s, file));
	}
	free(f.done);
	loose_free(&f.list);
	return e;
}

enum err store_drop_draft(struct store *s, const struct id *draft, struct diag *d)
{
	struct finishing f;
	struct own_draft *o = own(s, draft);
	enum err e = list_drafts(s, draft, &f, d);
	if (!e && f.list.draft_unread) {
		diag_say(d, "This unfinished text cannot be read just now, and so not be taken "
			    "away.");
		e = ERR_IO;
	}
	for (size_t i = 0; !e && o && i < f.list.count; i++) {
		struct draft_file mine = finished_by(o);
		if (id_equal(&f.list.v[i].file.draft, draft) &&
		    (covered_by(&mine, &f.list.v[i].file) || mutant(MUTANT_DRAFT_TAKES_ALL)) &&
		    s->seam->files.unlink(f.list.v[i].path) != 0 && errno != ENOENT)
			e = file_failed("remove", f.list.v[i].path, d);
	}
	if (!e && o) {
		free(o->file);
		o->file = NULL;
	}
	free(f.done);
	loose_free(&f.list);
	return e;
}

void drafts_finished(struct store *s, const struct id *draft)
{
	if (!id_is_zero(draft) && store_drop_draft(s->drafts_of, draft, NULL))
		return; /* the change says that it is done; the next listing sweeps it away */
}
