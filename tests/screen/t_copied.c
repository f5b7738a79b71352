/* SPDX-License-Identifier: MIT
 *
 * A note is being written while the book is copied; it is gone on with here and there, and the
 * copies are exchanged.  Nothing that was typed is lost: each text is offered in both copies
 * until it is saved, and both are in the note afterwards.
 */
#include "stage.h"
#include "unit.h"
#include <linkbook/text.h>

#include <locale.h>
#include <string.h>
#include <unistd.h>

static struct stage stage;

static void type(const char *bytes)
{
	stage_bytes(&stage, bytes, strlen(bytes), true);
}

static void open_in(const char *dir)
{
	stage.dir = dir;
	stage_start(&stage);
	type(stage_passphrase);
	type("\r");
}

static void shell(const char *command)
{
	ck_assert_msg(!system(command), "%s", command);
}

static bool shows(const char *words)
{
	struct buf picture = BUF_INIT;
	stage_picture(&stage, &picture);
	bool found = strstr(buf_text(&picture), words) != NULL;
	buf_fini(&picture);
	return found;
}

static void want(const char *words)
{
	struct buf picture = BUF_INIT;
	stage_picture(&stage, &picture);
	ck_assert_msg(strstr(buf_text(&picture), words) != NULL, "in %s not \"%s\" but:\n%s",
		      stage.dir, words, buf_text(&picture));
	buf_fini(&picture);
}

/* In order, or after a second as a power cut does it. */
static void leave(bool in_order)
{
	if (in_order) {
		stage_hang_up(&stage);
		stage_stop(&stage);
	} else {
		stage_wait(&stage, 1000);
		stage_crash(&stage);
	}
}

static void exchange(void)
{
	shell("cp -r book/. copy/ && cp -r copy/. book/");
}

static bool note_texts(void *arg, const struct record *r)
{
	struct buf *texts = arg;
	const struct state_field *f = state_field(&r->state, "note");
	for (size_t i = 0; f && i < f->count; i++) {
		struct span text;
		if (!value_is_text(f->said[i].value, &text))
			continue;
		buf_add_byte(texts, '<');
		buf_add_span(texts, text);
		buf_add_byte(texts, '>');
	}
	return true;
}

static void want_notes(const char *one, const char *other)
{
	struct buf texts = BUF_INIT;
	ck_assert_int_eq(book_scan(stage.app.book, kind_find("contact"), NULL, note_texts, &texts),
			 OK);
	ck_assert_msg(strstr(buf_text(&texts), one) && strstr(buf_text(&texts), other), "in %s: %s",
		      stage.dir, buf_text(&texts));
	buf_fini(&texts);
}

/* bits of _i: how each side ends, and whether the last second is in the copy */
static void write_on_both(int i)
{
	setlocale(LC_ALL, "C.UTF-8");
	stage_init(&stage);
	open_in("book");
	type("mai\016Gas");
	stage_wait(&stage, 1000);
	type(" b");
	if (i & 1)
		stage_wait(&stage, 1000);
	shell("cp -r book copy"); /* in the midst */
	type("ill");
	leave(i & 2);
	open_in("copy");
	type("\r");
	want(i & 1 ? "Gas b" : "Gas");
	type(" man");
	leave(i & 4);
}

static const char *text_there(int i)
{
	return i & 1 ? "Gas b man" : "Gas man";
}

/* Both are offered on both sides. */
START_TEST(offered)
{
	static const char *const dirs[] = {"book", "copy"};
	write_on_both(_i);
	exchange();
	for (int k = 0; k < 2; k++) {
		open_in(dirs[k]);
		want("Gas bill");
		want(text_there(_i));
		stage_stop(&stage);
	}
	stage_fini(&stage);
}
END_TEST

static void save_first(void)
{
	type("\r");
	want("What:");
	type("\023");
	want("Saved.");
}

/* Saved one after the other, in one copy: no text is offered any more, and both are there. */
START_TEST(saved_in_one)
{
	write_on_both(_i);
	exchange();
	open_in("copy");
	save_first();
	stage_stop(&stage);
	open_in("copy");
	want("Unfinished");
	save_first();
	stage_stop(&stage);
	exchange();
	open_in("book");
	ck_assert(!shows("Unfinished"));
	char there[32];
	snprintf(there, sizeof there, "<%s>", text_there(_i));
	want_notes("<Gas bill>", there);
	stage_stop(&stage);
	stage_fini(&stage);
}
END_TEST

/* Each side saves without knowing of the other: one note, and both texts in it. */
START_TEST(saved_in_each)
{
	write_on_both(_i);
	exchange();
	open_in("book");
	save_first();
	stage_stop(&stage);
	open_in("copy");
	save_first();
	stage_stop(&stage);
	exchange();
	open_in("book");
	while (shows("Unfinished")) {
		save_first();
		stage_stop(&stage);
		open_in("book");
	}
	char there[32];
	snprintf(there, sizeof there, "<%s>", text_there(_i));
	want_notes("<Gas bill>", there);
	stage_stop(&stage);
	stage_fini(&stage);
}
END_TEST

/* The other text, a newer one, comes while the list stands on the screen: what is opened and
 * saved is the one that this run goes on from, and the other is offered still. */
START_TEST(arrives_while_open)
{
	write_on_both(_i);
	open_in("book");
	shell("cp -r copy/. book/");
	type("\r");
	want("Gas bill");
	type("\023");
	want("Saved.");
	stage_stop(&stage);
	open_in("book");
	want("Unfinished");
	want(text_there(_i));
	stage_stop(&stage);
	stage_fini(&stage);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, offered, 0, 8);
	tcase_add_loop_test(t, saved_in_one, 0, 8);
	tcase_add_loop_test(t, saved_in_each, 0, 8);
	tcase_add_loop_test(t, arrives_while_open, 0, 8);
}

UNIT_MAIN("copied")
