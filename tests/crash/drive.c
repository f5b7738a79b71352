/* SPDX-License-Identifier: MIT
 *
 * The few words in which scenarios are written.  A step is tried, done by the real code, and
 * acknowledged: drive_save does all three.
 */
#include "drive_impl.h"
#include "facts.h"
#include "log.h"

#include <linkbook/mem.h>
#include <linkbook/resource.h>

#include <dirent.h>
#include <dlfcn.h>
#include <lmdb.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const crash_words[] = {"four plain words here", "words of the practice",
				   "other plain words then", NULL};

const struct terms *crash_terms(void)
{
	static struct terms *terms;
	static const char *const files[] = {"data/terms/people.yaml", "data/terms/contacts.yaml",
					    "data/terms/resources.yaml"};
	if (terms)
		return terms;
	terms = terms_new();
	for (size_t i = 0; i < 3; i++) {
		const struct resource *r = resource_find(files[i]);
		BUG_IF(terms_load(terms, r->name, span_of(r->bytes, r->size), NULL));
	}
	return terms;
}

/* Sunday 22 November 2026, 10:47 in London. */
void crash_seam(struct seam *s, uint64_t seed)
{
	seam_init_sim(s, seed, 1795344420000);
}

/* --- a small LMDB -------------------------------------------------------------------------- */

/* The linker puts this one in the place of LMDB's own (Makefile.am): a map that begins with 64
 * MiB is not outgrown by a scenario, one of 128 KiB is. */
unsigned crash_map_shift;
int __real_mdb_env_set_mapsize(MDB_env *env, size_t size);
int __wrap_mdb_env_set_mapsize(MDB_env *env, size_t size);
int __wrap_mdb_env_set_mapsize(MDB_env *env, size_t size)
{
	return __real_mdb_env_set_mapsize(env, size >> crash_map_shift);
}

/* --- notes ------------------------------------------------------------------------------ */

__attribute__((format(printf, 1, 2))) void drive_note(const char *fmt, ...)
{
	static crash_note_function *to;
	struct buf b = BUF_INIT;
	char *text;
	va_list args;
	if (!to)
		*(void **)&to = dlsym(RTLD_DEFAULT, CRASH_NOTE);
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		err_out_of_memory();
	va_end(args);
	buf_add_text(&b, text);
	if (to)
		to(buf_text(&b));
	buf_fini(&b);
	free(text);
}

drive_failed_function *drive_failed;
bool drive_pretends;
void (*drive_aside)(bool begins);

bool drive_again(struct drive *w, enum err e, struct diag *d, const char *what)
{
	bool again = e && drive_failed && drive_failed(w->b, e, d, what);
	if (e && !again && !drive_pretends) {
		fprintf(stderr, "the driver could not %s: %s\n", what, diag_first(d));
		exit(3);
	}
	diag_fini(d);
	return again;
}

void drive_step_aside(bool begins)
{
	if (drive_aside)
		drive_aside(begins);
}

/* What the book says to a key; the caller frees. */
static char *ask_aside(struct drive *w, const char *key)
{
	drive_step_aside(true);
	char *now = fact_ask(w->b, key);
	drive_step_aside(false);
	return now;
}

/* --- words ------------------------------------------------------------------------------ */

uint64_t drive_draw(struct drive *w, uint64_t below)
{
	struct seam *s = &w->seam;
	uint64_t v;
	s->random(s, &v, sizeof v);
	return v % below;
}

/* Letters, n of them. */
char *drive_text(struct drive *w, size_t n)
{
	char *text = mem_alloc(n + 1);
	uint64_t v = 0;
	for (size_t i = 0; i < n; i++) {
		if (i % 8 == 0)
			v = drive_draw(w, UINT64_MAX);
		text[i] = "abcdefghijklmnopqrstuvwxyz oetai"[v >> i % 8 * 8 & 31];
	}
	for (size_t i = 0; i<n; i += n> 1 ? n - 1 : 1) /* the ends are no blanks */
		text[i] = 'x';
	return text;
}

void drive_tick(struct drive *w)
{
	w->seam.clock_ms += 1000 + (int64_t)drive_draw(w, 60000);
}

void drive_open(struct drive *w)
{
	struct diag d = {0};
	while (drive_again(
		w, book_open(&w->seam, w->book, span_text(crash_words[0]), w->terms, &w->b, &d), &d,
		"open the book"))
		;
}

void drive_close(struct drive *w)
{
	book_close(w->b);
	w->b = NULL;
}

/* What could not be made for certain may be there all the same: whoever is told, when trying once
 * more, that there is something already opens it. */
static enum err make_book(struct drive *w, bool again, struct diag *d)
{
	enum err e = book_create(&w->seam, w->book, "Ailsa", span_text(crash_words[0]),
				 KDF_CALIBRATED, d);
	if (!again || e != ERR_REFUSED ||
	    book_open(&w->seam, w->book, span_text(crash_words[0]), w->terms, &w->b, NULL))
		return e;
	drive_close(w);
	diag_fini(d);
	return OK;
}

void drive_make(struct drive *w)
{
	struct diag d = {0};
	bool again = false;
	drive_note("try made=yes");
	drive_note("try author=Ailsa");
	while ((again = drive_again(w, make_book(w, again, &d), &d, "make the book")))
		;
	drive_note("done");
}

static void write_value(struct writing *p, const char *field)
{
	size_t i = p->put.field_count++;
	p->fields[i] = (struct put_field){field, buf_span(&p->values[i])};
	p->put.fields = p->fields;
}

