/* SPDX-License-Identifier: MIT
 *
 * libsodium, wrapped once.  Random bytes come through the seam, so that a simulator can
 * replay a run; the system's seam takes them from the kernel.
 */
#include "seal.h"

#include <linkbook/mem.h>

#include <sodium.h>
#include <string.h>

enum {
	KDF_FLOOR_KIB = 64 << 10,
	KDF_CEILING_KIB = 1024 << 10,
	KDF_FLOOR_OPS = 2,
	KDF_CEILING_OPS = 10,
	KDF_PATIENCE_MS = 1500,
};

void seal_start(void)
{
	BUG_IF(sodium_init() < 0);
}

struct seal *seal_new(void)
{
	struct seal *k = sodium_malloc(sizeof *k);
	if (!k)
		err_out_of_memory();
	memset(k, 0, sizeof *k);
	return k;
}

void seal_free(struct seal *k)
{
	sodium_free(k); /* wipes */
}

void seal_derive(struct seal *k)
{
	uint8_t *const subs[] = {k->wrap,  k->segment, k->draft, k->shelf,
				 k->slots, k->marks,   k->names};
	for (size_t i = 0; i < sizeof subs / sizeof *subs; i++)
		crypto_kdf_derive_from_key(subs[i], KEY_BYTES, i + 1, "linkbook", k->store_key);
}

static struct id name_of(const struct seal *k, struct span what)
{
	struct id id;
	crypto_generichash(id.b, sizeof id.b, what.p, what.n, k->names, KEY_BYTES);
	return id;
}

struct id seal_store_id(const struct seal *k, enum store_kind kind,
			const uint8_t constant[KEY_BYTES])
{
	uint8_t what[5 + 1 + KEY_BYTES] = "store";
	what[5] = (uint8_t)kind;
	memcpy(what + 6, constant, KEY_BYTES);
	return name_of(k, span_of(what, sizeof what));
}

struct id seal_key_id(const struct seal *k)
{
	return name_of(k, span_text("key"));
}

struct hash seal_hash(struct span bytes)
{
	struct hash h;
	crypto_generichash(h.b, sizeof h.b, bytes.p, bytes.n, NULL, 0);
	return h;
}

struct hash seal_keyed_hash(const uint8_t key[KEY_BYTES], struct span bytes)
{
	struct hash h;
	crypto_generichash(h.b, sizeof h.b, bytes.p, bytes.n, key, KEY_BYTES);
	return h;
}

void seal_bytes(struct seam *seam, const uint8_t key[KEY_BYTES], struct span ad, struct span plain,
		struct buf *out)
{
	uint8_t nonce[NONCE_BYTES];
	unsigned long long n;
	seam->random(seam, nonce, sizeof nonce);
	buf_add(out, nonce, sizeof nonce);
	buf_reserve(out, plain.n + TAG_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out->p + out->n, &n, plain.p, plain.n, ad.p,
						   ad.n, NULL, nonce, key);
	out->n += n;
	out->p[out->n] = 0;
}

bool seal_open(const uint8_t key[KEY_BYTES], struct span ad, struct span sealed, struct buf *plain)
{
	unsigned long long n;
	if (sealed.n < NONCE_BYTES + TAG_BYTES)
		return false;
	buf_reserve(plain, sealed.n - NONCE_BYTES - TAG_BYTES);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    plain->p + plain->n, &n, NULL, sealed.p + NONCE_BYTES, sealed.n - NONCE_BYTES,
		    ad.p, ad.n, sealed.p, key))
		return false;
	plain->n += n;
	plain->p[plain->n] = 0;
	return true;
}

#ifdef LINKBOOK_SIM
struct seal_work seal_work;
#endif

enum err seal_stretch(struct span words, const uint8_t salt[16], uint32_t ops, uint32_t mem_kib,
		      uint8_t key[KEY_BYTES])
{
#ifdef LINKBOOK_SIM
	seal_work.calls++;
	seal_work.kib_ops += (uint64_t)ops * mem_kib;
	memset(key, 0, KEY_BYTES);
	if (seal_work.pretend)
		return OK;
#endif
	if (crypto_pwhash(key, KEY_BYTES, (const char *)words.p, words.n, salt, ops,
			  (size_t)mem_kib << 10, crypto_pwhash_ALG_ARGON2ID13))
		return ERR_IO; /* the memory could not be had */
	return OK;
}

static bool is_cheap(const struct seam *seam, uint32_t ops, uint32_t mem_kib)
{
#ifdef LINKBOOK_SIM
	return seam->cheap_kdf && ops == crypto_pwhash_OPSLIMIT_MIN &&
	       mem_kib == crypto_pwhash_MEMLIMIT_MIN >> 10;
#else
	(void)seam, (void)ops, (void)mem_kib;
	return false;
#endif
}

