/* SPDX-License-Identifier: MIT
 *
 * A process that ends by _exit leaves its counts behind, too: the children of the crash and
 * typing tests do, and what they went through was gone through.  Linked into every program of
 * the coverage tree with --wrap=_exit (Makefile.am).
 */
void __gcov_dump(void);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);

void __wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}
