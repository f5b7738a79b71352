/* SPDX-License-Identifier: MIT
 *
 * What is not here although something that is here speaks of it: pieces of a bulk load, keys,
 * changes that others were built on.  Counted at each opening, named by check.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

enum { NAMED_MOST = 5 };

/* --- loads: key load ‖ number, value hash ‖ count ------------------------------------------ */

struct load {
	struct id id;
	uint32_t here, count;
	uint8_t *has; /* piece by piece */
};
typedef void each_load(void *arg, const struct load *l);

/* A load that was begun here and not saved: whoever saves it again makes another one, so nothing
 * is missing.  Its pieces are kept all the same; absence deletes nothing. */
static void begun_key(const struct id *load, struct buf *out)
{
	buf_add_text(out, "load");
	buf_add(out, load->b, sizeof load->b);
}

void gaps_begin_load(struct txn *t, const struct id *load)
{
	struct buf key = BUF_INIT;
	begun_key(load, &key);
	txn_put(t, t->shelf->db[DB_META], buf_span(&key), span_of("", 0));
	buf_fini(&key);
}

void gaps_end_load(struct txn *t, const struct id *load)
{
	struct buf key = BUF_INIT;
	begun_key(load, &key);
	txn_delete(t, t->shelf->db[DB_META], buf_span(&key));
	buf_fini(&key);
}

static bool is_begun_here(struct txn *t, const struct id *load)
{
	struct buf key = BUF_INIT;
	struct span value;
	begun_key(load, &key);
	bool begun = txn_get(t, t->shelf->db[DB_META], buf_span(&key), &value);
	buf_fini(&key);
	return begun;
}

struct loading {
	struct txn *t;
	struct load now;
	each_load *each;
	void *arg;
};

static void end_load(struct loading *w)
{
	if (w->now.here < w->now.count && !is_begun_here(w->t, &w->now.id))
		w->each(w->arg, &w->now);
	free(w->now.has);
	w->now = (struct load){0};
}

static bool next_piece(void *arg, struct span key, struct span value)
{
	struct loading *w = arg;
	struct reader k = {key, false}, v = {value, false};
	struct id id;
	reader_copy(&k, id.b, sizeof id.b);
	uint32_t number = reader_u32(&k);
	reader_take(&v, 32);
	uint32_t count = reader_u32(&v);
	if (!w->now.has || !id_equal(&id, &w->now.id)) {
		end_load(w);
		w->now = (struct load){.id = id, .count = count, .has = mem_alloc(count)};
	}
	if (!k.bad && !v.bad && number < w->now.count) {
		w->now.here++;
		w->now.has[number] = 1;
	}
	return true;
}

/* Those that lack pieces. */
static void scan_loads(struct store *s, struct txn *t, each_load *each, void *arg)
{
	struct loading w = {.t = t, .each = each, .arg = arg};
	txn_scan(t, s->shelf.db[DB_LOAD], span_of("", 0), next_piece, &w);
	end_load(&w);
}

static void count_load(void *arg, const struct load *l)
{
	struct gaps *g = arg;
	if (!g->loads++) {
		g->pieces_here = l->here;
		g->pieces = l->count;
	}
}

/* --- counting ------------------------------------------------------------------------------ */

static bool count_beside(void *arg, struct span key, struct span value)
{
	struct reader r = {value, false};
	(void)key;
	((struct gaps *)arg)->beside += reader_u32(&r);
	return true;
}

struct finding {
	struct store *s;
	struct gaps *out;
};

static enum err find(void *arg, struct txn *t, struct diag *d)
{
	struct finding *f = arg;
	const MDB_dbi *db = f->s->shelf.db;
	(void)d;
	scan_loads(f->s, t, count_load, f->out);
	f->out->waiting = txn_count(t, db[DB_WAIT]);
	txn_scan(t, db[DB_BESIDE], span_of("", 0), count_beside, f->out);
	return OK;
}

