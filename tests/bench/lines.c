/* SPDX-License-Identifier: MIT
 *
 * Writes made-up records as JSON lines, the same for the same seed, with their members in the
 * order in which `list --json` gives them.  usage: lines PEOPLE CONTACTS SEED [WORDS]; WORDS: how
 * many different words notes are made of, most of them seldom used; without, a few real ones.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state;

static uint64_t next(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static unsigned below(unsigned n)
{
	return (unsigned)(next() % n);
}

static const char *pick(const char *const *v, unsigned n)
{
	return v[below(n)];
}
#define PICK(v) pick(v, sizeof v / sizeof *v)

static const char *const given[] = {"Mairi", "Łukasz", "John", "Aisha",	 "Zoë",
				    "Senga", "Tam",    "Isa",  "Farida", "Davie"};
static const char *const family[] = {"MacLeòd",	 "Wójcik",  "O'Neil",	"Zhang",      "Ní Bhriain",
				     "Larkspur", "Heather", "Lanterns", "Brightside", "Cloudberry"};
static const char *const places[] = {"Possilpark", "Maryhill", "Govanhill", "Springburn",
				     "Milton",	   "Ruchill",  "Lambhill",  "Anderston"};
static const char *const modes[] = {"face_home", "walk_and_talk", "phone", "face_practice"};
static const char *const words[] = {
	"good",	  "form",  "today", "worried", "about",	 "gas",	  "bill",  "letters",  "walk",
	"sister", "canal", "tea",   "housing", "rang",	 "form",  "would", "like",     "out",
	"more",	  "group", "lunch", "bus",     "stairs", "sleep", "son",   "landlord", "café"};

static unsigned vocabulary;

/* As in any text, few words make up most of it: half of what is written comes from an eighth of the
 * words. */
static void add_word(void)
{
	static const char *const parts[] = {"ba",  "ren", "lo",	 "mi", "sta", "ko",  "ver", "da",
					    "nel", "ti",  "gra", "su", "po",  "len", "fa",  "hu"};
	if (!vocabulary || !below(4)) {
		printf("%s", PICK(words));
		return;
	}
	double u = (double)below(1u << 20) / (1u << 20);
	for (unsigned n = 16 + (unsigned)(vocabulary * u * u * u); n; n /= 16)
		printf("%s", parts[n % 16]);
}

static void person(unsigned i)
{
	printf("{\"type\":\"person\",\"id\":\"%032x\",\"family_name\":\"%s\",\"given_name\":\"%s\","
	       "\"date_of_birth\":\"19%02u-%02u-%02u\",\"locality\":\"%s\",\"risks\":[\"none_"
	       "known\"],"
	       "\"visit_note\":\"stairs, %u flights\",\"status\":\"active\"}\n",
	       i + 1, PICK(family), PICK(given), 30 + below(70), 1 + below(12), 1 + below(28),
	       PICK(places), 1 + below(4));
}

static void contact(unsigned i, unsigned people)
{
	printf("{\"type\":\"contact\",\"id\":\"c%031x\",\"person\":\"%032x\","
	       "\"starts\":\"2026-%02u-%02uT%02u:%02u\",\"minutes\":%u,\"mode\":\"%s\","
	       "\"outcome\":\"attended\",\"note\":\"",
	       i + 1, below(people) + 1, 1 + below(11), 1 + below(28), 9 + below(8), 15 * below(4),
	       15 + 15 * below(4), PICK(modes));
	for (unsigned n = 40 + below(200); n; n--) {
		add_word();
		printf("%s", n > 1 ? " " : "\"}\n");
	}
}

int main(int argc, char **argv)
{
	if (argc < 4 || argc > 5)
		return 2;
	vocabulary = argc > 4 ? (unsigned)atoi(argv[4]) : 0;
	unsigned people = (unsigned)atoi(argv[1]), contacts = (unsigned)atoi(argv[2]);
	state = strtoull(argv[3], NULL, 10);
	for (unsigned i = 0; i < people; i++)
		person(i);
	for (unsigned i = 0; i < contacts; i++)
		contact(i, people);
	return 0;
}