/* What is so, and what will be. */
void drive_try(struct drive *w, const char *key, const char *value)
{
	char *now = ask_aside(w, key);
	drive_note("is %s=%s", key, now);
	drive_note("try %s=%s", key, value);
	free(now);
}

/* Takes the text. */
void write_text(struct drive *w, struct writing *p, const char *field, char *text)
{
	char hex[ID_HEX], *value = fact_value(span_text(text));
	struct buf key = BUF_INIT;
	value_add_text(&p->values[p->put.field_count], span_text(text));
	write_value(p, field);
	buf_printf(&key, "f/%s/%s", id_to_hex(&p->put.record, hex), field);
	drive_try(w, buf_text(&key), value);
	buf_fini(&key);
	free(value);
	free(text);
}

void write_read(struct drive *w, struct writing *p, const char *field, const char *text)
{
	struct diag d = {0};
	while (drive_again(w,
			   value_read(kind_field(p->put.kind, field), text, w->terms,
				      when_now(&w->seam), WHEN_BACK, &p->values[p->put.field_count],
				      &d),
			   &d, "read a value"))
		;
	write_value(p, field);
}

struct writing write_begin(const char *kind, const struct id *id, bool is_new)
{
	return (struct writing){.put = {.kind = kind_find(kind), .record = *id, .is_new = is_new}};
}

/* Saved, and not yet said to be. */
void drive_save_unsaid(struct drive *w, struct writing *v, size_t count)
{
	struct diag d = {0};
	struct put *puts = mem_alloc_many(count, sizeof *puts);
	for (size_t i = 0; i < count; i++) {
		v[i].put.fields = v[i].fields;
		for (size_t k = 0; k < v[i].put.field_count; k++)
			v[i].fields[k].value = buf_span(&v[i].values[k]);
		puts[i] = v[i].put;
	}
	while (drive_again(w, book_put(w->b, puts, count, &d), &d, "save"))
		;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < v[i].put.field_count; k++)
			buf_fini(&v[i].values[k]);
	free(puts);
	drive_tick(w);
}

void drive_save(struct drive *w, struct writing *v, size_t count)
{
	drive_save_unsaid(w, v, count);
	drive_note("done");
}

/* What a key counts will be `more`. */
void drive_try_more(struct drive *w, const char *key, unsigned more)
{
	char number[24], *now = ask_aside(w, key);
	snprintf(number, sizeof number, "%lu", strtoul(now, NULL, 10) + more);
	drive_try(w, key, number);
	free(now);
}

void write_person(struct drive *w, struct writing *p, size_t long_text)
{
	struct id id = seam_new_id(&w->seam);
	*p = write_begin("person", &id, true);
	write_text(w, p, "family_name", drive_text(w, 3 + drive_draw(w, 20)));
	write_text(w, p, "given_name", drive_text(w, 3 + drive_draw(w, 20)));
	if (long_text) {
		write_text(w, p, "household_note", drive_text(w, long_text));
		write_text(w, p, "important_to_me", drive_text(w, long_text));
		write_text(w, p, "please_do", drive_text(w, long_text));
		write_text(w, p, "please_dont", drive_text(w, long_text));
	}
	if (w->person_count < 64)
		w->people[w->person_count++] = id;
}

void drive_add_person(struct drive *w)
{
	struct writing p;
	drive_try_more(w, "n/person", 1);
	write_person(w, &p, 0);
	drive_save(w, &p, 1);
}

static struct id *somebody(struct drive *w)
{
	return &w->people[drive_draw(w, w->person_count)];
}

/* A register, and every third time one more member of a set. */
void drive_change_person(struct drive *w)
{
	static const char *const fields[] = {"visit_note", "language", "called", "access_needs"};
	struct writing p = write_begin("person", somebody(w), false);
	char hex[ID_HEX], key[40];
	snprintf(key, sizeof key, "e/%s", id_to_hex(&p.put.record, hex));
	drive_try_more(w, key, 1);
	write_text(w, &p, fields[drive_draw(w, 4)], drive_text(w, 1 + drive_draw(w, 900)));
	drive_save(w, &p, 1);
}

void write_note(struct drive *w, struct writing *p)
{
	struct id id = seam_new_id(&w->seam);
	*p = write_begin("contact", &id, true);
	p->put.person = *somebody(w);
	write_read(w, p, "starts", "today 10:00");
	write_read(w, p, "mode", "phone");
	write_text(w, p, "note", drive_text(w, 1 + drive_draw(w, 5000)));
}

void drive_add_note(struct drive *w)
{
	struct writing p;
	drive_try_more(w, "n/contact", 1);
	write_note(w, &p);
	drive_save(w, &p, 1);
}

/* --- a run ------------------------------------------------------------------------------ */

/* The state folder of the book, or of the copy, which lies beside all that is recorded. */
char *drive_set_state(const char *root, const char *beside)
{
	struct buf state = BUF_INIT, book = BUF_INIT;
	buf_printf(&state, "%s%s/state", root, beside);
	buf_printf(&book, "%s%s/book", root, beside);
	setenv("XDG_STATE_HOME", buf_text(&state), 1);
	buf_fini(&state);
	return buf_take_text(&book);
}

void drive_run(const struct scenario *s, const char *root, uint64_t seed)
{
	struct drive w = {.root = root};
	setenv("TZ", "Europe/London", 1);
	w.book = drive_set_state(root, "");
	crash_seam(&w.seam, s->after ? seed + 500000 : seed); /* never the same ids again */
	w.terms = crash_terms();
	crash_map_shift = s->map_shift;
	s->run(&w);
	drive_close(&w);
	free(w.book);
}