enum err gaps_find(struct store *s, struct gaps *out, struct diag *d)
{
	struct finding f = {s, out};
	*out = (struct gaps){0};
	return shelf_read(&s->shelf, find, &f, d);
}

void gaps_say(const struct gaps *g, struct diag *d)
{
	if (g->loads == 1)
		diag_say(d,
			 "%zu of %zu pieces of a load %s here; none of it counts until all are: "
			 "copy again from where it came.",
			 g->pieces_here, g->pieces, g->pieces_here == 1 ? "is" : "are");
	if (g->loads > 1)
		diag_say(d,
			 "%zu loads are here in part; none of them counts until it is whole: "
			 "copy again from where they came.",
			 g->loads);
	if (g->waiting)
		diag_say(d, "%zu change%s for a person whose key is not here: copy again.",
			 g->waiting, g->waiting == 1 ? " is" : "s are");
	if (g->beside)
		diag_say(d,
			 "%zu change%s built on others that are not here, and %s shown beside: "
			 "copy again.",
			 g->beside, g->beside == 1 ? " was" : "s were",
			 g->beside == 1 ? "is" : "are");
}

/* --- naming -------------------------------------------------------------------------------- */

struct naming {
	struct store *s;
	struct diag *d;
	size_t count;
	struct id last;
};

static void name_load(void *arg, const struct load *l)
{
	struct naming *n = arg;
	char hex[ID_HEX];
	id_to_hex(&l->id, hex);
	for (uint32_t i = 0; i < l->count; i++)
		if (!l->has[i] && n->count++ < NAMED_MOST)
			diag_say(n->d, "Load %.8s lacks piece %u of %u.", hex, i + 1, l->count);
}

static bool name_key(void *arg, struct span key, struct span value)
{
	struct naming *n = arg;
	struct id id, subject;
	char hex[ID_HEX], whose[ID_HEX];
	(void)value;
	if (key.n != 80 || (n->count && !memcmp(n->last.b, key.p, 16)))
		return true;
	memcpy(id.b, key.p, 16);
	memcpy(subject.b, key.p + 16, 16);
	n->last = id;
	if (n->count++ < NAMED_MOST)
		diag_say(n->d, "Changes of %.8s wait for key %.8s.", id_to_hex(&subject, whose),
			 id_to_hex(&id, hex));
	return true;
}

static void and_more(struct naming *n, const char *what)
{
	if (n->count > NAMED_MOST)
		diag_say(n->d, "And %zu more %s.", n->count - NAMED_MOST, what);
	n->count = 0;
}

static enum err name_all(void *arg, struct txn *t, struct diag *d)
{
	struct naming *n = arg;
	(void)d;
	scan_loads(n->s, t, name_load, n);
	and_more(n, "pieces");
	txn_scan(t, n->s->shelf.db[DB_WAIT], span_of("", 0), name_key, n);
	and_more(n, "keys");
	return OK;
}

enum err gaps_name(struct store *s, struct diag *d)
{
	struct naming n = {.s = s, .d = d};
	return shelf_read(&s->shelf, name_all, &n, d);
}

/* --- for the room above, which knows what a parent is --------------------------------------- */

struct scanning {
	struct store *s;
	store_each_gap *each;
	void *arg;
};

static bool gap_one(void *arg, struct span key, struct span value)
{
	struct scanning *w = arg;
	struct id subject, record;
	(void)value;
	if (key.n != 32)
		return true;
	memcpy(subject.b, key.p, 16);
	memcpy(record.b, key.p + 16, 16);
	return w->each(w->arg, &subject, &record);
}

static enum err scan_beside(void *arg, struct txn *t, struct diag *d)
{
	struct scanning *w = arg;
	(void)d;
	txn_scan(t, w->s->shelf.db[DB_BESIDE], span_of("", 0), gap_one, w);
	return OK;
}

enum err store_scan_beside(struct store *s, store_each_gap *each, void *arg)
{
	struct scanning w = {s, each, arg};
	enum err e = store_catch_up(s, NULL);
	return e ? e : shelf_read(&s->shelf, scan_beside, &w, NULL);
}
