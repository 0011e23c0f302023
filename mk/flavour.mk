# What is built, with what, and where.

#: CC=clang            another compiler (built in build/clang)
#: SAN=1               with AddressSanitizer and UndefinedBehaviorSanitizer (build/san)
#: TSAN=1              with ThreadSanitizer (build/tsan); where it says "unexpected memory
#:                     mapping", run the program under `setarch -R`
#: COVERAGE=1          counting which lines and branches run (build/coverage)
#: SHARED=1            with the library as a shared object (build/shared)
#: MBEDTLS=3.6         against mbedTLS 3.6, fetched into build/mbedtls-3.6
#: MBEDTLS_DIR=DIR     against the mbedTLS of your own in DIR/include and DIR/lib
#: CFLAGS= LDFLAGS=    flags of your own, in place of -O3 -g
#: WERROR=             warnings are not errors
#: V=1                 show the commands

ifeq ($(origin CC),default)
CC := gcc
endif
MBEDTLS ?= system
WERROR ?= -Werror
V ?= 0

on = $(filter-out 0 no,$(1))
comma := ,
space := $(subst ,, )
quiet = $(if $(call on,$(V)),,@printf '  %-7s %s\n' $(1) '$@';)
silent = $(if $(call on,$(V)),,@)

ifneq ($(filter-out system 3.6,$(MBEDTLS)),)
$(error MBEDTLS is 'system' or '3.6', not '$(MBEDTLS)'; for any other use MBEDTLS_DIR=)
endif

flavour := $(if $(FUZZ),fuzz,$(if $(call on,$(EXPLORE)),explore,$(if $(findstring clang,$(notdir $(firstword $(CC)))),clang)))
flavour += $(if $(call on,$(COVERAGE)),coverage) $(if $(call on,$(SHARED)),shared)
flavour += $(if $(call on,$(SAN)),san) $(if $(call on,$(TSAN)),tsan) $(if $(filter 3.6,$(MBEDTLS)),mbedtls-3.6)
flavour += $(if $(MBEDTLS_DIR),mbedtls-own)
BUILD := build$(addprefix /,$(subst $(space),-,$(strip $(flavour))))
GEN := $(BUILD)/gen

# mbedTLS: the system's, the one fetched, or the user's own.
mbedtls_dir := $(or $(MBEDTLS_DIR),$(if $(filter 3.6,$(MBEDTLS)),build/mbedtls-3.6/sdk))
mbedtls_ready := $(if $(MBEDTLS_DIR),,$(if $(filter 3.6,$(MBEDTLS)),build/mbedtls-3.6/sdk/ready))
mbedtls_names := mbedtls mbedx509 mbedcrypto
mbedtls_libs := $(if $(mbedtls_dir),$(mbedtls_names:%=$(mbedtls_dir)/lib/lib%.a),$(mbedtls_names:%=-l%))

sanitize := $(if $(call on,$(SAN))$(FUZZ),-fsanitize=address$(comma)undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer) \
	$(if $(FUZZ)$(call on,$(EXPLORE)),-fsanitize=fuzzer-no-link) \
	$(if $(call on,$(TSAN)),-fsanitize=thread -fno-omit-frame-pointer)
ifneq ($(strip $(sanitize)),)
CFLAGS ?= -O1 -g
else ifneq ($(call on,$(COVERAGE)),)
# (Unoptimised, gcc believes that whoever is handed a pointer to constant data reads it.)
CFLAGS ?= -O0 -g --coverage $(call accepted,-Wno-maybe-uninitialized)
else ifneq ($(call on,$(SHARED)),)
CFLAGS ?= -O1 -fPIC
else
# A capture may be of any size. (Tests stay at -O2: gcc 12 warns of open_memstream at -O3.)
ifeq ($(origin CFLAGS),undefined)
src_cflags := -O3
# What each packet passes is optimised as a whole with gcc. Clang's objects for that would need tools
# of its own; for all of the program it takes too long.
gcc := $(findstring Free Software Foundation,$(shell $(CC) --version 2>/dev/null))
# (In such objects its assembler would note the folder, whatever it is told: gcc numbers the lines.)
lto := $(if $(gcc),-flto=auto -ffat-lto-objects -gno-as-loc-support)
endif
CFLAGS ?= -O2 -g
endif

# $(call accepted,FLAGS): those that the compiler knows.
accepted = $(shell for flag in $(1); do $(CC) -Werror $$flag -x c -c /dev/null -o /dev/null \
	2>/dev/null && echo "$$flag"; done)

warnings := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wredundant-decls -Wformat=2 -Wcast-qual -Wundef \
	-Wswitch-enum -Wpointer-arith -Wwrite-strings -Wvla -Wdouble-promotion -Wdate-time \
	$(call accepted,-Wcast-align=strict -Wduplicated-cond -Wduplicated-branches -Wlogical-op \
	-Wjump-misses-init -Walloca) $(WERROR)

# Whatever CFLAGS are: who sets them wants other optimisation, not a softer program. The C library
# checks sizes only in optimised code, and the sanitizers check them themselves.
fortify := $(if $(strip $(sanitize)),,$(if $(filter -O -O1 -O2 -O3 -Os -Og -Ofast,$(CFLAGS)), \
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
hardening := -fstack-protector-strong $(fortify) \
	$(call accepted,-fstack-clash-protection -fcf-protection)

# The same sources give the same bytes in whatever folder they are built (tests/reproducible.sh).
prefix_map := $(call accepted,-ffile-prefix-map=$(CURDIR)=.)

# Compressed files are read by the libraries that are there; zlib has to be.
have = $(shell $(CC) $(CPPFLAGS) -include $(1) -fsyntax-only -x c /dev/null >/dev/null 2>&1 && echo yes)
unpackers := $(if $(call have,lzma.h),LZMA) $(if $(call have,zstd.h),ZSTD) $(if $(call have,brotli/decode.h),BROTLI)

cppflags := -D_DEFAULT_SOURCE $(unpackers:%=-DTLSDIAG_%) -DTLSDIAG_VERSION='"$(VERSION)"' -Isrc -Iinclude -I$(GEN) \
	$(if $(mbedtls_dir),-isystem $(mbedtls_dir)/include) $(CPPFLAGS)
cflags := -std=c11 $(warnings) -pthread -fPIE $(hardening) $(prefix_map) $(sanitize) $(CFLAGS)
# (Shared, functions are found when they are first called: tests/mutants asks which.)
ldflags := -pie -pthread -Wl,-z,relro,-z,$(if $(call on,$(SHARED)),lazy,now) \
	$(if $(call on,$(SHARED)),-Wl$(comma)-rpath$(comma)$(CURDIR)/$(BUILD)) $(sanitize) $(LDFLAGS)
# Linux alone has what the sandbox is made of.
libs := $(mbedtls_libs) -lpcap -lz $(if $(filter LZMA,$(unpackers)),-llzma) $(if $(filter ZSTD,$(unpackers)),-lzstd) $(if $(filter BROTLI,$(unpackers)),-lbrotlidec) $(if $(filter Linux,$(shell uname -s)),-lseccomp)
