/* SPDX-License-Identifier: MIT
 *
 * The morning after: open, ask for everything acknowledged, check, save one more, open again;
 * then the same from the files alone, without LMDB.
 */
#include "verify.h"
#include "drive.h"

#include <linkbook/mem.h>
#include <linkbook/store.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char after[] = "written on the morning after";

struct morning {
	const struct facts *facts;
	const char *recorded, *here;
	char *book;
	struct seam seam;
	const struct terms *terms;
	struct id extra; /* the record saved after the cut */
	char opened_with; /* number of the words */
	bool alone, files_alone; /* LMDB is to be taken away; was */
	struct buf *why;
};

const char *verdict_say(enum verdict v)
{
	static const char *const says[VERDICTS] = {
		[FINE] = "fine",
		[LOST] = "something acknowledged is lost",
		[SHUT] = "the book does not open",
		[HARMED] = "the book tells of damage",
		[STUCK] = "nothing more can be saved",
		[DIED] = "the program died",
		[BROKEN] = "the proof itself is broken",
	};
	return says[v];
}

/* --- where LMDB lies -------------------------------------------------------------------- */

/* The state folder has the hash of the store's real path in its name; the image lies elsewhere
 * than the book that was recorded. */
static void path_hash(const char *root, const char *store, char out[17])
{
	struct buf path = BUF_INIT;
	char hex[HASH_HEX];
	buf_printf(&path, "%s/book/%s", root, store);
	struct hash h = store_plain_hash(buf_span(&path));
	memcpy(out, hash_to_hex(&h, hex), 16);
	out[16] = 0;
	buf_fini(&path);
}

static char *move_state(void *arg, const char *path)
{
	static const char before[] = "state/linkbook/";
	const struct morning *m = arg;
	char was[17], directory[80], now[17];
	if (strncmp(path, before, sizeof before - 1))
		return NULL;
	char *moved = mem_text(path), *name = moved + sizeof before - 1;
	snprintf(directory, sizeof directory, "directories/%.32s", name);
	const char *const stores[] = {"caseload", directory};
	for (size_t i = 0; strlen(name) >= 33 + 16 && i < 2; i++) {
		path_hash(m->recorded, stores[i], was);
		if (strncmp(name + 33, was, 16))
			continue;
		path_hash(m->here, stores[i], now);
		memcpy(name + 33, now, 16);
		break;
	}
	return moved;
}

/* --- the morning ------------------------------------------------------------------------ */

static enum verdict say(struct morning *m, enum verdict v, const char *when, const struct diag *d)
{
	buf_printf(m->why, "%s: %s", when, d && d->count ? diag_first(d) : "(no sentence)");
	return v;
}

/* With the words that open it. */
static enum err open_book(struct morning *m, struct book **b, struct diag *d)
{
	enum err e = ERR_UNLOCK;
	for (size_t i = 0; e == ERR_UNLOCK && crash_words[i]; i++) {
		diag_fini(d);
		e = book_open(&m->seam, m->book, span_text(crash_words[i]), m->terms, b, d);
		m->opened_with = (char)('0' + i);
	}
	return e;
}

/* Words that were taken away do not open it. */
static bool opened_rightly(struct morning *m, struct book *b)
{
	char *ways = fact_ask(b, "ways");
	bool rightly = strchr(ways, m->opened_with);
	free(ways);
	return rightly;
}

/* Whoever has the files alone cannot tell a save that was broken off after some pieces from a
 * copy that was: both are said, and neither counts. */
static bool is_broken_off(const struct morning *m, const struct diag *d)
{
	return m->files_alone && facts_trying(m->facts) &&
	       strstr(diag_first(d), "pieces of a load");
}

/* Everything that was acknowledged is there, and what was saved after the cut. */
static enum verdict ask(struct morning *m, struct book *b, const char *when)
{
	struct buf why = BUF_INIT;
	char *extra = NULL, hex[ID_HEX], key[80];
	enum verdict v = FINE;
	if (!facts_hold(m->facts, b, &why)) {
		buf_printf(m->why, "%s: %s", when, buf_text(&why));
		v = LOST;
	} else if (!opened_rightly(m, b)) {
		v = say(m, LOST, "opened by words that were taken away", NULL);
	} else if (!id_is_zero(&m->extra)) {
		snprintf(key, sizeof key, "f/%s/words", id_to_hex(&m->extra, hex));
		extra = fact_ask(b, key);
		if (!extra || strcmp(extra, after))
			v = say(m, STUCK, when, NULL);
	}
	buf_fini(&why);
	free(extra);
	return v;
}

