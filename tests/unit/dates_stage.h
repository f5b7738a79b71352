/* SPDX-License-Identifier: MIT
 *
 * Readings of dates in the few words that tests/unit/dates.table uses.
 */
#ifndef DATES_STAGE_H
#define DATES_STAGE_H

#include <linkbook/when.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The clocks of the tables: they change on the last Sundays of March and October. */
static inline void dates_set_zone(void)
{
	setenv("TZ", "Europe/London", 1);
	tzset();
}

/* "Tue 1 Dec", with the year where it is another, with the time where there is one. */
static inline void dates_say_moment(struct when w, struct when now, struct buf *out)
{
	struct when day = w;
	day.year = now.year;
	day.hour = -1;
	if (w.year == now.year) {
		when_say_short(day, now, out);
	} else {
		buf_printf(out, "%.3s ", when_weekday_name(when_weekday(w)));
		when_say_short(w, now, out);
	}
	if (w.hour >= 0)
		buf_printf(out, " %02d:%02d", w.hour, w.minute);
}

static inline void dates_say_reading(const struct when_reading *r, struct when now, struct buf *out)
{
	static const char *const notes[] = {" as am", " as pm", " as noon", " first"};
	dates_say_moment(r->w, now, out);
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
		if (r->notes & 1u << i)
			buf_add_text(out, notes[i]);
	if (r->other.year) {
		struct when day = r->other;
		day.hour = -1;
		buf_add_text(out, ", or ");
		dates_say_moment(day, now, out);
	}
}

/* Which sentence it was, in a word or two. */
static inline const char *dates_fault(const char *sentence)
{
	static const struct {
		const char *part, *word;
	} faults[] = {
		{" is still to come.", "to come"},
		{" is over.", "over"},
		{" is not a day or a time here.", "?"},
		{" is left over.", "left over"},
		{" is in no calendar.", "no such day"},
		{" could be an hour or a day.", "hour or day?"},
		{"Midnight lies between", "midnight?"},
		{" needs its hour.", "hour?"},
		{" needs its month.", "month?"},
		{" does not go with ", "not then"},
		{" skip that hour.", "skipped"},
		{" is too far away.", "too far"},
		{" not a ", "another weekday"},
	};
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		if (strstr(sentence, faults[i].part))
			return faults[i].word;
	return sentence;
}

/* One cell of the table. */
static inline void dates_say(const char *typed, struct when now, enum when_way way, struct buf *out)
{
	struct when_reading r;
	struct diag d = {0};
	if (when_read_reading(typed, now, way, &r, &d))
		buf_add_text(out, dates_fault(diag_first(&d)));
	else
		dates_say_reading(&r, now, out);
	diag_fini(&d);
}

#endif