bool seal_kdf_allowed(const struct seam *seam, uint32_t ops, uint32_t mem_kib)
{
	if (is_cheap(seam, ops, mem_kib))
		return true;
	return ops >= KDF_FLOOR_OPS && ops <= KDF_CEILING_OPS && mem_kib >= KDF_FLOOR_KIB &&
	       mem_kib <= KDF_CEILING_KIB;
}

static enum err time_stretch(struct seam *seam, uint32_t ops, uint32_t mem_kib, int64_t *ms)
{
	uint8_t key[KEY_BYTES], salt[16] = {0};
	int64_t before = seam->boot_ms(seam);
	enum err e = seal_stretch(span_text("calibration"), salt, ops, mem_kib, key);
	*ms = seam->boot_ms(seam) - before;
	mem_wipe(key, sizeof key);
	return e;
}

/* From moderate down until this machine does it in good time, never below the floor. */
static enum err calibrate(struct seam *seam, uint32_t ops, uint32_t *mem_kib)
{
	for (;; *mem_kib /= 2) {
		int64_t ms;
		enum err e = time_stretch(seam, ops, *mem_kib, &ms);
		if (*mem_kib <= KDF_FLOOR_KIB)
			return e;
		if (!e && ms <= KDF_PATIENCE_MS)
			return OK;
	}
}

enum err seal_kdf_choose(struct seam *seam, enum store_kdf kdf, uint32_t *ops, uint32_t *mem_kib)
{
	static const struct {
		uint32_t ops, mem_kib;
	} costs[] = {
		[STORE_KDF_CALIBRATED] = {3, 256 << 10},
		[STORE_KDF_INTERACTIVE] = {2, 64 << 10},
		[STORE_KDF_MODERATE] = {3, 256 << 10},
		[STORE_KDF_SENSITIVE] = {4, 1024 << 10},
	};
	*ops = costs[kdf].ops;
	*mem_kib = costs[kdf].mem_kib;
#ifdef LINKBOOK_SIM
	if (seam->cheap_kdf) {
		*ops = crypto_pwhash_OPSLIMIT_MIN;
		*mem_kib = crypto_pwhash_MEMLIMIT_MIN >> 10;
		return OK;
	}
#endif
	return kdf == STORE_KDF_CALIBRATED ? calibrate(seam, *ops, mem_kib) : OK;
}

void seal_pair(struct seam *seam, uint8_t public_key[KEY_BYTES], uint8_t private_key[KEY_BYTES])
{
	seam->random(seam, private_key, KEY_BYTES);
	seal_public(private_key, public_key);
}

void seal_public(const uint8_t private_key[KEY_BYTES], uint8_t public_key[KEY_BYTES])
{
	crypto_scalarmult_base(public_key, private_key);
}

static void box_nonce(const uint8_t from[KEY_BYTES], const uint8_t to[KEY_BYTES],
		      uint8_t nonce[crypto_box_NONCEBYTES])
{
	uint8_t both[2 * KEY_BYTES];
	memcpy(both, from, KEY_BYTES);
	memcpy(both + KEY_BYTES, to, KEY_BYTES);
	crypto_generichash(nonce, crypto_box_NONCEBYTES, both, sizeof both, NULL, 0);
}

bool seal_box(struct seam *seam, const uint8_t public_key[KEY_BYTES], const uint8_t key[KEY_BYTES],
	      uint8_t box[80])
{
	uint8_t once[KEY_BYTES], nonce[crypto_box_NONCEBYTES];
	seal_pair(seam, box, once); /* a pair for this one box; its public half leads it */
	box_nonce(box, public_key, nonce);
	bool ok = !crypto_box_easy(box + KEY_BYTES, key, KEY_BYTES, nonce, public_key, once);
	mem_wipe(once, sizeof once);
	return ok;
}

bool seal_box_open(const uint8_t box[80], const uint8_t private_key[KEY_BYTES],
		   uint8_t key[KEY_BYTES])
{
	uint8_t public_key[KEY_BYTES];
	seal_public(private_key, public_key);
	return !crypto_box_seal_open(key, box, crypto_box_SEALBYTES + KEY_BYTES, public_key,
				     private_key);
}

/* Padmé: sizes keep only as many leading bits as their magnitude's magnitude has, at most
 * 12 % more; small ones go up to a common floor. */
size_t seal_padded(size_t n)
{
	if (n <= 1024)
		return 1024;
	unsigned e = 63 - (unsigned)__builtin_clzll(n);
	unsigned s = 64 - (unsigned)__builtin_clzll(e);
	size_t mask = ((size_t)1 << (e - s)) - 1;
	return (n + mask) & ~mask;
}