/* And nothing is said to be amiss. */
static enum verdict check(struct morning *m, struct book *b, const char *when)
{
	struct diag d = {0};
	enum verdict v = FINE;
	enum err e = book_check(b, &d);
	if (!m->facts->copying && (e || book_trouble(b)) && !is_broken_off(m, &d))
		v = say(m, HARMED, when, &d);
	else if (e && e != ERR_DAMAGED)
		v = say(m, SHUT, when, &d);
	diag_fini(&d);
	return v;
}

static enum verdict look_again(struct morning *m, const char *when, bool checking)
{
	struct book *b;
	struct diag d = {0};
	if (open_book(m, &b, &d))
		return say(m, SHUT, when, &d);
	enum verdict v = ask(m, b, when);
	if (!v && checking)
		v = check(m, b, when);
	book_close(b);
	diag_fini(&d);
	return v;
}

/* A jot, which no scenario counts. */
static enum verdict save_one_more(struct morning *m, struct book *b)
{
	struct buf words = BUF_INIT;
	value_add_text(&words, span_text(after));
	struct put_field field = {"words", buf_span(&words)};
	struct put p = {.kind = kind_find("jot"), .fields = &field, .field_count = 1};
	struct diag d = {0};
	if (book_put(b, &p, 1, &d))
		return say(m, STUCK, "a further save", &d);
	m->extra = p.record;
	buf_fini(&words);
	diag_fini(&d);
	return FINE;
}

/* A book whose making was not acknowledged may be gone, and then it can be made. */
static enum verdict make_anew(struct morning *m, const struct diag *said)
{
	struct diag d = {0};
	if (!said->count)
		return say(m, SHUT, "opening what was being made", said);
	if (book_create(&m->seam, m->book, "Ailsa", span_text(crash_words[0]), KDF_CALIBRATED, &d))
		return say(m, SHUT, "making it anew", &d);
	return look_again(m, "made anew", true);
}

static enum verdict without_shelf(struct morning *m)
{
	struct buf command = BUF_INIT;
	buf_printf(&command, "%s/state/linkbook", m->here);
	bool gone = remove_tree(buf_text(&command));
	buf_fini(&command);
	m->files_alone = true;
	return gone ? look_again(m, "from the files alone", true) : BROKEN;
}

static enum verdict wake_up(struct morning *m)
{
	struct book *b;
	struct diag d = {0};
	if (open_book(m, &b, &d))
		return facts_made(m->facts) ? say(m, SHUT, "opening", &d) : make_anew(m, &d);
	enum verdict v = ask(m, b, "opening");
	if (!v)
		v = check(m, b, "opening");
	if (!v)
		v = save_one_more(m, b);
	book_close(b);
	if (!v)
		v = look_again(m, "opening again", false);
	/* What a copy brought and did not finish is in LMDB alone, or nowhere. */
	if (!v && m->alone && !m->facts->copying)
		v = without_shelf(m);
	return v;
}

static void begin_morning(struct morning *m, uint64_t seed)
{
	struct buf state = BUF_INIT;
	buf_printf(&state, "%s/state", m->here);
	setenv("XDG_STATE_HOME", buf_text(&state), 1);
	buf_fini(&state);
	m->book = file_join(m->here, "book");
	crash_seam(&m->seam, seed + 1000000);
	m->seam.clock_ms += 86400000;
	m->terms = crash_terms();
}

enum verdict verify_image(const struct image *im, const struct facts *f,
			  const struct verify_where *where, uint64_t seed, struct buf *why)
{
	struct morning m = {.facts = f,
			    .recorded = where->recorded,
			    .here = where->here,
			    .alone = where->alone,
			    .why = why};
	begin_morning(&m, seed);
	return image_write(im, where->here, move_state, &m) ? wake_up(&m) : BROKEN;
}

enum verdict verify_folder(const char *here, const struct facts *f, uint64_t seed, struct buf *why)
{
	struct morning m = {.facts = f, .recorded = here, .here = here, .alone = true, .why = why};
	begin_morning(&m, seed);
	return wake_up(&m);
}
