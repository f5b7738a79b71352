/* SPDX-License-Identifier: MIT
 *
 * Keeps a book as the program does and closes it: words for it come on standard input (24 bytes
 * each: passphrase, given name, family name, a note, half a note), so that none of them is part
 * of this program.  Says "closed" when all is closed, and waits to be looked into until its
 * input ends.
 */
#include <linkbook/book.h>
#include <linkbook/mem.h>
#include <linkbook/terms.h>
#include <linkbook/value.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LETTERS = 24, WORD_COUNT = 5 };
enum { PASSPHRASE, GIVEN, FAMILY, NOTE, HALF };

static struct buf words[WORD_COUNT];

static bool read_words(void)
{
	for (size_t i = 0; i < WORD_COUNT; i++) {
		words[i] = (struct buf)BUF_SECRET;
		buf_add_zeros(&words[i], LETTERS);
		for (size_t at = 0; at < LETTERS; at++)
			if (read(STDIN_FILENO, words[i].p + at, 1) != 1)
				return false;
	}
	return true;
}

static bool put_texts(struct book *b, const char *kind, struct id *record, const char *names[],
		      const size_t which[], size_t n)
{
	struct put_field fields[2];
	struct buf values[2];
	struct put put = {
		.kind = kind_find(kind), .record = *record, .fields = fields, .field_count = n};
	for (size_t i = 0; i < n; i++) {
		values[i] = (struct buf)BUF_SECRET;
		value_add_text(&values[i], buf_span(&words[which[i]]));
		fields[i] = (struct put_field){names[i], buf_span(&values[i])};
	}
	enum err e = book_put(b, &put, 1, NULL);
	*record = put.record;
	for (size_t i = 0; i < n; i++)
		buf_fini(&values[i]);
	return !e;
}

static bool say_one(void *arg, const struct record *r)
{
	struct buf said = BUF_SECRET;
	record_title(arg, r, &said);
	record_say(arg, r, "given_name", &said);
	record_say(arg, r, "words", &said);
	buf_fini(&said);
	return true;
}

/* Written, written again, taken back, brought back, listed, kept and closed. */
static bool keep(struct seam *seam, const char *dir, const struct terms *terms)
{
	struct book *b;
	struct id person = {{0}}, jot = {{0}}, draft;
	struct buf told = BUF_SECRET;
	struct draft *drafts = NULL;
	size_t count = 0;
	struct span passphrase = buf_span(&words[PASSPHRASE]);
	if (book_create(seam, dir, "Ailsa", passphrase, KDF_CALIBRATED, NULL) ||
	    book_open(seam, dir, passphrase, terms, &b, NULL))
		return false;
	draft = book_new_draft(b);
	bool ok = put_texts(b, "person", &person, (const char *[]){"given_name", "family_name"},
			    (const size_t[]){GIVEN, FAMILY}, 2) &&
		  put_texts(b, "person", &person, (const char *[]){"given_name"},
			    (const size_t[]){FAMILY}, 1) &&
		  put_texts(b, "jot", &jot, (const char *[]){"words"}, (const size_t[]){NOTE}, 1) &&
		  !book_keep_draft(b, &draft, buf_span(&words[HALF]), NULL) &&
		  !book_undo(b, &told, NULL) && !book_redo(b, &told, NULL) &&
		  !book_scan_all(b, kind_find("person"), NULL, say_one, b) &&
		  !book_scan_all(b, kind_find("jot"), NULL, say_one, b) &&
		  !book_drafts(b, &drafts, &count, NULL) && count == 1;
	drafts_free(drafts, count);
	buf_fini(&told);
	book_close(b);
	return ok;
}

int main(int argc, char **argv)
{
	struct seam seam;
	struct terms *terms = terms_new();
	char byte;
	seam_init_sim(&seam, 5, 1795517220000);
	if (argc != 2 || !read_words() || !keep(&seam, argv[1], terms))
		return EXIT_FAILURE;
	for (size_t i = 0; i < WORD_COUNT; i++)
		buf_fini(&words[i]);
	terms_free(terms);
	mem_wipe_stack();
	if (write(STDOUT_FILENO, "closed", 6) != 6)
		return EXIT_FAILURE;
	while (read(STDIN_FILENO, &byte, 1) == 1)
		;
	return EXIT_SUCCESS;
}
